package reports

import (
	"math"
	"slices"
	"testing"
	"time"

	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

func TestSinceDay(t *testing.T) {
	on := func(day int) time.Time { return time.Date(2024, 4, day, 0, 0, 0, 0, time.UTC) }
	for _, test := range []struct {
		lang string
		day  int
		want string
	}{
		{"it", 1, "dal 1° aprile 2024"}, {"it", 7, "dal 7 aprile 2024"}, {"it", 8, "dall'8 aprile 2024"},
		{"it", 11, "dall'11 aprile 2024"}, {"it", 18, "dal 18 aprile 2024"}, {"en", 8, "from 8 April 2024"},
	} {
		if got := (words{lang: test.lang}).sinceDay(on(test.day)); got != test.want {
			t.Errorf("%s, day %d: %q, want %q", test.lang, test.day, got, test.want)
		}
	}
}

// A target is missed for certain only with the whole interval.
func TestFalls(t *testing.T) {
	target := 0.8
	share := &kpi.Indicator{Unit: kpi.Percent, Direction: kpi.Up, Target: &target}
	rate := &kpi.Indicator{Unit: kpi.Percent, Direction: kpi.Down, Target: &target}
	tail := &kpi.Indicator{Unit: kpi.Minutes, Direction: kpi.Down, Target: &target, TargetOn: "p90"}
	nan := math.NaN()
	for name, test := range map[string]struct {
		i    *kpi.Indicator
		c    result.Cell
		want bool
	}{
		"within the interval":     {share, result.Cell{Value: 0.79, Lower: 0.75, Upper: 0.83, Class: result.OK}, false},
		"the whole interval":      {share, result.Cell{Value: 0.7, Lower: 0.65, Upper: 0.75, Class: result.OK}, true},
		"met":                     {share, result.Cell{Value: 0.85, Lower: 0.82, Upper: 0.88, Class: result.OK}, false},
		"lower is better, within": {rate, result.Cell{Value: 0.82, Lower: 0.79, Upper: 0.85, Class: result.OK}, false},
		"lower is better, whole":  {rate, result.Cell{Value: 0.9, Lower: 0.85, Upper: 0.95, Class: result.OK}, true},
		"a count has no interval": {share, result.Cell{Value: 0.79, Lower: nan, Upper: nan, Class: result.OK}, true},
		"of the percentile":       {tail, result.Cell{Value: 0.1, Lower: 0.1, Upper: 0.2, P90: 0.9, Class: result.OK}, true},
		"few cases":               {share, result.Cell{Value: 0.1, Lower: 0.05, Upper: 0.2, Class: result.Small}, false},
	} {
		if got := falls(test.i, test.c); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Regions with the same value are of the same class, and a map of yes and no has
// the lightest and the darkest.
func TestClassesOfAMap(t *testing.T) {
	for _, test := range []struct {
		sorted []float64
		want   []string
	}{
		{[]float64{0, 0, 1, 1, 1, 1, 1, 1}, []string{"q1", "q1", "q5", "q5", "q5", "q5", "q5", "q5"}},
		{[]float64{0, 0.5, 0.5, 1, 1, 1, 1, 1}, []string{"q1", "q3", "q3", "q5", "q5", "q5", "q5", "q5"}},
		{[]float64{2, 2, 2, 2, 2, 2, 2, 2}, []string{"q1", "q1", "q1", "q1", "q1", "q1", "q1", "q1"}},
		{[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, []string{"q1", "q1", "q2", "q2", "q3", "q3", "q4", "q4", "q5", "q5"}},
	} {
		for n, value := range test.sorted {
			if got := classOf(test.sorted, value); got != test.want[n] {
				t.Errorf("%v of %v: %s, want %s", value, test.sorted, got, test.want[n])
			}
		}
	}
	if got := classOf([]float64{1, 2}, math.NaN()); got != "q0" {
		t.Errorf("no value: %s", got)
	}
}

// What captions count, in every number that changes a word.
func TestCaptionsOfCounts(t *testing.T) {
	set := fixture(t, "no_show_rate", "onsite_wait_minutes")
	italy := 0.0
	for _, lang := range []string{"it", "en"} {
		b := bareBuilder(t, set, lang)
		i := &set.Catalogue.Indicators[0]
		italy = b.x.headline(i.ID, result.Italy).Value
		spans := func(above, below int) []span {
			var all []span
			for range above {
				all = append(all, span{value: italy + 0.2, low: italy + 0.1, high: italy + 0.3})
			}
			for range below {
				all = append(all, span{value: italy - 0.2, low: italy - 0.3, high: italy - 0.1})
			}
			return append(all, span{value: italy, low: italy - 0.1, high: italy + 0.1})
		}
		for _, test := range []struct {
			above, below int
			it, en       string
		}{
			{0, 0, "Su 1 regioni, nessuna ha l'intervallo tutto sopra il valore dell'Italia, nessuna tutto sotto.",
				"Of 1 regions, none has an interval wholly above the value of Italy, none wholly below."},
			{1, 1, "Su 3 regioni, una ha l'intervallo tutto sopra il valore dell'Italia, una tutto sotto.",
				"Of 3 regions, one has an interval wholly above the value of Italy, one wholly below."},
			{2, 3, "Su 6 regioni, 2 hanno l'intervallo tutto sopra il valore dell'Italia, 3 tutto sotto.",
				"Of 6 regions, 2 have an interval wholly above the value of Italy, 3 wholly below."},
		} {
			want := map[string]string{"it": test.it, "en": test.en}[lang]
			if got := b.intervalFinding(spans(test.above, test.below), b.x.headline(i.ID, result.Italy).Value, b.m.T("interval.regions")); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
		places := map[string][]string{ // how many have the value → the words
			"it": {"in Puglia (12,5\u202f%)", "in Puglia e in un'altra (12,5\u202f%)", "in Puglia e in altre 2 (12,5\u202f%)"},
			"en": {"in Puglia (12.5%)", "in Puglia and in one other (12.5%)", "in Puglia and in 2 others (12.5%)"},
		}[lang]
		cells := []result.Cell{{Territory: "16", Value: 0.125}, {Territory: "12", Value: 0.125}, {Territory: "11", Value: 0.125}}
		for n, want := range places {
			if got := b.placed(i, cells[:n+1]); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
	}
}

// The classes of a legend have their unit, and those of whole numbers whole limits
// that agree with the colours.
func TestLegends(t *testing.T) {
	set := fixture(t, "no_show_rate", "onsite_wait_minutes")
	b := bareBuilder(t, set, "it")
	for _, test := range []struct {
		unit      kpi.Unit
		low, high float64
		want      string
	}{
		{kpi.Percent, 0.1, 0.2, "10,0–20,0\u202f%"}, {kpi.Percent, 1, 1, "100,0\u202f%"}, {kpi.Minutes, 11, 13, "11–13\u00a0min"},
		{kpi.Days, -34, -20, "−34 – −20\u00a0giorni"}, {kpi.Days, 1, 1, "1\u00a0giorno"}, {kpi.Ratio, 0.5, 0.72, "0,50–0,72"},
	} {
		if got := b.classText(test.unit, test.low, test.high); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
	waits := &set.Catalogue.Indicators[1]
	if waits.Statistic != kpi.Distribution {
		t.Fatalf("%s is no distribution", waits.ID)
	}
	items := b.heatLegend(waits, -34, 38)
	want := []string{"da −34 a −20\u00a0min", "da −19 a −6\u00a0min", "da −5 a 9\u00a0min", "da 10 a 23\u00a0min", "da 24 a 38\u00a0min"}
	for n, item := range items {
		if item.Text != want[n] {
			t.Errorf("class %d: %q, want %q", n, item.Text, want[n])
		}
	}
	for value, class := range map[float64]string{-34: "q1", -20: "q1", -19: "q2", -6: "q2", -5: "q3", 9: "q3", 10: "q4", 23: "q4", 24: "q5", 38: "q5"} {
		if got := heatClass(value, -34, 38); got != class {
			t.Errorf("%v is %s, want %s", value, got, class)
		}
	}
}

// A change has the digits of its figure, and no unit that its figure has said.
func TestChangeSince(t *testing.T) {
	w := words{lang: "it"}
	for _, test := range []struct {
		unit               kpi.Unit
		before, now, width float64
		want               string
	}{
		{kpi.PerThousand, 0.000344, 0.000348, 0.000005, "+0,004\u202f‰"},
		{kpi.Percent, 0.07, 0.0785, 0.005, "+0,9\u00a0p.p."},
		{kpi.Hours, 12, 11, 1, "−1\u00a0ora"},
		{kpi.PerHundred, 0.30, 0.33, 0.02, "+3,0"},
	} {
		now := result.Cell{Value: test.now, Lower: test.now - test.width, Upper: test.now + test.width}
		if got := w.changeSince(&kpi.Indicator{Unit: test.unit}, result.Cell{Value: test.before}, now); got != test.want {
			t.Errorf("%s: %q, want %q", test.unit, got, test.want)
		}
	}
}

// What is counted agrees with its number, in each language.
func TestGlanceAgreesInNumber(t *testing.T) {
	set := fixture(t, "no_show_rate")
	for lang, want := range map[string][]string{
		"it": {"0 peggioramenti", "1 miglioramento", "2 cambiamenti", "1 stabilmente mancato", "3 a volte raggiunti", "0 stabilmente raggiunti"},
		"en": {"0 deteriorations", "1 improvement", "2 changes", "1 consistently missed", "3 met in some months", "0 consistently met"},
	} {
		b := bareBuilder(t, set, lang)
		var n counter
		for k, name := range []string{courseNames["concern"], courseNames["improvement"], courseNames["change"], targetNames["missed"], targetNames["hit_or_miss"], targetNames["met"]} {
			n.add(name, html.Mark{Kind: "met", Text: "no name for a number"}, 0)
			for range []int{0, 1, 2, 1, 3, 0}[k] {
				n.add(name, html.Mark{}, 1)
			}
		}
		var got []string
		for _, mark := range b.counted(n) {
			got = append(got, mark.Text+" "+mark.Mark.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: counted %q, want %q", lang, got, want)
		}
	}
}

// The national page counts each judgement once, and says what chance would give.
func TestGlance(t *testing.T) {
	set := fixture(t, "no_show_rate", "onsite_wait_minutes")
	b := bareBuilder(t, set, "en")
	groups := b.glance()
	if len(groups) == 0 {
		t.Fatal("nothing is counted")
	}
	for _, group := range groups {
		sum := 0
		for _, mark := range group.Marks {
			if sum += mark.N; mark.Text == "" || mark.Mark.Text == "" {
				t.Errorf("%s: %+v", group.Title, mark)
			}
		}
		if sum == 0 && group.Note == "" {
			t.Errorf("%s: nothing", group.Title)
		}
	}
	judged, far := 0, 0
	b.x.eachJudged(func(_ *kpi.Indicator, c result.Cell) {
		judged++
		if isFar(c.Funnel) {
			far++
		}
	})
	last := groups[len(groups)-1]
	sum := 0
	for _, mark := range last.Marks {
		sum += mark.N
	}
	if judged == 0 || sum != far {
		t.Errorf("%d of %d comparisons are far beyond, the page counts %d", far, judged, sum)
	}
}
