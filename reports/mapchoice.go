package reports

import (
	"slices"
	"sort"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// mapChoice is the map whose indicator the reader chooses, drawn for the first one that
// the page shows no map of; nil where there is none to choose.
func (b *builder) mapChoice(shown []*kpi.Indicator) *html.Figure {
	return b.chooseMap(shown, func(i *kpi.Indicator) (*html.Figure, string) { return b.chosenMap(i), b.mapColours(i) })
}

// chooseMap is the map of the first indicator that has one and is not among some, and the
// choice of all that have one. What the map shows of each goes into the page's data: the
// finding, legend and figures that another page has of it too, written by the same code.
// The map of an indicator comes with the classes of its areas, a digit for each; nil for none.
func (b *builder) chooseMap(shown []*kpi.Indicator, mapOf func(*kpi.Indicator) (*html.Figure, string)) *html.Figure {
	var first *html.Figure
	var packer html.Packer
	mapped := &html.Mapped{}
	for _, theme := range b.x.Catalogue.Themes {
		title := theme.Title.In(b.lang)
		for _, i := range b.x.Catalogue.Of(theme.ID) {
			figure, colours := mapOf(i)
			if figure == nil {
				continue
			}
			mapped.Indicators = append(mapped.Indicators, mappedIndicator(i, title, figure, colours, &packer))
			title = ""
			if first == nil && !slices.Contains(shown, i) {
				first, mapped.Drawn = figure, i.ID
			}
		}
	}
	if first != nil {
		mapped.Often, b.mapsToChoose = packer.Often, mapped
	}
	return first
}

// chosenMap is the map of the regions by an indicator with its table; nil where it has none.
func (b *builder) chosenMap(i *kpi.Indicator) *html.Figure {
	if !b.hasMap(i) {
		return nil
	}
	figure := b.judgedMap(i)
	if figure == nil {
		return nil
	}
	figure.ID, figure.Wide, figure.Source = "chosen", true, ""
	figure.Rows, figure.RowsText = b.to("indicator", i.ID)+"#map-figure", b.m.T("italy.maps.page")
	figure.Table = b.mapTable(i, "col.region", b.x.regions)
	return figure
}

// mapTable is the figures of some territories that a map shows.
func (b *builder) mapTable(i *kpi.Indicator, head string, territories []reference.Territory) *html.Table {
	t := &html.Table{Caption: b.m.T("territories.caption", "indicator", i.Title.In(b.lang), "period", b.m.T("period.rolling12", "month", b.month(b.x.last))),
		Columns: b.columns(head, "#col.value", "#col.interval", "#col.n", "col.position", "col.class")}
	for _, territory := range territories {
		c := b.x.headline(i.ID, territory.Code)
		v := b.value(i, c)
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: placeName(territory, b.lang), Href: b.toTerritory(territory.Code)},
			{Text: v.Text, Class: v.Class}, {Text: v.Interval}, {Text: v.N}, b.positionCell(i, c), {Text: b.caution(c.Class)}}})
	}
	return t
}

func mappedIndicator(i *kpi.Indicator, theme string, figure *html.Figure, colours string, packer *html.Packer) html.MappedIndicator {
	m := html.MappedIndicator{ID: i.ID, Title: figure.Title, Theme: theme, Href: figure.Rows, Finding: figure.Finding,
		Caption: figure.Table.Caption, Colours: colours, Rows: packer.Rows(figure.Table, nil, 1)}
	for _, item := range figure.Legend {
		m.Legend = append(m.Legend, [2]string{item.Class, item.Text})
	}
	return m
}

// mapColours are the classes of the areas of an indicator's map, a digit for each.
func (b *builder) mapColours(i *kpi.Indicator) string {
	var values []float64
	var cells []result.Cell
	for _, region := range b.x.regions {
		c := b.x.headline(i.ID, region.Code)
		if cells = append(cells, c); known(c.Value) {
			values = append(values, c.Value)
		}
	}
	sort.Float64s(values)
	return coloursOf(values, cells)
}

// coloursOf are the classes of some figures among values in order, a digit for each.
func coloursOf(sorted []float64, cells []result.Cell) string {
	colours := ""
	for _, c := range cells {
		colours += classOf(sorted, c.Value)[1:]
	}
	return colours
}
