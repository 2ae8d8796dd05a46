package reports

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tavolo/ingest/ledger"
	"tavolo/reports/html"
	"tavolo/transform/restatement"
	"tavolo/transform/result"
)

// Restated is what moved since the publication before.
type Restated struct {
	Before   string    // id of that publication
	At       time.Time // when it was written
	Manifest string    // SHA-256 of its manifest
	Unknown  bool      // what it showed is known no more: the rest is empty

	Moves                    []restatement.Move // the figures of months that were restated, all together, the heaviest first
	Maturing, Withheld, Same int                // how many figures of months are not among them, and why

	maturing, withheld map[[2]string]int // likewise, by indicator and territory
}

// Take takes of a comparison what the pages tell: the figures of months without
// breakdowns, of which those of all longer periods are made up.
func (r *Restated) Take(c *restatement.Comparison) {
	r.maturing, r.withheld = map[[2]string]int{}, map[[2]string]int{}
	for _, m := range c.Moves {
		cell := m.Cell()
		at := [2]string{cell.Indicator, cell.Territory}
		switch {
		case cell.Grain != result.Month || cell.Breakdown != "":
		case m.Kind == restatement.Restated:
			r.Moves = append(r.Moves, m)
		case m.Kind == restatement.Maturing:
			r.Maturing++
			r.maturing[at]++
		case m.Kind == restatement.Withheld:
			r.Withheld++
			r.withheld[at]++
		}
	}
	r.Same = c.Same
}

// scoped gives what moved of the figures of a pack's own territories, which the
// publication before showed them too; nil of nil. It names no file, which may name an
// office, and tells of no figure above the territory: that of its region may have moved
// by a neighbour's.
func (r *Restated) scoped(x *index) *Restated {
	if r == nil {
		return nil
	}
	own := func(indicator, territory string) bool {
		_, known := x.Catalogue.Indicator(indicator)
		return known && x.isOwn(territory)
	}
	part := &Restated{Before: r.Before, At: r.At, Manifest: r.Manifest, Unknown: r.Unknown}
	for _, m := range r.Moves {
		if cell := m.Cell(); own(cell.Indicator, cell.Territory) {
			m.Batches, m.Elsewhere = nil, false
			part.Moves = append(part.Moves, m)
		}
	}
	for at, n := range r.maturing {
		if own(at[0], at[1]) {
			part.Maturing += n
		}
	}
	for at, n := range r.withheld {
		if own(at[0], at[1]) {
			part.Withheld += n
		}
	}
	return part
}

// shownMoves is how many restatements the page shows; the file beside it has all.
const shownMoves = 25

// listedMoves is how many restatements the file holds: when a definition changes
// they can be hundreds of thousands, which nobody reads in a spreadsheet.
const listedMoves = 20_000

// restated tells what was restated since the publication before.
func (b *builder) restated() *html.Restated {
	r := b.site.Restated
	switch {
	case r == nil:
		return &html.Restated{Text: b.m.T("restated.first")}
	case r.Unknown:
		return &html.Restated{Text: b.m.T("restated.unknown", "before", r.Before, "at", b.stamp(r.At))}
	}
	about := "restated.about"
	if b.x.isPack() {
		about = "restated.about.pack"
	}
	v := &html.Restated{Text: b.m.T(about, "before", r.Before, "at", b.stamp(r.At)), Notes: b.restatedNotes(r)}
	if len(r.Moves) == 0 {
		v.None = b.m.T("restated.none")
		return v
	}
	all := b.moves(r.Moves[:min(listedMoves, len(r.Moves))])
	greatest := *all
	greatest.Rows = all.Rows[:min(shownMoves, len(all.Rows))]
	if len(greatest.Rows) < len(all.Rows) {
		greatest.Caption = b.m.T("restated.caption.greatest", "shown", html.Integer(len(greatest.Rows), b.lang), "all", html.Integer(len(r.Moves), b.lang))
	}
	if len(r.Moves) > listedMoves {
		v.Notes = append(v.Notes, b.m.T("restated.listed", "n", html.Integer(listedMoves, b.lang)))
	}
	v.Moves, v.Files = b.exportWhole("restated", b.m.T("restated"), &greatest, all), b.movers(r.Moves)
	return v
}

