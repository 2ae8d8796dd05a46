package reports

import (
	"strconv"
	"time"

	"tavolo/reports/html"
	"tavolo/transform/result"
)

// The measures of the drawing of days, in its own units.
const (
	dayWidth  = 20  // of a column
	dayHeight = 18  // of a row
	daysLeft  = 172 // of the names
	daysTop   = 24  // of the numbers of the days
)

// daysView is the drawing: the days of a month to the right, the territories
// downwards. All marks of a state are one path.
type daysView struct {
	Text                           string
	Width, Height                  int
	Columns                        []dayLabel
	Rows                           []dayLabel
	Received, Fewer, Late, Missing string
	Crosses                        string // on the marks of what is missing
	Lines                          string // under the names of the regions
}

// dayLabel is a text at a place.
type dayLabel struct {
	X, Y   int
	Text   string
	Strong bool // of a region, or of a working day
}

// daysFigure is the heat map of the territories by the days of a month. A mark is
// the worst of what is said of the territory's logs, which the table tells apart.
func (b *builder) daysFigure(month time.Time, days []result.ArrivalDay) *html.Figure {
	worst := map[string]map[int]dayState{}
	for _, a := range days {
		if worst[a.Territory] == nil {
			worst[a.Territory] = map[int]dayState{}
		}
		worst[a.Territory][a.Day.Day()] = max(worst[a.Territory][a.Day.Day()], stateOf(a))
	}
	title, finding := b.m.T("days.figure"), b.daysFinding(days)
	table := b.daysTable(days, false, true)
	table.Caption = b.m.T("days.caption", "month", b.month(month))
	f := &html.Figure{ID: "days", Title: title, Finding: finding, Reading: b.m.T("days.reading"), Wide: true,
		Drawing: b.drawDays(title+". "+finding, month, worst), Table: b.exportAs("days", title, table), Source: b.source()}
	for _, one := range []struct{ shape, class, key string }{{"day-received", "line", "days.legend.received"},
		{"day-fewer", "accent", "days.legend.fewer"}, {"day-late", "accent", "days.legend.late"}, {"day-missing", "worse", "days.legend.missing"}} {
		f.Legend = append(f.Legend, html.LegendItem{Shape: one.shape, Class: one.class, Text: b.m.T(one.key)})
	}
	return f
}

func (b *builder) drawDays(text string, month time.Time, worst map[string]map[int]dayState) *html.Drawing {
	last := month.AddDate(0, 1, -1).Day()
	v := daysView{Text: text, Width: daysLeft + last*dayWidth}
	for day := 1; day <= last; day++ {
		weekday := month.AddDate(0, 0, day-1).Weekday()
		v.Columns = append(v.Columns, dayLabel{X: middleOf(day), Y: daysTop - 8, Text: strconv.Itoa(day),
			Strong: weekday != time.Saturday && weekday != time.Sunday})
	}
	y := daysTop
	for _, region := range b.x.regions {
		head := false
		for _, province := range b.x.provinces[region.Code] {
			if worst[province.Code] == nil {
				continue
			}
			if !head {
				head = true
				y += dayHeight
				v.Rows = append(v.Rows, dayLabel{Y: y - 5, Text: placeName(region, b.lang), Strong: true})
				v.Lines += pathAt(0, y) + "H" + strconv.Itoa(v.Width)
			}
			y += dayHeight
			v.Rows = append(v.Rows, dayLabel{X: 12, Y: y - 5, Text: placeName(province, b.lang)})
			for day := 1; day <= last; day++ {
				if state, ok := worst[province.Code][day]; ok {
					v.mark(state, middleOf(day), y-dayHeight/2)
				}
			}
		}
	}
	v.Height = y + 6
	return b.drawnLater("days", v)
}

// mark draws a state around a point.
func (v *daysView) mark(state dayState, x, y int) {
	switch state {
	case dayReceived:
		v.Received += pathAt(x, y) + "h0"
	case dayFewer:
		v.Fewer += pathAt(x-6, y+4) + "h12"
	case dayLate:
		v.Late += pathAt(x, y-6) + "l7 12h-14z"
	case dayMissing:
		v.Missing += pathAt(x-7, y-7) + "h14v14h-14z"
		v.Crosses += pathAt(x-4, y-4) + "l8 8" + pathAt(x+4, y-4) + "l-8 8"
	}
}

// middleOf is where the column of a day has its middle.
func middleOf(day int) int { return daysLeft + (day-1)*dayWidth + dayWidth/2 }

func pathAt(x, y int) string { return "M" + strconv.Itoa(x) + " " + strconv.Itoa(y) }
