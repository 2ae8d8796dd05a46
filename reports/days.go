package reports

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// dayState is what became of a day on which rows were expected, from best to worst.
type dayState int

const (
	dayReceived dayState = iota
	dayFewer
	dayLate
	dayMissing
)

func stateOf(a result.ArrivalDay) dayState {
	switch {
	case !a.Received:
		return dayMissing
	case a.Late:
		return dayLate
	case a.Fewer:
		return dayFewer
	}
	return dayReceived
}

// dayTally counts expected days, each territory's and log's apart, by what became of them.
type dayTally struct {
	of      [dayMissing + 1]int
	missing map[string]int // territory → its days that are missing
}

func tallyDays(days []result.ArrivalDay) dayTally {
	t := dayTally{missing: map[string]int{}}
	for _, a := range days {
		state := stateOf(a)
		t.of[state]++
		if state == dayMissing {
			t.missing[a.Territory]++
		}
	}
	return t
}

func (t dayTally) expected() int {
	return t.of[dayReceived] + t.of[dayFewer] + t.of[dayLate] + t.of[dayMissing]
}

// arrivalMonths are the months of which days are known, in order.
func (x *index) arrivalMonths() []time.Time {
	var months []time.Time
	for _, a := range x.Arrivals {
		month := monthOf(a.Day)
		if len(months) == 0 || !months[len(months)-1].Equal(month) {
			months = append(months, month)
		}
	}
	return months
}

// arrivalsIn are the expected days of a month.
func (x *index) arrivalsIn(month time.Time) []result.ArrivalDay {
	from := slices.IndexFunc(x.Arrivals, func(a result.ArrivalDay) bool { return !a.Day.Before(month) })
	if from < 0 {
		return nil
	}
	to := slices.IndexFunc(x.Arrivals[from:], func(a result.ArrivalDay) bool { return !a.Day.Before(month.AddDate(0, 1, 0)) })
	if to < 0 {
		return x.Arrivals[from:]
	}
	return x.Arrivals[from : from+to]
}

// arrivalsPage shows the expected days of one month, territory by territory. A
// page holds one month, because the days of a hundred territories over a year
// would be too many for one.
func (b *builder) arrivalsPage(p *html.Page, home html.Link) {
	month, _ := time.Parse("2006-01", b.at.key)
	days := b.x.arrivalsIn(month)
	p.Heading = b.m.T("days.heading", "month", b.month(month))
	p.Lead = b.m.T("days.lead")
	p.Facts = b.facts()
	p.Facts[0].Value = b.month(month)
	p.Crumbs = []html.Link{home, {Text: b.m.T("nav.quality"), Href: b.to("quality", "")}, {Text: p.Heading, Current: true}}
	body := html.Arrivals{Figure: b.daysFigure(month, days), Quiet: b.owingNothing(days)}
	for _, other := range b.x.arrivalMonths() {
		body.Months = append(body.Months, html.Link{Text: b.month(other), Href: b.to("arrivals", other.Format("2006-01")), Current: other.Equal(month)})
	}
	p.Body = body
}

// daysFinding says how many days are missing, and whose.
func (b *builder) daysFinding(days []result.ArrivalDay) string {
	t := tallyDays(days)
	whose := b.m.Plural("days.territories", len(t.missing))
	if len(t.missing) == 1 {
		whose = b.most(t.missing)
	}
	text := b.m.Plural("days.finding", t.of[dayMissing], "expected", b.whole(float64(t.expected())), "territories", whose)
	if len(t.missing) > 1 {
		text += " " + b.m.T("days.most", "list", b.most(t.missing))
	}
	if n := t.of[dayLate]; n > 0 {
		text += " " + b.m.Plural("days.late", n)
	}
	if n := t.of[dayFewer]; n > 0 {
		text += " " + b.m.Plural("days.fewer", n)
	}
	return text
}

// mostNamed is how many territories a finding names.
const mostNamed = 3

// most names the territories with the greatest counts, "Roma 8, Milano 4", or
// the only one.
func (b *builder) most(count map[string]int) string {
	var codes []string
	for _, t := range b.x.References.Territories() {
		if count[t.Code] > 0 {
			codes = append(codes, t.Code)
		}
	}
	slices.SortStableFunc(codes, func(a, c string) int { return count[c] - count[a] })
	if len(codes) == 1 {
		return b.place(codes[0])
	}
	var parts []string
	for _, code := range codes[:min(mostNamed, len(codes))] {
		parts = append(parts, b.place(code)+" "+b.whole(float64(count[code])))
	}
	return strings.Join(parts, ", ")
}

// owingNothing counts the provinces of which no day was expected.
func (b *builder) owingNothing(days []result.ArrivalDay) string {
	owing := map[string]bool{}
	for _, a := range days {
		owing[a.Territory] = true
	}
	all := 0
	for _, some := range b.x.provinces {
		all += len(some)
	}
	return b.m.Plural("days.quiet", all-len(owing))
}

