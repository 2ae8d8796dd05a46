package reports

import (
	"math"

	"tavolo/transform/result"
)

// absentCell is the figure where the set has none.
func absentCell(indicator, territory string) result.Cell {
	nan := math.NaN()
	return result.Cell{Indicator: indicator, Territory: territory, Class: result.NoData,
		Numerator: nan, Denominator: nan, Value: nan, Lower: nan, Upper: nan, P90: nan, Open: nan,
		RoundedTo: nan, Expected: nan, Standardised: nan, StdLower: nan, StdUpper: nan, Shrunk: nan, RankLower: nan, RankUpper: nan, Previous: nan, YearAgo: nan}
}

func known(value float64) bool { return !math.IsNaN(value) && !math.IsInf(value, 0) }

// withheld takes every number out of a hidden cell. There should be none; a page
// is the last place to make sure.
func withheld(c result.Cell) result.Cell {
	if c.Class != result.Hidden {
		return c
	}
	blank := absentCell(c.Indicator, c.Territory)
	blank.Level, blank.Grain, blank.Start, blank.Class, blank.Reason = c.Level, c.Grain, c.Start, result.Hidden, c.Reason
	blank.Breakdown, blank.Item = c.Breakdown, c.Item
	return blank
}

// isBare tells of a hidden cell that has no number of its own, as it should. Previous and
// YearAgo are those of other cells, and no page takes them from here.
func isBare(c *result.Cell) bool {
	for _, number := range []float64{c.Numerator, c.Denominator, c.Value, c.Lower, c.Upper, c.P90, c.Open, c.Expected, c.Standardised,
		c.StdLower, c.StdUpper, c.Shrunk, c.RankLower, c.RankUpper} {
		if !math.IsNaN(number) {
			return false
		}
	}
	return c.Funnel == ""
}
