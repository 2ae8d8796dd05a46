package transform

import (
	"slices"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// fewCases is how many cases the typical month of a share, a rate or a median must
// have for its chart to have limits.
const fewCases = 5

// hasFewCases tells of a share or rate whose typical month has so few cases that it
// jumps between few values, 0% and 100% among them, and of a median that is that of
// two or three: no month of such a series can be told from chance. Small counts that are withheld never come so far; this is about
// what may be published in full, such as proposals.
func (f *figures) hasFewCases(points []result.ChartPoint) bool {
	var cases []float64
	for _, at := range points {
		if !at.Immature {
			cases = append(cases, at.N)
		}
	}
	if f.k.Statistic != kpi.Rate && f.k.Statistic != kpi.Distribution || len(cases) == 0 {
		return false
	}
	slices.Sort(cases)
	return cases[len(cases)/2] < fewCases
}
