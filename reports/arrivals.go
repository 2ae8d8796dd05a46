package reports

import (
	"math"
	"slices"
	"time"

	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// arrivalMonths is how many months the heat maps of arrivals go back.
const arrivalMonths = 24

// lateAfter is how many days after the end of a month its file counts as late.
const lateAfter = 31

// arrivalColumns are the months that end with that of the report.
func (b *builder) arrivalColumns() []time.Time {
	first := b.x.last
	for _, e := range b.x.Batches {
		if month, err := time.Parse("2006-01", e.EarliestMonth); err == nil && e.Outcome == ledger.Committed && month.Before(first) {
			first = month
		}
	}
	if earliest := b.x.last.AddDate(0, 1-arrivalMonths, 0); first.Before(earliest) {
		first = earliest
	}
	var months []time.Time
	for month := first; !month.After(b.x.last); month = month.AddDate(0, 1, 0) {
		months = append(months, month)
	}
	return months
}

func (b *builder) monthHeadings(first string, months []time.Time) []html.Column {
	columns := headings(first)
	for _, month := range months {
		columns = append(columns, html.Column{Title: b.shortMonth(month), Numeric: true, Long: b.month(month)})
	}
	return columns
}

// delivery is what came from a source for one month.
type delivery struct {
	files int
	late  int // days after the limit of the first file that holds the month; 0 in time or not judged
}

// deliveries tells what came from a source, month by month. The files of its first
// run are its history, all at once: when they came says nothing of its punctuality.
func (b *builder) deliveries(source, log string) (map[time.Time]delivery, time.Time) {
	found := map[time.Time]delivery{}
	var first time.Time
	firstRun := ""
	for _, e := range b.x.Batches {
		if e.Source == source && e.Log == log && (firstRun == "" || e.RunID < firstRun) {
			firstRun = e.RunID
		}
	}
	for _, e := range b.x.Batches {
		from, errFrom := time.Parse("2006-01", e.EarliestMonth)
		to, errTo := time.Parse("2006-01", e.LatestMonth)
		if e.Source != source || e.Log != log || e.Outcome != ledger.Committed || errFrom != nil || errTo != nil {
			continue
		}
		if first.IsZero() || from.Before(first) {
			first = from
		}
		limit := to.AddDate(0, 1, lateAfter) // a file of several months is due after its last
		for month := from; !month.After(to); month = month.AddDate(0, 1, 0) {
			d, known := found[month]
			late := 0
			if e.RunID != firstRun && e.ReceivedAt.After(limit) {
				late = int(math.Ceil(e.ReceivedAt.Sub(limit).Hours() / 24))
			}
			if !known || late < d.late {
				d.late = late
			}
			d.files++
			found[month] = d
		}
	}
	return found, first
}

// sourceArrivals is the heat map of the sources by the months of their events.
func (b *builder) sourceArrivals() *html.Heat {
	sources, _ := b.tallies()
	months := b.arrivalColumns()
	if len(sources) == 0 {
		return nil
	}
	t := &html.Table{ID: "arrivals-table", Caption: b.m.T("arrivals.sources.caption"), Columns: b.monthHeadings(b.m.T("col.source"), months)}
	late, missing := 0, 0
	cadence := b.x.loggedRegularly()
	for _, s := range sources {
		found, first := b.deliveries(s.source, s.log)
		row := html.Row{Cells: []html.Cell{{Text: s.source, Sub: b.item(string(kpi.ByLog), s.log)}}}
		for _, month := range months {
			d, ok := found[month]
			cell := html.Cell{Text: "–"}
			switch {
			case ok && d.late > 0:
				late++
				cell = html.Cell{Text: b.whole(float64(d.files)), Sub: b.m.T("arrivals.late", "days", b.whole(float64(d.late))), Heat: "q5"}
			case ok:
				cell = html.Cell{Text: b.whole(float64(d.files)), Heat: "q2"}
			case !first.IsZero() && month.After(first) && slices.Contains(cadence, s.log):
				missing++
				cell = html.Cell{Text: b.m.T("arrivals.missing"), Class: string(result.NoData)}
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	h := &html.Heat{ID: "arrivals", Title: b.m.T("arrivals.sources.title"), Table: b.export("arrivals", t), Source: b.source(),
		Finding: b.m.Plural("arrivals.missing.finding", missing) + " " + b.m.Plural("arrivals.late.finding", late)}
	h.Legend = []html.LegendItem{{Shape: "area", Class: "q2", Text: b.m.T("arrivals.legend.arrived")},
		{Shape: "area", Class: "q5", Text: b.m.T("arrivals.legend.late", "days", b.whole(lateAfter))}}
	return h
}

// loggedRegularly are the logs of which days are expected: those by which an
// indicator of completeness is given.
func (x *index) loggedRegularly() []string {
	var logs []string
	for n := range x.Catalogue.Indicators {
		i := &x.Catalogue.Indicators[n]
		if !slices.Contains(i.Breakdowns, kpi.ByLog) {
			continue
		}
		for _, c := range x.items(i.ID, result.Italy, string(kpi.ByLog)) {
			if c.Class != result.NoData && !slices.Contains(logs, c.Item) {
				logs = append(logs, c.Item)
			}
		}
	}
	return logs
}

// regionArrivals are the heat maps of the regions by the months, of each indicator
// that tells how many of the days that were expected of a log have come.
func (b *builder) regionArrivals() []html.Heat {
	var heats []html.Heat
	for n := range b.x.Catalogue.Indicators {
		i := &b.x.Catalogue.Indicators[n]
		if i.Statistic != kpi.Rate || i.Unit != kpi.Percent || !slices.Contains(i.Breakdowns, kpi.ByLog) || !i.HasLevel(reference.LevelRegion) {
			continue
		}
		if h := b.daysHeat(i); h != nil {
			heats = append(heats, *h)
		}
	}
	return heats
}

// daysHeat shows the days that have not come in each month, coloured by their part
// of those expected.
func (b *builder) daysHeat(i *kpi.Indicator) *html.Heat {
	months := b.arrivalColumns()
	t := &html.Table{ID: "days-" + i.ID + "-table", Caption: b.m.T("arrivals.days.caption", "indicator", i.Title.In(b.lang)),
		Columns: append(b.monthHeadings(b.m.T("col.region"), months), headings("#"+b.m.T("arrivals.days.sum"))...)}
	allLost, allExpected := 0.0, 0.0
	for _, region := range b.x.regions {
		row := html.Row{Cells: []html.Cell{{Text: placeName(region, b.lang), Href: b.to("region", region.Code), Plain: coded(region.Code)}}}
		lost, expected := 0.0, 0.0
		for _, month := range months {
			c, ok := b.x.inMonth(i.ID, region.Code, month)
			if !ok || !known(c.Numerator) || !(c.Denominator > 0) {
				row.Cells = append(row.Cells, html.Cell{Text: b.lackingDays(c, ok)})
				continue
			}
			lost, expected = lost+c.Denominator-c.Numerator, expected+c.Denominator
			row.Cells = append(row.Cells, html.Cell{Text: b.whole(c.Denominator - c.Numerator), Heat: lostClass(int(c.Denominator-c.Numerator), int(c.Denominator)), Plain: b.plainCount(c.Denominator - c.Numerator)})
		}
		allLost, allExpected = allLost+lost, allExpected+expected
		sum := html.Cell{Text: "–"}
		if expected > 0 {
			sum = html.Cell{Text: b.m.T("standing.of", "n", b.whole(lost), "of", b.whole(expected)), Plain: b.plainCount(lost),
				Also: second("n", b.m.T("col.n"), b.plainCount(expected))}
		}
		row.Cells = append(row.Cells, sum)
		t.Rows = append(t.Rows, row)
	}
	if allExpected == 0 {
		return nil
	}
	h := &html.Heat{ID: "days-" + i.ID, Title: b.m.T("arrivals.days.title"), Table: b.export("days-"+i.ID, t), Source: b.source(),
		Finding: b.m.Plural("arrivals.days.finding", int(allLost), "expected", b.whole(allExpected))}
	h.Legend = b.lostLegend()
	return h
}

func (b *builder) lostLegend() []html.LegendItem {
	var items []html.LegendItem
	for k, class := range []string{"q1", "q2", "q3", "q5"} {
		items = append(items, html.LegendItem{Shape: "area", Class: class, Text: b.m.T([]string{"arrivals.class.none", "arrivals.class.few", "arrivals.class.some", "arrivals.class.many"}[k])})
	}
	return items
}

// lackingDays says why a month has no count of days.
func (b *builder) lackingDays(c result.Cell, ok bool) string {
	if ok && c.Class == result.Hidden {
		return b.m.T("value.hidden")
	}
	return "–"
}

// lostClass is the class of the days lost: none, up to a hundredth of those
// expected, up to a twentieth, more.
func lostClass(lost, expected int) string {
	switch {
	case lost <= 0:
		return "q1"
	case 100*lost <= expected:
		return "q2"
	case 20*lost <= expected:
		return "q3"
	}
	return "q5"
}

// refusedMatrix is the quarantine by rule and sender.
func (b *builder) refusedMatrix() *html.Heat {
	var rules, sources []string
	count := map[[2]string]int64{}
	for _, r := range b.x.Refused {
		if !slices.Contains(rules, r.Rule) {
			rules = append(rules, r.Rule)
		}
		if !slices.Contains(sources, r.Source) {
			sources = append(sources, r.Source)
		}
		count[[2]string{r.Rule, r.Source}] += r.Records
	}
	if len(rules) == 0 {
		return nil
	}
	slices.Sort(rules) // by code: rows are in the same order in every language
	most := int64(0)
	for _, n := range count {
		most = max(most, n)
	}
	t := &html.Table{ID: "senders-table", Caption: b.m.T("arrivals.senders.caption"), Columns: headings(b.m.T("col.rule")), Sortable: true}
	for _, source := range sources {
		t.Columns = append(t.Columns, html.Column{Key: source, Title: source, Numeric: true})
	}
	for _, rule := range rules {
		row := html.Row{Cells: []html.Cell{{Text: b.ruleName(rule), Plain: coded(rule)}}}
		for _, source := range sources {
			n := count[[2]string{rule, source}]
			cell := html.Cell{Text: "–", Sort: "0", Plain: b.plainCount(0)}
			if n > 0 {
				cell = b.countCell(int(n))
				cell.Heat = heatClass(float64(n), 0, float64(most))
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return &html.Heat{ID: "senders", Title: b.m.T("arrivals.senders.title"), Finding: b.m.T("arrivals.senders.finding"), Table: b.export("senders", t), Source: b.source(),
		Legend: b.countLegend(most)}
}

// countLegend states the classes by which heatClass colours counts up to the most.
func (b *builder) countLegend(most int64) []html.LegendItem {
	var items []html.LegendItem
	for n := range int64(mapClasses) {
		from, to := max((most*n+mapClasses-1)/mapClasses, 1), (most*(n+1)+mapClasses-1)/mapClasses-1
		if n == mapClasses-1 {
			to = most
		}
		if from > to {
			continue
		}
		items = append(items, html.LegendItem{Shape: "area", Class: "q" + string(rune('1'+n)), Text: b.classText(kpi.Count, float64(from), float64(to))})
	}
	return items
}
