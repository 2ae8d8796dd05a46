package stats

import "math"

// leastDirect is the number of events under which a directly standardised rate
// is not given: its interval would be meaningless.
const leastDirect = 10

// Direct gives the directly standardised rate of strata with x events in n
// persons, weighted by the standard population w, and its limits:
//
//	DSR = Σ wᵢxᵢ/nᵢ / Σw,  var = Σ xᵢ(wᵢ/nᵢ)² / (Σw)²
//	DSR + √(var/O)(Byar(O) − O),  O = Σx
//
// It is per one person; the three slices have one length. NaN when fewer than
// 10 events were seen, or a stratum has weight and no persons.
//
// Source: Dobson et al., Stat Med 10 (1991) 457.
func Direct(x, n, w []float64, z float64) (rate float64, limits Interval) {
	events, weight := sum(x), sum(w)
	if events < leastDirect || weight == 0 {
		return math.NaN(), None()
	}
	variance := 0.0
	for i := range x {
		if w[i] == 0 {
			continue
		}
		if n[i] == 0 {
			return math.NaN(), None()
		}
		rate += w[i] * x[i] / n[i]
		variance += x[i] * (w[i] / n[i]) * (w[i] / n[i])
	}
	rate /= weight
	variance /= weight * weight
	scale := math.Sqrt(variance / events)
	byar := Byar(events, z)
	return rate, Interval{rate + scale*(byar.Lower-events), rate + scale*(byar.Upper-events)}
}

// Indirect gives observed over expected events and the limits of that ratio,
// the expected number taken as known. NaN when expected ≤ 0.
func Indirect(observed, expected, z float64) (ratio float64, limits Interval) {
	if !(expected > 0) {
		return math.NaN(), None()
	}
	return observed / expected, Poisson(observed, z).Scale(1 / expected)
}

// IndirectShare is [Indirect] for a share: x of n are observed, so x cannot
// exceed n, and Wilson's limits of x take the place of the Poisson ones, which
// would be far too wide for a share that is not small.
func IndirectShare(x, n, expected, z float64) (ratio float64, limits Interval) {
	if !(expected > 0) {
		return math.NaN(), None()
	}
	return x / expected, Wilson(x, n, z).Scale(n / expected)
}
