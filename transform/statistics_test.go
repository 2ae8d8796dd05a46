package transform

import (
	"math"
	"slices"
	"testing"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// stockSQL is a mart of a stock by province and channel: what stands in the
// column open is the number of contacts of the month that are not solved, taken
// for what is open at its end.
func stockSQL() map[string]string {
	return map[string]string{"marts/stocks.sql": `select month, province_code as territory_code, channel,
		count(*) as opened, count(*) filter (where outcome <> 'risolto') as open
		from stg_contacts group by month, province_code, channel`}
}

func stockJob(t *testing.T, events []event, edit func(*kpi.Indicator)) *result.Set {
	t.Helper()
	j := newJob(t, newLake(t, map[string][]event{"interactions": events}), edit)
	j.SQL = smallSQL(stockSQL())
	return runJob(t, j)
}

// The stock of a year is that of its last month, whatever the months before
// were, and its days are against the mean daily inflow of all twelve.
func TestDaysOfAStock(t *testing.T) {
	var events []event
	for i := range 14 { // 100 a month, of which 40 are open at the end, and 70 in the last
		month := date("2023-01-01").AddDate(0, i, 0).Format("2006-01")
		open := 40
		if month == "2024-02" {
			open = 70
		}
		events = append(events, contacts(month, "058", "pec", 100, 100-open)...)
		if month != "2024-02" {
			events = append(events, contacts(month, "015", "email", 50, 25)...)
		}
	}
	s := stockJob(t, events, func(k *kpi.Indicator) {
		*k = kpi.Indicator{ID: "days", Mart: "stocks", Statistic: kpi.StockDays, Numerator: "open", Denominator: "opened",
			Unit: kpi.Days, Direction: kpi.Down, Interval: kpi.NoInterval, MinDenominator: 30, Levels: k.Levels,
			Breakdowns: []kpi.Breakdown{kpi.ByChannel}, Disclosure: kpi.Persons}
	})
	for _, want := range []struct {
		territory       string
		grain           result.Grain
		start, by, item string
		stock, flow     float64
		days            float64
	}{
		{"058", result.Month, "2024-02-01", "", "", 70, 100, 29},
		{"058", result.Quarter, "2023-10-01", "", "", 40, 300, 92},
		{"058", result.Year, "2023-01-01", "", "", 40, 1200, 365},
		{"058", result.Rolling12, "2024-02-01", "", "", 70, 1200, 366},
		{"IT", result.Year, "2023-01-01", "", "", 65, 1800, 365},
		{"IT", result.Rolling12, "2024-02-01", "channel", "pec", 70, 1200, 366},
		{"IT", result.Rolling12, "2024-02-01", "channel", "email", 0, 550, 366}, // nothing came in February, and nothing is open
	} {
		c := find(t, s, want.territory, want.grain, want.start, want.by, want.item)
		if c.Numerator != want.stock || c.Denominator != want.flow || math.Abs(c.Value-want.stock/(want.flow/want.days)) > 1e-9 || c.Class != result.OK {
			t.Errorf("%+v: got %v over %v = %v, %s", want, c.Numerator, c.Denominator, c.Value, c.Class)
		}
	}
	if len(s.Funnels) > 0 || len(s.Decomposed) > 0 {
		t.Errorf("%d funnels, %d splits of the days of a stock", len(s.Funnels), len(s.Decomposed))
	}
	for _, chart := range s.Charts {
		if !math.IsNaN(chart.Centre) || chart.Variation != common {
			t.Errorf("the days of a stock are judged: %+v", chart)
		}
	}
}

// A sum adds up over months and territories; a stock that is one is that of the
// last month; and without rows there is no data, which is not 0.
func TestSums(t *testing.T) {
	events := slices.Concat(contacts("2024-01", "058", "pec", 100, 60), contacts("2024-02", "058", "pec", 80, 30),
		contacts("2024-02", "015", "pec", 10, 10))
	sum := func(stock bool) *result.Set {
		return stockJob(t, events, func(k *kpi.Indicator) {
			*k = kpi.Indicator{ID: "open", Mart: "stocks", Statistic: kpi.Sum, Numerator: "open", Unit: kpi.Count, Stock: stock,
				Direction: kpi.Down, Interval: kpi.NoInterval, Levels: k.Levels, Disclosure: kpi.Persons}
		})
	}
	flow, stock := sum(false), sum(true)
	for _, want := range []struct {
		set       *result.Set
		territory string
		value     float64
		class     result.Class
	}{
		{flow, "058", 90, result.OK}, {stock, "058", 50, result.OK}, {flow, "IT", 90, result.OK},
		{flow, "015", 0, result.OK}, {flow, "063", math.NaN(), result.NoData},
	} {
		c := find(t, want.set, want.territory, result.Rolling12, "2024-02-01", "", "")
		if c.Class != want.class || !equalPlaces(&c.Value, &want.value) || !math.IsNaN(c.Denominator) || !math.IsNaN(c.Lower) {
			t.Errorf("%s: want %v %s, got %+v", want.territory, want.value, want.class, c)
		}
	}
	for _, chart := range flow.Charts {
		if chart.Lower < 0 {
			t.Errorf("a sum below 0: %+v", chart)
		}
	}
}

// A year of which December is not mature is eleven months: its share may be set beside
// that of the year before, its sum and what comes of each resident may not, and are
// not yet what they will be.
func TestSumsOfElevenMonths(t *testing.T) {
	var events []event
	for month := date("2023-01-01"); month.Year() < 2025; month = month.AddDate(0, 1, 0) {
		events = append(events, contacts(month.Format("2006-01"), "007", "pec", 20, 10)...)
	}
	events = append(events, contacts("2025-01-15", "007", "pec", 1, 0)...)
	for _, test := range []struct {
		edit                  func(*kpi.Indicator)
		value, before, yearly float64
		class                 result.Class
	}{
		{func(k *kpi.Indicator) {}, 0.5, 0.5, 0.5, result.OK},
		{func(k *kpi.Indicator) { k.Statistic, k.Unit, k.Interval = kpi.Sum, kpi.Count, kpi.NoInterval }, 110, math.NaN(), 120, result.Immature},
		{func(k *kpi.Indicator) {
			k.PerPopulation, k.Unit, k.Interval = true, kpi.PerThousand, kpi.Byar
		}, 110.0 / 126806, math.NaN(), 120.0 / 126806, result.Immature},
	} {
		s := runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) {
			k.MaturityDays = 30
			test.edit(k)
		}))
		c := find(t, s, "007", result.Year, "2024-01-01", "", "")
		if !equalPlaces(&c.Value, &test.value) || c.Class != test.class || !equalPlaces(&c.Previous, &test.before) || !equalPlaces(&c.YearAgo, &test.before) {
			t.Errorf("2024, as of 15 January: %+v", c)
		}
		if c := find(t, s, "007", result.Year, "2023-01-01", "", ""); !equalPlaces(&c.Value, &test.yearly) || c.Class != result.OK {
			t.Errorf("2023: %+v", c)
		}
	}
}

