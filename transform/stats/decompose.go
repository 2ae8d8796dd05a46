package stats

import "math"

// Part is one group (a service, a patronato) within a rate: its events and its
// denominator.
type Part struct {
	Numerator, Denominator float64
}

// Change is the difference of a rate between two periods, split exactly: Mix is
// what the groups' different weights explain, Rate what their own rates do.
type Change struct {
	From, To  float64
	Mix, Rate float64 // Mix + Rate = To − From
}

// Decompose splits the change of the rate R = Σ sᵢrᵢ, with sᵢ the share of
// group i in the denominator and rᵢ its rate, between two periods:
//
//	mix  = Σ (s¹ᵢ − s⁰ᵢ)(r⁰ᵢ + r¹ᵢ)/2
//	rate = Σ (r¹ᵢ − r⁰ᵢ)(s⁰ᵢ + s¹ᵢ)/2
//
// from and to have the same length and order. A group that is absent in one
// period has no rate there; it is taken to keep the rate of the other, so that
// its coming or going counts as mix alone. All is NaN when a period is empty.
//
// Source: Kitagawa, JASA 50 (1955) 1168.
func Decompose(from, to []Part) Change {
	total0, total1 := total(from), total(to)
	if total0.Denominator == 0 || total1.Denominator == 0 {
		return Change{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	}
	change := Change{From: total0.Numerator / total0.Denominator, To: total1.Numerator / total1.Denominator}
	for _, part := range DecomposeParts(from, to) {
		change.Mix += part.Mix
		change.Rate += part.Rate
	}
	return change
}

// DecomposeParts splits the change of a rate as [Decompose] does, and gives what
// each group contributes to it: its From and To are its own rates, and
//
//	mixᵢ  = (s¹ᵢ − s⁰ᵢ)((r⁰ᵢ + r¹ᵢ)/2 − (R⁰ + R¹)/2)
//	rateᵢ = (r¹ᵢ − r⁰ᵢ)(s⁰ᵢ + s¹ᵢ)/2
//
// A group that grows contributes to the mix by how far its rate is from that of
// all together, and so nothing where it is like the others; as the shares add up
// to 1 in both periods, the sum over the groups is the mix of Decompose. A group
// that is absent in one period has the same rate in both here; absent in both,
// NaN and no contribution. Nil when a period is empty.
func DecomposeParts(from, to []Part) []Change {
	total0, total1 := total(from), total(to)
	if total0.Denominator == 0 || total1.Denominator == 0 {
		return nil
	}
	middle := (total0.Numerator/total0.Denominator + total1.Numerator/total1.Denominator) / 2
	changes := make([]Change, len(from))
	for i := range from {
		share0 := from[i].Denominator / total0.Denominator
		share1 := to[i].Denominator / total1.Denominator
		rate0 := ratio(from[i].Numerator, from[i].Denominator)
		rate1 := ratio(to[i].Numerator, to[i].Denominator)
		switch {
		case math.IsNaN(rate0) && math.IsNaN(rate1):
			changes[i] = Change{From: rate0, To: rate1}
			continue
		case math.IsNaN(rate0):
			rate0 = rate1
		case math.IsNaN(rate1):
			rate1 = rate0
		}
		changes[i] = Change{From: rate0, To: rate1,
			Mix: (share1 - share0) * ((rate0+rate1)/2 - middle), Rate: (rate1 - rate0) * (share0 + share1) / 2}
	}
	return changes
}

func total(parts []Part) Part {
	var all Part
	for _, part := range parts {
		all.Numerator += part.Numerator
		all.Denominator += part.Denominator
	}
	return all
}
