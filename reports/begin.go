package reports

import (
	"time"

	"tavolo/transform/result"
)

// leastMonths is how many months the headlines of a full year count.
const leastMonths = 12

// first is the first month that any indicator of the country has a figure of; zero of a
// set without any.
func (x *index) first() time.Time {
	var first time.Time
	for i := range x.Catalogue.Indicators {
		months := x.cells[cellKey{x.Catalogue.Indicators[i].ID, result.Italy, result.Month}]
		if len(months) > 0 && (first.IsZero() || months[0].Start.Before(first)) {
			first = months[0].Start
		}
	}
	return first
}

// period is what the headlines are about: twelve months, or in the first year of the
// data those that there are, and then that captions call them twelve all the same.
func (b *builder) period() string {
	first, last := b.x.first(), b.x.last
	months := (last.Year()-first.Year())*12 + int(last.Month()) - int(first.Month()) + 1
	if first.IsZero() || months >= leastMonths {
		return b.m.T("fact.period.value", "month", b.month(last))
	}
	return b.m.Plural("fact.period.short", months, "month", b.month(last), "first", b.month(first))
}
