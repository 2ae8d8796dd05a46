package transform

import (
	"math"
	"sort"

	"tavolo/transform/disclosure"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// remains is what is published of a distribution whose number of observations is not,
// and what of that number follows from it: whether its quantiles and limits are there, and
// on which side of the catalogue's minimum it is.
type remains struct {
	median, p90, lower, upper bool
	enough                    [2]bool // with the open observations, and without those when they are withheld
}

// remainsOf gives what remains of a distribution of so many observations, of which few that
// are open take some with them; see withholdOpen.
func remainsOf(control *disclosure.Control, k *kpi.Indicator, c *result.Cell, observed float64) (r remains) {
	open := orZero(c.Open)
	p90, _ := mostOpen(k, observed)
	stays := !control.Small(open) || float64(control.Threshold()-1) <= p90
	sample := stats.Sample{Observed: []stats.Counted{{Count: int64(observed)}}}
	if k.OpenIs == kpi.Shorter {
		sample.Below = int64(open)
	} else {
		sample.Above = int64(open)
	}
	limits := stats.None()
	if k.Interval == kpi.Median {
		limits = sample.MedianInterval()
	}
	r.median, r.p90 = !math.IsNaN(sample.Quantile(0.5)), stays && !math.IsNaN(sample.Quantile(0.9))
	r.lower, r.upper = stays && !math.IsNaN(limits.Lower), stays && !math.IsNaN(limits.Upper)
	if c.Class == result.OK || c.Class == result.Small {
		r.enough = [2]bool{observed+orZero(c.Open) >= k.MinDenominator, observed >= k.MinDenominator}
	}
	return r
}

// countBounds gives the least and the most observations of which the same would be
// published as of a distribution, were their number withheld; most is 0 for no bound. All
// that it depends on grows with that number.
func countBounds(control *disclosure.Control, k *kpi.Indicator, c *result.Cell) (least, most float64) {
	observed := int(c.Denominator)
	is := remainsOf(control, k, c, c.Denominator)
	same := func(n int) bool { return remainsOf(control, k, c, float64(n)) == is }
	least = float64(sort.Search(observed, same))
	// Beyond this nothing changes: a tenth of all may be open, and a minimum is reached.
	end := 10*(observed+int(orZero(c.Open))) + int(k.MinDenominator)
	if beyond := sort.Search(end-observed, func(more int) bool { return !same(observed + more) }); beyond < end-observed {
		most = float64(observed + beyond - 1)
	}
	return least, most
}

// withholdCount withholds the number of observations of a distribution, for the reason that
// is noted beside its quantiles.
func withholdCount(c *result.Cell, reason result.Reason) {
	c.Denominator, c.Reason = math.NaN(), reason
}

// casesBounds gives the least and the most cases of which a share would have the class that
// it has; most is 0 for no bound.
func casesBounds(k *kpi.Indicator, c *result.Cell) (least, most float64) {
	switch c.Class {
	case result.OK:
		return math.Ceil(k.MinDenominator), 0
	case result.Small:
		return 0, math.Ceil(k.MinDenominator) - 1
	}
	return 0, 0
}

// roundShare withholds the counts of a share, for the reason that is noted beside it, and all
// that is computed from them but the share itself, rounded.
func roundShare(c *result.Cell, reason result.Reason) {
	nan := math.NaN()
	if rounding, ok := disclosure.RoundingOf(c.Denominator); ok {
		c.Value, c.RoundedTo = rounding.Round(c.Numerator, c.Denominator), 1/float64(rounding.Parts)
	}
	c.Numerator, c.Denominator, c.Lower, c.Upper, c.Expected = nan, nan, nan, nan, nan
	c.Reason = reason
}
