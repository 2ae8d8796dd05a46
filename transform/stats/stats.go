// Package stats holds the methods with which territories and months are
// compared fairly: intervals, funnels, control charts, standardisation,
// shrinkage, and the split of a change into mix and rate.
//
// Every function is pure: no clock, no I/O, no state; the one that simulates
// takes its seed. Shares are 0–1, never per cent. A number that does not exist
// (a rate of nothing, a limit that the method cannot give) is NaN, never 0.
//
// Territories differ in size, so raw ranks are mostly noise. Nothing here
// ranks by a raw value; what calls a territory different is [Funnel], and what
// calls a month different is [XmR.Signals].
package stats

import "math"

// The normal quantiles of the two pairs of limits that are drawn everywhere.
const (
	Z95  = 1.9599639845400542 // 95% lie within
	Z998 = 3.0902323061678136 // 99.8% lie within
)

// Interval is a pair of limits around an estimate. NaN where the method gives none.
type Interval struct {
	Lower, Upper float64
}

// None is the interval of a method that has no answer.
func None() Interval { return Interval{math.NaN(), math.NaN()} }

// Scale multiplies both limits by a factor that is not negative.
func (i Interval) Scale(factor float64) Interval {
	return Interval{i.Lower * factor, i.Upper * factor}
}

// Contains says whether x lies within the limits, which themselves count as within.
func (i Interval) Contains(x float64) bool { return x >= i.Lower && x <= i.Upper }

// ratio is x/y, or NaN when there is nothing to divide by.
func ratio(x, y float64) float64 {
	if y == 0 {
		return math.NaN()
	}
	return x / y
}

func sum(values []float64) float64 {
	total := 0.0
	for _, value := range values {
		total += value
	}
	return total
}

func clamp(x, low, high float64) float64 { return math.Min(math.Max(x, low), high) }
