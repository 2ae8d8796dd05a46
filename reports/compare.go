package reports

import (
	"math"
	"slices"
	"sort"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// funnel is the funnel plot of the territories of a level.
func (b *builder) funnel(i *kpi.Indicator, f *result.Funnel, id string) *html.Figure {
	p, ok := b.funnelPlot(i, f)
	if !ok {
		return nil
	}
	title := b.m.T("funnel.title.region")
	if f.Level == reference.LevelProvince {
		title = b.m.T("funnel.title.province")
	}
	var table *html.Table
	if f.Level == reference.LevelRegion {
		table = b.funnelTable(i, f, id)
	}
	figure := b.figure(id, title, b.funnelFinding(i, f), p, table)
	if figure != nil {
		if table == nil {
			figure.Rows = "#territories"
		}
		figure.Reading = b.funnelReading(f)
	}
	return figure
}

// funnelPlot is its drawing; not ok with fewer than three territories.
func (b *builder) funnelPlot(i *kpi.Indicator, f *result.Funnel) (p plot, ok bool) {
	if len(f.Points) < 3 || len(f.Limits) < 2 {
		return plot{}, false
	}
	least, most := math.Inf(1), 0.0
	low, high := f.Centre, f.Centre
	for _, at := range f.Points {
		if at.N > 0 && known(at.Value) {
			least, most = math.Min(least, at.N), math.Max(most, at.N)
			low, high = math.Min(low, at.Value), math.Max(high, at.Value)
		}
	}
	if most == 0 {
		return plot{}, false
	}
	// The limits of a territory of middling size are in sight; those of the
	// smallest would flatten everything else.
	for _, at := range f.Limits {
		if at.N >= math.Sqrt(least*most) {
			low, high = math.Min(low, at.Lower998), math.Max(high, at.Upper998)
			break
		}
	}
	p = plot{width: half, height: 400, x: sizeAxis(least, most, b.m.T("funnel.x"), b.lang)}
	p.right = max(funnelMargin, p.x.overhang())
	margin := (high - low) * 0.1
	p.y = unitAxis(i.Unit, math.Max(low-margin, 0), high+margin, b.lang)
	p.y.name = axisName(i, b.lang)
	p.curves = b.funnelCurves(f, p.x, p.y)
	p.groups = b.funnelGroups(i, f, p.x)
	places := b.territoryPlaces(i)
	p.tips = &tips{Table: "territory-table", Value: b.valuePlace(i, f), Interval: -1, N: places.N, Word: places.Position, Always: true}
	return p, true
}

// funnelReading says how to read it.
func (b *builder) funnelReading(f *result.Funnel) string {
	reading := b.m.T("funnel.reading")
	if b.x.isPack() {
		reading += " " + b.m.T("pack.peers.short")
	}
	if f.Standardised {
		reading += " " + b.m.T("funnel.standardised")
	}
	if f.Tau2 > 0 {
		reading += " " + b.m.T("funnel.dispersion", "phi", kpi.Number(f.Phi, 2, b.lang))
	}
	return reading
}

// funnelMargin is the room at the right of a funnel, in pixels, where its last label needs
// no more.
const funnelMargin = 24

// curvePoints is about how many points a limit is drawn through.
const curvePoints = 40

// funnelCurves are the limits and the centre, within the frame of the axes.
func (b *builder) funnelCurves(f *result.Funnel, x, y axis) []curve {
	inner, outer := b.m.T("funnel.limit95"), b.m.T("funnel.limit998")
	curves := []curve{
		{series: outer, colour: "var(--limit)", dash: "solid", width: 1.5}, {series: outer, colour: "var(--limit)", dash: "solid", width: 1.5},
		{series: inner, colour: "var(--limit)", dash: "dashed", width: 1.25}, {series: inner, colour: "var(--limit)", dash: "dashed", width: 1.25},
		{series: b.m.T("funnel.centre"), colour: "var(--accent)", dash: "solid", width: 1.25},
	}
	every := 1 + len(f.Limits)/curvePoints
	for n, at := range f.Limits {
		if at.N < x.min || at.N > x.max || n%every != 0 && n < len(f.Limits)-1 {
			continue
		}
		for k, value := range []float64{at.Upper998, at.Lower998, at.Upper95, at.Lower95} {
			if value > y.max || value < y.min {
				value = math.NaN()
			}
			curves[k].points = append(curves[k].points, [2]float64{at.N, value})
		}
	}
	curves[4].points = [][2]float64{{math.Max(x.min, 0), f.Centre}, {x.max, f.Centre}}
	return curves
}

// funnelGroups sorts the territories by their place. Those beyond a limit are named.
func (b *builder) funnelGroups(i *kpi.Indicator, f *result.Funnel, x axis) []group {
	inside := look{b.m.T("position.inside"), "circle", 0, 7, "var(--hollow)", "var(--neutral)"}
	groups := []group{
		{look: inside},
		{look: look{b.m.T("position.above"), "triangle", 0, 10, colour(tone(i, true)), "var(--surface)"}},
		{look: look{b.m.T("position.below"), "triangle", 180, 10, colour(tone(i, false)), "var(--surface)"}},
		{look: look{b.m.T("position.far_above"), "diamond", 0, 14, colour(tone(i, true)), "var(--surface)"}},
		{look: look{b.m.T("position.far_below"), "diamond", 0, 14, colour(tone(i, false)), "var(--surface)"}},
		{look: look{b.m.T("position.unjudged"), "rect", 0, 5, "var(--hollow)", "var(--limit)"}},
	}
	which := map[string]int{"inside": 0, "above95": 1, "below95": 2, "above998": 3, "below998": 4, "": 5}
	if b.x.isPack() {
		groups = append(groups, group{look: look{b.m.T("pack.inside"), "circle", 0, 11, "var(--accent)", "var(--surface)"}})
	}
	rows := b.rowsOfTerritories(i)
	for _, at := range f.Points {
		if at.N <= 0 || !known(at.Value) {
			continue
		}
		mark := point{x: at.N, y: at.Value, name: b.pointText(i, f, at), row: rows[at.Territory]}
		k := which[at.Position]
		stands := isFar(at.Position) || f.Level == reference.LevelRegion && at.Position != "inside" && at.Position != ""
		if at.Territory != "" && (stands || b.x.isPack()) {
			mark.label, mark.left = b.place(at.Territory), x.share(at.N) > 0.75
			if at.Position == "inside" && b.x.isPack() {
				k = len(groups) - 1
			}
		}
		groups[k].points = append(groups[k].points, mark)
	}
	return groups
}

// pointText is the tooltip of a territory in a funnel. Of a peer without a name it
// has no figures: they are those of no territory.
func (b *builder) pointText(i *kpi.Indicator, f *result.Funnel, at result.FunnelPoint) string {
	text := b.place(at.Territory) + ": " + i.Unit.Format(at.Value, b.lang) + " · n " + b.whole(at.N)
	switch {
	case at.Territory != "":
	case f.Level == reference.LevelRegion:
		text = b.m.T("pack.peer.region")
	default:
		text = b.m.T("pack.peer.province")
	}
	if words := b.position(i, at.Position); words != nil {
		text += " · " + words.Text
	}
	return text
}

// funnelFinding counts who is beyond the limits and names the farthest, and who is left out.
func (b *builder) funnelFinding(i *kpi.Indicator, f *result.Funnel) string {
	var far, near, judged []result.FunnelPoint
	for _, at := range f.Points {
		switch {
		case at.Position == "":
			continue
		case isFar(at.Position):
			far = append(far, at)
		case at.Position != "inside":
			near = append(near, at)
		}
		judged = append(judged, at)
	}
	sortByDistance(far, f.Centre)
	key := "funnel.finding.regions"
	if f.Level == reference.LevelProvince {
		key = "funnel.finding.provinces"
	}
	text := b.m.Plural(key, len(far), "total", b.whole(float64(len(judged))))
	if named := withNames(far); len(named) > 0 {
		text += ": " + b.named(i, named, 4)
		if unnamed := len(far) - len(named); unnamed > 0 {
			text += " " + b.m.Plural("list.more", unnamed)
		}
	}
	text += "."
	if len(near) > 0 {
		text += " " + b.m.Plural("funnel.finding.near", len(near))
	}
	return text + b.unjudged(i, f)
}

// withNames leaves out the peers without one.
func withNames(points []result.FunnelPoint) []result.FunnelPoint {
	var some []result.FunnelPoint
	for _, at := range points {
		if at.Territory != "" {
			some = append(some, at)
		}
	}
	return some
}

// named lists the first few territories with their values.
func (b *builder) named(i *kpi.Indicator, some []result.FunnelPoint, most int) string {
	text := ""
	for n, at := range some {
		if n == most {
			return text + " " + b.m.Plural("list.more", len(some)-most)
		}
		if n > 0 {
			text += ", "
		}
		text += b.place(at.Territory) + " (" + i.Unit.FormatTo(at.Value, digitsOf(i, b.x.headline(i.ID, at.Territory)), b.lang) + ")"
	}
	return text
}

// sortByDistance puts the points farthest from the centre first, weighing each
// distance by the size of the territory, as the limits do.
func sortByDistance(points []result.FunnelPoint, centre float64) {
	weight := func(p result.FunnelPoint) float64 { return math.Abs(p.Value-centre) * math.Sqrt(p.N) }
	sort.SliceStable(points, func(a, b int) bool { return weight(points[a]) > weight(points[b]) })
}

func (b *builder) funnelTable(i *kpi.Indicator, f *result.Funnel, id string) *html.Table {
	t := &html.Table{ID: id + "-table", Caption: b.m.T("funnel.table", "indicator", i.Title.In(b.lang)), Sortable: true,
		Columns: b.columns("col.territory", "#col.n", "#col.value", "col.position")}
	for _, at := range withNames(f.Points) {
		row := html.Row{Cells: []html.Cell{{Text: b.place(at.Territory), Plain: coded(at.Territory)},
			{Text: b.whole(at.N), Sort: order(at.N), Plain: b.plainCount(at.N)},
			{Text: i.Unit.Format(at.Value, b.lang), Sort: order(at.Value), Plain: b.plainValue(i, at.Value)},
			b.positionCell(i, result.Cell{Funnel: at.Position})}}
		if at.Position == "" {
			row.Cells[3].Text = b.m.T("position.unjudged")
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// span is one row of an interval plot.
type span struct {
	name             string
	cell             result.Cell
	low, value, high float64
}

// code is what is compared: the item of a breakdown, else the territory.
func (s span) code() string {
	if s.cell.Breakdown != "" {
		return s.cell.Item
	}
	return s.cell.Territory
}

// intervals is the dot-and-whisker plot of some figures against that of Italy.
func (b *builder) intervals(i *kpi.Indicator, spans []span, id, title, finding string, italy float64, caption string) *html.Figure {
	if len(spans) < 2 || i.Unit == kpi.Date {
		return nil
	}
	names := make([]string, len(spans))
	whiskers := curve{colour: "var(--neutral)", dash: "solid", width: 1.75}
	for n, s := range spans {
		names[n] = clipped(s.name)
		whiskers.points = append(whiskers.points, [2]float64{s.low, float64(n)}, [2]float64{s.high, float64(n)}, [2]float64{math.NaN(), math.NaN()})
	}
	p := plot{width: half, height: 74 + 24*len(spans), right: 30, x: b.intervalAxis(i, spans, italy), y: axis{names: names}}
	p.curves = []curve{whiskers}
	p.groups = b.spanGroups(i, spans)
	p.tips = &tips{Table: id + "-table", Value: 1, Interval: 2, N: 3, Word: 4}
	if known(italy) {
		p.rules = []rule{{at: italy, label: b.m.T("interval.italy", "value", i.Unit.Format(italy, b.lang)), colour: "var(--accent)", dash: "solid"}}
	}
	figure := b.figure(id, title, finding, p, b.spanTable(i, spans, id, caption))
	if figure != nil && known(italy) && slices.ContainsFunc(spans, func(s span) bool { return known(s.low) }) {
		figure.Reading = b.m.T("interval.reading")
	}
	return figure
}

// intervalAxis covers some figures, their intervals, and what they are compared with.
func (b *builder) intervalAxis(i *kpi.Indicator, spans []span, italy float64) axis {
	low, high := math.Inf(1), math.Inf(-1)
	cover := func(values ...float64) {
		for _, v := range values {
			if known(v) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	for _, s := range spans {
		cover(s.low, s.value, s.high)
	}
	cover(italy)
	a := unitAxis(i.Unit, low, high, b.lang)
	a.name = axisName(i, b.lang)
	return a
}

// spanGroups gives each figure the shape of its place in the funnel.
func (b *builder) spanGroups(i *kpi.Indicator, spans []span) []group {
	groups := []group{
		{look: look{"", "circle", 0, 9, "var(--neutral)", "var(--surface)"}},
		{look: look{b.m.T("position.above"), "triangle", 0, 11, colour(tone(i, true)), "var(--surface)"}},
		{look: look{b.m.T("position.below"), "triangle", 180, 11, colour(tone(i, false)), "var(--surface)"}},
		{look: look{b.m.T("position.far_above"), "diamond", 0, 14, colour(tone(i, true)), "var(--surface)"}},
		{look: look{b.m.T("position.far_below"), "diamond", 0, 14, colour(tone(i, false)), "var(--surface)"}},
		{look: look{b.m.T("interval.caution"), "circle", 0, 8, "var(--hollow)", "var(--limit)"}},
	}
	which := map[string]int{"above95": 1, "below95": 2, "above998": 3, "below998": 4}
	for n, s := range spans {
		if !known(s.value) {
			continue
		}
		k := which[s.cell.Funnel]
		digits := i.Unit.Digits(s.value, s.low, s.high)
		name := s.name + ": " + i.Unit.FormatTo(s.value, digits, b.lang)
		if text := b.interval(i.Unit, s.low, s.high, digits); text != "" {
			name += " (" + text + ")"
		}
		switch {
		case known(s.cell.Denominator):
			name += " · n " + b.whole(s.cell.Denominator)
		case s.cell.Uncounted():
			name += " · n " + b.m.T("value.n.hidden")
		}
		if s.cell.Class == result.Small || s.cell.Class == result.Immature {
			k, name = 5, name+" · "+b.caution(s.cell.Class)
		}
		groups[k].points = append(groups[k].points, point{x: s.value, y: float64(n), name: name, row: n})
	}
	return groups
}

func (b *builder) spanTable(i *kpi.Indicator, spans []span, id, caption string) *html.Table {
	t := &html.Table{ID: id + "-table", Caption: caption, Sortable: true,
		Columns: b.columns("col.item", "#col.value", "#col.interval", "#col.n", "col.class")}
	t.Columns[1].Judged = true
	for _, s := range spans {
		v := b.value(i, s.cell)
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: s.name, Plain: coded(s.code())},
			{Text: v.Text, Sort: order(s.value), Plain: b.plainShown(i, s.cell, v.Text), Class: v.Class},
			{Text: v.Interval, Also: b.intervalParts(i, s.cell, v)}, b.baseCell(i, s.cell),
			{Text: b.caution(s.cell.Class), Plain: term(string(s.cell.Class))}}})
	}
	return t
}
