package stats

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// EfronMorris draws k ≥ 4 values of the same known variance towards their mean:
//
//	z = ȳ + c(y − ȳ),  c = 1 − (k − 3)σ²/Σ(y − ȳ)²
//
// c is cut to [0, 1]: when the values differ less than chance makes them, all
// become the mean. With fewer than 4 values nothing is drawn (c = 1).
//
// Source: Efron and Morris, JASA 70 (1975) 311.
func EfronMorris(y []float64, variance float64) (shrunk []float64, c float64) {
	mean := ratio(sum(y), float64(len(y)))
	squares := 0.0
	for _, value := range y {
		squares += (value - mean) * (value - mean)
	}
	c = 1
	if k := float64(len(y)); k > 3 {
		c = 0
		if squares > 0 {
			c = clamp(1-(k-3)*variance/squares, 0, 1)
		}
	}
	shrunk = make([]float64, len(y))
	for i, value := range y {
		shrunk[i] = mean + c*(value-mean)
	}
	return shrunk, c
}

// Prior is what the territories together tell about any one of them: their
// mean, and how many observations that knowledge is worth.
type Prior struct {
	Mean     float64
	Strength float64 // in observations (shares) or exposure (rates); +Inf when all are alike
}

// Shrink gives the estimate of a territory with x events in n: between x/n and
// the mean of all, the nearer to the mean the smaller n is. With n = 0 it is
// the mean.
func (p Prior) Shrink(x, n float64) float64 {
	if math.IsInf(p.Strength, 1) {
		return p.Mean
	}
	return ratio(x+p.Strength*p.Mean, n+p.Strength)
}

// SharePrior fits a beta distribution to shares x/n by moments, weighted by n.
// The strength is α + β. Territories with n = 0 take no part; with fewer than
// two, or no more variation than chance gives, it is +Inf. The mean is NaN when
// all n are 0.
//
// Source: Kleinman, JASA 68 (1973) 46.
func SharePrior(x, n []float64) Prior {
	events, trials := sum(x), sum(n)
	prior := Prior{ratio(events, trials), math.Inf(1)}
	spread := prior.Mean * (1 - prior.Mean)
	var between, within, weights float64
	for i := range x {
		if !(n[i] > 0) {
			continue
		}
		weight := n[i] / trials
		difference := x[i]/n[i] - prior.Mean
		between += weight * difference * difference
		within += weight / n[i] * (1 - weight)
		weights += weight * (1 - weight)
	}
	correlation := ratio(between-spread*within, spread*(weights-within))
	if correlation > 0 {
		prior.Strength = math.Max(0, (1-correlation)/correlation)
	}
	return prior
}

// RatePrior fits a gamma distribution to x events in the exposure n by moments.
// The strength is in exposure. Otherwise as [SharePrior].
//
// Source: Marshall, Applied Statistics 40 (1991) 283, global estimator.
func RatePrior(x, n []float64) Prior {
	prior := Prior{ratio(sum(x), sum(n)), math.Inf(1)}
	between, exposure, count := 0.0, 0.0, 0.0
	for i := range x {
		if n[i] > 0 {
			difference := x[i]/n[i] - prior.Mean
			between += n[i] * difference * difference
			exposure += n[i]
			count++
		}
	}
	if count < 2 {
		return prior
	}
	variance := between/exposure - prior.Mean/(exposure/count)
	if variance > 0 {
		prior.Strength = prior.Mean / variance
	}
	return prior
}

// RankIntervals simulates the ranks of territories with x events of n under
// their beta posteriors, and gives each the limits between which 95% of its
// simulated ranks lie (1 is the smallest share). It is deterministic in seed.
// Territories of which a draw gives the same share are put in an order by chance:
// where nothing ever happened, or everything, all have all ranks.
// A territory with n = 0 and no prior strength has no rank.
//
// Source: Goldstein and Spiegelhalter, JRSS A 159 (1996) 385.
func RankIntervals(x, n []float64, prior Prior, draws int, seed uint64) []Interval {
	strength := math.Min(prior.Strength, alike)
	return rankIntervals(n, strength, draws, seed, func(random *rand.Rand, i int) float64 {
		return beta(random, x[i]+strength*prior.Mean, n[i]-x[i]+strength*(1-prior.Mean))
	})
}

// RateRankIntervals is [RankIntervals] for x events in the exposure n, under their
// gamma posteriors.
func RateRankIntervals(x, n []float64, prior Prior, draws int, seed uint64) []Interval {
	strength := math.Min(prior.Strength, alike)
	return rankIntervals(n, strength, draws, seed, func(random *rand.Rand, i int) float64 {
		shape, exposure := x[i]+strength*prior.Mean, n[i]+strength
		if !(shape > 0) || !(exposure > 0) {
			return 0
		}
		return gamma(random, shape) / exposure
	})
}

// alike is the strength of a prior that stands for +Inf: all the same.
const alike = 1e9

func rankIntervals(n []float64, strength float64, draws int, seed uint64, draw func(*rand.Rand, int) float64) []Interval {
	random := rand.New(rand.NewPCG(seed, uint64(len(n))))
	times := make([][]int, len(n)) // of each territory, how often it had each rank
	for i := range times {
		times[i] = make([]int, len(n))
	}
	drawn, order := make([]float64, len(n)), make([]int, len(n))
	for range draws {
		for i := range n {
			order[i], drawn[i] = i, draw(random, i)
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(drawn[a], drawn[b]) })
		shuffleTies(random, order, drawn)
		for rank, i := range order {
			times[i][rank]++
		}
	}
	intervals, ranks := make([]Interval, len(n)), make([]float64, 0, draws)
	for i := range times {
		intervals[i] = None()
		if draws > 0 && n[i]+strength > 0 {
			ranks = ranks[:0]
			for rank, count := range times[i] {
				for range count {
					ranks = append(ranks, float64(rank+1))
				}
			}
			intervals[i] = Interval{quantile7(ranks, 0.025), quantile7(ranks, 0.975)}
		}
	}
	return intervals
}

// shuffleTies puts those of an ascending order that have the same value in one by chance.
func shuffleTies(random *rand.Rand, order []int, values []float64) {
	for start := 0; start < len(order); {
		end := start + 1
		for end < len(order) && values[order[end]] == values[order[start]] {
			end++
		}
		if tied := order[start:end]; len(tied) > 1 {
			random.Shuffle(len(tied), func(a, b int) { tied[a], tied[b] = tied[b], tied[a] })
		}
		start = end
	}
}

// beta draws from the beta distribution; a parameter ≤ 0 puts all weight at its end.
func beta(random *rand.Rand, a, b float64) float64 {
	if a <= 0 {
		return 0
	}
	if b <= 0 {
		return 1
	}
	first := gamma(random, a)
	return first / (first + gamma(random, b))
}

// gamma draws from the gamma distribution of the given shape and scale 1.
//
// Source: Marsaglia and Tsang, ACM TOMS 26 (2000) 363.
func gamma(random *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(random, shape+1) * math.Pow(random.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		normal := random.NormFloat64()
		v := 1 + c*normal
		if v <= 0 {
			continue
		}
		v = v * v * v
		u, square := random.Float64(), normal*normal
		// Nearly all that the logarithms accept lies under their polynomial already.
		if u < 1-0.0331*square*square || math.Log(u) < square/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
