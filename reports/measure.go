package reports

import (
	"slices"
	"time"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// byMeasure are the indicators that are given by measure, of training and others,
// at a level of territories.
func (x *index) byMeasure(level string) []*kpi.Indicator {
	var some []*kpi.Indicator
	for n := range x.Catalogue.Indicators {
		if i := &x.Catalogue.Indicators[n]; slices.Contains(i.Breakdowns, kpi.ByMeasure) && i.HasLevel(level) {
			some = append(some, i)
		}
	}
	return some
}

// latest is the newest figure of an item among those that are broken down: of the
// last twelve months, those a year before and the calendar years. A measure takes
// effect once, so that all that is known of it lies in one of them.
func (x *index) latest(indicator, territory string, by kpi.Breakdown, item string) (result.Cell, bool) {
	var found result.Cell
	ok := false
	for _, grain := range []result.Grain{result.Rolling12, result.Year} {
		some := x.cells[cellKey{indicator, territory, grain}]
		for n := range some {
			c := &some[n]
			if c.Item != item || c.Breakdown != string(by) || c.Class == result.NoData {
				continue
			}
			if !ok || c.Start.After(found.Start) {
				found, ok = *c, true
			}
		}
	}
	return found, ok
}

// ofMeasure is the figure of a measure in a territory. Provinces are broken down
// for the last twelve months alone. An earlier measure has a figure all the same
// where it is the only one of its month, and where Italy shows that this indicator
// counts a measure in the month in which it takes effect: then the month's figure
// is the measure's.
func (x *index) ofMeasure(i *kpi.Indicator, territory string, measure reference.Measure) (result.Cell, bool) {
	if c, ok := x.latest(i.ID, territory, kpi.ByMeasure, measure.Code); ok {
		return c, true
	}
	month := monthOf(measure.EffectiveFrom)
	italy, ok := x.latest(i.ID, result.Italy, kpi.ByMeasure, measure.Code)
	if !ok || italy.Class == result.Hidden || !x.isAlone(measure) {
		return result.Cell{}, false
	}
	if whole, ok := x.inMonth(i.ID, result.Italy, month); !ok || whole.Value != italy.Value || whole.Denominator != italy.Denominator {
		return result.Cell{}, false
	}
	c, ok := x.inMonth(i.ID, territory, month)
	return c, ok && c.Class != result.NoData
}

// isAlone tells of a measure that shares its month with no other.
func (x *index) isAlone(measure reference.Measure) bool {
	for _, other := range x.References.Measures() {
		if other.Code != measure.Code && monthOf(other.EffectiveFrom).Equal(monthOf(measure.EffectiveFrom)) {
			return false
		}
	}
	return true
}

// inMonth is an indicator's figure of one month.
func (x *index) inMonth(indicator, territory string, month time.Time) (result.Cell, bool) {
	if some := x.at(cellKey{indicator, territory, result.Month}, month, ""); len(some) > 0 {
		return some[0], true
	}
	return result.Cell{}, false
}

func monthOf(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// measuresOf are those that any of the indicators has a figure of in Italy, by the
// day on which they take effect.
func (x *index) measuresOf(indicators []*kpi.Indicator) []reference.Measure {
	var some []reference.Measure
	for _, measure := range x.References.Measures() {
		for _, i := range indicators {
			if _, ok := x.latest(i.ID, result.Italy, kpi.ByMeasure, measure.Code); ok {
				some = append(some, measure)
				break
			}
		}
	}
	slices.SortStableFunc(some, func(a, c reference.Measure) int { return a.EffectiveFrom.Compare(c.EffectiveFrom) })
	return some
}

// trainingHere is what is known of each measure in a territory, beside Italy.
func (b *builder) trainingHere(territory reference.Territory) *html.Table {
	indicators := b.x.byMeasure(territory.Level)
	measures := b.x.measuresOf(indicators)
	if len(measures) == 0 {
		return nil
	}
	t := &html.Table{ID: "training-table", Caption: b.m.T("training.here.caption", "place", placeName(territory, b.lang)),
		Columns: headings(b.m.T("by.measure"), b.m.T("col.effective"))}
	for _, i := range indicators {
		t.Columns = append(t.Columns, html.Column{Title: i.Short.In(b.lang), Numeric: true, Long: i.Title.In(b.lang)})
		if comparable(i) {
			t.Columns = append(t.Columns, html.Column{Title: b.place(result.Italy), Numeric: true, Long: i.Title.In(b.lang) + ", " + b.place(result.Italy)},
				html.Column{Title: b.m.T("col.target")})
		}
	}
	for n := len(measures) - 1; n >= 0; n-- { // the newest first
		t.Rows = append(t.Rows, b.measureRow(indicators, territory, measures[n]))
	}
	t.Notes = []string{b.m.T("training.here.note")}
	return b.export("training", t)
}

func (b *builder) measureRow(indicators []*kpi.Indicator, territory reference.Territory, measure reference.Measure) html.Row {
	row := html.Row{Cells: []html.Cell{{Text: measure.Title, Plain: coded(measure.Code)}, b.dayCell(measure.EffectiveFrom)}}
	for _, i := range indicators {
		c, ok := b.x.ofMeasure(i, territory.Code, measure)
		if !ok {
			c = absentCell(i.ID, territory.Code)
		}
		row.Cells = append(row.Cells, b.figureCell(i, c))
		if comparable(i) {
			italy, ok := b.x.latest(i.ID, result.Italy, kpi.ByMeasure, measure.Code)
			if !ok {
				italy = absentCell(i.ID, result.Italy)
			}
			row.Cells = append(row.Cells, b.besideCell(i, italy), html.Cell{Mark: b.met(i, c), Text: dash(b.met(i, c))})
		}
	}
	return row
}

// dayCell is a date that a table sorts and a spreadsheet understands.
func (b *builder) dayCell(day time.Time) html.Cell {
	return html.Cell{Text: b.date(day), Sort: day.Format(time.DateOnly), Plain: plainDay(day)}
}

// met judges one figure against the target of its indicator; nil where there is
// none, or where the figure is none to judge.
func (b *builder) met(i *kpi.Indicator, c result.Cell) *html.Mark {
	value := c.Value
	if i.TargetOn == "p90" {
		value = c.P90
	}
	if c.Class != result.OK {
		return nil
	}
	switch meets(i, c, value) {
	case 1:
		return &html.Mark{Kind: "met", Tone: "better", Text: b.m.T("met.yes", "target", b.target(i))}
	case -1:
		return &html.Mark{Kind: "missed", Tone: "worse", Text: b.m.T("met.no", "target", b.target(i))}
	}
	return nil
}

// meets is +1 for a value of a figure that meets the target, −1 for one that misses it, and 0
// where there is none, or a share is rounded that may be on either side.
func meets(i *kpi.Indicator, c result.Cell, value float64) int {
	is := i.Met(value)
	if c.RoundedTo > 0 && (i.Met(value-c.RoundedTo/2) != is || i.Met(value+c.RoundedTo/2) != is) {
		return 0
	}
	return is
}

// falls tells of a figure that misses its target by more than its uncertainty: the
// whole interval lies on the wrong side. Where there is none the figure counts
// everything, or is a ninetieth percentile, and stands for itself; but of a share that is
// rounded nobody can say how sure it is.
func falls(i *kpi.Indicator, c result.Cell) bool {
	if c.Class != result.OK || c.RoundedTo > 0 {
		return false
	}
	nearest := c.Upper
	switch {
	case i.TargetOn == "p90":
		nearest = c.P90
	case i.Direction == kpi.Down:
		nearest = c.Lower
	}
	if !known(nearest) {
		nearest = c.Value
	}
	return i.Met(nearest) < 0
}

// dash stands where a mark is missing.
func dash(mark *html.Mark) string {
	if mark == nil {
		return "–"
	}
	return ""
}
