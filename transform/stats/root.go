package stats

import "math"

// falsePosition finds where a function that falls from above 0 at low to below it at
// high is 0, to 1e-12 of high, or the function to 1e-9: the Illinois variant of regula
// falsi, which gives the side that stays half its weight.
//
// Source: Dowell and Jarratt, BIT 11 (1971) 168.
func falsePosition(f func(x float64) float64, low, high float64) float64 {
	atLow, atHigh := f(low), f(high)
	for range 100 {
		x := (low*atHigh - high*atLow) / (atHigh - atLow)
		at := f(x)
		if math.Abs(at) < 1e-9 || high-low < 1e-12*high {
			return x
		}
		if at > 0 {
			low, atLow, atHigh = x, at, atHigh/2
		} else {
			high, atHigh, atLow = x, at, atLow/2
		}
	}
	return high
}
