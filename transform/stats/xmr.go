package stats

import "math"

const (
	movingRangeFactor = 2.66  // 3/1.128: from the mean moving range to three sigma
	movingRangeLimit  = 3.267 // moving ranges beyond this times their mean are screened out
	runLength         = 7     // points of a shift or a trend
	enoughPoints      = 12    // below this the limits are provisional, as they are below the ranges of so many in a row
)

// XmR is the control chart of single values: a centre, and the limits within
// which the series moves by chance, from how much neighbours differ.
//
// Source: NHS England, Making data count; Wheeler, Understanding variation.
type XmR struct {
	Centre float64 // mean
	Lower  float64 // natural process limits: mean ± 2.66 × mean moving range
	Upper  float64
	Trial  bool // fewer than 12 points, or than 11 moving ranges: the limits are provisional
	// Resolution is the step in which the values are measured, 0 when there is none.
	Resolution float64
}

// NewXmR computes the chart of values in order of time, with NaN for each month
// that is missing or withheld. Moving ranges over 3.267 times their mean are left
// out once. The limits are NaN without two months in a row, and where none of those in
// a row differ but others do, of which a gap parts them: how the series moves is not
// known then, and each of its months would lie outside. The centre is NaN without any
// value.
//
// A gap makes no moving range. What two months differ by that are neighbours on
// paper alone holds whatever went on between them, and would widen the limits.
//
// Values that are measured in steps (medians in whole days) often do not move at
// all, and the limits would close on them: so the limits are at least one step
// from the centre, and a value within half a step of the centre is on it.
// Wheeler calls such values chunky.
func NewXmR(values []float64, resolution float64) XmR {
	total, points := 0.0, 0
	for _, value := range values {
		if !math.IsNaN(value) {
			total += value
			points++
		}
	}
	ranges := movingRanges(values)
	chart := XmR{ratio(total, float64(points)), math.NaN(), math.NaN(), points < enoughPoints || len(ranges) < enoughPoints-1, resolution}
	if len(ranges) == 0 {
		return chart
	}
	half := math.Max(movingRangeFactor*screenedMean(ranges), resolution)
	if half == 0 && !areAlike(values) {
		return chart
	}
	chart.Lower, chart.Upper = chart.Centre-half, chart.Centre+half
	return chart
}

// areAlike tells that all known values are one.
func areAlike(values []float64) bool {
	first := math.NaN()
	for _, value := range values {
		switch {
		case math.IsNaN(value):
		case math.IsNaN(first):
			first = value
		case value != first:
			return false
		}
	}
	return true
}

// movingRanges gives |vᵢ − vᵢ₋₁| of the months that follow one another.
func movingRanges(values []float64) []float64 {
	var ranges []float64
	for i := 1; i < len(values); i++ {
		if one := math.Abs(values[i] - values[i-1]); !math.IsNaN(one) {
			ranges = append(ranges, one)
		}
	}
	return ranges
}

// screenedMean is the mean of moving ranges, those over 3.267 times it left out once.
// Where only zeros would be left all count: of a series that hardly ever moves, such as
// days received at 100%, the months that move are all that is known of how it does,
// and limits without a width would call every other month a signal.
func screenedMean(ranges []float64) float64 {
	limit := movingRangeLimit * sum(ranges) / float64(len(ranges))
	kept, count := 0.0, 0
	for _, one := range ranges {
		if one <= limit {
			kept += one
			count++
		}
	}
	if kept == 0 {
		return sum(ranges) / float64(len(ranges))
	}
	return kept / float64(count)
}

// Rule names what makes a point a signal.
type Rule string

// The rules, in their precedence.
const (
	NoSignal   Rule = ""
	Outside    Rule = "outside"      // beyond a limit
	Shift      Rule = "shift"        // one of 7 in a row on one side of the centre
	Trend      Rule = "trend"        // one of 7 in a row that all rise or all fall
	TwoOfThree Rule = "two_of_three" // one of 2 of 3 beyond two thirds of the way to one limit
)

// Signal is what a point of a control chart says. Side is +1 when it speaks of
// higher values, −1 of lower ones, 0 without a signal. For a trend it is the
// way the trend goes, even where it has not crossed the centre.
type Signal struct {
	Rule Rule
	Side int
}

// Signals gives the signal of every value, in order of time, with NaN for each
// month that is missing or withheld; where several rules hold, the first in their
// precedence. A value on a limit is within, one on the centre on neither side.
// There is none without limits.
//
// A gap ends a run, a trend and a window of three, all of which speak of months in
// a row. A month is withheld because its count is low: the high months on its two
// sides are the very ones that it would have parted.
func (c XmR) Signals(values []float64) []Signal {
	signals := make([]Signal, len(values))
	if math.IsNaN(c.Lower) {
		return signals
	}
	c.markOutside(values, signals)
	markRuns(c.sidesOf(values), Shift, signals)
	markTrends(values, signals)
	c.markTwoOfThree(values, signals)
	return signals
}

