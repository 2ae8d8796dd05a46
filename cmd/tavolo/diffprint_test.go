package main

import (
	"math"
	"testing"

	"tavolo/transform/kpi"
	"tavolo/transform/restatement"
	"tavolo/transform/result"
)

// Counts stand beside a value that looks the same on both sides. Where they are withheld, the
// line says that, and nothing of them.
func TestCountsStandBesideWhatLooksTheSame(t *testing.T) {
	share, wait := &kpi.Indicator{Unit: kpi.Percent}, &kpi.Indicator{Unit: kpi.Minutes}
	nan := math.NaN()
	for _, test := range []struct {
		k        *kpi.Indicator
		from, to result.Cell
		want     string
	}{
		{share, result.Cell{Value: 0.5, Numerator: 50, Denominator: 100}, result.Cell{Value: 0.6, Numerator: 60, Denominator: 100}, "60.0%"},
		{share, result.Cell{Value: 0.5, Numerator: 50, Denominator: 100}, result.Cell{Value: 0.5, Numerator: 51, Denominator: 102}, "50.0% (51/102)"},
		{wait, result.Cell{Value: 18, Numerator: nan, Denominator: 40}, result.Cell{Value: 18, Numerator: nan, Denominator: 41}, "18\u00a0min (41)"},
		{wait, result.Cell{Value: 18, Numerator: nan, Denominator: 40}, result.Cell{Value: 18, Numerator: nan, Denominator: nan, Class: result.OK}, "18\u00a0min (counts withheld)"},
	} {
		move := &restatement.Move{From: &test.from, To: &test.to, Kind: restatement.Restated}
		if got := movedText(test.k, move, move.To, "en"); got != test.want {
			t.Errorf("%+v: %q, want %q", test.to, got, test.want)
		}
	}
}
