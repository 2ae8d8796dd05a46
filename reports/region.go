package reports

import (
	"sort"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// chartsShown is how many control charts the page of a region has at most.
const chartsShown = 4

// matrixColumns is how many indicators the table of provinces has at most.
const matrixColumns = 7

// mixShown is how many patronati the mix names; the rest is one row.
const mixShown = 12

func (b *builder) regionPage(p *html.Page, home html.Link) {
	region, _ := b.x.References.Territory(b.at.key)
	p.Heading = placeName(region, b.lang)
	provinces := b.x.provinces[region.Code]
	p.Lead = b.m.Plural("region.lead", len(provinces), "population", b.whole(float64(region.Population)),
		"date", b.date(region.PopulationDate))
	p.Facts = b.facts()
	p.Compare = b.compareLink(region.Code, "")
	p.Crumbs = []html.Link{home, {Text: b.m.T("nav.regions"), Href: home.Href + "#" + b.m.T("italy.regions.id")}, {Text: p.Heading, Current: true}}
	body := html.Region{Indicators: b.regionIndicators(region), Charts: b.regionCharts(region),
		Provinces: b.provinceMatrix(region, provinces)}
	sentences := b.findings(region.Code)
	body.Sentences, body.Folded = fold(sentences)
	body.Quiet = b.quiet(region.Code, len(sentences))
	body.Mix, body.MixNote = b.mix(region)
	links := []string{"brief", b.m.T("region.brief"), "indicators", b.m.T("region.indicators")}
	if len(body.Charts) > 0 {
		links = append(links, "trends", b.m.T("region.trends"))
	}
	if body.Provinces != nil {
		links = append(links, "provinces", b.m.T("region.provinces"))
	}
	p.Contents = contents(append(links, "mix", b.m.T("region.mix"))...)
	p.Body = body
}

// regionIndicators is the table of all indicators against Italy and the target.
func (b *builder) regionIndicators(region reference.Territory) *html.Table {
	t := &html.Table{Caption: b.m.T("region.indicators.caption", "place", placeName(region, b.lang), "month", b.month(b.x.last)),
		Columns: headings(b.m.T("col.indicator"), "#"+b.m.T("col.value"), "#"+b.place(result.Italy), "#"+b.m.T("col.target"),
			"#"+b.m.T("col.change"), b.m.T("col.position_region"), b.m.T("col.variation"), b.m.T("col.course"))}
	for _, theme := range b.x.Catalogue.Themes {
		t.Rows = append(t.Rows, html.Row{Group: theme.Title.In(b.lang)})
		for _, i := range b.x.Catalogue.Of(theme.ID) {
			if i.HasLevel(reference.LevelRegion) {
				t.Rows = append(t.Rows, b.regionRow(i, region.Code))
			}
		}
		if t.Rows[len(t.Rows)-1].Group != "" {
			t.Rows = t.Rows[:len(t.Rows)-1]
		}
	}
	return b.export("indicators", t)
}

func (b *builder) regionRow(i *kpi.Indicator, region string) html.Row {
	c := b.x.headline(i.ID, region)
	chart := b.x.chart(i.ID, region)
	v := b.value(i, c)
	value := html.Cell{Text: v.Text, Sub: v.Interval, Class: v.Class, Plain: b.plainValue(i, shown(i, c))}
	value.Sub = joined(v.Interval, b.sample(v.N), b.qualified(c.Class))
	change := html.Cell{Text: "–"}
	if before := b.x.yearBefore(i.ID, region); known(before.Value) && known(c.Value) && moves(i) {
		change = html.Cell{Text: b.shortChange(i.Unit, c.Value-before.Value), Plain: b.plain(c.Value - before.Value)}
	}
	target := html.Cell{Text: "–"}
	if i.Target != nil {
		target = html.Cell{Text: b.bareTarget(i), Plain: b.plain(*i.Target)}
		if i.TargetOn == "p90" {
			target.Sub = b.m.T("target.p90.short")
		}
	}
	return html.Row{Cells: []html.Cell{{Text: i.Title.In(b.lang), Href: b.to("indicator", i.ID)}, value,
		{Text: b.value(i, b.x.headline(i.ID, result.Italy)).Text}, target, change,
		{Mark: b.position(i, c.Funnel)}, {Mark: b.variation(chart)}, {Draw: b.spark(i, chart)}}}
}

// regionCharts are the control charts of the indicators with a signal here, and
// when there are none of the first two.
func (b *builder) regionCharts(region reference.Territory) []html.Figure {
	var with, without []*kpi.Indicator
	for n := range b.x.Catalogue.Indicators {
		i := &b.x.Catalogue.Indicators[n]
		if c := b.x.chart(i.ID, region.Code); c != nil && len(c.Points) > 1 {
			if c.Variation == "common" {
				without = append(without, i)
			} else {
				with = append(with, i)
			}
		}
	}
	if len(with) < 2 {
		with = append(with, without[:min(2-len(with), len(without))]...)
	}
	var figures []html.Figure
	for _, i := range with[:min(len(with), chartsShown)] {
		if figure := b.control(i, b.x.chart(i.ID, region.Code), "control-"+i.ID, i.Title.In(b.lang), half); figure != nil {
			figures = append(figures, *figure)
		}
	}
	return figures
}

// provinceMatrix is the table of the provinces by the indicators that a
// province can be compared on.
func (b *builder) provinceMatrix(region reference.Territory, provinces []reference.Territory) *html.Table {
	return b.matrix("provinces", b.m.T("region.provinces.caption", "place", placeName(region, b.lang), "month", b.month(b.x.last)),
		reference.LevelProvince, provinces)
}

// matrix is a table of territories by the indicators that those of a level can be
// compared on; nil when there is nothing to compare.
func (b *builder) matrix(id, caption, level string, territories []reference.Territory) *html.Table {
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
	head := b.m.T("col.province")
	if level == reference.LevelRegion {
		head = b.m.T("col.region")
	}
	t := &html.Table{Caption: caption, Sortable: true, Columns: headings(head, "#"+b.m.T("col.population"))}
	for _, i := range chosen {
		t.Columns = append(t.Columns, html.Column{Title: i.Short.In(b.lang), Numeric: true, Long: i.Title.In(b.lang)})
	}
	for _, territory := range territories {
		name := html.Cell{Text: placeName(territory, b.lang), Sub: territory.Sigla}
		row := html.Row{}
		if level == reference.LevelProvince {
			row.ID = "p-" + territory.Code
		} else {
			name.Href = b.toTerritory(territory.Code)
		}
		row.Cells = []html.Cell{name, b.countCell(int(territory.Population))}
		for _, i := range chosen {
			row.Cells = append(row.Cells, b.matrixCell(i, territory.Code))
		}
		t.Rows = append(t.Rows, row)
	}
	return b.export(id, t)
}

// matrixCell shows a value, and a mark only where it stands out.
func (b *builder) matrixCell(i *kpi.Indicator, territory string) html.Cell {
	c := b.x.headline(i.ID, territory)
	v := b.value(i, c)
	cell := html.Cell{Text: v.Text, Sub: joined(v.Interval, b.qualified(c.Class)), Class: v.Class, Sort: order(c.Value), Plain: b.plain(c.Value)}
	if c.Funnel != "inside" {
		cell.Mark = b.position(i, c.Funnel)
	}
	return cell
}

// mix is how the work is shared among the patronati here and in Italy.
func (b *builder) mix(region reference.Territory) (*html.Figure, string) {
	i := b.x.mixIndicator()
	if i == nil {
		return nil, b.m.T("mix.none")
	}
	here := b.shares(i, region.Code)
	italy := map[string]float64{}
	for _, s := range b.shares(i, result.Italy) {
		italy[s.code] = s.part
	}
	if len(here) < 2 {
		return nil, b.m.T("mix.none")
	}
	title := b.m.T("mix.title", "place", placeIn(region, b.lang))
	return b.mixFigure(here, italy, title, i.DenominatorText.In(b.lang)), ""
}

// share is one patronato's part of the work; code "" is the rest together.
type share struct {
	code  string
	count float64
	part  float64 // of the whole, or, where the indicator is no composition, of what is not withheld
}

// shares gives the parts, the greatest first.
func (b *builder) shares(i *kpi.Indicator, territory string) []share {
	var all []share
	sum := 0.0
	for _, c := range b.x.items(i.ID, territory, string(kpi.ByPatronato)) {
		count := c.Denominator
		if i.IsComposition() {
			count = c.Numerator
		}
		if !known(count) || count <= 0 {
			continue
		}
		all = append(all, share{code: c.Item, count: count})
		if sum += count; i.IsComposition() {
			sum = c.Denominator
		}
	}
	for n := range all {
		all[n].part = all[n].count / sum
	}
	sort.SliceStable(all, func(a, c int) bool { return all[a].count > all[c].count })
	return all
}

func (b *builder) mixFigure(here []share, italy map[string]float64, title, of string) *html.Figure {
	const unit = kpi.Percent
	rows := here
	if len(here) > mixShown+1 {
		rest := share{}
		for _, s := range here[mixShown:] {
			rest.count, rest.part = rest.count+s.count, rest.part+s.part
			italy[""] += italy[s.code]
		}
		rows = append(append([]share(nil), here[:mixShown]...), rest)
	}
	p := plot{width: wide, height: 70 + 25*len(rows), right: 30}
	marks := group{look: look{b.m.T("mix.italy"), "diamond", 0, 11, "var(--ink)", "var(--surface)"}}
	most := 0.0
	t := &html.Table{ID: "mix-table", Caption: b.m.T("mix.table", "of", of), Sortable: true,
		Columns: headings(b.m.T("by.patronato"), "#"+b.m.T("col.n"), "#"+b.m.T("col.part"), "#"+b.m.T("mix.italy"))}
	for n, s := range rows {
		name := b.m.T("mix.rest")
		if s.code != "" {
			name = b.item(string(kpi.ByPatronato), s.code)
		}
		part, national := unit.Format(s.part, b.lang), unit.Format(italy[s.code], b.lang)
		most = max(most, s.part, italy[s.code])
		p.y.names = append(p.y.names, clipped(name))
		p.bars = append(p.bars, bar{s.part, name + ": " + part + " · n " + b.whole(s.count), "var(--accent)"})
		marks.points = append(marks.points, point{x: italy[s.code], y: float64(n), name: name + " · " + b.m.T("mix.italy") + ": " + national})
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: name}, {Text: b.whole(s.count), Sort: order(s.count), Plain: b.plain(s.count)},
			{Text: part, Sort: order(s.part), Plain: b.plain(s.part)}, {Text: national, Sort: order(italy[s.code]), Plain: b.plain(italy[s.code])}}})
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
