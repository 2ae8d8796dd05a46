package reports

import (
	"strconv"
	"time"

	"tavolo/ingest/ledger"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// arrivalDays is how many days the heat map of days goes back.
const arrivalDays = 28

// calendar is on which days files of a source came.
type calendar struct {
	files map[time.Time]int
	first time.Time
}

// dayOf is the day of a moment in Italy, as midnight in UTC.
func dayOf(at time.Time) time.Time {
	at = at.In(rome())
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}

func (b *builder) calendarOf(source, log string) calendar {
	c := calendar{files: map[time.Time]int{}}
	for _, e := range b.x.Batches {
		if e.Source != source || e.Log != log || e.Outcome == ledger.Refused || e.ReceivedAt.IsZero() {
			continue
		}
		day := dayOf(e.ReceivedAt)
		c.files[day]++
		if c.first.IsZero() || day.Before(c.first) {
			c.first = day
		}
	}
	return c
}

// expects tells whether a file is due on a day: the same weekday had one at least
// 19 times in 20 over the year before, and there are thirteen of them at least. It
// is the rule by which the days of events are expected, applied to files.
func (c calendar) expects(day time.Time) bool {
	weeks, with := 0, 0
	for n := 1; n <= 52; n++ {
		before := day.AddDate(0, 0, -7*n)
		if before.Before(c.first) {
			break
		}
		if weeks++; c.files[before] > 0 {
			with++
		}
	}
	return weeks >= 13 && 20*with >= 19*weeks
}

// dayArrivals is the heat map of the sources by the last days up to the run.
func (b *builder) dayArrivals() *html.Heat {
	sources, _ := b.tallies()
	last := dayOf(b.x.Run.At)
	if len(sources) == 0 {
		return nil
	}
	t := &html.Table{ID: "arrival-days-table", Caption: b.m.T("arrivals.files.caption"), Columns: headings(b.m.T("col.source"))}
	for n := arrivalDays - 1; n >= 0; n-- {
		day := last.AddDate(0, 0, -n)
		t.Columns = append(t.Columns, html.Column{Title: strconv.Itoa(day.Day()) + " " + monthNames[b.lang][day.Month()-1][:3], Numeric: true, Long: b.date(day)})
	}
	arrived, missing := 0, 0
	for _, s := range sources {
		c := b.calendarOf(s.source, s.log)
		row := html.Row{Cells: []html.Cell{{Text: s.source, Sub: b.item(string(kpi.ByLog), s.log)}}}
		for n := arrivalDays - 1; n >= 0; n-- {
			day := last.AddDate(0, 0, -n)
			cell := html.Cell{Text: "–"}
			switch {
			case c.files[day] > 0:
				arrived += c.files[day]
				cell = html.Cell{Text: b.whole(float64(c.files[day])), Heat: "q2"}
			case c.expects(day):
				missing++
				cell = html.Cell{Text: b.m.T("arrivals.missing"), Class: string(result.NoData), Heat: "q5"}
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	h := &html.Heat{ID: "arrival-days", Title: b.m.T("arrivals.files.title"), Table: b.export("arrival-days", t), Source: b.source(),
		Finding: b.m.Plural("arrivals.files.finding", arrived) + " " + b.m.Plural("arrivals.files.missing", missing)}
	h.Legend = []html.LegendItem{{Shape: "area", Class: "q2", Text: b.m.T("arrivals.legend.arrived")}, {Shape: "area", Class: "q5", Text: b.m.T("arrivals.legend.missing")}}
	return h
}
