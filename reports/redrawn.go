package reports

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// redrawn are the figures of comparison that a page has, in another period. Their words
// are recomputed by the rules that wrote those of the page.
func (b *builder) redrawn(p period, i *kpi.Indicator, body *html.Indicator) []html.Redrawn {
	var figures []html.Redrawn
	for _, figure := range body.Funnels {
		figures = append(figures, b.funnelIn(p, i, figure.ID))
	}
	if body.Intervals != nil {
		figures = append(figures, b.intervalsIn(p, i))
	}
	if body.Map != nil {
		figures = append(figures, b.mapIn(p, i, body.Map.ID, reference.LevelRegion))
	}
	if body.Provinces != nil {
		figures = append(figures, b.mapIn(p, i, body.Provinces.ID, reference.LevelProvince))
	}
	return figures
}

// isImmature tells of a period whose figures may still change: that of the page's subject is.
func (b *builder) isImmature(p period, i *kpi.Indicator) bool {
	return b.x.in(p, i.ID, b.x.subject()).Class == result.Immature
}

// dated puts the period, whether it is provisional, and the number of cases of the page's
// subject before what a figure says of it.
func (b *builder) dated(p period, i *kpi.Indicator, finding string) string {
	first, size := utf8.DecodeRuneInString(p.label)
	label := string(unicode.ToUpper(first)) + p.label[size:]
	if b.isImmature(p, i) {
		label = b.m.T("period.provisional", "period", label)
	}
	if v := b.value(i, b.x.in(p, i.ID, b.x.subject())); v.N != "" {
		label = b.m.T("period.n", "period", label, "place", b.place(b.x.subject()), "n", v.N)
	}
	return b.m.T("period.finding", "period", label, "finding", finding)
}

func (b *builder) funnelIn(p period, i *kpi.Indicator, id string) html.Redrawn {
	none := html.Redrawn{ID: id, Finding: b.dated(p, i, b.m.T("period.funnel.none"))}
	if b.x.isPack() {
		none.Finding = b.dated(p, i, b.m.T("period.funnel.pack"))
	}
	f := b.x.funnels[funnelKey{i.ID, strings.TrimPrefix(id, "funnel-"), p.grain, p.start}]
	if f == nil || b.x.isPack() {
		return none
	}
	drawn, ok := b.funnelPlot(i, f)
	if !ok {
		return none
	}
	finding := b.m.T("period.funnel.unjudged")
	if slices.ContainsFunc(f.Points, func(at result.FunnelPoint) bool { return at.Position != "" }) {
		finding = b.funnelFinding(i, f)
	}
	one := html.Redrawn{ID: id, Finding: b.dated(p, i, finding), Reading: b.funnelReading(f), X: side(drawn.x, false), Y: side(drawn.y, true),
		Column: b.valuePlace(i, f), Centre: rounded(f.Centre)}
	for n, at := range drawn.curves[0].points {
		if n%2 == 1 && n+1 < len(drawn.curves[0].points) {
			continue // they lie close enough for a line that bends so little
		}
		fields := []string{along(drawn.x, at[0])}
		for _, limit := range drawn.curves[:4] {
			fields = append(fields, along(drawn.y, limit.points[n][1]))
		}
		one.Limits = append(one.Limits, strings.Join(fields, " "))
	}
	return one
}

func (b *builder) intervalsIn(p period, i *kpi.Indicator) html.Redrawn {
	spans, italy := b.regionSpans(p, i), b.x.in(p, i.ID, result.Italy).Value
	if len(spans) < 2 {
		return html.Redrawn{ID: "intervals", Finding: b.dated(p, i, b.m.T("period.none"))}
	}
	finding := b.intervalFinding(spans, italy, b.m.T("interval.regions"))
	if b.isImmature(p, i) {
		finding = b.m.T("period.immature")
	}
	x := b.intervalAxis(i, spans, italy)
	one := html.Redrawn{ID: "intervals", Finding: b.dated(p, i, finding), X: side(x, false), Column: b.territoryPlaces(i).Value}
	if known(italy) {
		one.Centre, one.Label = rounded(italy), b.m.T("interval.italy", "value", i.Unit.Format(italy, b.lang))
	}
	for _, region := range b.x.regions {
		ends := ""
		if c := b.x.in(p, i.ID, region.Code); known(c.Lower) && known(c.Upper) {
			ends = along(x, c.Lower) + " " + along(x, c.Upper)
		}
		one.Ends = append(one.Ends, ends)
	}
	return one
}

func (b *builder) mapIn(p period, i *kpi.Indicator, id, level string) html.Redrawn {
	territories := b.x.mapped(level)
	var values []float64
	cells := map[string]result.Cell{}
	for _, territory := range territories {
		c := b.x.in(p, i.ID, territory.Code)
		cells[territory.Code] = c
		if known(c.Value) {
			values = append(values, c.Value)
		}
	}
	if len(values) < fewestMapped {
		return html.Redrawn{ID: id, Finding: b.dated(p, i, b.m.T("period.none"))}
	}
	sort.Float64s(values)
	var rows []result.Cell // in the order of the table
	for _, territory := range b.x.References.Territories() {
		if territory.Level == level {
			rows = append(rows, b.x.in(p, i.ID, territory.Code))
		}
	}
	low, high := extremes(territories, cells)
	one := html.Redrawn{ID: id, Colours: coloursOf(values, rows),
		Finding: b.dated(p, i, b.m.T("map.finding", "low", b.placed(i, low), "high", b.placed(i, high)))}
	for _, item := range b.mapLegend(i, values, len(values) < len(territories)) {
		one.Legend = append(one.Legend, [2]string{item.Class, item.Text})
	}
	return one
}

// side is an axis with numbers as the script of a page draws it.
func side(a axis, isUpright bool) *html.Axis {
	drawn := &html.Axis{Name: a.name, Min: rounded(a.min), Max: rounded(a.max), Log: a.log}
	if over := a.overhang(); !isUpright && over > funnelMargin {
		drawn.Room = over
	}
	if isUpright {
		drawn.Room = a.room()
	}
	for value, text := range a.texts {
		drawn.Ticks = append(drawn.Ticks, [2]string{value, text})
	}
	at := func(n int) float64 {
		value, _ := strconv.ParseFloat(drawn.Ticks[n][0], 64)
		return value
	}
	sort.Slice(drawn.Ticks, func(n, k int) bool { return at(n) < at(k) })
	return drawn
}

// along is how far along an axis a value lies, in parts of ten thousand; "-" for none.
func along(a axis, value float64) string {
	if !known(value) {
		return "-"
	}
	return strconv.Itoa(int(math.Round(a.share(value) * 10000)))
}

func rounded(value float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 7, 64), 64)
	return rounded
}
