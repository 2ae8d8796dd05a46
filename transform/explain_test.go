package transform

import (
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/reference"
	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
	"tavolo/transform/query"
	"tavolo/transform/result"
)

// explainable is a lake with a rate, a distribution of which some is open, a
// rate per resident, a stock and an indicator of institutions, and counts large
// and small.
func explainable(t *testing.T) (*lake.Lake, *reference.Tables, fs.FS) {
	t.Helper()
	l := newLake(t, map[string][]event{"interactions": slices.Concat(
		contacts("2024-01", "058", "pec", 100, 60), contacts("2024-01", "058", "email", 40, 12), contacts("2024-01", "057", "pec", 60, 3),
		contacts("2024-01", "056", "pec", 40, 20), contacts("2024-01", "015", "pec", 300, 133), contacts("2024-02", "058", "email", 50, 20),
		contacts("2024-02", "015", "pec", 80, 31), undecided("2024-01", "058", 8), undecided("2024-02", "015", 45),
	)})
	j := newJob(t, l, func(k *kpi.Indicator) { k.Breakdowns = []kpi.Breakdown{kpi.ByChannel} })
	base := j.Catalogue.Indicators[0]
	add := func(id string, edit func(*kpi.Indicator)) {
		k := base
		k.ID = id
		edit(&k)
		j.Catalogue.Indicators = append(j.Catalogue.Indicators, k)
	}
	add("waited", func(k *kpi.Indicator) {
		k.Statistic, k.Value, k.Count, k.Open, k.OpenIs = kpi.Distribution, "waited", "ended", "running", kpi.Longer
		k.Numerator, k.Denominator, k.Unit, k.Interval = "", "", kpi.Minutes, kpi.Median
	})
	add("noticed", func(k *kpi.Indicator) {
		k.Statistic, k.Value, k.Count, k.Open, k.OpenIs = kpi.Distribution, "waited", "ended", "running", kpi.Shorter
		k.Numerator, k.Denominator, k.Unit, k.Interval, k.Breakdowns = "", "", kpi.Minutes, kpi.Median, nil
	})
	add("per_resident", func(k *kpi.Indicator) {
		k.Numerator, k.Denominator, k.PerPopulation, k.Unit, k.Interval = "contacts", "population", true, kpi.PerThousand, kpi.Byar
	})
	add("stock", func(k *kpi.Indicator) { k.Stock = true })
	add("halves", func(k *kpi.Indicator) { k.Numerator, k.Unit, k.Interval = "half", kpi.Ratio, kpi.Byar })
	add("institutions", func(k *kpi.Indicator) { k.Disclosure = kpi.Unlimited })
	models := smallSQL(map[string]string{"marts/solved.sql": `select opened_month as month, province_code as territory_code, channel,
		case when outcome <> 'in_corso' then waited end as waited, count(*) as contacts,
		count(*) filter (where outcome = 'risolto') as solved, count(*) filter (where outcome <> 'in_corso') as ended,
		count(*) filter (where outcome = 'in_corso') as running, cast(count(*) as double) / 2 as half
		from stg_interactions group by opened_month, province_code, channel, case when outcome <> 'in_corso' then waited end`,
		"staging/stg_interactions.sql": "select *, month as opened_month, coalesce(queue_seconds, 0) as waited from interactions"})
	j.SQL = models
	runJob(t, j)
	return l, j.References, models
}

// undecided makes n contacts that nobody has closed.
func undecided(on, province string, n int) []event {
	return running(contacts(on, province, "portale", n, 0), 0)
}

func explainOne(t *testing.T, l *lake.Lake, refs *reference.Tables, models fs.FS, w Wanted) *Explanation {
	t.Helper()
	x, err := Explain(t.Context(), l, refs, SessionOptions{SQL: models}, w)
	if err != nil {
		t.Fatalf("%+v: %v", w, err)
	}
	return x
}

