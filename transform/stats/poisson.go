package stats

import "math"

// exactBelow is the count under which [Poisson] uses the exact limits: Byar's
// approximation is good to a part in a thousand from ten on.
const exactBelow = 10

// Byar gives the approximate limits of a Poisson count x (an observed number of
// events, ≥ 0); z is the normal quantile.
//
//	lower x(1 − 1/(9x) − z/(3√x))³, upper the same with x + 1 and + z
//
// The lower limit is 0 at x = 0 and never negative. NaN when x < 0.
//
// Source: Breslow and Day, Statistical methods in cancer research II, IARC 1987, p. 69.
func Byar(x, z float64) Interval {
	if !(x >= 0) {
		return None()
	}
	limits := Interval{Upper: cube(x+1, z)}
	if x > 0 {
		limits.Lower = math.Max(0, cube(x, -z))
	}
	return limits
}

func cube(x, z float64) float64 {
	root := 1 - 1/(9*x) + z/(3*math.Sqrt(x))
	return x * root * root * root
}

// PoissonExact gives the exact limits of a Poisson count x through the
// chi-square distribution, at the level that the normal quantile z stands for.
//
//	lower χ²(α/2; 2x)/2, upper χ²(1 − α/2; 2x + 2)/2
//
// The lower limit is 0 at x = 0. NaN when x < 0.
//
// Source: Garwood, Biometrika 28 (1936) 437.
func PoissonExact(x, z float64) Interval {
	if !(x >= 0) {
		return None()
	}
	tail := normalTail(z)
	limits := Interval{Upper: ChiSquareQuantile(1-tail, 2*x+2) / 2}
	if x > 0 {
		limits.Lower = ChiSquareQuantile(tail, 2*x) / 2
	}
	return limits
}

// Poisson gives the limits of a Poisson count: exact below 10, else Byar's.
func Poisson(x, z float64) Interval {
	if x < exactBelow {
		return PoissonExact(x, z)
	}
	return Byar(x, z)
}

// PoissonRate gives the limits of x events in the exposure n (persons,
// operators), per one of the exposure. NaN when n ≤ 0.
func PoissonRate(x, n, z float64) Interval {
	if !(n > 0) {
		return None()
	}
	return Poisson(x, z).Scale(1 / n)
}

// CountRatio gives the limits of the ratio x/y of two counts, neither of which
// is part of the other: given their sum, x is binomial, and the limits of its
// odds are those of the ratio.
//
//	p/(1 − p) of Wilson's limits p of x among x + y
//
// It contains x/y always; the limits of y/x are the inverse ones. It supposes
// that the counts are independent: where the same events are in both, the true
// limits are narrower. NaN when x < 0 or y ≤ 0.
//
// Source: Przyborowski and Wilenski, Biometrika 31 (1940) 313; Price and Bonett,
// J Stat Comput Simul 67 (2000) 295.
func CountRatio(x, y, z float64) Interval {
	if !(x >= 0) || !(y > 0) {
		return None()
	}
	share := Wilson(x, x+y, z)
	return Interval{share.Lower / (1 - share.Lower), share.Upper / (1 - share.Upper)}
}
