package transform

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/sql"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// newJob is a job over small models; a test changes what it is about.
func newJob(t *testing.T, l *lake.Lake, edit func(*kpi.Indicator)) *Job {
	t.Helper()
	return &Job{
		Lake: l, References: references(t), SQL: smallSQL(nil), Catalogue: one(edit), RunID: "run-1",
		Clock: func() time.Time { return date("2025-03-10") }, Owner: "Ufficio di prova",
		Versions: map[string]string{"tavolo": "test"},
	}
}

// runJob runs a job and reads back what it published.
func runJob(t *testing.T, j *Job) *result.Set {
	t.Helper()
	ctx := context.Background()
	if _, err := j.Run(ctx); err != nil {
		t.Fatal(err)
	}
	set, err := Load(ctx, j.Lake, j.References)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func find(t *testing.T, s *result.Set, territory string, grain result.Grain, start, breakdown, item string) result.Cell {
	t.Helper()
	for _, c := range s.Cells {
		if c.Territory == territory && c.Grain == grain && c.Start.Equal(date(start)) && c.Breakdown == breakdown && c.Item == item {
			return c
		}
	}
	t.Fatalf("no cell of %s %s %s %s %s", territory, grain, start, breakdown, item)
	return result.Cell{}
}

func TestRatesAreSumsOverSums(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2024-01", "058", "pec", 100, 90), contacts("2024-01", "057", "pec", 50, 10),
		contacts("2024-02", "058", "email", 200, 100), contacts("2024-03-15", "058", "pec", 40, 20),
	)})
	s := runJob(t, newJob(t, l, func(k *kpi.Indicator) { k.Breakdowns = []kpi.Breakdown{kpi.ByChannel} }))
	if got := s.Run.LastMonth; !got.Equal(date("2024-02-01")) {
		t.Fatalf("last month %v: March has working days left after its newest contact", got)
	}
	for _, want := range []struct {
		territory            string
		grain                result.Grain
		start, breakdown     string
		item                 string
		numerator, of, value float64
	}{
		{"058", result.Month, "2024-01-01", "", "", 90, 100, 0.9},
		{"12", result.Month, "2024-01-01", "", "", 100, 150, 100.0 / 150},
		{"IT", result.Month, "2024-02-01", "", "", 100, 200, 0.5},
		{"IT", result.Rolling12, "2024-02-01", "", "", 200, 350, 200.0 / 350},
		{"IT", result.Rolling12, "2024-02-01", "channel", "pec", 100, 150, 100.0 / 150},
		{"058", result.Rolling12, "2024-02-01", "channel", "email", 100, 200, 0.5},
	} {
		c := find(t, s, want.territory, want.grain, want.start, want.breakdown, want.item)
		if c.Numerator != want.numerator || c.Denominator != want.of || math.Abs(c.Value-want.value) > 1e-12 || c.Class != result.OK {
			t.Errorf("%+v: got %v/%v = %v %s", want, c.Numerator, c.Denominator, c.Value, c.Class)
		}
		if !(c.Lower < c.Value && c.Value < c.Upper) {
			t.Errorf("%+v: interval %v – %v", want, c.Lower, c.Upper)
		}
	}
	if c := find(t, s, "058", result.Month, "2024-02-01", "", ""); c.Previous != 0.9 || !math.IsNaN(c.YearAgo) {
		t.Errorf("previous %v, year ago %v", c.Previous, c.YearAgo)
	}
	if c := find(t, s, "015", result.Rolling12, "2024-02-01", "", ""); c.Class != result.NoData || !math.IsNaN(c.Denominator) {
		t.Errorf("a province without contacts: %+v", c)
	}
}

func TestDistributionsAreExact(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2024-01", "058", "pec", 95, 90), contacts("2024-01", "057", "pec", 8, 1), contacts("2024-02", "058", "pec", 10, 0),
	)})
	s := runJob(t, newJob(t, l, func(k *kpi.Indicator) {
		*k = kpi.Indicator{ID: "waited", Mart: "solved", Statistic: kpi.Distribution, Value: "waited", Count: "contacts", Open: "running",
			Unit: kpi.Minutes, Direction: kpi.Down, Interval: kpi.Median, MinDenominator: 30, Levels: k.Levels, Disclosure: kpi.Persons}
	}))
	// 95 contacts wait 0, 1, … 9 in turn: 10 times 0–4, 9 times 5–9.
	c := find(t, s, "058", result.Month, "2024-01-01", "", "")
	if c.Value != 4 || c.P90 != 8 || c.Denominator != 95 || !math.IsNaN(c.Numerator) || c.Open != 0 {
		t.Errorf("province: %+v", c)
	}
	if !(c.Lower <= c.Value && c.Value <= c.Upper && c.Lower < c.Upper) {
		t.Errorf("interval of the median: %v – %v", c.Lower, c.Upper)
	}
	// Together with 0 … 7 of Rieti: 103 values, the 52nd is 4, the 93rd 8.
	if c := find(t, s, "12", result.Month, "2024-01-01", "", ""); c.Value != 4 || c.P90 != 8 || c.Denominator != 103 {
		t.Errorf("region: %+v", c)
	}
	if c := find(t, s, "058", result.Month, "2024-02-01", "", ""); c.Class != result.Small || c.Denominator != 10 {
		t.Errorf("ten contacts: %+v", c)
	}
}

