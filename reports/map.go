package reports

import (
	"html/template"
	"slices"
	"sort"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// mapClasses is into how many classes a map sorts the regions.
const mapClasses = 5

// fewestMapped is how many regions with a value a map needs.
const fewestMapped = 8

// areaView is one region of a map.
type areaView struct{ Shape, Class, Href, Label string }

// choropleth is the map of the regions by an indicator's headline. Its classes
// hold as equal a number of regions as ties allow, and are stated in the legend.
// Fewer than eight regions with a value make no map.
func (b *builder) choropleth(i *kpi.Indicator, id, title string) *html.Figure {
	if !comparable(i) {
		return nil
	}
	cells := map[string]result.Cell{}
	for _, region := range b.x.regions {
		cells[region.Code] = b.x.headline(i.ID, region.Code)
	}
	return b.mapOf(i, id, title, cells)
}

// mapOf is the map of a figure of each region.
func (b *builder) mapOf(i *kpi.Indicator, id, title string, cells map[string]result.Cell) *html.Figure {
	var values []float64
	for _, region := range b.x.regions {
		if c := cells[region.Code]; known(c.Value) {
			values = append(values, c.Value)
		}
	}
	if len(values) < fewestMapped || len(b.site.outlines) == 0 {
		return nil
	}
	sort.Float64s(values)
	view := struct {
		ViewBox, Title string
		Areas          []areaView
	}{ViewBox: b.site.viewBox, Title: title}
	for _, region := range b.x.regions {
		shape, ok := shapes[region.Code]
		if !ok {
			continue
		}
		view.Areas = append(view.Areas, areaView{shape, classOf(values, cells[region.Code].Value),
			b.to("region", region.Code), b.areaLabel(i, region, cells[region.Code])})
	}
	drawn, err := b.site.pages.Drawing(b.lang, "map", view)
	if err != nil {
		b.fail(err)
		return nil
	}
	low, high := extremes(b.x.regions, cells)
	return &html.Figure{ID: id, Title: title, Drawing: drawn, Legend: b.mapLegend(i, values, len(values) < len(b.x.regions)),
		Finding: b.m.T("map.finding", "low", b.placed(i, low), "high", b.placed(i, high)), Source: b.source()}
}

// placed is "in Liguria (40,0 %)", "nelle Marche e in altre 2 (0,0 %)": where the
// first of some regions with the same value is, and its value.
func (b *builder) placed(i *kpi.Indicator, cells []result.Cell) string {
	region, _ := b.x.References.Territory(cells[0].Territory)
	text := placeIn(region, b.lang)
	if others := len(cells) - 1; others > 0 {
		text += " " + b.m.Plural("map.also", others)
	}
	return text + " (" + i.Unit.Format(cells[0].Value, b.lang) + ")"
}

// judgedMap is a map that says, too, how many of its regions differ by more than
// chance: a map alone cannot.
func (b *builder) judgedMap(i *kpi.Indicator) *html.Figure {
	figure := b.choropleth(i, "map-"+i.ID, i.Title.In(b.lang))
	if funnel := b.x.funnel(i.ID, reference.LevelRegion); figure != nil && funnel != nil {
		far, judged := 0, 0
		for _, at := range funnel.Points {
			if at.Position != "" {
				judged++
			}
			if isFar(at.Position) {
				far++
			}
		}
		figure.Finding += " " + b.m.Plural("funnel.finding.regions", far, "total", b.whole(float64(judged))) + "."
	}
	return figure
}

func (b *builder) areaLabel(i *kpi.Indicator, region reference.Territory, c result.Cell) string {
	v := b.value(i, c)
	label := placeName(region, b.lang) + ": " + v.Text
	if v.Interval != "" {
		label += " (" + v.Interval + ")"
	}
	if mark := b.position(i, c.Funnel); mark != nil {
		label += ", " + mark.Text
	}
	return label
}

// mapsNote is what maps that stand together have in common: their source, which
// none of them needs to repeat, and whose outlines they are.
func (b *builder) mapsNote(maps []html.Figure) string {
	for n := range maps {
		maps[n].Source = ""
	}
	return b.source() + " " + b.m.T("map.credit")
}

// classOf gives the class of a value among sorted ones: q1 (low) to q5, or q0
// without a value. Where there are no more different values than classes, each is
// a class, from the lightest to the darkest: yes and no must not look alike.
func classOf(sorted []float64, value float64) string {
	if !known(value) {
		return "q0"
	}
	rank, of := sort.SearchFloat64s(sorted, value), len(sorted)
	if different := slices.Compact(slices.Clone(sorted)); len(different) <= mapClasses {
		at := sort.SearchFloat64s(different, value)
		rank, of = at*(mapClasses-1)/max(len(different)-1, 1), mapClasses
	}
	return "q" + string(rune('1'+rank*mapClasses/of))
}

// mapLegend states the least and the greatest value of each class.
func (b *builder) mapLegend(i *kpi.Indicator, sorted []float64, holes bool) []html.LegendItem {
	low, high := map[string]float64{}, map[string]float64{}
	for _, value := range sorted {
		class := classOf(sorted, value)
		if _, ok := low[class]; !ok {
			low[class] = value
		}
		high[class] = value
	}
	var items []html.LegendItem
	for _, class := range []string{"q1", "q2", "q3", "q4", "q5"} {
		if _, ok := low[class]; ok {
			items = append(items, html.LegendItem{Shape: "area", Class: class, Text: b.classText(i.Unit, low[class], high[class])})
		}
	}
	if holes {
		items = append(items, html.LegendItem{Shape: "area", Class: "q0", Text: b.m.T("map.none")})
	}
	return items
}

// classText is a class of a legend with its unit: "11–13 min", or "100,0 %" where
// all of it has one value.
func (w words) classText(unit kpi.Unit, low, high float64) string {
	digits := unit.Digits(low, low, high)
	if low == high {
		return unit.FormatTo(low, digits, w.lang)
	}
	text := w.interval(unit, low, high, digits)
	if wordy(unit, w.lang) {
		text += "\u00a0" + unit.Symbol(w.lang)
	}
	return text
}

// extremes are the regions with the least and the greatest value: more than one
// where several have the same.
func extremes(regions []reference.Territory, cells map[string]result.Cell) (low, high []result.Cell) {
	for _, region := range regions {
		c := cells[region.Code]
		switch {
		case !known(c.Value):
			continue
		case len(low) == 0:
			low, high = []result.Cell{c}, []result.Cell{c}
			continue
		case c.Value < low[0].Value:
			low = []result.Cell{c}
		case c.Value == low[0].Value:
			low = append(low, c)
		}
		switch {
		case c.Value > high[0].Value:
			high = []result.Cell{c}
		case c.Value == high[0].Value:
			high = append(high, c)
		}
	}
	return low, high
}

// outlines is the store of shapes that the maps of a page share.
func (b *builder) outlines() template.HTML {
	drawn, err := b.site.pages.Drawing(b.lang, "outlines", b.site.outlines)
	if err != nil {
		b.fail(err)
	}
	return drawn
}
