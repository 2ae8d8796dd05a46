package reports

import (
	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// matrixColumns is how many indicators the table of provinces has at most.
const matrixColumns = 7

// mixShown is how many patronati the mix names; the rest is one row.
const mixShown = 12

// provinceMatrix is the table of the provinces by the indicators that a
// province can be compared on.
func (b *builder) provinceMatrix(region reference.Territory, provinces []reference.Territory) *html.Table {
	return b.matrix("provinces", b.m.T("region.provinces"), b.m.T("region.provinces.caption", "place", placeName(region, b.lang), "month", b.month(b.x.last)),
		reference.LevelProvince, provinces)
}

// matrix is a table of territories by the indicators that those of a level can be
// compared on; nil when there is nothing to compare.
func (b *builder) matrix(id, title, caption, level string, territories []reference.Territory) *html.Table {
	var chosen []*kpi.Indicator
	for n := range b.x.Catalogue.Indicators {
		i := &b.x.Catalogue.Indicators[n]
		if b.x.funnel(i.ID, level) != nil && i.Direction != kpi.None && len(chosen) < matrixColumns {
			chosen = append(chosen, i)
		}
	}
	if len(chosen) == 0 || len(territories) == 0 {
		return nil
	}
	head := "col.province"
	if level == reference.LevelRegion {
		head = "col.region"
	}
	t := &html.Table{Caption: caption, Sortable: true, Columns: b.columns(head, "#col.population")}
	for _, i := range chosen {
		t.Columns = append(t.Columns, html.Column{Key: i.ID, Title: i.Short.In(b.lang), Numeric: true, Long: i.Title.In(b.lang)})
	}
	for _, territory := range territories {
		name := html.Cell{Text: placeName(territory, b.lang), Sub: territory.Sigla, Href: b.toTerritory(territory.Code), Plain: coded(territory.Code)}
		row := html.Row{}
		if level == reference.LevelProvince {
			row.ID, name.Also = "p-"+territory.Code, second("sigla", b.m.T("export.sigla"), verbatim(territory.Sigla))
		}
		row.Cells = []html.Cell{name, b.countCell(int(territory.Population))}
		for _, i := range chosen {
			row.Cells = append(row.Cells, b.markedCell(i, b.x.headline(i.ID, territory.Code)))
		}
		t.Rows = append(t.Rows, row)
	}
	return b.exportAs(id, title, t)
}

// mix is how the work is shared among the patronati here and in Italy.
func (b *builder) mix(region reference.Territory) (*html.Figure, string) {
	i := b.x.mixIndicator()
	if i == nil {
		return nil, b.m.T("mix.none")
	}
	here, _ := b.amounts(i, region.Code, kpi.ByPatronato, mixCount(i))
	italy := b.italyParts(i, kpi.ByPatronato, mixCount(i))
	if len(here) < 2 || !known(here[0].part) {
		return nil, b.m.T("mix.none")
	}
	title := b.m.T("mix.title", "place", placeIn(region, b.lang))
	return b.mixFigure(here, italy, title, i.DenominatorText.In(b.lang)), ""
}

// mixCount is what of a figure counts work: the part of a composition, or, of the
// rate that stands in for one, its cases.
func mixCount(i *kpi.Indicator) func(result.Cell) float64 {
	if i.IsComposition() {
		return numeratorOf
	}
	return func(c result.Cell) float64 { return c.Denominator }
}

func (b *builder) mixFigure(here []amount, italy map[string]float64, title, of string) *html.Figure {
	const unit = kpi.Percent
	rows := here
	if len(here) > mixShown+1 {
		rest := amount{}
		for _, s := range here[mixShown:] {
			rest.count, rest.part = rest.count+s.count, rest.part+s.part
			italy[""] += italy[s.code]
		}
		rows = append(append([]amount(nil), here[:mixShown]...), rest)
	}
	writeParts(italy)
	p := plot{width: wide, height: 70 + 25*len(rows), right: 30}
	marks := group{look: look{b.m.T("mix.italy"), "diamond", 0, 11, "var(--ink)", "var(--surface)"}}
	most := 0.0
	t := &html.Table{ID: "mix-table", Caption: b.m.T("mix.table", "of", of), Sortable: true,
		Columns: b.columns("by.patronato", "#col.n", "#col.part", "#mix.italy")}
	for n, s := range rows {
		name := b.m.T("mix.rest")
		if s.code != "" {
			name = b.item(string(kpi.ByPatronato), s.code)
		}
		part, elsewhere := unit.Format(s.part, b.lang), b.partOfItaly(italy[s.code])
		most = atLeast(max(most, s.part), italy[s.code])
		p.y.names = append(p.y.names, clipped(name))
		p.bars = append(p.bars, bar{s.part, name + ": " + part + " · n " + b.whole(s.count), "var(--accent)"})
		if known(italy[s.code]) {
			marks.points = append(marks.points, point{x: italy[s.code], y: float64(n), name: name + " · " + b.m.T("mix.italy") + ": " + elsewhere.Text})
		}
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: name, Plain: coded(s.code)}, {Text: b.whole(s.count), Sort: order(s.count), Plain: b.plainCount(s.count)},
			{Text: part, Sort: order(s.part), Plain: b.measured(unit, s.part, part)}, elsewhere}})
	}
	p.x = unitAxis(unit, 0, most, b.lang)
	p.groups = []group{marks}
	finding := b.m.T("mix.finding", "of", of, "first", p.y.names[0], "part", unit.Format(rows[0].part, b.lang),
		"second", p.y.names[1], "part2", unit.Format(rows[1].part, b.lang))
	figure := b.figure("mix-chart", title, finding, p, t)
	if figure != nil {
		figure.Legend = append([]html.LegendItem{{Shape: "bar", Class: "accent", Text: b.m.T("mix.here")}}, figure.Legend...)
	}
	return figure
}