func TestStandardisation(t *testing.T) {
	// Both provinces solve 90% by pec and 30% by phone; one has more calls.
	l := newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2024-01", "058", "pec", 100, 90), contacts("2024-01", "058", "contact_center", 300, 90),
		contacts("2024-01", "057", "pec", 300, 270), contacts("2024-01", "057", "contact_center", 100, 30),
	)})
	s := runJob(t, newJob(t, l, func(k *kpi.Indicator) { k.Strata = []string{"channel"} }))
	for province, raw := range map[string]float64{"058": 0.45, "057": 0.75} {
		c := find(t, s, province, result.Rolling12, "2024-01-01", "", "")
		if math.Abs(c.Value-raw) > 1e-12 || math.Abs(c.Standardised-0.6) > 1e-12 || math.Abs(c.Expected-raw*400) > 1e-9 {
			t.Errorf("%s: raw %v, standardised %v, expected %v", province, c.Value, c.Standardised, c.Expected)
		}
		if c.Funnel != "inside" {
			t.Errorf("%s is %q in the funnel: case mix taken for quality", province, c.Funnel)
		}
	}
	raw := runJob(t, newJob(t, l, nil))
	for _, funnel := range raw.Funnels {
		if funnel.Level == "province" && !(funnel.Phi > 10 && funnel.Tau2 > 0 && !funnel.Standardised) {
			t.Errorf("without strata the provinces seem alike: %+v", funnel)
		}
	}
}

func TestImmatureMonths(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2024-01", "058", "pec", 100, 90), contacts("2024-02", "058", "pec", 100, 50), contacts("2024-03-15", "058", "pec", 1, 0),
	)})
	j := newJob(t, l, func(k *kpi.Indicator) { k.MaturityDays = 30 })
	s := runJob(t, j) // newest contact on 15 March: January has been over for 44 days, February for 15
	if c := find(t, s, "IT", result.Month, "2024-02-01", "", ""); c.Class != result.Immature || c.Value != 0.5 {
		t.Errorf("February: %+v", c)
	}
	if c := find(t, s, "IT", result.Rolling12, "2024-02-01", "", ""); c.Class != result.OK || c.Value != 0.9 {
		t.Errorf("twelve months count an immature one: %+v", c)
	}
	for _, chart := range s.Charts {
		if chart.Territory == "IT" && (!chart.Points[1].Immature || chart.Centre != 0.9) {
			t.Errorf("chart: %+v", chart)
		}
	}
}

func TestSmallCountsAreWithheld(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2024-01", "058", "pec", 100, 50), contacts("2024-01", "057", "pec", 60, 3), contacts("2024-01", "056", "pec", 40, 20),
		contacts("2024-01", "015", "pec", 500, 250),
	)})
	s := runJob(t, newJob(t, l, nil))
	for territory, want := range map[string]result.Class{
		"057": result.Hidden, // three solved
		"056": result.OK,     // rounded, or 057 could be had by subtraction
		"058": result.OK, "12": result.OK, "IT": result.OK, "03": result.OK, "015": result.OK,
	} {
		c := find(t, s, territory, result.Month, "2024-01-01", "", "")
		if c.Class != want {
			t.Errorf("%s is %s, want %s", territory, c.Class, want)
		}
		if want == result.Hidden && !(math.IsNaN(c.Value) && math.IsNaN(c.Numerator) && math.IsNaN(c.Denominator) && math.IsNaN(c.Lower) && math.IsNaN(c.Shrunk) && math.IsNaN(c.RankLower)) {
			t.Errorf("%s shows something: %+v", territory, c)
		}
	}
	if c := find(t, s, "056", result.Month, "2024-01-01", "", ""); !c.Uncounted() || c.Value != 0.5 || c.RoundedTo != 0.05 || !math.IsNaN(c.Lower) || !math.IsNaN(c.Shrunk) {
		t.Errorf("20 of 40 are not half, rounded: %+v", c)
	}
	for _, funnel := range s.Funnels {
		for _, point := range funnel.Points {
			if point.Territory == "057" || point.Territory == "056" {
				t.Errorf("funnel of %s %s shows %s", funnel.Level, funnel.Grain, point.Territory)
			}
		}
	}
	open := runJob(t, newJob(t, l, func(k *kpi.Indicator) { k.Disclosure = kpi.Unlimited }))
	if c := find(t, open, "057", result.Month, "2024-01-01", "", ""); c.Class != result.OK || c.Numerator != 3 {
		t.Errorf("an indicator of institutions: %+v", c)
	}
}

func TestPerPopulation(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2024-01", "007", "pec", 60, 50), contacts("2024-02", "007", "pec", 40, 20))})
	s := runJob(t, newJob(t, l, func(k *kpi.Indicator) {
		k.Numerator, k.Denominator, k.PerPopulation, k.Unit, k.Interval = "contacts", "population", true, kpi.PerThousand, kpi.Byar
	}))
	c := find(t, s, "007", result.Rolling12, "2024-02-01", "", "")
	if c.Numerator != 100 || c.Denominator != 126806 || c.Class != result.OK {
		t.Errorf("the population is not that of one year: %+v", c)
	}
}

func TestStocksAreNotSummed(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2024-01", "058", "pec", 60, 50), contacts("2024-02", "058", "pec", 40, 20))})
	s := runJob(t, newJob(t, l, func(k *kpi.Indicator) { k.Stock = true }))
	if c := find(t, s, "IT", result.Rolling12, "2024-02-01", "", ""); c.Numerator != 20 || c.Denominator != 40 {
		t.Errorf("a stock is that of the last month: %+v", c)
	}
}

func TestSignalAndDecomposition(t *testing.T) {
	var events []event
	for i := range 24 {
		month := date("2023-01-01").AddDate(0, i, 0).Format("2006-01")
		solved := 60 + i%3
		if i >= 12 {
			solved += 20
		}
		events = append(events, contacts(month, "058", "pec", 100, solved)...)
	}
	j := newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) {
		target := 0.2
		k.Breakdowns, k.Target = []kpi.Breakdown{kpi.ByChannel}, &target
	})
	s := runJob(t, j)
	chart := s.Charts[slices.IndexFunc(s.Charts, func(c result.Chart) bool { return c.Territory == "058" })]
	if chart.Variation != improvement || !chart.Since.Equal(date("2024-01-01")) || chart.Trial || chart.Assurance != "met" {
		t.Errorf("chart: %s since %v trial %v assurance %q", chart.Variation, chart.Since, chart.Trial, chart.Assurance)
	}
	d := s.Decomposed[slices.IndexFunc(s.Decomposed, func(d result.Decomposition) bool { return d.Territory == "IT" })]
	if math.Abs(d.Mix) > 1e-12 || math.Abs(d.Rate-0.2) > 1e-12 || math.Abs(d.From-0.61) > 1e-12 {
		t.Errorf("decomposition: %+v", d)
	}
}

func TestFailedCheckPublishesNothing(t *testing.T) {
	ctx := context.Background()
	l := newLake(t, map[string][]event{"interactions": contacts("2024-01", "058", "pec", 40, 20)})
	before := runJob(t, newJob(t, l, nil))
	j := newJob(t, l, nil)
	j.RunID = "run-2"
	j.SQL = smallSQL(map[string]string{"checks/nobody_waits.sql": "-- nobody waits\nselect month, waited from solved where waited > 7 order by waited"})
	_, err := j.Run(ctx)
	var failed *CheckError
	if !errors.As(err, &failed) {
		t.Fatalf("error %v", err)
	}
	want := "sql/checks/nobody_waits.sql:1: 2 rows break it: nobody waits\n    month=2024-01-01 waited=8"
	if len(failed.Failed) != 1 || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("message %q, want %q …", err, want)
	}
	after, err := Load(ctx, l, j.References)
	if err != nil || after.Run.ID != before.Run.ID {
		t.Errorf("after the failure: run %v, %v", after, err)
	}
}

