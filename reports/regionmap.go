package reports

import (
	"html/template"
	"slices"
	"sort"

	"tavolo/ingest/reference"
	"tavolo/reports/cartography"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// fewestCompared is how many provinces with a value the map of a region needs.
const fewestCompared = 2

// regionMap is what the page of a region maps its provinces with.
type regionMap struct {
	region    reference.Territory
	provinces []reference.Territory
	base      *baseMap // nil without boundaries: then each province is a tile
	around    string   // what lies around the region, as path data
}

// provinceMap is the map of the provinces of a region by an indicator that the reader
// chooses, drawn for the first of the catalogue that has one; nil where there is none.
// Without boundaries of the provinces it is of tiles.
func (b *builder) provinceMap(region reference.Territory, body *html.Territory) {
	m := &regionMap{region: region, provinces: b.x.provinces[region.Code]}
	for _, configured := range b.site.Maps {
		if configured.Level == reference.LevelProvince {
			part := cartography.DrawPart(configured, b.x.isIn(region.Code))
			m.base, m.around = drawnAs(configured.Of(b.x.isIn(region.Code)), part.Drawing), part.Around
		}
	}
	first := true
	body.Map = b.chooseMap(nil, func(i *kpi.Indicator) (*html.Figure, string) {
		figure, colours := b.mapOfProvinces(m, i, first)
		first = first && figure == nil
		return figure, colours
	})
	if body.Map == nil {
		return
	}
	body.MapAbout = b.m.T("region.map.about")
	if b.x.isPack() {
		body.MapAbout = b.m.T("region.map.about.pack")
	}
	if m.base == nil {
		body.MapAbout += " " + b.m.T("region.map.tiles")
	}
	body.Outlines = b.regionOutlines(m)
}

// isIn tells of the provinces of a region.
func (x *index) isIn(region string) func(code string) bool {
	return func(code string) bool {
		t, ok := x.References.Territory(code)
		return ok && t.Parent == region
	}
}

// regionOutlines is the store of the shapes of a region's map; without boundaries, of the
// pattern alone that stands for no value.
func (b *builder) regionOutlines(m *regionMap) template.HTML {
	var outlines []html.Outline
	if m.base != nil {
		outlines = m.base.outlines
	}
	drawn, err := b.site.pages.Drawing(b.lang, "outlines", outlines)
	if err != nil {
		b.fail(err)
	}
	return drawn
}

// mapOfProvinces is the map of the provinces of a region by an indicator, and the classes
// of its areas; nil when fewer than two provinces have a value. It is drawn only when that
// is wanted: of all indicators but one the page needs the rest alone.
func (b *builder) mapOfProvinces(m *regionMap, i *kpi.Indicator, isDrawn bool) (*html.Figure, string) {
	if !comparable(i) || !i.HasLevel(reference.LevelProvince) {
		return nil, ""
	}
	var values []float64
	var list []result.Cell
	cells := map[string]result.Cell{}
	for _, province := range m.provinces {
		c := b.x.headline(i.ID, province.Code)
		cells[province.Code], list = c, append(list, c)
		if known(c.Value) {
			values = append(values, c.Value)
		}
	}
	if len(values) < fewestCompared {
		return nil, ""
	}
	sort.Float64s(values)
	classes, legend := b.nationalClasses(i)
	if classes == nil {
		classes, legend = values, b.mapLegend(i, values, false)
	}
	if len(values) < len(m.provinces) {
		legend = append(legend, html.LegendItem{Shape: "area", Class: "q0", Text: b.m.T("map.none")})
	}
	figure := &html.Figure{ID: "chosen", Title: i.Title.In(b.lang), IsMap: true, Finding: b.provincesFinding(m, i, cells), Wide: true, Legend: legend,
		Table: b.mapTable(i, "col.province", m.provinces), Rows: b.to("indicator", i.ID), RowsText: b.m.T("italy.maps.page"), Source: b.source()}
	if m.base != nil {
		figure.Source += " " + b.mapCredit(reference.LevelProvince)
	}
	colours := coloursOf(classes, list)
	if isDrawn {
		figure.Drawing = b.drawProvinces(m, i, figure.Title, cells, colours)
	}
	return figure, colours
}

// nationalClasses are the values that the map of Italy sorts into classes, and its legend
// as it holds for values that are not among them. Nil where there is no such map, or where
// all of it is one class; and in a pack, whose figures are not of all regions. They are
// the same on the pages of all regions, and not to be changed.
func (b *builder) nationalClasses(i *kpi.Indicator) ([]float64, []html.LegendItem) {
	if b.x.isPack() || !b.hasMap(i) {
		return nil, nil
	}
	key := [2]string{b.lang, i.ID}
	made, ok := b.x.classes.Load(key)
	if !ok {
		sorted, legend := b.makeClasses(i)
		made = nationalScale{sorted, slices.Clip(legend)}
		b.x.classes.Store(key, made)
	}
	of := made.(nationalScale)
	return of.sorted, of.legend
}

// nationalScale is how a map of Italy sorts values into classes, and its legend.
type nationalScale struct {
	sorted []float64
	legend []html.LegendItem
}

func (b *builder) makeClasses(i *kpi.Indicator) ([]float64, []html.LegendItem) {
	var sorted []float64
	for _, region := range b.x.regions {
		if c := b.x.headline(i.ID, region.Code); known(c.Value) {
			sorted = append(sorted, c.Value)
		}
	}
	sort.Float64s(sorted)
	legend := b.classLegend(i, sorted)
	if len(legend) < 2 {
		return nil, nil
	}
	return sorted, legend
}

// classLegend states where each class ends. A class reaches from the greatest value of
// the one before, which is not in it, to its own greatest value; the first has no lower
// end and the last no upper one.
func (b *builder) classLegend(i *kpi.Indicator, sorted []float64) []html.LegendItem {
	var classes []string
	ends := map[string]float64{}
	for _, value := range sorted {
		class := classOf(sorted, value)
		if _, ok := ends[class]; !ok {
			classes = append(classes, class)
		}
		ends[class] = value
	}
	digits := 0 // that tell all ends apart
	for n := 1; n < len(classes); n++ {
		digits = max(digits, i.Unit.Digits(ends[classes[n-1]], ends[classes[n-1]], ends[classes[n]]))
	}
	var items []html.LegendItem
	for n, class := range classes {
		to, from := i.Unit.FormatTo(ends[class], digits, b.lang), ""
		if n > 0 {
			from = i.Unit.FormatTo(ends[classes[n-1]], digits, b.lang)
		}
		text := b.m.T("region.map.class", "from", from, "to", to)
		switch n {
		case 0:
			text = b.m.T("region.map.class.first", "to", to)
		case len(classes) - 1:
			text = b.m.T("region.map.class.last", "from", from)
		}
		items = append(items, html.LegendItem{Shape: "area", Class: class, Text: text})
	}
	return items
}

// provincesFinding says where the least and the greatest value are, how many provinces
// differ by more than chance, and what the region and Italy have.
func (b *builder) provincesFinding(m *regionMap, i *kpi.Indicator, cells map[string]result.Cell) string {
	low, high := extremes(m.provinces, cells)
	text := b.m.T("map.finding", "low", b.placed(i, low), "high", b.placed(i, high))
	if low[0].Value == high[0].Value {
		text = b.m.Plural("region.map.same", len(low), "value", i.Unit.Format(low[0].Value, b.lang))
	}
	far, judged := 0, 0
	for _, c := range cells {
		if c.Funnel != "" {
			judged++
		}
		if isFar(c.Funnel) {
			far++
		}
	}
	if judged > 0 {
		text += " " + b.m.Plural("funnel.finding.provinces", far, "total", b.whole(float64(judged))) + "."
	}
	whole := b.x.headline(i.ID, m.region.Code)
	v, italy := b.value(i, whole), b.value(i, b.x.headline(i.ID, result.Italy))
	if known(whole.Value) {
		values := []any{"place", placeName(m.region, b.lang), "value", v.Text, "italy", b.place(result.Italy), "national", italy.Text, "n", v.N}
		if v.N == "" {
			return text + " " + b.m.T("region.map.whole", values...)
		}
		text += " " + b.m.T("region.map.whole.n", values...)
	}
	return text
}

// tileView is a province without a shape.
type tileView struct{ Class, Href, Label, Name, Value string }

// drawProvinces draws the map of a region, or its tiles.
func (b *builder) drawProvinces(m *regionMap, i *kpi.Indicator, title string, cells map[string]result.Cell, colours string) *html.Drawing {
	var tiles []tileView
	view := mapView{Title: title, Around: m.around}
	for n, province := range m.provinces {
		c := cells[province.Code]
		class, href, label := "q"+colours[n:n+1], b.toTerritory(province.Code), b.areaLabel(i, province, c, false)
		if m.base == nil {
			tiles = append(tiles, tileView{class, href, label, placeName(province, b.lang), b.value(i, c).Text})
		} else if shape, ok := m.base.names[province.Code]; ok {
			view.Areas = append(view.Areas, areaView{shape, class, href, label})
		}
	}
	if m.base == nil {
		return b.drawnLater("tiles", struct {
			Title string
			Tiles []tileView
		}{title, tiles})
	}
	view.ViewBox = m.base.viewBox
	return b.drawnLater("map", view)
}
