package synthetic

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// chance is one stream of random numbers.
type chance struct{ *rand.Rand }

// chanceOf gives the stream that belongs to a name and a number, the same for
// the same seed.
func chanceOf(seed uint64, name string, n int) chance {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never errs, as hash.Hash promises
	return chance{rand.New(rand.NewPCG(seed, h.Sum64()+uint64(n)*0x9e3779b97f4a7c15))}
}

// yes is true with probability p.
func (c chance) yes(p float64) bool { return c.Float64() < p }

// between is a whole number from low to high, both included.
func (c chance) between(low, high int) int { return low + c.IntN(high-low+1) }

// logNormal draws from the log-normal distribution with this median.
func (c chance) logNormal(median, sigma float64) float64 {
	return median * math.Exp(sigma*c.NormFloat64())
}

// poisson draws a count: by Knuth's multiplication for small means and, where
// that would take long, by the normal approximation.
func (c chance) poisson(mean float64) int {
	if mean > 50 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*c.NormFloat64())))
	}
	limit, product, n := math.Exp(-mean), c.Float64(), 0
	for product > limit {
		product *= c.Float64()
		n++
	}
	return n
}

// round gives x or the whole number next to it, so that the mean is x.
func (c chance) round(x float64) int {
	floor := math.Floor(x)
	if c.yes(x - floor) {
		floor++
	}
	return int(floor)
}

// weights chooses a place with a probability proportional to its weight.
type weights []float64 // cumulative

func newWeights(each ...float64) weights {
	sum := make(weights, len(each))
	total := 0.0
	for i, w := range each {
		total += w
		sum[i] = total
	}
	return sum
}

func (w weights) pick(c chance) int {
	x := c.Float64() * w[len(w)-1]
	for i, sum := range w {
		if x < sum {
			return i
		}
	}
	return len(w) - 1
}

// withOdds multiplies the odds of a probability.
func withOdds(p, factor float64) float64 {
	odds := p / (1 - p) * factor
	return odds / (1 + odds)
}
