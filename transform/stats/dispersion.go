package stats

import (
	"math"
	"sort"
)

// winsorised is the part of the territories at each end whose scores are drawn
// in before the dispersion is estimated, so that the few that are truly
// different do not widen the limits that should find them.
const winsorised = 0.10

// Dispersion says how much more territories differ than chance alone makes them.
type Dispersion struct {
	Centre float64 // that the territories are compared with
	Phi    float64 // mean squared score: 1 is what chance alone gives
	Tau2   float64 // variance between territories, additive; 0 when none is needed
}

// ShareDispersion estimates the over-dispersion of shares x/n around a centre
// p0 on the arcsine scale: Y = asin√p, s = 1/(2√n), score (Y − asin√p0)/s. With
// winsorise the scores are first drawn in to their 10% and 90% quantiles
// (type 7). A centre that is NaN is taken from the territories: Σx/Σn.
//
// Territories with n < 10 take no part. All is NaN or 0 when none is left;
// with one, or when all are equal, τ² is 0.
//
// Source: Spiegelhalter, Qual Saf Health Care 14 (2005) 347, additive model.
func ShareDispersion(x, n []float64, centre float64, winsorise bool) Dispersion {
	d := around(centre, x, n)
	var scores, weights []float64
	for i := range x {
		if n[i] < leastJudged || math.IsNaN(d.Centre) {
			continue
		}
		s := 1 / (2 * math.Sqrt(n[i]))
		p := clamp(x[i]/n[i], 0, 1)
		scores = append(scores, (math.Asin(math.Sqrt(p))-math.Asin(math.Sqrt(d.Centre)))/s)
		weights = append(weights, 1/(s*s))
	}
	d.estimate(scores, weights, winsorise)
	return d
}

// RateDispersion estimates the over-dispersion of x events in the exposure n
// on the square-root scale: Y = √(x/E) with E = p0·n expected, s = 1/(2√E),
// score (Y − 1)/s. Territories with E < 1 take no part. Otherwise as
// [ShareDispersion].
func RateDispersion(x, n []float64, centre float64, winsorise bool) Dispersion {
	d := around(centre, x, n)
	var scores, weights []float64
	for i := range x {
		expected := d.Centre * n[i]
		if !(expected >= 1) {
			continue
		}
		s := 1 / (2 * math.Sqrt(expected))
		scores = append(scores, (math.Sqrt(x[i]/expected)-1)/s)
		weights = append(weights, 1/(s*s))
	}
	d.estimate(scores, weights, winsorise)
	return d
}

func around(centre float64, x, n []float64) Dispersion {
	if math.IsNaN(centre) {
		centre = ratio(sum(x), sum(n))
	}
	return Dispersion{Centre: centre, Phi: math.NaN()}
}

// estimate fills φ = Σz²/k and, when kφ ≥ k − 1,
// τ² = (kφ − (k − 1)) / (Σw − Σw²/Σw).
func (d *Dispersion) estimate(scores, weights []float64, winsorise bool) {
	k := float64(len(scores))
	if k == 0 {
		return
	}
	if winsorise {
		scores = winsorisedScores(scores)
	}
	squares, weight, weight2 := 0.0, 0.0, 0.0
	for i, score := range scores {
		squares += score * score
		weight += weights[i]
		weight2 += weights[i] * weights[i]
	}
	d.Phi = squares / k
	if spread := weight - weight2/weight; squares > k-1 && spread > 0 {
		d.Tau2 = (squares - (k - 1)) / spread
	}
}

func winsorisedScores(scores []float64) []float64 {
	sorted := make([]float64, len(scores))
	copy(sorted, scores)
	sort.Float64s(sorted)
	low, high := quantile7(sorted, winsorised), quantile7(sorted, 1-winsorised)
	drawn := make([]float64, len(scores))
	for i, score := range scores {
		drawn[i] = clamp(score, low, high)
	}
	return drawn
}
