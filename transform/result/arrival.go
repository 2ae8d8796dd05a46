package result

import "time"

// ArrivalDay is a day on which rows of a log were expected from a territory, and
// whether they came. What makes a day expected, late or thin is in
// sql/marts/arrival_days.yml; no number of rows is here, and none follows.
//
// Grain: one per Day, Territory and Log, of the last ArrivalMonths months.
type ArrivalDay struct {
	Day       time.Time // UTC midnight
	Territory string    // a province
	Log       string
	Received  bool
	Late      bool // received, long after the end of the month
	Fewer     bool // received, and fewer than half of the rows that are usual
}

// ArrivalMonths is how many months back a set knows the days of, the last month
// included: those of the headline figures.
const ArrivalMonths = 12
