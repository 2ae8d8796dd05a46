package reports

import (
	"slices"
	"sort"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// mapClasses is into how many classes a map sorts its territories.
const mapClasses = 5

// fewestMapped is how many territories with a value a map needs.
const fewestMapped = 8

// areaView is one territory of a map.
type areaView struct{ Shape, Class, Href, Label string }

// mapView is a map as its template takes it.
type mapView struct {
	ViewBox, Title string
	Around         string // path data of what lies around the areas; ""
	Many           bool   // a hundred links that the table has too: no stops of the keyboard, and named once
	Areas          []areaView
}

// choropleth is the map of the regions by an indicator's headline.
func (b *builder) choropleth(i *kpi.Indicator, id, title string) *html.Figure {
	return b.headlineMap(reference.LevelRegion, i, id, title)
}

// headlineMap is the map of the territories of a level by an indicator's headline.
func (b *builder) headlineMap(level string, i *kpi.Indicator, id, title string) *html.Figure {
	if !comparable(i) || !i.HasLevel(level) {
		return nil
	}
	cells := map[string]result.Cell{}
	for _, territory := range b.x.mapped(level) {
		cells[territory.Code] = b.x.headline(i.ID, territory.Code)
	}
	return b.mapAt(level, i, id, title, cells)
}

// mapOf is the map of a figure of each region.
func (b *builder) mapOf(i *kpi.Indicator, id, title string, cells map[string]result.Cell) *html.Figure {
	return b.mapAt(reference.LevelRegion, i, id, title, cells)
}

// mapAt is the map of a figure of each territory of a level. Its classes hold as
// equal a number of territories as ties allow, and are stated in the legend. Fewer
// than eight territories with a value make no map, nor does a level without boundaries.
func (b *builder) mapAt(level string, i *kpi.Indicator, id, title string, cells map[string]result.Cell) *html.Figure {
	base, territories := b.site.maps[level], b.x.mapped(level)
	var values []float64
	for _, territory := range territories {
		if c := cells[territory.Code]; known(c.Value) {
			values = append(values, c.Value)
		}
	}
	if base == nil || len(values) < fewestMapped {
		return nil
	}
	sort.Float64s(values)
	view := mapView{ViewBox: base.viewBox, Title: title, Many: level == reference.LevelProvince}
	for _, territory := range territories {
		if shape, ok := base.names[territory.Code]; ok {
			view.Areas = append(view.Areas, areaView{shape, classOf(values, cells[territory.Code].Value),
				b.toTerritory(territory.Code), b.areaLabel(i, territory, cells[territory.Code], view.Many)})
		}
	}
	low, high := extremes(territories, cells)
	return &html.Figure{ID: id, Title: title, IsMap: true, Drawing: b.drawnLater("map", view), Legend: b.mapLegend(i, values, len(values) < len(territories)),
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
	return text + " (" + i.Unit.FormatTo(cells[0].Value, digitsOf(i, cells[0]), b.lang) + ")"
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

// areaLabel is the text of an area: its value, interval and place in the funnel; of one
// among a hundred the interval is left to the table, and the place said where it stands out.
func (b *builder) areaLabel(i *kpi.Indicator, territory reference.Territory, c result.Cell, isOneOfMany bool) string {
	v := b.value(i, c)
	label := placeName(territory, b.lang) + ": " + v.Text
	if v.Interval != "" && !isOneOfMany {
		label += " (" + v.Interval + ")"
	}
	if mark := b.position(i, c.Funnel); mark != nil && (!isOneOfMany || c.Funnel != "inside") {
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
	return b.source() + " " + b.mapCredit(reference.LevelRegion)
}

// classOf gives the class of a value among sorted ones: q1 (low) to q5, or q0
// without a value. Where there are no more different values than classes, each is
// a class, from the lightest to the darkest: yes and no must not look alike. A value
// that is none of them has the class of the next greater one, or the last.
func classOf(sorted []float64, value float64) string {
	if !known(value) {
		return "q0"
	}
	rank, of := min(sort.SearchFloat64s(sorted, value), len(sorted)-1), len(sorted)
	if different := slices.Compact(slices.Clone(sorted)); len(different) <= mapClasses {
		at := min(sort.SearchFloat64s(different, value), len(different)-1)
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

// extremes are the territories with the least and the greatest value: more than one
// where several have the same.
func extremes(territories []reference.Territory, cells map[string]result.Cell) (low, high []result.Cell) {
	for _, territory := range territories {
		c := cells[territory.Code]
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
