package stats

import "math"

// sigmaFromRange turns a mean moving range of two into a standard deviation.
const sigmaFromRange = 1.128

// Laney is the p′ chart: the control chart of a share whose denominator
// changes from month to month, with the variation that chance does not explain
// (σz) taken into the limits.
//
// Source: Laney, Quality Engineering 14 (2002) 531.
type Laney struct {
	Centre float64    // Σx/Σn
	SigmaZ float64    // 1 when the shares vary as chance alone lets them
	Limits []Interval // per month: centre ± 3·σpᵢ·σz, cut to [0, 1]; none where n is 0
}

// NewLaney computes the p′ chart of x events of n, in order of time: with
// σpᵢ = √(p̄(1 − p̄)/nᵢ) and zᵢ = (pᵢ − p̄)/σpᵢ, σz is the mean moving range of z
// over 1.128. Months with n = 0 have no limits and take no part, nor do the months
// on their two sides make a moving range. Without two months in a row that count
// σz is NaN, and so are the limits; when p̄ is 0 or 1 it is 0.
func NewLaney(x, n []float64) Laney {
	chart := Laney{Centre: ratio(sum(x), sum(n)), SigmaZ: math.NaN(), Limits: make([]Interval, len(x))}
	scores := make([]float64, len(x))
	for i := range x {
		spread := math.Sqrt(chart.Centre * (1 - chart.Centre) / n[i])
		switch {
		case !(n[i] > 0):
			scores[i] = math.NaN()
		case spread > 0: // else p̄ is 0 or 1, and no month differs
			scores[i] = (x[i]/n[i] - chart.Centre) / spread
		}
	}
	if ranges := movingRanges(scores); len(ranges) > 0 {
		chart.SigmaZ = sum(ranges) / float64(len(ranges)) / sigmaFromRange
	}
	for i := range n {
		if !(n[i] > 0) {
			chart.Limits[i] = None()
			continue
		}
		half := 3 * chart.SigmaZ * math.Sqrt(chart.Centre*(1-chart.Centre)/n[i])
		chart.Limits[i] = Interval{math.Max(0, chart.Centre-half), math.Min(1, chart.Centre+half)}
	}
	return chart
}
