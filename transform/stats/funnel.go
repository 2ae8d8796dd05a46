package stats

import "math"

// leastJudged is the denominator under which no territory is judged: the
// normal approximation and the arcsine both fail there.
const leastJudged = 10

// Position says where a territory lies in its funnel.
type Position string

// The positions. The empty one is of a territory that is shown and not judged.
const (
	NotJudged Position = ""
	Inside    Position = "inside"
	Above95   Position = "above95" // beyond the 95% limit, within the 99.8% one
	Below95   Position = "below95"
	Above998  Position = "above998"
	Below998  Position = "below998"
)

// Funnel is the comparison of territories around one centre: a pair of limits
// for every denominator, which narrow as it grows. Its zero value judges nothing.
//
// Source: Spiegelhalter, Stat Med 24 (2005) 1185.
type Funnel struct {
	Centre  float64 // the share (0–1) or the events per one of the exposure
	Tau2    float64 // variance between territories beyond chance, on the scale of Poisson below
	Poisson bool    // events per exposure; otherwise a share of n
}

// Limits gives the limits at the denominator n; z is [Z95] or [Z998].
//
// For a share p0 without over-dispersion [BinomialLimits]; with it
// sin(asin√p0 ± z√(s² + τ²))², s = 1/(2√n), but never narrower than chance alone
// makes them, which at small n the arcsine would. For events per exposure,
// with E = p0·n expected, p0 times [PoissonLimits] of E, and with over-dispersion
// p0(1 ± z√(s² + τ²))², s = 1/(2√E), which is never narrower either. None when n ≤ 0.
func (f Funnel) Limits(n, z float64) Interval {
	switch {
	case !(n > 0) || math.IsNaN(f.Centre):
		return None()
	case f.Poisson:
		return f.poissonLimits(n, z)
	}
	limits := BinomialLimits(f.Centre, n, z)
	if f.Tau2 > 0 {
		dispersed := DispersedLimits(f.Centre, f.Tau2, n, z)
		limits.Lower = math.Min(limits.Lower, dispersed.Lower)
		limits.Upper = math.Max(limits.Upper, dispersed.Upper)
	}
	return limits
}

// ShareLimits gives the textbook limits of a share of n around the centre p0:
// p0 ± z√(p0(1 − p0)/n), cut to [0, 1]. They are good from about ten expected
// events (and as many non-events) on; [Funnel] uses [BinomialLimits].
//
// Source: Spiegelhalter, Stat Med 24 (2005) 1185, appendix A.1.1.
func ShareLimits(p0, n, z float64) Interval {
	half := z * math.Sqrt(p0*(1-p0)/n)
	return Interval{math.Max(0, p0-half), math.Min(1, p0+half)}
}

// DispersedLimits gives the limits of a share of n around the centre p0 when the
// territories differ by τ² beyond chance: sin(asin√p0 ± z√(s² + τ²))² with
// s = 1/(2√n), within [0, 1].
//
// Source: Spiegelhalter, Qual Saf Health Care 14 (2005) 347.
func DispersedLimits(p0, tau2, n, z float64) Interval {
	middle := math.Asin(math.Sqrt(p0))
	half := z * math.Sqrt(1/(4*n)+tau2)
	lower := math.Sin(math.Max(0, middle-half))
	upper := math.Sin(math.Min(math.Pi/2, middle+half))
	return Interval{lower * lower, upper * upper}
}

func (f Funnel) poissonLimits(n, z float64) Interval {
	expected := f.Centre * n
	if expected <= 0 {
		return Interval{0, 0}
	}
	limits := PoissonLimits(expected, z)
	if f.Tau2 > 0 {
		half := z * math.Sqrt(1/(4*expected)+f.Tau2)
		lower, upper := math.Max(0, 1-half), 1+half
		limits.Lower, limits.Upper = math.Min(limits.Lower, lower*lower), math.Max(limits.Upper, upper*upper)
	}
	return limits.Scale(f.Centre)
}

// PoissonLimits gives the limits of observed over expected events between which
// chance leaves it when expected (> 0, not necessarily whole) are expected: a count x
// is beyond the upper one exactly when P(X ≥ x) is under the tail of z, beyond the
// lower one when P(X ≤ x) is, for X Poisson. Between whole numbers they follow the
// incomplete gamma function,
//
//	P(X ≥ x) = P(x, E)
//
// so that they are smooth in E, and contain 1; the lower one is 0 as long as no event
// at all is not unusual. None when expected ≤ 0.
//
// The limits of the literature ([RatioLimits]) are those of the expectation when E
// events were seen, not those of the events when E are expected. The lower one is so
// too high: at E = 15 it is 5.8 events (99.8%), under which chance alone comes 3 times
// in 1,000 and not once; here it is 4.1.
func PoissonLimits(expected, z float64) Interval {
	if !(expected > 0) {
		return None()
	}
	tail := normalTail(z)
	limits := Interval{Upper: upperPoisson(expected, tail) / expected}
	if math.Exp(-expected) < tail {
		limits.Lower = lowerPoisson(expected, tail) / expected
	}
	return limits
}

// upperPoisson solves P(x, E) = tail for x.
func upperPoisson(expected, tail float64) float64 {
	excess := func(x float64) float64 { return math.Log(gammaP(x, expected) / tail) }
	low, high := expected, expected+3*math.Sqrt(expected)
	for excess(high) > 0 {
		low, high = high, high+math.Sqrt(expected)
	}
	return falsePosition(excess, low, high)
}

// lowerPoisson solves 1 − P(x + 1, E) = tail for x, where e⁻ᴱ is under the tail.
func lowerPoisson(expected, tail float64) float64 {
	excess := func(fewer float64) float64 { return math.Log(gammaQ(expected-fewer+1, expected) / tail) }
	low, high := 0.0, math.Min(expected, 3*math.Sqrt(expected))
	for excess(high) > 0 { // ends at E at the latest, where it is e⁻ᴱ
		low, high = high, math.Min(expected, high+math.Sqrt(expected))
	}
	return expected - falsePosition(excess, low, high)
}

// RatioLimits gives the textbook limits of observed over expected events when expected
// (> 0, not necessarily whole) are expected: χ²(α/2; 2E)/2E and
// χ²(1 − α/2; 2E + 2)/2E. None when expected ≤ 0. [Funnel] uses [PoissonLimits].
//
// Source: Spiegelhalter, Stat Med 24 (2005) 1185, appendix A.1.
func RatioLimits(expected, z float64) Interval {
	if !(expected > 0) {
		return None()
	}
	tail := normalTail(z)
	return Interval{
		ChiSquareQuantile(tail, 2*expected) / (2 * expected),
		ChiSquareQuantile(1-tail, 2*expected+2) / (2 * expected),
	}
}

// Judge says where a territory with the given value and denominator lies. A
// value on a limit is inside. Not judged below a denominator of 10 (for events
// per exposure: when less than one event is expected), and when value is NaN.
func (f Funnel) Judge(value, n float64) Position {
	if math.IsNaN(value) || !f.judges(n) {
		return NotJudged
	}
	inner := f.Limits(n, Z95)
	if inner.Contains(value) {
		return Inside
	}
	outer := f.Limits(n, Z998)
	switch {
	case value > outer.Upper:
		return Above998
	case value < outer.Lower:
		return Below998
	case value > inner.Upper:
		return Above95
	}
	return Below95
}

func (f Funnel) judges(n float64) bool {
	if math.IsNaN(f.Centre) {
		return false
	}
	if f.Poisson {
		return f.Centre*n >= 1
	}
	return n >= leastJudged
}