// An amount says of how many events it is, and these decide whether it is small
// or must be withheld.
func TestAmountsAreOfEvents(t *testing.T) {
	j := newJob(t, newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2024-01", "058", "pec", 100, 60), contacts("2024-01", "015", "pec", 20, 8), contacts("2024-01", "063", "pec", 20, 2))}),
		func(k *kpi.Indicator) {
			*k = kpi.Indicator{ID: "points", Mart: "scores", Statistic: kpi.Sum, Numerator: "points", Count: "solved", Unit: kpi.Points,
				Interval: kpi.NoInterval, MinDenominator: 30, Levels: []string{"province"}, Disclosure: kpi.Persons}
		})
	j.SQL = smallSQL(map[string]string{"marts/scores.sql": `select month, province_code as territory_code,
		count(*) filter (where outcome = 'risolto') as solved,
		cast(count(*) filter (where outcome = 'risolto') as double) * 2.5 as points
		from stg_contacts group by month, province_code`})
	s := runJob(t, j)
	for territory, want := range map[string]result.Cell{
		"058": {Value: 150, Denominator: 60, Class: result.OK},
		"015": {Value: 20, Denominator: 8, Class: result.Small},
		"063": {Value: math.NaN(), Denominator: math.NaN(), Class: result.Hidden}, // five points, of two persons
	} {
		c := find(t, s, territory, result.Month, "2024-01-01", "", "")
		if !equalPlaces(&c.Value, &want.Value) || !equalPlaces(&c.Denominator, &want.Denominator) || c.Class != want.Class {
			t.Errorf("%s: %+v", territory, c)
		}
	}
}

// A twelfth of an operator-year has no end in decimals, and neither has a third of an
// hour: twelve months of the one, and three of the other, are whole all the same.
func TestFractionsAddUpToWholes(t *testing.T) {
	var events []event
	for month := date("2024-01-01"); month.Year() == 2024; month = month.AddDate(0, 1, 0) {
		events = append(events, contacts(month.Format("2006-01"), "058", "pec", 5, 5)...)
	}
	j := newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) {
		*k = kpi.Indicator{ID: "hours", Mart: "shares", Statistic: kpi.Rate, Numerator: "hours", Denominator: "years",
			Unit: kpi.Hours, Interval: kpi.NoInterval, Levels: []string{"italy", "province"}, Disclosure: kpi.Unlimited}
	})
	j.SQL = smallSQL(map[string]string{"marts/shares.sql": `select month, province_code as territory_code,
		cast(20 * count(*) as double) / 60 as hours, cast(count(*) as double) / 12 as years
		from stg_contacts group by month, province_code`})
	c := find(t, runJob(t, j), "IT", result.Year, "2024-01-01", "", "")
	if c.Numerator != 20 || c.Denominator != 5 || c.Value != 4 {
		t.Errorf("60 thirds of an hour over 60 twelfths of a year: %+v", c)
	}
}

