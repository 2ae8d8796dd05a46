package reports

import (
	"html/template"
	"math"
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

func (b *builder) placed(i *kpi.Indicator, c result.Cell) string {
	return b.place(c.Territory) + " (" + i.Unit.Format(c.Value, b.lang) + ")"
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

// classOf gives the class of a value among sorted ones: q1 (low) to q5, or q0 without a value.
func classOf(sorted []float64, value float64) string {
	if !known(value) {
		return "q0"
	}
	rank := sort.SearchFloat64s(sorted, value)
	return "q" + string(rune('1'+rank*mapClasses/len(sorted)))
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
			digits := i.Unit.Digits(low[class], low[class], high[class])
			items = append(items, html.LegendItem{Shape: "area", Class: class, Text: b.interval(i.Unit, low[class], high[class], digits)})
		}
	}
	if holes {
		items = append(items, html.LegendItem{Shape: "area", Class: "q0", Text: b.m.T("map.none")})
	}
	return items
}

func extremes(regions []reference.Territory, cells map[string]result.Cell) (low, high result.Cell) {
	least, most := math.Inf(1), math.Inf(-1)
	for _, region := range regions {
		c := cells[region.Code]
		if !known(c.Value) {
			continue
		}
		if c.Value < least {
			least, low = c.Value, c
		}
		if c.Value > most {
			most, high = c.Value, c
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
