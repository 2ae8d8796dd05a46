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
	var cases []float64
	for _, at := range points {
		if !at.Immature {
			cases = append(cases, at.N)
		}
	}
	if len(cases) == 0 {
		return false
	}
	slices.Sort(cases)
	return f.isFew(cases[len(cases)/2])
}

// isFew tells that so many cases of a share, a rate or a median are few.
func (f *figures) isFew(cases float64) bool {
	return (f.k.Statistic == kpi.Rate || f.k.Statistic == kpi.Distribution) && cases < fewCases
}

// drawIn gives the mature values as the signals are looked for: a month of few cases
// is drawn in to two thirds of the way to the limit. It counts in a run, as it lies
// on its side of the centre; but however far, it is no signal by itself. One case of
// one is 100% or 0% always, and the limits are those of months with more.
func (f *figures) drawIn(xmr stats.XmR, chart *result.Chart, mature *course) []float64 {
	values := slices.Clone(mature.values)
	reach := (xmr.Upper - xmr.Centre) * 2 / 3
	for i, at := range mature.points {
		if at != noPoint && f.isFew(chart.Points[at].N) && !math.IsNaN(reach) {
			values[i] = math.Min(math.Max(values[i], xmr.Centre-reach), xmr.Centre+reach)
		}
	}
	return values
}
