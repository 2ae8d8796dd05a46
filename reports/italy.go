package reports

import (
	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// strongestShown is how many territorial signals the national page lists.
const strongestShown = 15

// mapsShown is how many small maps the national page has.
const mapsShown = 4

func (b *builder) italyPage(p *html.Page) {
	p.Heading = b.place(result.Italy)
	p.Lead = b.m.T("italy.lead")
	p.Facts = b.facts()
	p.Crumbs = []html.Link{{Text: p.Heading, Current: true}}
	body := html.Italy{Glance: b.glance(), KeyHref: b.to("method", "") + "#reading", Signals: b.signals(), Regions: b.regions()}
	sentences := b.findings(result.Italy)
	body.Changes, body.Folded = fold(sentences)
	body.Quiet = b.quiet(result.Italy, len(sentences))
	links := []string{"changes", b.m.T("italy.changes")}
	for _, theme := range b.x.Catalogue.Themes {
		tiles := b.tiles(theme.ID)
		if len(tiles) == 0 {
			continue
		}
		id := "theme-" + theme.ID
		body.Themes = append(body.Themes, html.Theme{ID: id, Title: theme.Title.In(b.lang),
			Description: theme.Description.In(b.lang), Tiles: tiles})
		links = append(links, id, theme.Title.In(b.lang))
	}
	mapped := b.mapped()
	body.MapLinks = b.mapLinks(mapped)
	for _, i := range mapped {
		if figure := b.judgedMap(i); figure != nil {
			body.Maps = append(body.Maps, *figure)
		}
	}
	links = append(links, "signals", b.m.T("italy.signals"))
	if len(body.Maps) > 0 {
		body.Outlines, body.MapNote = b.outlines(), b.mapsNote(body.Maps)
		body.Chosen = b.mapChoice(mapped)
		links = append(links, "maps", b.m.T("italy.maps"))
	}
	p.Contents = contents(append(links, b.m.T("italy.regions.id"), b.m.T("italy.regions"))...)
	p.Body = body
}

// quiet says how many indicators were looked at, so that silence is a finding too.
func (b *builder) quiet(territory string, found int) string {
	steady := 0
	for _, i := range b.x.Catalogue.Indicators {
		if c := b.x.chart(i.ID, territory); c != nil && known(c.Upper) && !c.Trial && c.Variation == "common" && c.Assurance != "missed" {
			steady++
		}
	}
	if found == 0 && steady == 0 {
		return b.m.T("changes.none")
	}
	if found == 0 {
		return b.m.Plural("changes.only", steady)
	}
	return b.m.Plural("changes.steady", steady)
}

func (b *builder) tiles(theme string) []html.Tile {
	var tiles []html.Tile
	for _, i := range b.x.Catalogue.Of(theme) {
		if isCrossed(i) { // all together it is what its composition by patronato is
			continue
		}
		tiles = append(tiles, b.tile(i, result.Italy, b.to("indicator", i.ID)))
	}
	return tiles
}

// tile is one indicator of a territory in a glance.
func (b *builder) tile(i *kpi.Indicator, territory, href string) html.Tile {
	c := b.x.headline(i.ID, territory)
	chart := b.x.chart(i.ID, territory)
	t := html.Tile{Title: i.Title.In(b.lang), Href: href, Value: b.value(i, c), Target: b.target(i),
		Spark: b.spark(i, chart), Variation: b.variation(chart), Assurance: b.assurance(chart)}
	if wordy(i.Unit, b.lang) && known(c.Value) {
		digits := i.Unit.Digits(c.Value, c.Lower, c.Upper)
		t.Value.Number, t.Value.Unit = i.Unit.NumberTo(c.Value, digits, b.lang), i.Unit.Symbol(b.lang)
	}
	if known(c.P90) && c.Class != result.Hidden && i.Unit != kpi.Date {
		t.P90 = i.Unit.Format(c.P90, b.lang)
	}
	if before := b.x.yearBefore(i.ID, territory); known(before.Value) && known(c.Value) && moves(i) {
		t.Change = b.changeSince(i, before, c)
	}
	return t
}

// moves tells whether the change of an indicator since a year before says
// anything: a composition is whole in every year, and a milestone has one day.
func moves(i *kpi.Indicator) bool { return !i.IsComposition() && i.Unit != kpi.Date }

// signals is the table of the strongest territorial signals.
func (b *builder) signals() *html.Table {
	all := b.strongest(b.x.outliers(func(t reference.Territory) bool { return t.Level != reference.LevelItaly }))
	if len(all) == 0 {
		return nil
	}
	t := &html.Table{Caption: b.m.Plural("signals.caption", len(all), "shown", b.whole(float64(min(len(all), strongestShown)))),
		Columns: b.columns("col.territory", "col.indicator", "#col.value", "#col.standardised", "#col.n", "#italy", "col.position")}
	for _, c := range all[:min(len(all), strongestShown)] {
		i, _ := b.x.Catalogue.Indicator(c.Indicator)
		territory, _ := b.x.References.Territory(c.Territory)
		v := b.value(i, c)
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{
			{Text: placeName(territory, b.lang), Sub: b.level(territory.Level), Href: b.toTerritory(c.Territory),
				Plain: coded(territory.Code), Also: b.levelPart(territory.Level)},
			{Text: i.Title.In(b.lang), Href: b.to("indicator", i.ID), Plain: coded(i.ID)},
			{Text: v.Text, Sub: v.Interval, Plain: b.plainShown(i, c, v.Text), Also: b.intervalParts(i, c, v), Class: v.Class},
			{Text: b.standardised(i, c), Plain: b.measured(i.Unit, c.Standardised, b.standardised(i, c))},
			{Text: v.N, Plain: b.plainBase(i, c)},
			b.italyCell(i),
			{Mark: b.position(i, c.Funnel), Plain: term(c.Funnel)}}})
	}
	return b.exportAs("signals", b.m.T("italy.signals"), t)
}

