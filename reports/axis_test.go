package reports

import (
	"testing"

	"tavolo/transform/kpi"
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
