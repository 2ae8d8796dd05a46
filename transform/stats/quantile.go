package stats

import (
	"cmp"
	"math"
	"slices"
)

// Rank gives the nearest rank of the quantile q among n observations: the
// smallest rank r from 1 to n with r ≥ qn. It is 0 when n ≤ 0.
func Rank(q float64, n int64) int64 {
	if n <= 0 {
		return 0
	}
	// A product such as 0.9 × 10 may come out just above its exact value.
	rank := int64(math.Ceil(q*float64(n) - 1e-9))
	return min(max(rank, 1), n)
}

// Counted is one value of a distribution and how often it occurs.
type Counted struct {
	Value float64
	Count int64
}

// NearestRank gives the quantile q of a distribution that is given as counts
// per value, in any order: the value at [Rank]. It is exact and merges: the
// counts of two territories may simply be put together. NaN when nothing is counted.
func NearestRank(distribution []Counted, q float64) float64 {
	return sampleOf(distribution).Quantile(q)
}

// Sample is a distribution some of whose observations are only known to lie
// beyond all others: what is still running lasts longer than anything that has
// ended (right-censored), in Above; what is only known to be less, in Below.
//
// To leave them out would bias every quantile towards what ended soon. Counted
// at their end of the order they cost nothing but the quantiles that fall among
// them: those do not exist yet. That is exact as long as the censored ones will
// in truth turn out beyond the quantile that is asked for.
type Sample struct {
	Observed     []Counted // values ascending
	Below, Above int64
}

func sampleOf(distribution []Counted) Sample {
	sorted := slices.Clone(distribution)
	slices.SortFunc(sorted, func(a, b Counted) int { return cmp.Compare(a.Value, b.Value) })
	return Sample{Observed: sorted}
}

// N is the number of all observations, the censored ones included.
func (s Sample) N() int64 {
	n := s.Below + s.Above
	for _, one := range s.Observed {
		n += one.Count
	}
	return n
}

// Quantile gives the quantile q of all observations by nearest rank. NaN when
// there is none, or when the rank falls among those of which only the side is known.
func (s Sample) Quantile(q float64) float64 { return s.at(Rank(q, s.N())) }

// MedianInterval gives the 95% limits of the median, at [MedianRanks]. None
// below six observations; a limit whose rank falls among the censored
// observations is NaN, and the other one holds.
func (s Sample) MedianInterval() Interval {
	lower, upper := MedianRanks(s.N())
	return Interval{s.at(lower), s.at(upper)}
}

func (s Sample) at(rank int64) float64 {
	seen := s.Below
	if rank <= seen {
		return math.NaN()
	}
	for _, one := range s.Observed {
		if seen += one.Count; seen >= rank {
			return one.Value
		}
	}
	return math.NaN()
}

// MedianRanks gives the ranks, from 1, of the two observations that are the
// 95% limits of the median of n, whatever the shape of the distribution:
//
//	n/2 − z√n/2 and 1 + n/2 + z√n/2, rounded, within 1 … n
//
// Below n = 6 there is no such pair, not even the extremes: 0 and 0.
//
// Source: Campbell and Gardner, BMJ 296 (1988) 1454.
func MedianRanks(n int64) (lower, upper int64) {
	if n < 6 {
		return 0, 0
	}
	half := Z95 * math.Sqrt(float64(n)) / 2
	lower = int64(math.Floor(float64(n)/2 - half + 0.5))
	upper = int64(math.Floor(1 + float64(n)/2 + half + 0.5))
	return max(lower, 1), min(upper, n)
}

// MedianInterval is [Sample.MedianInterval] of a distribution that is given as
// counts per value, in any order, and of which everything is known.
func MedianInterval(distribution []Counted) Interval {
	return sampleOf(distribution).MedianInterval()
}

// quantile7 gives the quantile q of values by linear interpolation (type 7 of
// Hyndman and Fan, Am Stat 50 (1996) 361: the default of R). values is sorted.
func quantile7(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	below := int(math.Floor(at))
	if below+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[below] + (at-float64(below))*(sorted[below+1]-sorted[below])
}
