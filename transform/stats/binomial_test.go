package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// atLeast is P(X ≥ x) for X binomial, summed term by term.
func atLeast(x, n int, p float64) float64 {
	total := 0.0
	for k := x; k <= n; k++ {
		ln, _ := math.Lgamma(float64(n + 1))
		lk, _ := math.Lgamma(float64(k + 1))
		lr, _ := math.Lgamma(float64(n - k + 1))
		total += math.Exp(ln - lk - lr + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
	}
	return total
}

// TestBinomialLimitsAreExact holds the limits against probabilities that are
// summed term by term: every count beyond a limit is rarer than the tail, every
// count within is not.
func TestBinomialLimitsAreExact(t *testing.T) {
	for _, z := range []float64{Z95, Z998} {
		tail := normalTail(z)
		for _, n := range []int{1, 5, 10, 37, 78, 400} {
			for _, p := range []float64{0.01, 0.078, 0.31, 0.5, 0.8, 0.97} {
				limits := BinomialLimits(p, float64(n), z)
				if !limits.Contains(p) {
					t.Errorf("p0 %g, n %d: %v does not hold the centre", p, n, limits)
				}
				for x := 0; x <= n; x++ {
					share := float64(x) / float64(n)
					above, below := atLeast(x, n, p), atLeast(n-x, n, 1-p)
					if beyond := share > limits.Upper; beyond != (above < tail) && math.Abs(above-tail) > 1e-9 {
						t.Errorf("p0 %g, %d of %d: upper limit %g, P(X ≥ x) = %g", p, x, n, limits.Upper, above)
					}
					if beyond := share < limits.Lower; beyond != (below < tail) && math.Abs(below-tail) > 1e-9 {
						t.Errorf("p0 %g, %d of %d: lower limit %g, P(X ≤ x) = %g", p, x, n, limits.Lower, below)
					}
				}
			}
		}
	}
}

// TestBinomialLimitsMeetTheTextbook compares the two where both are good.
func TestBinomialLimitsMeetTheTextbook(t *testing.T) {
	exact, normal := BinomialLimits(0.3, 1e5, Z998), ShareLimits(0.3, 1e5, Z998)
	if math.Abs(exact.Lower-normal.Lower) > 2e-5 || math.Abs(exact.Upper-normal.Upper) > 2e-5 {
		t.Errorf("%v, textbook %v", exact, normal)
	}
	for _, one := range []struct{ p0, lower, upper float64 }{{0, 0, 0}, {1, 1, 1}} {
		if got := BinomialLimits(one.p0, 10, Z95); got != (Interval{one.lower, one.upper}) {
			t.Errorf("around %g: %v", one.p0, got)
		}
	}
	for _, none := range []Interval{BinomialLimits(0.5, 0, Z95), BinomialLimits(1.1, 10, Z95), BinomialLimits(math.NaN(), 10, Z95)} {
		if !math.IsNaN(none.Lower) || !math.IsNaN(none.Upper) {
			t.Errorf("limits of nothing: %v", none)
		}
	}
}

// TestSmallTerritoriesRaiseNoFalseAlarms draws small territories from one share,
// as of appointments missed, and counts those beyond 99.8%.
func TestSmallTerritoriesRaiseNoFalseAlarms(t *testing.T) {
	const share, territories = 0.078, 40000
	random := rand.New(rand.NewPCG(1, 2))
	alarms, textbook := 0, 0
	var exact, normal [100]Interval
	for n := 20; n < 100; n++ {
		exact[n], normal[n] = BinomialLimits(share, float64(n), Z998), ShareLimits(share, float64(n), Z998)
	}
	for range territories {
		n := 20 + random.IntN(80)
		x := 0
		for range n {
			if random.Float64() < share {
				x++
			}
		}
		value := float64(x) / float64(n)
		if !exact[n].Contains(value) {
			alarms++
		}
		if !normal[n].Contains(value) {
			textbook++
		}
	}
	if promised := territories * 2 / 1000; alarms > promised || textbook < promised*3/2 {
		t.Errorf("%d false alarms of %d promised; the textbook limits raise %d", alarms, promised, textbook)
	}
}
