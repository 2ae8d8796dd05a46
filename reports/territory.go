package reports

import (
	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// regionCharts and provinceCharts are how many control charts the page of a
// territory has at most. A region has two even where there is no signal; the
// provinces are too many for a chart that only says that nothing happened, which
// their sparklines say too.
const (
	regionCharts   = 4
	provinceCharts = 2
)

// territoryPage is the page of a region or of a province.
func (b *builder) territoryPage(p *html.Page, home html.Link) {
	t, _ := b.x.References.Territory(b.at.key)
	provinces := b.x.provinces[t.Code]
	p.Heading = placeName(t, b.lang)
	p.Facts = b.facts()
	p.Compare = b.compareLink(t.Code, "")
	p.Crumbs = []html.Link{home, {Text: b.m.T("nav.regions"), Href: home.Href + "#" + b.m.T("italy.regions.id")}}
	body := html.Territory{Agenda: b.agenda(t), Indicators: b.territoryIndicators(t), Charts: b.territoryCharts(t),
		Services: b.work(t, kpi.ByService), Channels: b.work(t, kpi.ByChannel), Training: b.trainingHere(t), Protocol: b.protocolHere(t)}
	if t.Level == reference.LevelProvince {
		region, _ := b.x.References.Territory(t.Parent)
		p.Lead = b.m.T("province.lead", "sigla", t.Sigla, "region", placeName(region, b.lang), "population", b.whole(float64(t.Population)),
			"date", b.date(t.PopulationDate))
		p.Crumbs = append(p.Crumbs, html.Link{Text: placeName(region, b.lang), Href: b.to("region", region.Code)})
		body.About, body.TrendsAbout = b.m.T("province.indicators.about"), b.m.T("province.trends.about")
		if !b.besideRegion(t) {
			body.About = b.m.T("province.indicators.about.alone")
		}
		body.Siblings = b.siblings(t, region)
		body.Patronati = b.patronatiHere(t)
	} else {
		p.Lead = b.m.Plural("region.lead", len(provinces), "population", b.whole(float64(t.Population)), "date", b.date(t.PopulationDate))
		body.About, body.TrendsAbout = b.m.T("region.indicators.about"), b.m.T("region.trends.about")
		b.provinceMap(t, &body)
		body.Provinces = b.provinceMatrix(t, provinces)
		body.Mix, body.MixNote = b.mix(t)
	}
	body.Cautions = b.cautions(t)
	p.Crumbs = append(p.Crumbs, html.Link{Text: p.Heading, Current: true})
	sentences := b.findings(t.Code)
	body.Sentences, body.Folded = fold(sentences)
	body.Quiet = b.quiet(t.Code, len(sentences))
	p.Contents = b.territoryContents(&body)
	p.Body = body
}

func (b *builder) territoryContents(body *html.Territory) []html.Link {
	links := []string{"brief", b.m.T("region.brief"), "agenda", b.m.T("agenda.title"), "indicators", b.m.T("region.indicators")}
	if len(body.Charts) > 0 {
		links = append(links, "trends", b.m.T("region.trends"))
	}
	if body.Provinces != nil || body.Map != nil {
		links = append(links, "provinces", b.m.T("region.provinces"))
	}
	return contents(append(links, "mix", b.m.T("region.mix"), "work", b.m.T("work.title"),
		"training", b.m.T("training.here"), "protocol", b.m.T("protocol.here"))...)
}

// siblings leads to the other provinces of the region, where there are others.
func (b *builder) siblings(t, region reference.Territory) []html.Link {
	var links []html.Link
	if len(b.x.provinces[region.Code]) == 1 {
		return nil
	}
	for _, province := range b.x.provinces[region.Code] {
		links = append(links, html.Link{Text: placeName(province, b.lang), Href: b.to("province", province.Code), Current: province.Code == t.Code})
	}
	return links
}

// territoryIndicators is the table of all indicators against the region of a
// province, Italy, the target and a year before.
func (b *builder) territoryIndicators(territory reference.Territory) *html.Table {
	t := &html.Table{Caption: b.m.T("region.indicators.caption", "place", placeName(territory, b.lang), "month", b.month(b.x.last))}
	t.Columns = b.columns("col.indicator", "#col.value")
	position := "col.position_region"
	if b.besideRegion(territory) {
		t.Columns = append(t.Columns, html.Column{Key: "region", Title: b.place(territory.Parent), Numeric: true})
	}
	if territory.Level == reference.LevelProvince {
		position = "col.position_province"
	}
	t.Columns = append(t.Columns, b.columns("#italy", "#col.target", "#col.change", position, "col.variation", "col.course")...)
	for _, theme := range b.x.Catalogue.Themes {
		t.Rows = append(t.Rows, html.Row{Group: theme.Title.In(b.lang)})
		for _, i := range b.x.Catalogue.Of(theme.ID) {
			if i.HasLevel(territory.Level) {
				t.Rows = append(t.Rows, b.territoryRow(i, territory))
			}
		}
		if t.Rows[len(t.Rows)-1].Group != "" {
			t.Rows = t.Rows[:len(t.Rows)-1]
		}
	}
	pair := b.pairNote(territory)
	t.Notes = append(pair, b.cautions(territory)...)
	b.export("indicators", t)
	t.Notes = pair // the page says the others over the table, which is longer than a screen
	return t
}

func (b *builder) territoryRow(i *kpi.Indicator, territory reference.Territory) html.Row {
	c := b.x.headline(i.ID, territory.Code)
	chart := b.x.chart(i.ID, territory.Code)
	change := html.Cell{Text: "–"}
	if before := b.x.yearBefore(i.ID, territory.Code); known(before.Value) && known(c.Value) && moves(i) {
		change.Text = b.shortChange(i.Unit, c.Value-before.Value, digitsOf(i, c))
		change.Plain = b.plainChange(i.Unit, c.Value-before.Value, change.Text)
	}
	cells := append(make([]html.Cell, 0, 9), html.Cell{Text: i.Title.In(b.lang), Href: b.to("indicator", i.ID), Plain: coded(i.ID)}, b.figureCell(i, c))
	if b.besideRegion(territory) {
		cells = append(cells, b.besideCell(i, b.x.headline(i.ID, territory.Parent)))
	}
	return html.Row{Cells: append(cells, b.italyCell(i), b.targetCell(i), change,
		html.Cell{Mark: b.position(i, c.Funnel), Plain: term(c.Funnel)}, b.variationCell(chart), html.Cell{Draw: b.spark(i, chart)})}
}

// figureCell is a figure with its interval, its base and what qualifies it.
func (b *builder) figureCell(i *kpi.Indicator, c result.Cell) html.Cell {
	v := b.value(i, c)
	return html.Cell{Text: v.Text, Sub: joined(v.Interval, b.sample(v.N), b.qualified(c.Class)), Class: v.Class,
		Sort: order(shown(i, c)), Plain: b.plainShown(i, c, v.Text), Also: append(b.intervalParts(i, c, v), b.baseParts(i, c)...)}
}

func (b *builder) targetCell(i *kpi.Indicator) html.Cell {
	if i.Target == nil {
		return html.Cell{Text: "–"}
	}
	cell := html.Cell{Text: b.bareTarget(i), Plain: b.measured(i.Unit, *i.Target, b.bareTarget(i))}
	if i.TargetOn == "p90" {
		cell.Sub = b.m.T("target.p90.short")
		cell.Also = second("on", b.m.T("export.on"), html.Datum{Kind: html.Term, Code: i.TargetOn, Text: cell.Sub})
	}
	return cell
}

// cautions count the figures of a territory that do not bear a judgement.
func (b *builder) cautions(territory reference.Territory) []string {
	count := map[result.Class]int{}
	for n := range b.x.Catalogue.Indicators {
		if i := &b.x.Catalogue.Indicators[n]; i.HasLevel(territory.Level) {
			count[b.x.headline(i.ID, territory.Code).Class]++
		}
	}
	var notes []string
	if n := count[result.Hidden]; n > 0 {
		notes = append(notes, b.m.Plural("caution.hidden", n))
	}
	if n := count[result.Small]; n > 0 {
		notes = append(notes, b.m.Plural("caution.small", n))
	}
	if n := count[result.Immature]; n > 0 {
		notes = append(notes, b.m.Plural("caution.immature", n))
	}
	return notes
}

// territoryCharts are the control charts of the indicators with a signal here,
// those for the worse first. A region without any has those of the first two
// indicators whose months have limits.
func (b *builder) territoryCharts(territory reference.Territory) []html.Figure {
	rank := []string{"concern", "improvement", "change", "common"}
	by := map[string][]*kpi.Indicator{}
	for n := range b.x.Catalogue.Indicators {
		i := &b.x.Catalogue.Indicators[n]
		if c := b.x.chart(i.ID, territory.Code); c != nil && known(c.Upper) { // where only the months without a case are not withheld, there are no limits
			by[c.Variation] = append(by[c.Variation], i)
		}
	}
	var chosen []*kpi.Indicator
	for _, variation := range rank[:3] {
		chosen = append(chosen, by[variation]...)
	}
	most := provinceCharts
	if territory.Level == reference.LevelRegion {
		most = regionCharts
		if without := by["common"]; len(chosen) < 2 {
			chosen = append(chosen, without[:min(2-len(chosen), len(without))]...)
		}
	}
	var figures []html.Figure
	for _, i := range chosen[:min(len(chosen), most)] {
		if figure := b.control(i, b.x.chart(i.ID, territory.Code), "control-"+i.ID, i.Title.In(b.lang), half); figure != nil {
			figures = append(figures, *figure)
		}
	}
	return figures
}