// A composition says how a whole is divided: its items have one denominator,
// add up to it, and those that are no part of it are left out.
func TestCompositions(t *testing.T) {
	events := slices.Concat(contacts("2024-01", "058", "pec", 100, 60), contacts("2024-01", "058", "email", 50, 20),
		contacts("2024-01", "058", "app", 50, 0), contacts("2024-01", "015", "pec", 30, 20))
	s := runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) {
		k.Numerator, k.Denominator, k.Direction = "solved", "solved", kpi.None
		k.Breakdowns, k.Undivided = []kpi.Breakdown{kpi.ByChannel}, []kpi.Breakdown{kpi.ByChannel}
	}))
	for item, want := range map[string]float64{"pec": 80, "email": 20} {
		c := find(t, s, "IT", result.Rolling12, "2024-01-01", "channel", item)
		limits := stats.Wilson(want, 100, stats.Z95)
		if c.Numerator != want || c.Denominator != 100 || c.Value != want/100 || c.Lower != limits.Lower || c.Class != result.OK {
			t.Errorf("%s: %+v", item, c)
		}
	}
	for _, c := range s.Cells {
		if c.Item == "app" {
			t.Errorf("what nobody solved is a part of what was: %+v", c)
		}
	}
	if c := find(t, s, "058", result.Rolling12, "2024-01-01", "", ""); c.Value != 1 || !math.IsNaN(c.Lower) {
		t.Errorf("the whole: %+v", c)
	}
	if len(s.Funnels) > 0 || len(s.Charts) > 0 || len(s.Decomposed) > 0 {
		t.Errorf("%d funnels, %d charts, %d splits of wholes", len(s.Funnels), len(s.Charts), len(s.Decomposed))
	}
}

// Where a breakdown divides the numerator alone, what belongs to no item counts
// in the denominator of all, and in no item.
func TestUndividedBreakdowns(t *testing.T) {
	j := newJob(t, newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2023-01", "058", "pec", 10, 8), contacts("2023-01", "058", "app", 10, 0),
		contacts("2024-01", "058", "pec", 10, 8), contacts("2024-01", "058", "app", 10, 0))}), func(k *kpi.Indicator) {
		k.Mart, k.Denominator, k.Unit, k.Interval, k.MinDenominator = "staffed", "operators", kpi.PerHundred, kpi.Byar, 1
		k.Disclosure = kpi.Unlimited
		k.Breakdowns, k.Undivided = []kpi.Breakdown{kpi.ByChannel}, []kpi.Breakdown{kpi.ByChannel}
	})
	j.SQL = smallSQL(map[string]string{"marts/staffed.sql": `select month, territory_code, channel, sum(solved) :: bigint as solved, 0 :: bigint as operators
		from solved group by month, territory_code, channel
		union all
		select distinct month, territory_code, cast(null as varchar), 0 :: bigint, 40 :: bigint from solved`})
	s := runJob(t, j)
	for item, want := range map[string]float64{"pec": 0.2, "app": 0} {
		if c := find(t, s, "IT", result.Rolling12, "2024-01-01", "channel", item); c.Value != want || c.Denominator != 40 {
			t.Errorf("%s: %+v", item, c)
		}
	}
	for _, c := range s.Cells {
		if c.Breakdown != "" && c.Item == "" {
			t.Errorf("an item of what belongs to none: %+v", c)
		}
	}
	if len(s.Decomposed) > 0 {
		t.Errorf("split by items without denominators: %+v", s.Decomposed)
	}
}

// The ratio of two counts has their interval and no funnel, which would take
// one of them for known.
func TestRatiosOfCounts(t *testing.T) {
	s := stockJob(t, slices.Concat(contacts("2024-01", "058", "pec", 100, 35), contacts("2024-01", "015", "pec", 50, 20)),
		func(k *kpi.Indicator) {
			*k = kpi.Indicator{ID: "ratio", Mart: "stocks", Statistic: kpi.Rate, Numerator: "open", Denominator: "opened",
				Unit: kpi.Ratio, Interval: kpi.Counts, MinDenominator: 30, Levels: k.Levels, Disclosure: kpi.Persons}
		})
	c := find(t, s, "058", result.Month, "2024-01-01", "", "")
	if want := stats.CountRatio(65, 100, stats.Z95); c.Value != 0.65 || c.Lower != want.Lower || c.Upper != want.Upper {
		t.Errorf("%+v, want the interval %+v", c, want)
	}
	if len(s.Funnels) > 0 || c.Funnel != "" || !math.IsNaN(c.Shrunk) {
		t.Errorf("judged in a funnel: %+v", c)
	}
}

