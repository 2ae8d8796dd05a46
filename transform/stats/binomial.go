package stats

import "math"

// BinomialLimits gives the limits of a share of n around the centre p0 between
// which chance leaves it: a share x/n is beyond the upper one exactly when
// P(X ≥ x) is under the tail of z, beyond the lower one when P(X ≤ x) is, for X
// binomial. Between whole numbers they follow the incomplete beta function,
//
//	P(X ≥ x) = I(p0; x, n − x + 1)
//
// so n and x need not be whole, and the limits are smooth in n. They contain p0
// and lie within [0, 1]: a limit is 0 (1) as long as no event at all (events
// only) is not unusual. At p0 = 0 both are 0, at 1 both are 1. None when n ≤ 0
// or p0 is outside [0, 1].
//
// The normal approximation ([ShareLimits]) ignores that shares near 0 are skewed,
// and raises several times the false alarms that it promises: at p0 = 0.078 and
// n = 78 it is 0.172 above (99.8%), which chance alone passes 3 times in 1,000 and
// not once; the exact limit is 0.191. Spiegelhalter (2005, appendix A.1.1) draws
// exact limits too; he interpolates, so that a count may lie outside whose
// probability is above the tail. These never do.
func BinomialLimits(p0, n, z float64) Interval {
	if !(n > 0) || !(p0 >= 0 && p0 <= 1) {
		return None()
	}
	tail := normalTail(z)
	return Interval{1 - upperBinomial(1-p0, n, tail), upperBinomial(p0, n, tail)}
}

// upperBinomial solves I(p0; x, n − x + 1) = tail for x/n.
func upperBinomial(p0, n, tail float64) float64 {
	if p0 == 0 || math.Pow(p0, n) >= tail {
		return math.Ceil(p0) // 0 around 0, else 1
	}
	excess := func(x float64) float64 { return math.Log(betaI(p0, x, n-x+1) / tail) }
	low, step := n*p0, math.Sqrt(n*p0*(1-p0))
	if excess(low) <= 0 {
		return p0
	}
	high := math.Min(n, low+3*step)
	for excess(high) > 0 { // ends at n at the latest, where it is p0ⁿ
		low, high = high, math.Min(n, high+step)
	}
	return falsePosition(excess, low, high) / n
}

// betaI is the regularised incomplete beta function I(x; a, b), by its continued
// fraction on the side of the mean where that converges fast.
//
// Source: Press et al., Numerical recipes, 3rd ed., section 6.4.
func betaI(x, a, b float64) float64 {
	if x <= 0 || x >= 1 {
		return clamp(x, 0, 1)
	}
	ab, _ := math.Lgamma(a + b)
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	scale := math.Exp(ab - la - lb + a*math.Log(x) + b*math.Log1p(-x))
	if x < (a+1)/(a+b+2) {
		return scale * betaFraction(x, a, b) / a
	}
	return 1 - scale*betaFraction(1-x, b, a)/b
}

// betaFraction is Lentz's evaluation of the continued fraction.
func betaFraction(x, a, b float64) float64 {
	const tiny = 1e-300
	c := 1.0
	d := 1 / nonZero(1-(a+b)*x/(a+1), tiny)
	h := d
	for m := 1.0; m < 1e5; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d = 1 / nonZero(1+even*d, tiny)
		c = nonZero(1+even/c, tiny)
		h *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d = 1 / nonZero(1+odd*d, tiny)
		c = nonZero(1+odd/c, tiny)
		h *= d * c
		if math.Abs(d*c-1) < 1e-15 {
			break
		}
	}
	return h
}
