package reports

import (
	"strconv"
	"time"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// Of how many whole years a page can be asked at most, the newest: each is about 9 kB of
// it, and a map of the provinces takes the room of two.
const (
	yearsToChoose           = 3
	yearsToChooseBesideAMap = 1
)

// period is a span of time that figures are given of, as the table of territories names it.
type period struct {
	id    string // in the address: 12, 2025, 2025-q4, 2025-12
	label string // "anno 2025"
	grain result.Grain
	start time.Time
}

// periods are those that an indicator's table of territories can be of: the twelve
// months of the report, then the other whole years, the newest first, the last quarter and
// the last month, as far as there are figures of the page's subject.
func (b *builder) periods(i *kpi.Indicator) []period {
	some := []period{{"12", b.m.T("period.rolling12", "month", b.month(b.x.last)), result.Rolling12, b.x.last}}
	years := yearsToChoose
	if b.site != nil && b.site.maps[reference.LevelProvince] != nil {
		years = yearsToChooseBesideAMap
	}
	starts := b.x.starts(i.ID, b.x.subject(), result.Year)
	for n := len(starts) - 1; n >= 0 && years > 0; n-- {
		if starts[n].AddDate(0, 11, 0).Equal(b.x.last) {
			continue // it is the twelve months
		}
		years--
		year := strconv.Itoa(starts[n].Year())
		some = append(some, period{year, b.m.T("period.year", "year", year), result.Year, starts[n]})
	}
	if starts := b.x.starts(i.ID, b.x.subject(), result.Quarter); len(starts) > 0 {
		from := starts[len(starts)-1]
		some = append(some, period{strconv.Itoa(from.Year()) + "-q" + strconv.Itoa(int(from.Month()+2)/3),
			b.m.T("period.quarter", "from", monthNames[b.lang][from.Month()-1], "to", b.month(from.AddDate(0, 2, 0))), result.Quarter, from})
	}
	if starts := b.x.starts(i.ID, b.x.subject(), result.Month); len(starts) > 0 {
		month := starts[len(starts)-1]
		some = append(some, period{month.Format("2006-01"), b.m.T("period.month", "month", b.month(month)), result.Month, month})
	}
	return some
}

// starts are when the periods of a grain begin that an indicator has a figure of, in
// order; withheld ones are among them.
func (x *index) starts(indicator, territory string, grain result.Grain) []time.Time {
	var starts []time.Time
	some := x.cells[cellKey{indicator, territory, grain}]
	for n := range some {
		if c := &some[n]; c.Breakdown == "" && (len(starts) == 0 || c.Start.After(starts[len(starts)-1])) {
			starts = append(starts, c.Start)
		}
	}
	return starts
}

// in is the figure of an indicator in a period. Without it the class is no data.
func (x *index) in(p period, indicator, territory string) result.Cell {
	if some := x.at(cellKey{indicator, territory, p.grain}, p.start, ""); len(some) > 0 {
		return some[0]
	}
	return absentCell(indicator, territory)
}

// periodChoice is the table of territories of every period that can be chosen, and what
// the figures of comparison show of it, to be made when the page is written; nil where
// there is one period alone. The figures, words and classes are those of what the page
// shows, written by the same code.
func (b *builder) periodChoice(i *kpi.Indicator, body *html.Indicator) *html.Periods {
	all := b.periods(i)
	if len(all) < 2 {
		return nil
	}
	choice := &html.Periods{Inputs: html.Digest([]any{all, *i, b.x.digestOf(i.ID, all)})}
	b.later = append(b.later, func() error {
		b.fillChoice(choice, all, i, body)
		return nil
	})
	return choice
}

// digestOf names the figures of an indicator in some periods, and their comparisons. The
// periods are the same in every language.
func (x *index) digestOf(indicator string, periods []period) string {
	if known, ok := x.digests.Load(indicator); ok {
		return known.(string)
	}
	var cells []result.Cell
	var funnels []*result.Funnel
	for _, p := range periods {
		for _, territory := range x.References.Territories() {
			cells = append(cells, x.in(p, indicator, territory.Code))
		}
		for _, level := range []string{reference.LevelRegion, reference.LevelProvince} {
			funnels = append(funnels, x.funnels[funnelKey{indicator, level, p.grain, p.start}])
		}
	}
	made := html.Digest([]any{cells, funnels})
	x.digests.Store(indicator, made)
	return made
}

func (b *builder) fillChoice(choice *html.Periods, all []period, i *kpi.Indicator, body *html.Indicator) {
	var packer html.Packer
	shown := b.territoriesIn(all[0], i)
	packer.Share(shown, 2)
	rows := b.m.T("figure.elsewhere")
	if b.x.isPack() { // its table is not of all territories
		rows = b.territoriesTitle(i)
	}
	choice.Columns = b.territoryPlaces(i)
	choice.Levels, choice.Words = b.levels(i), map[string]string{"unjudged": b.m.T("position.unjudged"), "caution": b.m.T("interval.caution"),
		"rows": rows, "csv": b.m.T("period.csv")}
	choice.Periods = []html.Period{{ID: all[0].id, Title: all[0].label, Caption: shown.Caption, Said: b.m.T("period.said", "period", all[0].label)}}
	for _, p := range all[1:] {
		said := b.m.T("period.said", "period", p.label)
		if b.isImmature(p, i) {
			said += " " + b.m.T("period.immature")
		} else if !b.judgedIn(p, i) && b.judgedIn(all[0], i) {
			said += " " + b.m.T("period.unjudged")
		}
		t := b.territoriesIn(p, i)
		choice.Periods = append(choice.Periods, html.Period{ID: p.id, Title: p.label, Caption: t.Caption,
			Said: said + " " + b.m.T("period.files"), Rows: packer.Rows(t, shown, 2), Drawn: b.redrawn(p, i, body)})
	}
	choice.Often, choice.Endings = packer.Often, packer.Endings
}

// rowsOfTerritories are the places of the territories in the table of territories.
func (b *builder) rowsOfTerritories(i *kpi.Indicator) map[string]int {
	rows := map[string]int{}
	for _, territory := range b.x.References.Territories() {
		if i.HasLevel(territory.Level) {
			rows[territory.Code] = len(rows)
		}
	}
	return rows
}

// levels are those of the rows of the table of territories, a letter each.
func (b *builder) levels(i *kpi.Indicator) string {
	levels := ""
	for _, territory := range b.x.References.Territories() {
		if i.HasLevel(territory.Level) {
			levels += territory.Level[:1]
		}
	}
	return levels
}

// judgedIn tells whether any territory has a place in a funnel in a period.
func (b *builder) judgedIn(p period, i *kpi.Indicator) bool {
	for _, territory := range b.x.References.Territories() {
		if b.x.in(p, i.ID, territory.Code).Funnel != "" {
			return true
		}
	}
	return false
}