// TestTheQueryCountsTheSame pastes the query of every figure of some territories
// into the guarded session and compares.
func TestTheQueryCountsTheSame(t *testing.T) {
	l, refs, models := explainable(t)
	set, err := Load(t.Context(), l, refs)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := Session(t.Context(), l, refs, SessionOptions{SQL: models})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	session, err := query.Guard(t.Context(), engine, query.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	shown, hidden := 0, 0
	tried := 0
	for _, c := range set.Cells {
		if c.Class == result.NoData {
			continue
		}
		if tried++; tried%4 > 0 { // some of every indicator, territory and period
			continue
		}
		x := explainOne(t, l, refs, models, wantedOf(&c))
		if c.Class == result.Hidden || c.RoundedTo > 0 {
			hidden++
			if x.Query != "" {
				t.Errorf("what is withheld of %+v is counted again by\n%s", wantedOf(&c), x.Query)
			}
			continue
		}
		shown++
		answer, err := session.Ask(t.Context(), x.Query)
		if err != nil {
			t.Fatalf("%s\n%v", x.Query, err)
		}
		got := map[string]float64{}
		for j, column := range answer.Columns {
			got[column.Name] = asNumber(t, answer.Rows[0][j])
		}
		want := map[string]float64{"numerator": c.Numerator, "denominator": c.Denominator}
		if x.Indicator.Statistic == kpi.Distribution {
			want = map[string]float64{"denominator": c.Denominator, "open_count": c.Open, "value": c.Value, "p90": c.P90}
			if math.IsNaN(c.Open) {
				delete(want, "open_count") // withheld
			}
		}
		for name, number := range want {
			if got[name] != number && !(math.IsNaN(got[name]) && math.IsNaN(number)) {
				t.Errorf("%s of %+v is %v, the figure is %v\n%s", name, wantedOf(&c), got[name], number, x.Query)
			}
		}
	}
	if shown < 20 || hidden < 2 {
		t.Errorf("only %d shown and %d hidden figures were tried", shown, hidden)
	}
}

func wantedOf(c *result.Cell) Wanted {
	return Wanted{Indicator: c.Indicator, Territory: c.Territory, Grain: c.Grain, Month: c.Start, Breakdown: kpi.Breakdown(c.Breakdown), Item: c.Item}
}

func asNumber(t *testing.T, value any) float64 {
	t.Helper()
	switch v := value.(type) {
	case nil:
		return math.NaN()
	case int64:
		return float64(v)
	case float64:
		return v
	case duckdb.Decimal:
		var number float64
		if _, err := fmt.Sscan(string(v), &number); err != nil {
			t.Fatal(err)
		}
		return number
	}
	t.Fatalf("%T is no number", value)
	return 0
}

// TestAWithheldFigureStaysWithheld: neither the figure, nor its parts, nor a
// query tell what is not published.
func TestAWithheldFigureStaysWithheld(t *testing.T) {
	l, refs, models := explainable(t)
	x := explainOne(t, l, refs, models, Wanted{Indicator: "solved_share", Territory: "057", Grain: result.Month, Month: date("2024-01-01")})
	if x.Cell.Class != result.Hidden || !math.IsNaN(x.Cell.Numerator) || !math.IsNaN(x.Cell.Denominator) || x.Query != "" || x.Rows != nil || x.Threshold != 5 {
		t.Errorf("%+v", x)
	}
	region := explainOne(t, l, refs, models, Wanted{Indicator: "solved_share", Territory: "12", Grain: result.Month, Month: date("2024-01-01")})
	parts := map[string]result.Class{}
	for _, part := range region.Parts {
		parts[part.Name] = part.Cell.Class
		if part.Name != "058" && !(math.IsNaN(part.Cell.Numerator) && math.IsNaN(part.Cell.Denominator)) {
			t.Errorf("%s tells something: %+v", part.Name, part.Cell)
		}
	}
	if parts["057"] != result.Hidden || parts["056"] != result.OK || parts["058"] != result.OK {
		t.Errorf("parts of Lazio: %v", parts)
	}
	if region.Rows != nil {
		t.Error("rows of persons are shown")
	}
}

func TestPartsAddUp(t *testing.T) {
	l, refs, models := explainable(t)
	x := explainOne(t, l, refs, models, Wanted{Indicator: "institutions", Territory: "IT", Grain: result.Rolling12})
	sums := map[string]float64{}
	for _, part := range x.Parts {
		if !math.IsNaN(part.Cell.Denominator) {
			sums[part.By] += part.Cell.Denominator
		}
	}
	for _, by := range []string{"territory", "month", "channel"} {
		if sums[by] != x.Cell.Denominator {
			t.Errorf("by %s %v, of %v", by, sums[by], x.Cell.Denominator)
		}
	}
	rows := 0.0
	place := slices.IndexFunc(x.Rows.Columns, func(c duckdb.Column) bool { return c.Name == "contacts" })
	for _, row := range x.Rows.Rows {
		rows += asNumber(t, row[place])
	}
	if rows != x.Cell.Denominator {
		t.Errorf("the rows of the mart add up to %v, the figure to %v", rows, x.Cell.Denominator)
	}
}

func TestBatchesAreThoseBehindTheFigure(t *testing.T) {
	l, refs, models := explainable(t)
	later := strings.Repeat("f", 64)
	ingestEvents(t, l, "interactions", later, contacts("2024-01", "058", "pec", 3, 1))
	x := explainOne(t, l, refs, models, Wanted{Indicator: "solved_share", Territory: "058", Grain: result.Month, Month: date("2024-01-01")})
	if len(x.Origins) != 1 || x.Origins[0].Entry.BatchID == later || x.Origins[0].AllMonths || x.Origins[0].Entry.File != "drops/interactions.csv" {
		t.Errorf("%+v", x.Origins)
	}
	if len(x.Snapshots) != 1 || x.Snapshots[0].Table != "interactions" || !slices.Equal(x.Outdated, []string{"interactions"}) {
		t.Errorf("snapshots %v, outdated %v", x.Snapshots, x.Outdated)
	}
	elsewhere := explainOne(t, l, refs, models, Wanted{Indicator: "solved_share", Territory: "001", Grain: result.Month, Month: date("2024-02-01")})
	if len(elsewhere.Origins) != 0 || elsewhere.Cell.Class != result.NoData {
		t.Errorf("Torino has no contacts: %+v", elsewhere)
	}
}

func TestWhatCannotBeExplained(t *testing.T) {
	l, refs, models := explainable(t)
	month := date("2024-01-01")
	for _, test := range []struct {
		wanted     Wanted
		want, hint string
	}{
		{Wanted{Indicator: "solved", Territory: "IT", Grain: result.Month}, `indicator "solved": the last run did not compute it`, `"tavolo transform" computes what the catalogue holds now`},
		{Wanted{Indicator: "solved_share", Territory: "IT", Grain: result.Month, Month: date("2023-12-01")}, "2023-12: the figures go from 2024-01 to 2024-02", ""},
		{Wanted{Indicator: "solved_share", Territory: "IT", Grain: result.Quarter, Month: month}, "solved_share is not published for quarter 2024 Q1 of Italia", "there are figures of month and rolling12"},
		{Wanted{Indicator: "solved_share", Territory: "IT", Grain: result.Month, Month: month, Breakdown: "mode", Item: "web"}, "solved_share is not given by mode; it is by channel", ""},
		{Wanted{Indicator: "noticed", Territory: "IT", Grain: result.Month, Month: month, Breakdown: "mode", Item: "web"}, "noticed is not given by mode; it is by nothing", ""},
		{Wanted{Indicator: "solved_share", Territory: "12", Grain: result.Month, Month: month, Breakdown: "channel", Item: "pec"},
			"solved_share by channel is not published for month 2024-01 of Lazio", "it is for rolling12 2024-02"},
		{Wanted{Indicator: "solved_share", Territory: "12", Grain: result.Rolling12, Breakdown: "channel", Item: "emal"},
			`channel "emal": solved_share has none in rolling12 2024-02`, `did you mean "email"?`},
	} {
		_, err := Explain(t.Context(), l, refs, SessionOptions{SQL: models}, test.wanted)
		if err == nil || err.Error() != test.want || strings.Join(diagnostic.Hints(err), "; ") != test.hint {
			t.Errorf("got  %v | %v\nwant %s | %s", err, diagnostic.Hints(err), test.want, test.hint)
		}
	}
}