// restatedNotes says what is not in the table, and why.
func (b *builder) restatedNotes(r *Restated) []string {
	var notes []string
	if r.Maturing > 0 {
		notes = append(notes, b.m.Plural("restated.maturing", r.Maturing))
	}
	if r.Withheld > 0 {
		notes = append(notes, b.m.Plural("restated.withheld", r.Withheld))
	}
	return notes
}

// restatedSentence sums up the restatements.
func (b *builder) restatedSentence() []html.Sentence {
	r := b.site.Restated
	if r == nil || r.Unknown {
		return nil
	}
	s := html.Sentence{Lead: b.m.Plural("restated.sentence", len(r.Moves)), Text: b.m.T("restated.sentence.none", "at", b.date(r.At)),
		Mark: html.Mark{Kind: "met", Tone: "better", Text: b.m.T("restated.mark.none")}}
	if len(r.Moves) > 0 {
		indicators, months := map[string]bool{}, map[time.Time]bool{}
		for i := range r.Moves {
			indicators[r.Moves[i].Cell().Indicator], months[r.Moves[i].Cell().Start] = true, true
		}
		s.Text = b.m.T("restated.sentence.some", "at", b.date(r.At), "indicators", b.m.Plural("restated.indicators", len(indicators)),
			"months", b.m.Plural("restated.months", len(months)))
		s.Mark = html.Mark{Kind: "change", Tone: "neutral", Text: b.m.T("restated.mark.some")}
	}
	return []html.Sentence{s}
}

