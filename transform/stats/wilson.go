package stats

import "math"

// Wilson gives the score interval of a proportion of x successes in n trials,
// as shares 0–1; z is the normal quantile ([Z95]).
//
//	(2x + z² ∓ z√(z² + 4x(1 − x/n))) / (2(n + z²))
//
// It lies within [0, 1] and contains x/n always. At x = 0 the lower limit is
// exactly 0, at x = n the upper one exactly 1. It is NaN when n ≤ 0 or x is
// outside [0, n]. x and n need not be whole numbers.
//
// Source: Wilson, JASA 22 (1927) 209; Newcombe, Stat Med 17 (1998) 857, method 3.
func Wilson(x, n, z float64) Interval {
	if !(n > 0) || !(x >= 0 && x <= n) {
		return None()
	}
	centre := 2*x + z*z
	half := z * math.Sqrt(z*z+4*x*(1-x/n))
	width := 2 * (n + z*z)
	limits := Interval{clamp((centre-half)/width, 0, x/n), clamp((centre+half)/width, x/n, 1)}
	if x == 0 {
		limits.Lower = 0
	}
	if x == n {
		limits.Upper = 1
	}
	return limits
}
