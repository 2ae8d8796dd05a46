package transform

import (
	"math"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// standardise gives the cells with an expected numerator their standardised
// values: what the value would be with the national mix of strata. It needs the
// national value, so it comes after disclosure control.
func (f *figures) standardise() {
	for i := range f.cells {
		f.standardiseCell(&f.cells[i])
	}
}

// standardiseCell standardises one cell. The expected numerator is known to half
// an event (see expect), and of few expected events half a one is much: so the lower
// limit is that with half an event more, the upper one that with half a one less.
func (f *figures) standardiseCell(c *result.Cell) {
	italy := f.cell(key{territory: result.Italy, grain: c.Grain, start: c.Start.Unix()})
	if c.Breakdown != "" || italy == nil || !(c.Expected > 0) || math.IsNaN(c.Numerator) {
		return
	}
	value, _ := f.standardisedBy(c, italy.Value, c.Expected)
	_, low := f.standardisedBy(c, italy.Value, c.Expected+halfEvent)
	_, high := f.standardisedBy(c, italy.Value, c.Expected-halfEvent)
	c.Standardised, c.StdLower, c.StdUpper = value, low.Lower, high.Upper
}

// standardisedBy gives the standardised value of a cell and its limits, had so many
// events been expected. A share is cut to 1: where the national one is 90%, all of a
// hard mix of cases come to more than 100%, which no share can be, and which would
// lie beyond every limit of a funnel.
func (f *figures) standardisedBy(c *result.Cell, national, expected float64) (value float64, limits stats.Interval) {
	most, ratio := math.Inf(1), 0.0
	if f.k.Interval == kpi.Wilson {
		most = 1
		ratio, limits = stats.IndirectShare(c.Numerator, c.Denominator, expected, stats.Z95)
	} else {
		ratio, limits = stats.Indirect(c.Numerator, expected, stats.Z95)
	}
	limits = limits.Scale(national)
	return math.Min(national*ratio, most), stats.Interval{Lower: math.Min(limits.Lower, most), Upper: math.Min(limits.Upper, most)}
}

// judged is the value of a cell by which its place in a funnel is told: the nearest to
// the centre of those that it may be. A standardised value is known as its expected
// events are, and a territory is not called different by the half of one. Of few
// expected events that costs: twice as many as expected are beyond the 95% limits in 72%
// of cases instead of 80% where 10 are expected, in 95% instead of 97% where 20 are; from 50 on
// nothing is lost.
func (f *figures) judged(c *result.Cell, centre float64) float64 {
	italy := f.cell(key{territory: result.Italy, grain: c.Grain, start: c.Start.Unix()})
	if len(f.k.Strata) == 0 || italy == nil || math.IsNaN(c.Standardised) {
		return f.compared(c)
	}
	low, _ := f.standardisedBy(c, italy.Value, c.Expected+halfEvent)
	high, _ := f.standardisedBy(c, italy.Value, c.Expected-halfEvent)
	return math.Min(math.Max(centre, low), high)
}
