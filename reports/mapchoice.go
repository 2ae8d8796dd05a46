package reports

import (
	"slices"
	"sort"

	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// mapChoice is the map whose indicator the reader chooses, drawn for the first one that
// the page shows no map of; nil where there is none to choose. What it shows of each
// goes into the page's data: the finding, legend and figures that the page of the
// indicator has, written by the same code.
func (b *builder) mapChoice(shown []*kpi.Indicator) *html.Figure {
	var first *html.Figure
	var packer html.Packer
	mapped := &html.Mapped{}
	for _, theme := range b.x.Catalogue.Themes {
		title := theme.Title.In(b.lang)
		for _, i := range b.x.Catalogue.Of(theme.ID) {
			figure := b.chosenMap(i)
			if figure == nil {
				continue
			}
			mapped.Indicators = append(mapped.Indicators, b.mappedIndicator(i, title, figure, &packer))
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

// chosenMap is the map of an indicator with its table; nil where it has none.
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
	figure.Table = &html.Table{Caption: b.m.T("territories.caption", "indicator", i.Title.In(b.lang), "period", b.m.T("period.rolling12", "month", b.month(b.x.last))),
		Columns: b.columns("col.region", "#col.value", "#col.interval", "#col.n", "col.position", "col.class")}
	for _, region := range b.x.regions {
		c := b.x.headline(i.ID, region.Code)
		v := b.value(i, c)
		figure.Table.Rows = append(figure.Table.Rows, html.Row{Cells: []html.Cell{{Text: placeName(region, b.lang), Href: b.to("region", region.Code)},
			{Text: v.Text, Class: v.Class}, {Text: v.Interval}, {Text: v.N}, b.positionCell(i, c), {Text: b.caution(c.Class)}}})
	}
	return figure
}

func (b *builder) mappedIndicator(i *kpi.Indicator, theme string, figure *html.Figure, packer *html.Packer) html.MappedIndicator {
	m := html.MappedIndicator{ID: i.ID, Title: figure.Title, Theme: theme, Href: figure.Rows, Finding: figure.Finding,
		Caption: figure.Table.Caption, Colours: b.mapColours(i), Rows: packer.Rows(figure.Table, nil, 1)}
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
	colours := ""
	for _, c := range cells {
		colours += classOf(values, c.Value)[1:]
	}
	return colours
}
