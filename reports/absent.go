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
		Expected: nan, Standardised: nan, StdLower: nan, StdUpper: nan, Shrunk: nan, RankLower: nan, RankUpper: nan, Previous: nan, YearAgo: nan}
}

func known(value float64) bool { return !math.IsNaN(value) && !math.IsInf(value, 0) }

// withheld takes every number out of a hidden cell. There should be none; a page
// is the last place to make sure.
func withheld(c result.Cell) result.Cell {
	if c.Class != result.Hidden {
		return c
	}
	blank := absentCell(c.Indicator, c.Territory)
	blank.Level, blank.Grain, blank.Start, blank.Class = c.Level, c.Grain, c.Start, result.Hidden
	blank.Breakdown, blank.Item = c.Breakdown, c.Item
	return blank
}