// equal tells that a value lies on a level of the chart. The mean of quotients differs
// from what it is by some last digits: of months that are all 0.7 it is not 0.7, and
// taken at its word it would leave each of them outside limits that have no width.
func (c XmR) equal(value, level float64) bool {
	return math.Abs(value-level) <= 1e-9*math.Max(math.Abs(c.Lower), math.Abs(c.Upper))
}

func (c XmR) markOutside(values []float64, signals []Signal) {
	for i, value := range values {
		if value > c.Upper && !c.equal(value, c.Upper) {
			signals[i].set(Outside, 1)
		} else if value < c.Lower && !c.equal(value, c.Lower) {
			signals[i].set(Outside, -1)
		}
	}
}

// set keeps an earlier signal, which has precedence.
func (s *Signal) set(rule Rule, side int) {
	if s.Rule == NoSignal {
		*s = Signal{rule, side}
	}
}

// sidesOf says on which side of the centre each value lies. One that more than half of
// the months have lies on neither: it is what is usual, such as 100% of days received,
// and the few months that pull the mean away from it leave all the others on one side.
func (c XmR) sidesOf(values []float64) []int {
	sides := make([]int, len(values))
	usual := majority(values)
	for i, value := range values {
		if math.Abs(value-c.Centre) >= c.Resolution/2 && value != usual && !c.equal(value, c.Centre) {
			sides[i] = sign(value - c.Centre)
		}
	}
	return sides
}

// majority is the value that more than half of all known ones are; NaN when none is.
func majority(values []float64) float64 {
	count, known := map[float64]int{}, 0
	for _, value := range values {
		if !math.IsNaN(value) {
			count[value]++
			known++
		}
	}
	for value, n := range count {
		if 2*n > known {
			return value
		}
	}
	return math.NaN()
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// markRuns marks every point of a run of at least 7 on one side.
func markRuns(sides []int, rule Rule, signals []Signal) {
	for start := 0; start < len(sides); {
		end := start + 1
		for end < len(sides) && sides[end] == sides[start] {
			end++
		}
		if sides[start] != 0 && end-start >= runLength {
			for i := start; i < end; i++ {
				signals[i].set(rule, sides[start])
			}
		}
		start = end
	}
}

// markTrends marks every point of at least 7 that all rise or all fall. Two
// trends may share their turning point; it belongs to the earlier one.
func markTrends(values []float64, signals []Signal) {
	for start := 0; start+1 < len(values); {
		way := sign(values[start+1] - values[start])
		end := start + 1
		for end+1 < len(values) && sign(values[end+1]-values[end]) == way {
			end++
		}
		if way != 0 && end-start+1 >= runLength {
			for i := start; i <= end; i++ {
				signals[i].set(Trend, way)
			}
		}
		start = end
	}
}

// markTwoOfThree marks the far ones of any three neighbours of which at least
// two lie beyond two thirds of the way from the centre to the same limit.
func (c XmR) markTwoOfThree(values []float64, signals []Signal) {
	far := make([]int, len(values))
	reach := (c.Upper - c.Centre) * 2 / 3
	for i, value := range values {
		side := sign(value - c.Centre)
		if edge := c.Centre + float64(side)*reach; math.Abs(value-c.Centre) > reach && !c.equal(value, edge) {
			far[i] = side
		}
	}
	for last := 2; last < len(values); last++ {
		if math.IsNaN(values[last-2] + values[last-1] + values[last]) {
			continue
		}
		for _, side := range []int{1, -1} {
			count := 0
			for i := last - 2; i <= last; i++ {
				if far[i] == side {
					count++
				}
			}
			for i := last - 2; count >= 2 && i <= last; i++ {
				if far[i] == side {
					signals[i].set(TwoOfThree, side)
				}
			}
		}
	}
}

// Assurance says whether the process meets a target by itself.
type Assurance string

// The answers. The empty one is of a chart without limits, or without a better direction.
const (
	NoAssurance Assurance = ""
	Met         Assurance = "met"         // the whole band lies on the good side of the target
	Missed      Assurance = "missed"      // the whole band lies on the bad side
	HitOrMiss   Assurance = "hit_or_miss" // chance decides each month
)

// Assure compares the limits with a target; better is +1 when higher values
// are better, −1 when lower ones are, 0 when neither. A target on the limit is met
// there, as a value that is the target meets it: months that are all 100% are not
// left to chance by a target of 100%.
func (c XmR) Assure(target float64, better int) Assurance {
	if math.IsNaN(c.Lower) || math.IsNaN(target) || better == 0 {
		return NoAssurance
	}
	worst, best := c.Lower, c.Upper
	if better < 0 {
		worst, best = best, worst
	}
	switch way := float64(better); {
	case c.equal(target, worst) || (worst-target)*way > 0:
		return Met
	case !c.equal(target, best) && (target-best)*way > 0:
		return Missed
	}
	return HitOrMiss
}