// daysTable lists what became of the expected days of each territory and log, region
// by region; with byMonth each month has a row of its own. Without all it leaves out
// the rows of which every day came in time and whole.
func (b *builder) daysTable(days []result.ArrivalDay, byMonth, all bool) *html.Table {
	t := &html.Table{ID: "days-table", Columns: b.columns("col.territory", "col.log", "#days.col.expected", "#days.col.received",
		"days.col.missing", "days.col.late", "days.col.fewer")}
	if byMonth {
		t.Columns = slices.Insert(t.Columns, 2, b.columns("col.month")...)
	}
	type key struct {
		territory, log string
		month          time.Time
	}
	groups := map[key][]result.ArrivalDay{}
	var keys []key
	for _, a := range days {
		at := key{a.Territory, a.Log, monthOf(a.Day)}
		if groups[at] == nil {
			keys = append(keys, at)
		}
		groups[at] = append(groups[at], a)
	}
	place := map[string]int{}
	for n, territory := range b.x.inOrder() {
		place[territory.Code] = n
	}
	slices.SortStableFunc(keys, func(a, c key) int {
		if place[a.territory] != place[c.territory] {
			return place[a.territory] - place[c.territory]
		}
		if a.log != c.log {
			return strings.Compare(a.log, c.log)
		}
		return a.month.Compare(c.month)
	})
	for _, at := range keys {
		tally := tallyDays(groups[at])
		if !all && tally.of[dayReceived] == tally.expected() {
			continue
		}
		cells := []html.Cell{{Text: b.place(at.territory), Href: b.to("province", at.territory), Plain: coded(at.territory)},
			{Text: b.item(string(kpi.ByLog), at.log), Plain: coded(at.log)}}
		if byMonth {
			cells = append(cells, html.Cell{Text: b.month(at.month), Sort: at.month.Format("2006-01"), Plain: plainMonth(at.month)})
		}
		cells = append(cells, b.countCell(tally.expected()), b.countCell(tally.expected()-tally.of[dayMissing]))
		for _, state := range []dayState{dayMissing, dayLate, dayFewer} {
			cells = append(cells, dayNumbers(groups[at], state))
		}
		t.Rows = append(t.Rows, html.Row{Cells: cells})
	}
	return t
}

// dayNumbers lists the days of the month with a state: "3, 14, 15".
func dayNumbers(days []result.ArrivalDay, state dayState) html.Cell {
	var numbers []string
	for _, a := range days {
		if stateOf(a) == state {
			numbers = append(numbers, strconv.Itoa(a.Day.Day()))
		}
	}
	list := strings.Join(numbers, ", ")
	return html.Cell{Text: list, Plain: verbatim(list)}
}

// inOrder are the provinces, region by region.
func (x *index) inOrder() []reference.Territory {
	var all []reference.Territory
	for _, region := range x.regions {
		all = append(all, x.provinces[region.Code]...)
	}
	return all
}

// daysByMonth is the table of the months, which leads to their pages.
func (b *builder) daysByMonth() *html.Heat {
	months := b.x.arrivalMonths()
	if len(months) == 0 {
		return nil
	}
	t := &html.Table{ID: "arrival-months-table", Caption: b.m.T("days.months.caption"), Columns: b.columns("col.month", "#days.col.expected",
		"#days.col.received", "#days.col.lacking", "#days.col.territories", "#days.col.behind", "#days.col.thin")}
	for _, month := range slices.Backward(months) {
		tally := tallyDays(b.x.arrivalsIn(month))
		missing := b.countCell(tally.of[dayMissing])
		missing.Heat = lostClass(tally.of[dayMissing], tally.expected())
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{
			{Text: b.month(month), Href: b.to("arrivals", month.Format("2006-01")), Sort: month.Format("2006-01"), Plain: plainMonth(month)},
			b.countCell(tally.expected()), b.countCell(tally.expected() - tally.of[dayMissing]), missing, b.countCell(len(tally.missing)),
			b.countCell(tally.of[dayLate]), b.countCell(tally.of[dayFewer])}})
	}
	return &html.Heat{ID: "arrival-months", Title: b.m.T("days.title"), Finding: b.daysFinding(b.x.Arrivals) + " " + b.m.T("days.months.reading"),
		Table: b.export("arrival-months", t), Legend: b.lostLegend(), Source: b.source()}
}

// ownDays is the same for a pack, which has no pages of months: the months in
// which something is missing, late or thin.
func (b *builder) ownDays() *html.Heat {
	if len(b.x.Arrivals) == 0 {
		return nil
	}
	h := &html.Heat{ID: "arrival-days", Title: b.m.T("days.title"), Finding: b.daysFinding(b.x.Arrivals), Source: b.source()}
	t := b.daysTable(b.x.Arrivals, true, false)
	t.Caption = b.m.T("days.own.caption", "month", b.month(b.x.last))
	if len(t.Rows) == 0 {
		t = b.daysTable(b.x.Arrivals, true, true)
		t.Caption = b.m.T("days.all.caption", "month", b.month(b.x.last))
	}
	h.Table = b.export("arrival-days", t)
	return h
}

// daysSentence sums up the expected days for the head of the page.
func (b *builder) daysSentence() []html.Sentence {
	t := tallyDays(b.x.Arrivals)
	if t.expected() == 0 {
		return nil
	}
	s := html.Sentence{Lead: b.m.Plural("days.sentence", t.of[dayMissing], "expected", b.whole(float64(t.expected()))),
		Text: b.m.T("days.sentence.none"), Mark: html.Mark{Kind: "met", Tone: "better", Text: b.m.T("days.mark.none")}}
	if len(t.missing) > 0 {
		s.Text = b.m.Plural("days.sentence.some", len(t.missing), "list", b.most(t.missing))
		s.Mark = html.Mark{Kind: "missed", Tone: "worse", Text: b.m.T("days.mark.some")}
	}
	return []html.Sentence{s}
}
