package transform

import (
	"math"
	"slices"

	"tavolo/transform/kpi"
	"tavolo/transform/stats"
)

// fewCases is how many cases the typical month of a share, a rate or a median must
// have for its chart to have limits.
const fewCases = 5

// hasFewCases tells of a share or rate whose typical month has so few cases that it
// jumps between few values, 0% and 100% among them, and of a median that is that of
// two or three: no month of such a series can be told from chance. Small counts that
// are withheld never come so far; this is about what may be published in full, such
// as proposals.
func (f *figures) hasFewCases(mature *course) bool {
	cases := typical(mature.cases, mature.values)
	return !math.IsNaN(cases) && f.isFew(cases)
}

// typical is the median of what is known of months that have a value; NaN without any. Where a
// median does not say of how many it is, they are no few: fewer are withheld whole.
func typical(of, values []float64) float64 {
	var known []float64
	for i, x := range of {
		if !math.IsNaN(x) && !math.IsNaN(values[i]) {
			known = append(known, x)
		}
	}
	if len(known) == 0 {
		return math.NaN()
	}
	slices.Sort(known)
	return known[len(known)/2]
}

// isFew tells that so many cases of a share, a rate or a median are few.
func (f *figures) isFew(cases float64) bool {
	return (f.k.Statistic == kpi.Rate || f.k.Statistic == kpi.Distribution) && cases < fewCases
}

// drawIn gives the mature values as the signals are looked for. A share that is rounded is
// the one nearest to the centre of those that it may be. A month that its own
// cases explain is drawn in to two thirds of the way to the limit. It counts in a run,
// as it lies on its side of the centre; but however far, it is no signal by itself.
func (f *figures) drawIn(xmr stats.XmR, mature *course) []float64 {
	values := slices.Clone(mature.values)
	for i, step := range mature.steps {
		values[i] = math.Min(math.Max(xmr.Centre, values[i]-step/2), values[i]+step/2)
	}
	reach := (xmr.Upper - xmr.Centre) * 2 / 3
	if math.IsNaN(reach) {
		return values
	}
	for i, explained := range f.explained(mature) {
		if explained {
			values[i] = math.Min(math.Max(values[i], xmr.Centre-reach), xmr.Centre+reach)
		}
	}
	return values
}

// explained tells which mature months are as far out as they are since they have
// fewer cases than the others, whose limits they are held to. So is a month of few
// cases: one of one is 100% or 0% always. So is that of a share with less than half
// of the cases of the typical month, such as August, when it lies within the limits
// that the p′ chart gives it by its own.
func (f *figures) explained(mature *course) []bool {
	explained := make([]bool, len(mature.points))
	x, n := make([]float64, len(mature.points)), make([]float64, len(mature.points))
	for i, at := range mature.points {
		if at != noPoint {
			x[i], n[i] = mature.values[i]*mature.cases[i], mature.cases[i]
			explained[i] = f.isFew(n[i])
		}
	}
	if f.k.Interval != kpi.Wilson {
		return explained
	}
	laney, usual := stats.NewLaney(x, n), typical(mature.cases, mature.values)
	for i := range n {
		if n[i] < usual/2 && laney.Limits[i].Contains(x[i]/n[i]) {
			explained[i] = true
		}
	}
	return explained
}
