package reports

import (
	"time"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// protocolTheme is the theme of the catalogue that holds what the Protocol commits to.
const protocolTheme = "protocol"

// protocolHere is how the commitments of the Protocol stand in a territory.
func (b *builder) protocolHere(territory reference.Territory) *html.Table {
	t := &html.Table{ID: "protocol-table", Caption: b.m.T("protocol.here.caption", "place", placeName(territory, b.lang), "month", b.month(b.x.last))}
	titles := []string{b.m.T("col.commitment"), "#" + b.m.T("col.here")}
	if b.besideRegion(territory) {
		titles = append(titles, "#"+b.place(territory.Parent))
	}
	t.Columns = headings(append(titles, "#"+b.place(result.Italy), b.m.T("col.target"), b.m.T("col.course"))...)
	for _, i := range b.x.Catalogue.Of(protocolTheme) {
		if !i.HasLevel(territory.Level) {
			continue
		}
		c := b.x.headline(i.ID, territory.Code)
		row := html.Row{Cells: []html.Cell{{Text: i.Title.In(b.lang), Href: b.to("indicator", i.ID)}, b.standingCell(i, c)}}
		if b.besideRegion(territory) {
			row.Cells = append(row.Cells, b.standingCell(i, b.x.headline(i.ID, territory.Parent)))
		}
		row.Cells = append(row.Cells, b.standingCell(i, b.x.headline(i.ID, result.Italy)),
			html.Cell{Mark: b.met(i, c), Text: dash(b.met(i, c))}, html.Cell{Draw: b.spark(i, b.x.chart(i.ID, territory.Code))})
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	t.Notes = b.pairNote(territory)
	return b.export("protocol", t)
}

// standingCell is the state of a commitment: what a rate is made of stands beside
// it, and where it is about one thing alone, such as the protocol of a province,
// it is a yes, with its month, or a no.
func (b *builder) standingCell(i *kpi.Indicator, c result.Cell) html.Cell {
	cell := b.figureCell(i, c)
	switch {
	case !known(c.Value) || i.Statistic != kpi.Rate || i.PerPopulation:
		return cell
	case isSingle(i, c) && c.Value >= 1:
		cell.Text, cell.Sub, cell.Plain, cell.Also = b.m.T("balance.yes"), "", html.Datum{}, b.statePart("yes")
		if since, ok := b.x.since(i.ID, c.Territory); ok {
			cell.Sub = b.m.T("protocol.since", "month", b.month(since))
			cell.Also = append(cell.Also, html.Part{Key: "since", Title: b.m.T("export.since"), Datum: plainMonth(since)})
		}
	case isSingle(i, c):
		cell.Text, cell.Sub, cell.Plain, cell.Also = b.m.T("balance.no"), "", html.Datum{}, b.statePart("no")
	case i.Stock:
		cell.Sub = b.m.T("standing.of", "n", b.whole(c.Numerator), "of", b.whole(c.Denominator))
		cell.Also = []html.Part{b.numeratorPart(c), {Key: "n", Title: b.m.T("col.n"), Datum: b.plainCount(c.Denominator)}}
	}
	return cell
}

// statePart tells in the exports of a thing that is there or is not.
func (b *builder) statePart(code string) []html.Part {
	text := b.m.T("balance.no")
	if code == "yes" {
		text = b.m.T("balance.yes")
	}
	return second("state", b.m.T("export.state"), html.Datum{Kind: html.Term, Code: code, Text: text})
}

// numeratorPart is the number of cases that a rate counts.
func (b *builder) numeratorPart(c result.Cell) html.Part {
	return html.Part{Key: "numerator", Title: b.m.T("def.numerator"), Datum: b.plainCount(c.Numerator)}
}

// isSingle tells of a share of one thing: it is there or it is not.
func isSingle(i *kpi.Indicator, c result.Cell) bool {
	return i.Stock && i.Unit == kpi.Percent && c.Denominator == 1
}

// since is the month from which on a stock has been whole, without a break up to
// the last month; false when it is not now, or was when the data begin.
func (x *index) since(indicator, territory string) (time.Time, bool) {
	whole := map[time.Time]bool{}
	seen := map[time.Time]bool{}
	some := x.cells[cellKey{indicator, territory, result.Month}]
	for n := range some {
		if c := &some[n]; c.Breakdown == "" && known(c.Value) {
			seen[c.Start], whole[c.Start] = true, c.Value >= 1
		}
	}
	month := x.last
	for whole[month] {
		month = month.AddDate(0, -1, 0)
	}
	return month.AddDate(0, 1, 0), month.Before(x.last) && seen[month]
}
