package transform

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"tavolo/ingest/lake"
	"tavolo/transform/result"
)

// arrivalTable reads a mart as it stands: reports show its rows and no indicator
// of them. It is stored with the marts, and not with the results.
//
// Grain: as result.ArrivalDay.
var arrivalTable = table[result.ArrivalDay]{"arrival_days", []column[result.ArrivalDay]{
	day("day", "", func(a *result.ArrivalDay) *time.Time { return &a.Day }),
	text("territory_code", "", func(a *result.ArrivalDay) *string { return &a.Territory }),
	text("log", "", func(a *result.ArrivalDay) *string { return &a.Log }),
	flag("is_received", "", func(a *result.ArrivalDay) *bool { return &a.Received }),
	flag("is_late", "", func(a *result.ArrivalDay) *bool { return &a.Late }),
	flag("is_fewer", "", func(a *result.ArrivalDay) *bool { return &a.Fewer }),
}}

// arrivals gives the days of the months up to the last one. Runs of a program
// without the mart, and models that are not the built-in ones, have none.
func (o *opener) arrivals(last time.Time) []result.ArrivalDay {
	if _, ok := o.versions[arrivalTable.name]; o.versions != nil && !ok {
		return nil
	}
	before := o.err
	all := take(o, arrivalTable)
	if before == nil && o.versions == nil && errors.Is(o.err, lake.ErrNoTable) {
		o.err = nil
		return nil
	}
	from, to := last.AddDate(0, 1-result.ArrivalMonths, 0), last.AddDate(0, 1, 0)
	all = slices.DeleteFunc(all, func(a result.ArrivalDay) bool { return a.Day.Before(from) || !a.Day.Before(to) })
	slices.SortFunc(all, func(a, b result.ArrivalDay) int {
		return cmp.Or(a.Day.Compare(b.Day), strings.Compare(a.Territory, b.Territory), strings.Compare(a.Log, b.Log))
	})
	return all
}
