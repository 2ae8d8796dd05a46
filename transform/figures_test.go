package transform

import (
	"math"
	"slices"
	"testing"
	"time"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// running makes the contacts after the first solved ones still run.
func running(events []event, solved int) []event {
	for _, e := range events[solved:] {
		e["outcome"] = "in_corso"
	}
	return events
}

func waits(k *kpi.Indicator) {
	*k = kpi.Indicator{ID: "waited", Mart: "solved", Statistic: kpi.Distribution, Value: "waited", Count: "solved",
		Open: "running", OpenIs: kpi.Longer, Unit: kpi.Minutes, Direction: kpi.Down, Interval: kpi.Median,
		MinDenominator: 70, Levels: k.Levels, Disclosure: kpi.Persons}
}

// What still runs is longer than what has ended: 60 ended after 0 … 9, six of
// each, and 40 run, so the 50th of 100 is 8 and not the 4 of those that ended.
func TestOpenObservationsCountAsLonger(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": slices.Concat(
		running(contacts("2024-01", "058", "pec", 100, 60), 60), running(contacts("2024-02", "058", "pec", 100, 30), 30),
		running(contacts("2024-02", "015", "pec", 40, 0), 0))})
	s := runJob(t, newJob(t, l, waits))
	c := find(t, s, "058", result.Month, "2024-01-01", "", "")
	if c.Value != 8 || !math.IsNaN(c.P90) || c.Denominator != 60 || c.Open != 40 || c.Class != result.OK {
		t.Errorf("60 ended, 40 run: %+v", c)
	}
	if !(c.Lower <= 8) || c.Upper == c.Upper && c.Upper < 8 {
		t.Errorf("interval of the median: %v – %v", c.Lower, c.Upper)
	}
	if c := find(t, s, "058", result.Month, "2024-02-01", "", ""); !math.IsNaN(c.Value) || c.Class != result.Immature || c.Denominator != 30 {
		t.Errorf("30 ended, 70 run: the median is not there yet: %+v", c)
	}
	if c := find(t, s, "015", result.Month, "2024-02-01", "", ""); c.Class != result.NoData || c.Open != 40 {
		t.Errorf("nothing ever ended: %+v", c)
	}
	// Both months together: 90 ended, 110 run in Rome, and 40 more in Milan.
	if c := find(t, s, "IT", result.Rolling12, "2024-02-01", "", ""); !math.IsNaN(c.Value) || c.Denominator != 90 || c.Open != 150 {
		t.Errorf("Italy: %+v", c)
	}
	for _, chart := range s.Charts {
		if chart.Territory == "058" && (len(chart.Points) != 1 || !chart.Points[0].Start.Equal(date("2024-01-01"))) {
			t.Errorf("a month without a median has a point: %+v", chart.Points)
		}
	}
}

// Of 66 that ended and four that run the four are withheld, and the 70 that are enough
// with them would give them away. With 40 that run nothing is withheld.
func TestTheClassTellsNothingOfWhatIsOpen(t *testing.T) {
	for _, test := range []struct {
		open  int
		shown bool
		class result.Class
	}{{4, false, result.Small}, {40, true, result.OK}} {
		l := newLake(t, map[string][]event{"interactions": running(contacts("2024-01", "058", "pec", 66+test.open, 66), 66)})
		c := find(t, runJob(t, newJob(t, l, waits)), "058", result.Month, "2024-01-01", "", "")
		if c.Denominator != 66 || !math.IsNaN(c.Open) != test.shown || c.Class != test.class {
			t.Errorf("66 ended, %d run: %+v", test.open, c)
		}
	}
}

// What was never given counts as shorter than anything that was.
func TestOpenObservationsMayBeShorter(t *testing.T) {
	l := newLake(t, map[string][]event{"interactions": running(contacts("2024-01", "058", "pec", 100, 60), 60)})
	s := runJob(t, newJob(t, l, func(k *kpi.Indicator) { waits(k); k.OpenIs = kpi.Shorter }))
	// The 50th of 100 is the 10th of the 60, the 90th the 50th.
	if c := find(t, s, "058", result.Month, "2024-01-01", "", ""); c.Value != 1 || c.P90 != 8 {
		t.Errorf("%+v", c)
	}
}

