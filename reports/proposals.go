package reports

import (
	"html/template"
	"slices"

	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// proposalsPage is about what the patronati propose, by kind, with what outcome
// and after how long: all indicators that are given by the kind of a proposal.
func (b *builder) proposalsPage(p *html.Page, home html.Link) {
	p.Heading = b.m.T("nav.proposals")
	p.Lead = b.m.T("proposals.lead")
	p.Facts = b.facts()
	p.Crumbs = []html.Link{home, {Text: p.Heading, Current: true}}
	var all []*kpi.Indicator
	for n := range b.x.Catalogue.Indicators {
		if i := &b.x.Catalogue.Indicators[n]; slices.Contains(i.Breakdowns, kpi.ByKind) {
			all = append(all, i)
		}
	}
	body := html.Proposals{Outcomes: b.outcomes(all), Courses: b.courses(all),
		Kinds:     b.itemTable("kinds", b.m.T("proposals.kinds.caption", "month", b.month(b.x.last)), all, kpi.ByKind, b.kinds(all)),
		Patronati: b.itemTable("patronati", b.m.T("proposals.patronati.caption", "month", b.month(b.x.last)), all, kpi.ByPatronato, b.patronatoCodes()),
		Regions:   b.regionMatrix("regions", b.m.T("proposals.regions.caption", "month", b.month(b.x.last)), all, b.markedCell)}
	for _, i := range all {
		body.Tiles = append(body.Tiles, b.tile(i, result.Italy, b.to("indicator", i.ID)))
	}
	p.Contents = contents("brief", b.m.T("region.brief"), "outcomes", b.m.T("proposals.outcomes"), "kinds", b.m.T("proposals.kinds"),
		"courses", b.m.T("region.trends"), "patronati", b.m.T("proposals.patronati"), "regions", b.m.T("proposals.regions"))
	p.Body = body
}

// kinds are the kinds of which any indicator has a figure, in the order of the set.
func (b *builder) kinds(all []*kpi.Indicator) []string {
	var codes []string
	for _, i := range all {
		for _, c := range b.x.items(i.ID, result.Italy, string(kpi.ByKind)) {
			if !slices.Contains(codes, c.Item) {
				codes = append(codes, c.Item)
			}
		}
	}
	return codes
}

func (b *builder) patronatoCodes() []string {
	var codes []string
	for _, patronato := range b.x.patronati {
		codes = append(codes, patronato.Code)
	}
	return codes
}

// itemTable is the table of some items of Italy by some indicators; nil where none
// has a figure.
func (b *builder) itemTable(id, caption string, indicators []*kpi.Indicator, by kpi.Breakdown, codes []string) *html.Table {
	t := &html.Table{ID: id + "-table", Caption: caption, Columns: headings(b.dimension(string(by)))}
	var chosen []*kpi.Indicator
	for _, i := range indicators {
		if slices.Contains(i.Breakdowns, by) {
			chosen = append(chosen, i)
			t.Columns = append(t.Columns, html.Column{Title: i.Short.In(b.lang), Numeric: true, Long: i.Title.In(b.lang)})
		}
	}
	for _, code := range codes {
		row, some := html.Row{Cells: []html.Cell{b.itemCell(by, code)}}, false
		for _, i := range chosen {
			c, ok := b.x.item(i.ID, result.Italy, by, code, 0)
			row.Cells, some = append(row.Cells, b.countedCell(i, c)), some || ok
		}
		if some {
			t.Rows = append(t.Rows, row)
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return b.export(id, t)
}

// countedCell is a figure with what it is made of: the cases of a rate out of its
// base, the cases and the 90th percentile of a distribution.
func (b *builder) countedCell(i *kpi.Indicator, c result.Cell) html.Cell {
	cell := b.figureCell(i, c)
	if !known(c.Value) {
		return cell
	}
	v := b.value(i, c)
	of := b.sample(v.N)
	switch {
	case i.Statistic == kpi.Rate && i.Unit == kpi.Percent:
		of = b.m.T("standing.of", "n", b.whole(c.Numerator), "of", b.whole(c.Denominator))
		cell.Also = append(cell.Also, b.numeratorPart(c))
	case i.Statistic == kpi.Rate:
		of = b.sample(b.whole(c.Numerator))
		cell.Also = append(b.intervalParts(i, c, v), b.numeratorPart(c))
	case known(c.P90):
		p90 := i.Unit.Number(c.P90, b.lang)
		of = joined(b.m.T("proposals.p90", "value", p90), of)
		cell.Also = append(cell.Also, html.Part{Key: "p90", Title: b.m.T("target.p90.short"), Datum: b.measured(i.Unit, c.P90, p90)})
	}
	cell.Sub = joined(v.Interval, of, b.qualified(c.Class))
	return cell
}

// outcomes is what became of the proposals of each kind, as bars that are whole:
// those with the outcome that a share counts, those without it and, where a time
// to a decision counts the same decided cases, those that are still open.
func (b *builder) outcomes(all []*kpi.Indicator) *html.Heat {
	share := pick(all, func(i *kpi.Indicator) bool { return i.Statistic == kpi.Rate && i.Unit == kpi.Percent })
	if share == nil {
		return nil
	}
	open := pick(all, func(i *kpi.Indicator) bool { return i.Statistic == kpi.Distribution && i.Open != "" })
	t := &html.Table{ID: "outcomes-table", Caption: b.m.T("proposals.outcomes.caption", "month", b.month(b.x.last)),
		Columns: headings(b.dimension(string(kpi.ByKind)), b.m.T("proposals.parts"), "#"+upperFirst(share.NumeratorText.In(b.lang)), "#"+b.m.T("proposals.others"), "#"+b.m.T("proposals.open"))}
	sums := [3]float64{}
	for _, code := range b.kinds(all) {
		c, ok := b.x.item(share.ID, result.Italy, kpi.ByKind, code, 0)
		if !ok || !known(c.Numerator) || !known(c.Denominator) {
			continue
		}
		parts := [3]float64{c.Numerator, c.Denominator - c.Numerator}
		if open != nil {
			if still, ok := b.x.item(open.ID, result.Italy, kpi.ByKind, code, 0); ok && still.Denominator == c.Denominator && known(still.Open) {
				parts[2] = still.Open
			}
		}
		for n := range parts {
			sums[n] += parts[n]
		}
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{b.itemCell(kpi.ByKind, code), {Draw: b.stack(parts[:])},
			b.numberCell(parts[0]), b.numberCell(parts[1]), b.numberCell(parts[2])}})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	h := &html.Heat{ID: "outcomes", Title: b.m.T("proposals.outcomes.title"), Table: b.export("outcomes", t), Source: b.source(),
		Finding: b.m.T("proposals.outcomes.finding", "accepted", b.whole(sums[0]), "decided", b.whole(sums[0]+sums[1]), "what", upperFirst(share.NumeratorText.In(b.lang)))}
	if sums[2] > 0 {
		h.Finding += " " + b.m.Plural("proposals.outcomes.open", int(sums[2]))
	}
	h.Legend = []html.LegendItem{{Shape: "bar", Class: "accent", Text: upperFirst(share.NumeratorText.In(b.lang))},
		{Shape: "bar", Class: "neutral", Text: b.m.T("proposals.others")}, {Shape: "frame", Class: "line", Text: b.m.T("proposals.open")}}
	return h
}

func pick(all []*kpi.Indicator, fits func(*kpi.Indicator) bool) *kpi.Indicator {
	for _, i := range all {
		if fits(i) {
			return i
		}
	}
	return nil
}

// segment is one part of a bar that is whole.
type segment struct{ From, Width, Class string }

// stack draws the parts of a whole beside each other.
func (b *builder) stack(parts []float64) template.HTML {
	whole := 0.0
	for _, part := range parts {
		whole += part
	}
	if whole == 0 {
		return ""
	}
	var segments []segment
	from := 0.0
	for n, part := range parts {
		width := part / whole * 100
		segments = append(segments, segment{coordinate(from), coordinate(width), "s" + string(rune('1'+n))})
		from += width
	}
	return b.drawn("stack", segments)
}
