package transform

import (
	"math"
	"slices"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
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
func (f *figures) hasFewCases(points []result.ChartPoint) bool {
	typical := typicalCases(points)
	return !math.IsNaN(typical) && f.isFew(typical)
}

// typicalCases is the median of the cases of the mature months that say them; NaN without
// any. Where a median does not say of how many it is, they are no few: fewer are withheld whole.
func typicalCases(points []result.ChartPoint) float64 {
	var cases []float64
	for _, at := range points {
		if !at.Immature && !math.IsNaN(at.N) {
			cases = append(cases, at.N)
		}
	}
	if len(cases) == 0 {
		return math.NaN()
	}
	slices.Sort(cases)
	return cases[len(cases)/2]
}

// isFew tells that so many cases of a share, a rate or a median are few.
func (f *figures) isFew(cases float64) bool {
	return (f.k.Statistic == kpi.Rate || f.k.Statistic == kpi.Distribution) && cases < fewCases
}

// drawIn gives the mature values as the signals are looked for: a month that its own
// cases explain is drawn in to two thirds of the way to the limit. It counts in a run,
// as it lies on its side of the centre; but however far, it is no signal by itself.
func (f *figures) drawIn(xmr stats.XmR, chart *result.Chart, mature *course) []float64 {
	values := slices.Clone(mature.values)
	reach := (xmr.Upper - xmr.Centre) * 2 / 3
	if math.IsNaN(reach) {
		return values
	}
	for i, explained := range f.explained(chart, mature) {
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
func (f *figures) explained(chart *result.Chart, mature *course) []bool {
	explained := make([]bool, len(mature.points))
	x, n := make([]float64, len(mature.points)), make([]float64, len(mature.points))
	for i, at := range mature.points {
		if at != noPoint {
			point := &chart.Points[at]
			x[i], n[i] = point.Value*point.N, point.N
			explained[i] = f.isFew(point.N)
		}
	}
	if f.k.Interval != kpi.Wilson {
		return explained
	}
	laney, typical := stats.NewLaney(x, n), typicalCases(chart.Points)
	for i := range n {
		if n[i] < typical/2 && laney.Limits[i].Contains(x[i]/n[i]) {
			explained[i] = true
		}
	}
	return explained
}
