package reports

import (
	"strings"
	"testing"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// TestUnitAxis checks that an axis holds its values, has room, and never goes
// beyond what a share can be, also where all values are one.
func TestUnitAxis(t *testing.T) {
	for _, test := range []struct {
		unit      kpi.Unit
		low, high float64
	}{
		{kpi.Percent, 1, 1}, {kpi.Percent, 0, 0}, {kpi.Percent, 0.5, 0.5}, {kpi.Percent, 0.97, 1}, {kpi.Percent, 0.031, 0.12},
		{kpi.Days, 7, 7}, {kpi.Days, 31, 31 + 4e-15*31}, {kpi.Days, -12, 40}, {kpi.Count, 0, 0}, {kpi.Per100k, 4e-5, 4e-5},
	} {
		a := unitAxis(test.unit, test.low, test.high, "it")
		switch {
		case a.max <= a.min:
			t.Errorf("%v from %v to %v: an axis from %v to %v", test.unit, test.low, test.high, a.min, a.max)
		case test.low < a.min-1e-12 || test.high > a.max+1e-12:
			t.Errorf("%v from %v to %v: the axis from %v to %v does not hold them", test.unit, test.low, test.high, a.min, a.max)
		case test.unit == kpi.Percent && (a.min < 0 || a.max > 1):
			t.Errorf("%v from %v to %v: a share from %v to %v", test.unit, test.low, test.high, a.min, a.max)
		case len(a.texts) < 2:
			t.Errorf("%v from %v to %v: %d ticks", test.unit, test.low, test.high, len(a.texts))
		}
	}
}

// The last label of an axis by powers of ten is in the middle of its end: half of it needs
// room beyond.
func TestOverhang(t *testing.T) {
	for _, test := range []struct {
		low, high float64
		least     int
	}{{100_000, 10_000_000, 30}, {10, 900, 12}, {10, 4_000, 0}} {
		if got := sizeAxis(test.low, test.high, "", "it").overhang(); got < test.least || got > test.least+12 {
			t.Errorf("from %g to %g: %d pixels, want %d and little more", test.low, test.high, got, test.least)
		}
	}
}

// The limits of a rare rate are told apart, in the drawing and in its finding.
func TestRulesOfARareRate(t *testing.T) {
	b := bareBuilder(t, fixture(t, "no_show_rate"), "it")
	i := &kpi.Indicator{Unit: kpi.PerThousand}
	c := &result.Chart{Lower: 0.0000232, Centre: 0.0000288, Upper: 0.0000344, Variation: "common"}
	var labels []string
	for _, r := range b.controlRules(i, c, false) {
		labels = append(labels, r.label)
	}
	if got, want := strings.Join(labels, "; "), "limite sup. 0,034; media 0,029; limite inf. 0,023"; got != want {
		t.Errorf("the rules are %q, want %q", got, want)
	}
	finding := b.controlFinding(i, c)
	if want := "0,023–\u20600,034"; !strings.Contains(finding, want) {
		t.Errorf("the finding %q has no %q, which does not break after its dash", finding, want)
	}
}
