package stats

import (
	"math"
	"testing"
)

// poissonAtMost is P(X ≤ x) for X Poisson, summed term by term.
func poissonAtMost(x int, mean float64) float64 {
	total := 0.0
	for k := 0; k <= x; k++ {
		lk, _ := math.Lgamma(float64(k + 1))
		total += math.Exp(float64(k)*math.Log(mean) - mean - lk)
	}
	return total
}

// TestPoissonLimitsAreExact holds the limits against probabilities that are summed term
// by term: every count beyond a limit is rarer than the tail, every count within is not.
func TestPoissonLimitsAreExact(t *testing.T) {
	for _, z := range []float64{Z95, Z998} {
		tail := normalTail(z)
		for _, expected := range []float64{0.02, 0.7, 1, 2.5, 3.6, 3.8, 6.9, 7, 15, 40.3, 150} {
			limits := PoissonLimits(expected, z)
			if !limits.Contains(1) || limits.Lower < 0 {
				t.Errorf("E %g: %v", expected, limits)
			}
			for x := 0; x <= int(expected+8*math.Sqrt(expected))+8; x++ {
				ratio := float64(x) / expected
				below, above := poissonAtMost(x, expected), 1-poissonAtMost(x-1, expected)
				if beyond := ratio > limits.Upper; beyond != (above < tail) && math.Abs(above-tail) > 1e-9 {
					t.Errorf("E %g, x %d: upper limit %g, P(X ≥ x) = %g", expected, x, limits.Upper, above)
				}
				if beyond := ratio < limits.Lower; beyond != (below < tail) && math.Abs(below-tail) > 1e-9 {
					t.Errorf("E %g, x %d: lower limit %g, P(X ≤ x) = %g", expected, x, limits.Lower, below)
				}
			}
		}
	}
	for _, none := range []Interval{PoissonLimits(0, Z95), PoissonLimits(-1, Z95), PoissonLimits(math.NaN(), Z95)} {
		if !math.IsNaN(none.Lower) || !math.IsNaN(none.Upper) {
			t.Errorf("limits of nothing: %v", none)
		}
	}
}

// TestPoissonLimitsMeetTheTextbook compares the two where both are good, and where the
// textbook's are not: the lower one of 15 calls out what is not rare enough.
func TestPoissonLimitsMeetTheTextbook(t *testing.T) {
	exact, textbook := PoissonLimits(1e5, Z998), RatioLimits(1e5, Z998)
	if math.Abs(exact.Lower-textbook.Lower) > 1e-4 || math.Abs(exact.Upper-textbook.Upper) > 1e-4 {
		t.Errorf("%v, textbook %v", exact, textbook)
	}
	if below := poissonAtMost(int(15*RatioLimits(15, Z998).Lower), 15); below < 0.002 {
		t.Errorf("P(X ≤ lower textbook limit) = %g", below)
	}
	if events := 15 * PoissonLimits(15, Z998).Lower; math.Abs(events-4.12) > 0.01 {
		t.Errorf("lower limit of 15 expected events is %g", events)
	}
}

// Of few expected events the square root is narrower than chance; a little variance
// between territories must not call out what chance alone explains.
func TestDispersionNeverNarrowsALimit(t *testing.T) {
	for _, poisson := range []bool{true, false} {
		for _, n := range []float64{10, 20, 50, 150, 1500} {
			for _, z := range []float64{Z95, Z998} {
				chance := Funnel{Centre: 0.1, Poisson: poisson}.Limits(n, z)
				dispersed := Funnel{Centre: 0.1, Poisson: poisson, Tau2: 1e-6}.Limits(n, z)
				if dispersed.Lower > chance.Lower || dispersed.Upper < chance.Upper {
					t.Errorf("poisson %v, n %g: %v with dispersion, %v without", poisson, n, dispersed, chance)
				}
			}
		}
	}
}