// A stock that grows every month is no improvement each month.
func TestStocksHaveNoLimits(t *testing.T) {
	var events []event
	for i := range 24 {
		month := date("2023-01-01").AddDate(0, i, 0).Format("2006-01")
		events = append(events, contacts(month, "058", "pec", 100, 20+3*i)...)
	}
	target := 0.5
	s := runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), func(k *kpi.Indicator) {
		k.Stock, k.Target = true, &target
	}))
	chart := s.Charts[slices.IndexFunc(s.Charts, func(c result.Chart) bool { return c.Territory == "IT" })]
	if len(chart.Points) != 24 || chart.Variation != common || chart.Assurance != "" || !chart.Since.IsZero() || chart.Trial {
		t.Errorf("chart %+v", chart)
	}
	if !math.IsNaN(chart.Centre) || !math.IsNaN(chart.Lower) || !math.IsNaN(chart.Upper) {
		t.Errorf("centre %v, limits %v – %v", chart.Centre, chart.Lower, chart.Upper)
	}
	for _, point := range chart.Points {
		if point.Signal != "" || point.Kind != "" {
			t.Errorf("signal %+v", point)
		}
	}
}

// Two months at a time, and a month without a contact between: within each pair
// the share moves by two points, from pair to pair by forty.
func TestAGapMakesNoMovingRange(t *testing.T) {
	var events []event
	for pair := range 8 {
		month := date("2022-01-01").AddDate(0, 3*pair, 0)
		solved := 20 + 40*(pair%2)
		events = append(events, contacts(month.Format("2006-01"), "058", "pec", 100, solved)...)
		events = append(events, contacts(month.AddDate(0, 1, 0).Format("2006-01"), "058", "pec", 100, solved+2)...)
	}
	s := runJob(t, newJob(t, newLake(t, map[string][]event{"interactions": events}), func(*kpi.Indicator) {}))
	chart := s.Charts[slices.IndexFunc(s.Charts, func(c result.Chart) bool { return c.Territory == "058" })]
	if len(chart.Points) != 16 || !chart.Trial || math.Abs(chart.Centre-0.41) > 1e-9 {
		t.Fatalf("chart of 16 months in pairs: %+v", chart)
	}
	if half := 2.66 * 0.02; math.Abs(chart.Upper-0.41-half) > 1e-9 || math.Abs(chart.Lower-0.41+half) > 1e-9 {
		t.Errorf("limits %v – %v: the gaps made moving ranges", chart.Lower, chart.Upper)
	}
	if last := chart.Points[14].Start; !chart.Since.Equal(last) {
		t.Errorf("the signal lasts since %v, across a gap; want %v", chart.Since, last)
	}
}

func TestSpansAreCutWhereAPeriodBeginsOrEnds(t *testing.T) {
	month := func(text string) time.Time { return date(text + "-01") }
	periods := []period{
		{from: month("2023-01"), to: month("2023-12")},
		{from: month("2023-04"), to: month("2024-03")},
		{from: month("2024-06"), to: month("2024-06")},
	}
	spans := spansOf(periods)
	want := []span{
		{month("2023-01"), month("2023-03")}, {month("2023-04"), month("2023-12")},
		{month("2024-01"), month("2024-03")}, {month("2024-06"), month("2024-06")},
	}
	if !slices.Equal(spans, want) {
		t.Fatalf("spans %v", spans)
	}
	for i, bounds := range [][2]int{{0, 2}, {1, 3}, {3, 4}} {
		if first, end := periods[i].within(spans); first != bounds[0] || end != bounds[1] {
			t.Errorf("period %d has the spans %d to before %d", i, first, end)
		}
	}
	if spans := spansOf(nil); len(spans) != 0 {
		t.Errorf("spans of nothing: %v", spans)
	}
}

// The expected numerator is what each stratum's national rate gives.
func TestExpectedFromStrata(t *testing.T) {
	tally := &tally{
		spans: []span{{}, {}}, items: []string{"pec", "voce"}, columns: []count{{"solved", 1}, {"contacts", 1}},
		places: map[place][]entry{
			{"058", 0}: {{span: 0, value: unobserved, at: 0}}, {"058", 1}: {{span: 1, value: unobserved, at: 2}},
			{"015", 0}: {{span: 1, value: unobserved, at: 4}},
		},
		numbers: []int64{90, 100, 10, 40, 30, 100},
	}
	f := &figures{k: &kpi.Indicator{Statistic: kpi.Rate, Numerator: "solved", Denominator: "contacts"}}
	got := expectedIn(f.stratified(tally), 2, 0, 2)
	if got["058"] != 100*0.6+40*0.25 || got["015"] != 60 {
		t.Errorf("expected %v", got)
	}
	if got := expectedIn(f.stratified(tally), 2, 0, 1); got["058"] != 90 || len(got) != 1 {
		t.Errorf("expected in the first span alone: %v", got)
	}
}
