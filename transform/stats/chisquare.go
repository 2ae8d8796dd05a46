package stats

import "math"

// ChiSquareQuantile gives the value that a chi-square variable with df degrees
// of freedom (any number > 0) stays under with probability p. It is 0 at p = 0,
// +Inf at p = 1 and NaN outside [0, 1] or when df ≤ 0.
//
// It inverts the regularised incomplete gamma function by Newton's steps, which bisection
// keeps within bounds, so it is as exact as that function is: about 12 significant digits.
func ChiSquareQuantile(p, df float64) float64 {
	switch {
	case !(p >= 0 && p <= 1) || !(df > 0):
		return math.NaN()
	case p == 0:
		return 0
	case p == 1:
		return math.Inf(1)
	}
	a := df / 2
	logGamma, _ := math.Lgamma(a)
	low, high := 0.0, a+1
	for gammaP(a, high) < p {
		low, high = high, high*2
	}
	x := (low + high) / 2
	for range 200 {
		excess := gammaP(a, x) - p
		if excess < 0 {
			low = x
		} else {
			high = x
		}
		next := x - excess*math.Exp(x+logGamma-(a-1)*math.Log(x)) // over the density
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		if math.Abs(next-x) <= 1e-15*x {
			break
		}
		x = next
	}
	return 2 * x // χ² is twice the gamma variable
}

// gammaP is the regularised lower incomplete gamma function P(a, x).
func gammaP(a, x float64) float64 {
	lower, _ := incompleteGamma(a, x)
	return lower
}

// gammaQ is 1 − P(a, x), exact where that is next to nothing.
func gammaQ(a, x float64) float64 {
	_, upper := incompleteGamma(a, x)
	return upper
}

// incompleteGamma gives P(a, x) and its complement: P by its series left of the mean,
// the complement by its continued fraction right of it.
//
// Source: Press et al., Numerical recipes, 3rd ed., section 6.2.
func incompleteGamma(a, x float64) (lower, upper float64) {
	if x <= 0 {
		return 0, 1
	}
	logGamma, _ := math.Lgamma(a)
	scale := math.Exp(a*math.Log(x) - x - logGamma)
	if x < a+1 {
		lower = scale * gammaSeries(a, x)
		return lower, 1 - lower
	}
	upper = scale * gammaFraction(a, x)
	return 1 - upper, upper
}

func gammaSeries(a, x float64) float64 {
	term := 1 / a
	total := term
	for n := a + 1; term > total*1e-17; n++ {
		term *= x / n
		total += term
	}
	return total
}

// gammaFraction is Lentz's evaluation of the continued fraction.
func gammaFraction(a, x float64) float64 {
	const tiny = 1e-300
	b := x + 1 - a
	c := 1 / tiny
	d := 1 / b
	h := d
	for i := 1.0; i < 1e6; i++ {
		an := -i * (i - a)
		b += 2
		d = 1 / nonZero(an*d+b, tiny)
		c = nonZero(b+an/c, tiny)
		h *= d * c
		if math.Abs(d*c-1) < 1e-16 {
			break
		}
	}
	return h
}

func nonZero(x, tiny float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}

// normalTail is the probability that a standard normal variable exceeds z.
func normalTail(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }
