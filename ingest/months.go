package ingest

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// months are the earliest and the latest month of some rows.
type months struct {
	known            bool
	earliest, latest arrow.Date32
}

// add looks at some rows of a batch.
func (m *months) add(batch arrow.RecordBatch, rows []int32) {
	days := batch.Column(int(batch.NumCols()) - 3).(*array.Date32).Date32Values()
	for _, row := range rows {
		day := days[row]
		if !m.known {
			m.known, m.earliest, m.latest = true, day, day
		}
		m.earliest, m.latest = min(m.earliest, day), max(m.latest, day)
	}
}

// names gives them as 2024-03, or "" when there were no rows.
func (m *months) names() (earliest, latest string) {
	if !m.known {
		return "", ""
	}
	name := func(day arrow.Date32) string { return day.ToTime().Format("2006-01") }
	return name(m.earliest), name(m.latest)
}
