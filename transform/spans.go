package transform

import (
	"slices"
	"time"
)

// span is a run of whole months that no period divides: each period is a row of
// whole spans. Counts by span are fewer than counts by month, and as good.
type span struct{ from, to time.Time }

// spansOf cuts the months of periods where any of them begins or ends. Months in
// no period are left out. The spans are in the order of time.
func spansOf(periods []period) []span {
	begins := map[time.Time]bool{} // first month of a period, or the month after its last
	covered := map[time.Time]bool{}
	for _, p := range periods {
		begins[p.from], begins[p.to.AddDate(0, 1, 0)] = true, true
		for month := p.from; !month.After(p.to); month = month.AddDate(0, 1, 0) {
			covered[month] = true
		}
	}
	months := make([]time.Time, 0, len(covered))
	for month := range covered {
		months = append(months, month)
	}
	slices.SortFunc(months, time.Time.Compare)
	var spans []span
	for _, month := range months {
		if last := len(spans) - 1; last >= 0 && !begins[month] && spans[last].to.AddDate(0, 1, 0).Equal(month) {
			spans[last].to = month
			continue
		}
		spans = append(spans, span{month, month})
	}
	return spans
}

// within gives the spans of a period, from first up to but not including end.
func (p period) within(spans []span) (first, end int) {
	for first < len(spans) && spans[first].from.Before(p.from) {
		first++
	}
	end = first
	for end < len(spans) && !spans[end].to.After(p.to) {
		end++
	}
	return first, end
}