// moves lists every restatement.
func (b *builder) moves(moves []restatement.Move) *html.Table {
	t := &html.Table{Caption: b.m.Plural("restated.caption", len(moves)), Sortable: true,
		Columns: b.columns("col.indicator", "col.territory", "col.month", "#restated.col.before", "#restated.col.now",
			"#restated.col.moved", "restated.col.class")}
	if !b.x.isPack() {
		t.Columns = append(t.Columns, b.columns("restated.col.files")...)
	}
	for n := range moves {
		if row, ok := b.moved(&moves[n]); ok {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// moved is the row of one restatement; not of an indicator that is no more.
func (b *builder) moved(m *restatement.Move) (html.Row, bool) {
	cell := m.Cell()
	i, ok := b.x.Catalogue.Indicator(cell.Indicator)
	if !ok {
		return html.Row{}, false
	}
	value := func(c *result.Cell) html.Cell {
		if c == nil {
			return html.Cell{Text: b.m.T("value.none"), Class: string(result.NoData)}
		}
		v := b.value(i, *c)
		return html.Cell{Text: v.Text, Sub: b.sample(v.N), Sort: order(shown(i, *c)), Plain: b.plainShown(i, *c, v.Text), Class: v.Class, Also: b.baseParts(i, *c)}
	}
	change := html.Cell{Text: "–"}
	if m.From != nil && m.To != nil {
		if by := shown(i, *m.To) - shown(i, *m.From); known(by) {
			text := b.shortChange(i.Unit, by, digitsOf(i, *m.To))
			change = html.Cell{Text: text, Sort: order(by), Plain: b.plainChange(i.Unit, by, text)}
			if isWhole(i, *m.To) {
				change.Text, change.Plain = signed(b.whole(by), by), b.plainCount(by)
			}
		}
	}
	cells := []html.Cell{
		{Text: i.Title.In(b.lang), Href: b.to("indicator", i.ID), Plain: coded(i.ID)},
		{Text: b.place(cell.Territory), Href: b.toTerritory(cell.Territory), Plain: coded(cell.Territory)},
		{Text: b.month(cell.Start), Sort: cell.Start.Format("2006-01"), Plain: plainMonth(cell.Start)},
		value(m.From), value(m.To), change, b.moveClass(m),
	}
	if !b.x.isPack() {
		cells = append(cells, b.files(m))
	}
	return html.Row{Cells: cells}, true
}

// signed puts the plus sign that a whole change lacks.
func signed(text string, change float64) string {
	if change > 0 {
		return "+" + text
	}
	return text
}

// moveClass is the class of the figure, or how it changed.
func (b *builder) moveClass(m *restatement.Move) html.Cell {
	class := func(c *result.Cell) result.Class {
		if c == nil {
			return result.NoData
		}
		return c.Class
	}
	before, now := class(m.From), class(m.To)
	if before == now {
		return html.Cell{Text: b.caution(now), Plain: term(string(now))}
	}
	return html.Cell{Text: b.caution(before) + " → " + b.caution(now), Plain: term(string(before + " → " + now))}
}

// files names the files behind a restatement: on the page the first one, in the
// export all.
func (b *builder) files(m *restatement.Move) html.Cell {
	if len(m.Batches) == 0 {
		return html.Cell{Text: b.m.T("restated.no_file"), Plain: term("")}
	}
	names := make([]string, len(m.Batches))
	for i, e := range m.Batches {
		names[i] = e.File
	}
	all := strings.Join(names, " | ")
	cell := html.Cell{Text: names[0], Plain: html.Datum{Kind: html.Term, Code: all, Text: all}}
	var notes []string
	if more := len(names) - 1; more > 0 {
		notes = append(notes, b.m.Plural("restated.more", more))
	}
	if m.Elsewhere {
		notes = append(notes, b.m.T("restated.elsewhere"))
	}
	cell.Sub = joined(notes...)
	return cell
}

// movers lists the files behind the restatements, those behind most of them first.
func (b *builder) movers(moves []restatement.Move) *html.Table {
	found := map[[2]string]*mover{}
	for i := range moves {
		for _, e := range moves[i].Batches {
			key := [2]string{e.Log, e.BatchID}
			if found[key] == nil {
				found[key] = &mover{Entry: e, indicators: map[string]bool{}, territories: map[string]bool{}, months: map[time.Time]bool{}}
			}
			found[key].add(moves[i].Cell())
		}
	}
	var all []*mover
	for _, m := range found {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *mover) int {
		return cmp.Or(b.moves-a.moves, strings.Compare(a.File, b.File), strings.Compare(a.Log, b.Log), strings.Compare(a.BatchID, b.BatchID))
	})
	if len(all) == 0 {
		return nil
	}
	t := &html.Table{Caption: b.m.Plural("restated.files.caption", len(all)), Sortable: true,
		Columns: b.columns("col.file", "col.log", "col.ingested", "#restated.col.moves", "#restated.col.indicators",
			"#restated.col.territories", "#restated.col.months", "col.hash")}
	for _, m := range all {
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: m.File, Plain: verbatim(m.File)}, b.logCell(m.Log),
			b.momentCell(m.IngestedAt), b.countCell(m.moves),
			b.countCell(len(m.indicators)), b.countCell(len(m.territories)), b.countCell(len(m.months)),
			{Text: m.BatchID[:min(16, len(m.BatchID))], Plain: verbatim(m.BatchID)}}})
	}
	return b.exportAs("restating-files", b.m.T("restated.files"), t)
}

// mover is a batch with the restatements that it may be behind.
type mover struct {
	ledger.Entry
	moves       int
	indicators  map[string]bool
	territories map[string]bool
	months      map[time.Time]bool
}

func (m *mover) add(c *result.Cell) {
	m.moves++
	m.indicators[c.Indicator], m.territories[c.Territory], m.months[c.Start] = true, true, true
}
