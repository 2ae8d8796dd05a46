package reports

import (
	"math"
	"strings"
	"testing"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// A share that is rounded says so, with no digit more than its step has, and that its cases
// are withheld; and it meets or misses a target only where its rounding leaves no doubt.
func TestARoundedShareSaysSo(t *testing.T) {
	target := 0.9
	i := &kpi.Indicator{ID: "share", Statistic: kpi.Rate, Unit: kpi.Percent, Direction: kpi.Up, Target: &target, MinDenominator: 30}
	nan := math.NaN()
	cell := func(value, step float64) result.Cell {
		return result.Cell{Class: result.OK, Reason: result.ByIndicator, Value: value, RoundedTo: step,
			Numerator: nan, Denominator: nan, Lower: nan, Upper: nan, P90: nan, Open: nan}
	}
	for _, c := range []struct {
		value, step  float64
		text, points string
		meets        int
	}{
		{0.85, 0.05, "≈ 85%", " 5 points", -1},
		{0.9, 0.05, "≈ 90%", " 5 points", 0}, // 88% is written so too
		{0.95, 0.05, "≈ 95%", " 5 points", 1},
		{0.9, 0.1, "≈ 90%", " 10 points", 0},
		{0.895, 0.005, "≈ 89.5%", " 0.5 points", -1},
		{0.89, 0.01, "≈ 89%", " 1 points", -1},
		{1, 0.001, "≈ 100.0%", " 0.1 points", 1},
	} {
		w := words{lang: "en", m: messages(t, "en")}
		of := cell(c.value, c.step)
		v := w.value(i, of)
		if v.Text != c.text || v.N != "withheld" || v.Interval != "" || !strings.Contains(v.Note, c.points) {
			t.Errorf("%v by %v: %+v", c.value, c.step, v)
		}
		if got := meets(i, of, of.Value); got != c.meets || falls(i, of) {
			t.Errorf("%v by %v meets its target: %d, want %d", c.value, c.step, got, c.meets)
		}
		if differs(of, result.Cell{Value: 0.1, Lower: 0.05, Upper: 0.15}) {
			t.Errorf("%v by %v: as if it were known how sure it is", c.value, c.step)
		}
	}
}