func TestErrorsBeforeAnythingIsComputed(t *testing.T) {
	full := newLake(t, map[string][]event{"interactions": contacts("2024-01", "058", "pec", 40, 20)})
	for _, test := range []struct {
		name string
		lake *lake.Lake
		edit func(*Job)
		want string
	}{
		{"empty lake", newLake(t, nil), nil, "the lake is empty"},
		{"a log without rows", newLake(t, map[string][]event{"interactions": nil}), nil, "the lake is empty"},
		{"everything in the future", full, func(j *Job) { j.Parameters.AsOf = date("2020-01-01") }, "every row lies after 2020-01-01"},
		{"threshold", full, func(j *Job) { j.Parameters.DisclosureThreshold = 2 }, "must be 3 or more"},
		{"a mart that is not there", full, func(j *Job) { j.Catalogue.Indicators[0].Mart = "nowhere" }, "there is no model sql/marts/nowhere.sql"},
		{"a mart named like a log", full, func(j *Job) {
			j.SQL = smallSQL(map[string]string{"marts/bookings.sql": "select 1 as month"})
		}, "the name bookings is taken"},
		{"a circle", full, func(j *Job) {
			j.SQL = smallSQL(map[string]string{"marts/hen.sql": "select * from egg", "marts/egg.sql": "select * from hen"})
		}, "circle: egg → hen → egg"},
		{"a wrong model", full, func(j *Job) {
			j.SQL = smallSQL(map[string]string{"marts/wrong.sql": "select\n    contact\nfrom stg_contacts"})
		}, "sql/marts/wrong.sql:2:5: "},
		{"a column that is not there", full, func(j *Job) { j.Catalogue.Indicators[0].Numerator = "happy" }, "indicator solved_share"},
	} {
		j := newJob(t, test.lake, nil)
		if test.edit != nil {
			test.edit(j)
		}
		_, err := j.Run(context.Background())
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want …%s…", test.name, err, test.want)
		}
		if test.name == "empty lake" && len(diagnostic.Hints(err)) == 0 {
			t.Errorf("%s: no hint", test.name)
		}
	}
}

// One province, one log, and a month and a half: nothing else is known, and
// every built-in indicator has its place.
func TestBuiltInModelsOverLittle(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2024-01", "058", "pec", 100, 60), contacts("2024-02-15", "058", "pec", 50, 20))})
	j := newJob(t, l, nil)
	j.SQL, j.Catalogue = fs.FS(sql.Files), builtIn(t)
	s := runJob(t, j)
	if !s.Run.LastMonth.Equal(date("2024-01-01")) {
		t.Errorf("last month %v", s.Run.LastMonth)
	}
	present := map[string]bool{}
	for _, c := range s.Cells {
		present[c.Indicator] = true
		if math.IsInf(c.Value, 0) || math.IsInf(c.Upper, 0) || (c.Class == result.NoData) != math.IsNaN(c.Value) && c.Class != result.Hidden && !(c.Class == result.Immature && c.Open > 0) {
			t.Errorf("cell %+v", c)
		}
	}
	for _, k := range j.Catalogue.Indicators {
		if !present[k.ID] {
			t.Errorf("indicator %s has no cell", k.ID)
		}
	}
	for _, c := range s.Cells {
		if c.Indicator == "no_show_rate" && c.Class != result.NoData {
			t.Errorf("bookings out of nowhere: %+v", c)
		}
	}
}

func TestRunIsDeterministic(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2024-01", "058", "pec", 100, 60), contacts("2024-01", "015", "email", 300, 120), contacts("2024-02", "063", "pec", 80, 33))})
	edit := func(k *kpi.Indicator) { k.Strata, k.Breakdowns = []string{"channel"}, []kpi.Breakdown{kpi.ByChannel} }
	first := runJob(t, newJob(t, l, edit))
	j := newJob(t, l, edit)
	j.RunID, j.Engine.Threads = "run-2", 1
	second := runJob(t, j)
	if len(first.Cells) != len(second.Cells) || len(first.Cells) == 0 {
		t.Fatalf("%d cells, then %d", len(first.Cells), len(second.Cells))
	}
	for i := range first.Cells {
		a, b := first.Cells[i], second.Cells[i]
		for _, column := range cellTable.columns {
			if x, y := column.at(&a), column.at(&b); !equalPlaces(x, y) {
				t.Fatalf("%s differs: %+v, %+v", column.Name, a, b)
			}
		}
	}
	if second.Run.ID != "run-2" || second.Run.Owner != "Ufficio di prova" || second.Run.Versions["tavolo"] != "test" {
		t.Errorf("run %+v", second.Run)
	}
	if len(second.Batches) != 1 || len(second.Checks) != 1 || second.Models["solved"] == "" || len(second.Run.Snapshots) != 1 {
		t.Errorf("provenance: %d batches, %d checks, %d models", len(second.Batches), len(second.Checks), len(second.Models))
	}
}

func equalPlaces(a, b any) bool {
	switch x := a.(type) {
	case *float64:
		y := *b.(*float64)
		return *x == y || math.IsNaN(*x) && math.IsNaN(y)
	case *string:
		return *x == *b.(*string)
	case *time.Time:
		return x.Equal(*b.(*time.Time))
	}
	return false
}