// A milestone has its day at the end of every month since, and is not there yet
// before; with the years it does not go.
func TestMilestones(t *testing.T) {
	var events []event
	for i := range 16 {
		month := date("2023-01-01").AddDate(0, i, 0).Format("2006-01")
		events = append(events, contacts(month, "058", "pec", 1, 1)...)
	}
	j := newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) {
		*k = kpi.Indicator{ID: "signed", Mart: "signed", Statistic: kpi.Distribution, Value: "day", Count: "reached", Open: "pending",
			OpenIs: kpi.Longer, Unit: kpi.Date, Interval: kpi.NoInterval, Stock: true, MinDenominator: 1, Levels: []string{"italy"}, Disclosure: kpi.Unlimited}
	})
	j.SQL = smallSQL(map[string]string{"marts/signed.sql": `select month, 'IT' as territory_code,
		case when month >= date '2023-02-01' then 19402 end :: bigint as day,
		case when month >= date '2023-02-01' then 1 else 0 end :: bigint as reached,
		case when month >= date '2023-02-01' then 0 else 1 end :: bigint as pending
		from (select distinct month from stg_contacts)`})
	s := runJob(t, j)
	if c := find(t, s, "IT", result.Month, "2023-01-01", "", ""); c.Class != result.Immature || !math.IsNaN(c.Value) || c.Open != 1 {
		t.Errorf("before it was signed: %+v", c)
	}
	for grain, start := range map[result.Grain]string{result.Month: "2024-03-01", result.Rolling12: "2024-04-01", result.Year: "2023-01-01"} {
		c := find(t, s, "IT", grain, start, "", "")
		if c.Value != 19402 || c.Class != result.OK || !math.IsNaN(c.Lower) || kpi.Date.Format(c.Value, "it") != "14/02/2023" {
			t.Errorf("%s %s: %+v", grain, start, c)
		}
	}
	if len(s.Charts) > 0 {
		t.Errorf("a chart of a day that does not move: %+v", s.Charts)
	}
}

// A mart whose columns have changed takes the place of the one before: an older
// project is computed anew by a newer program, and an analyst's edit goes in.
func TestMartsMayChangeTheirColumns(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": contacts("2024-01", "058", "pec", 100, 60)})
	run := func(id, mart string) *result.Set {
		j := newJob(t, l, nil)
		j.RunID, j.SQL = id, smallSQL(map[string]string{"marts/solved.sql": mart})
		return runJob(t, j)
	}
	counted := "select month, province_code as territory_code, count(*) as contacts, count(*) filter (where outcome = 'risolto') as solved"
	from := " from stg_contacts group by month, province_code"
	run("run-1", counted+from)
	for i, mart := range []string{
		"select month, province_code as territory_code, 0 :: bigint as running, count(*) as contacts, count(*) filter (where outcome = 'risolto') as solved" + from,
		counted + ", 0.5 :: double as more" + from,
		counted + from,
	} {
		s := run("run-"+string(rune('2'+i)), mart)
		if c := find(t, s, "058", result.Month, "2024-01-01", "", ""); c.Value != 0.6 {
			t.Errorf("change %d: %+v", i+1, c)
		}
	}
}

// Territories that chance alone tells apart share their ranks; one that is plainly
// below all others has the first.
func TestRanksAreAsWideAsChance(t *testing.T) {
	var events []event
	for i, province := range []string{"058", "057", "059", "056", "060"} {
		solved := 60 + i%2
		if province == "060" {
			solved = 10
		}
		events = append(events, contacts("2024-01", province, "pec", 100, solved)...)
	}
	s := runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), nil))
	for _, province := range []string{"058", "057", "059", "056"} {
		c := find(t, s, province, result.Rolling12, "2024-01-01", "", "")
		if c.RankLower > 3 || c.RankUpper < 4 || c.RankUpper-c.RankLower < 2 {
			t.Errorf("%s has the ranks %v to %v", province, c.RankLower, c.RankUpper)
		}
	}
	lowest := find(t, s, "060", result.Rolling12, "2024-01-01", "", "")
	if lowest.RankLower != 1 || lowest.RankUpper != 1 {
		t.Errorf("the lowest has the ranks %v to %v", lowest.RankLower, lowest.RankUpper)
	}
	if month := find(t, s, "060", result.Month, "2024-01-01", "", ""); !math.IsNaN(month.RankLower) {
		t.Errorf("a month has the rank %v", month.RankLower)
	}
}