// italyCell is the national figure of an indicator, for comparison.
func (b *builder) italyCell(i *kpi.Indicator) html.Cell {
	return b.besideCell(i, b.x.headline(i.ID, result.Italy))
}

// besideCell is the figure of another territory, set beside the page's own: for people and
// files alike as the page writes it. So a page stays the same, with all its files, when the
// digits of Italy move that nobody compares by, as they do with every row of the country.
func (b *builder) besideCell(i *kpi.Indicator, c result.Cell) html.Cell {
	return b.bareWith(i, c, writtenValue(i, c))
}

// writtenValue is the value of a figure as pages write it.
func writtenValue(i *kpi.Indicator, c result.Cell) float64 {
	return i.Unit.Written(c.Value, digitsOf(i, c))
}

// bareCell is a figure without what qualifies it.
func (b *builder) bareCell(i *kpi.Indicator, c result.Cell) html.Cell {
	return b.bareWith(i, c, c.Value)
}

// bareWith is bareCell with the value that files get.
func (b *builder) bareWith(i *kpi.Indicator, c result.Cell, value float64) html.Cell {
	v := b.value(i, c)
	c.Value = value
	return html.Cell{Text: v.Text, Plain: b.plainShown(i, c, v.Text), Class: v.Class}
}

// shrunk is the careful estimate of a value, with the digits of the figure; a dash where
// there is none.
func (b *builder) shrunk(i *kpi.Indicator, c result.Cell) string {
	return i.Unit.FormatTo(c.Shrunk, digitsOf(i, c), b.lang)
}

// standardised is a value at the national mix, or a dash where it has none. Without an
// interval of its own it has the digits of the figure.
func (b *builder) standardised(i *kpi.Indicator, c result.Cell) string {
	digits := i.Unit.Digits(c.Standardised, c.StdLower, c.StdUpper)
	if !known(c.StdLower) || !known(c.StdUpper) {
		digits = digitsOf(i, c)
	}
	return i.Unit.FormatTo(c.Standardised, digits, b.lang)
}

// mapped chooses the indicators of the small maps: the first of each theme that
// has a better direction and a value in most regions.
func (b *builder) mapped() []*kpi.Indicator {
	var some []*kpi.Indicator
	for _, theme := range b.x.Catalogue.Themes {
		for _, i := range b.x.Catalogue.Of(theme.ID) {
			if i.Statistic == kpi.Rate && i.Direction != kpi.None && i.HasLevel(reference.LevelRegion) &&
				b.x.funnel(i.ID, reference.LevelRegion) != nil && len(some) < mapsShown {
				some = append(some, i)
				break
			}
		}
	}
	return some
}

// regions lists the regions with what stands out in each.
func (b *builder) regions() *html.Table {
	t := &html.Table{Caption: b.m.T("regions.caption"), Sortable: true, Filter: b.m.T("regions.filter"),
		Columns: b.columns("col.region", "col.macro", "#col.population", "#col.beyond_worse",
			"#col.beyond_better", "#col.concern", "#col.improvement", "#col.provinces_beyond")}
	for _, region := range b.x.regions {
		worse, better := b.beyond(region.Code)
		concern, improvement := b.moving(region.Code)
		provinces := len(b.x.outliers(func(t reference.Territory) bool { return t.Parent == region.Code && t.Level == reference.LevelProvince }))
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{
			{Text: placeName(region, b.lang), Href: b.to("region", region.Code), Plain: coded(region.Code)}, {Text: region.Macro, Plain: verbatim(region.Macro)},
			b.countCell(int(region.Population)), b.countCell(worse), b.countCell(better), b.countCell(concern),
			b.countCell(improvement), b.countCell(provinces)}})
	}
	return b.exportAs("regions", b.m.T("italy.regions"), t)
}

func (b *builder) countCell(n int) html.Cell {
	return html.Cell{Text: b.whole(float64(n)), Sort: order(float64(n)), Plain: b.plainCount(float64(n))}
}

// beyond counts the indicators of a territory beyond their funnel, by tone.
func (b *builder) beyond(territory string) (worse, better int) {
	for _, c := range b.x.outliers(func(t reference.Territory) bool { return t.Code == territory }) {
		i, _ := b.x.Catalogue.Indicator(c.Indicator)
		switch b.position(i, c.Funnel).Tone {
		case "worse":
			worse++
		case "better":
			better++
		}
	}
	return worse, better
}

// moving counts the indicators of a territory with a signal in time.
func (b *builder) moving(territory string) (concern, improvement int) {
	for _, i := range b.x.Catalogue.Indicators {
		if c := b.x.chart(i.ID, territory); c != nil {
			switch c.Variation {
			case "concern":
				concern++
			case "improvement":
				improvement++
			}
		}
	}
	return concern, improvement
}
