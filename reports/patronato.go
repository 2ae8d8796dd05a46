package reports

import (
	"html/template"
	"slices"
	"strings"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// patronatiOf are those of the reference tables, once each: a patronato that has
// changed its name is there with both, and is known by the newest. The citizen
// alone is none of them. They are in the order of their names.
func patronatiOf(tables *reference.Tables) []reference.Patronato {
	var some []reference.Patronato
	at := map[string]int{}
	for _, patronato := range tables.Patronati() {
		if patronato.Code == kpi.NoPatronato {
			continue
		}
		if n, ok := at[patronato.Code]; ok {
			some[n] = patronato
			continue
		}
		at[patronato.Code] = len(some)
		some = append(some, patronato)
	}
	slices.SortStableFunc(some, func(a, c reference.Patronato) int { return strings.Compare(slug(a.Name), slug(c.Name)) })
	return some
}

// isPatronato tells of a code that has a page.
func (x *index) isPatronato(code string) bool {
	return slices.ContainsFunc(x.patronati, func(one reference.Patronato) bool { return one.Code == code })
}

// mixes are the indicators that say how something divides among the patronati.
func (x *index) mixes() []*kpi.Indicator {
	var some []*kpi.Indicator
	for n := range x.Catalogue.Indicators {
		if i := &x.Catalogue.Indicators[n]; isMix(i) {
			some = append(some, i)
		}
	}
	return some
}

// patronatiPage lists the patronati by name.
func (b *builder) patronatiPage(p *html.Page, home html.Link) {
	p.Heading = b.m.T("nav.patronati")
	p.Lead = b.m.T("patronati.lead")
	p.Facts = b.facts()
	p.Crumbs = []html.Link{home, {Text: p.Heading, Current: true}}
	mixes := b.x.mixes()
	t := &html.Table{ID: "patronati-table", Caption: b.m.T("patronati.caption", "month", b.month(b.x.last)), Filter: b.m.T("patronati.filter"),
		Columns: headings(b.m.T("by.patronato"), "#"+b.m.T("patronati.regions"))}
	for _, i := range mixes {
		t.Columns = append(t.Columns, html.Column{Title: upperFirst(i.NumeratorText.In(b.lang)), Numeric: true, Long: i.Title.In(b.lang)},
			html.Column{Title: b.m.T("col.part"), Numeric: true, Long: i.Title.In(b.lang)})
	}
	for _, patronato := range b.x.patronati {
		row := html.Row{Cells: []html.Cell{{Text: patronato.Name, Href: b.to("patronato", patronato.Code)}, b.countCell(len(b.worksIn(patronato.Code)))}}
		for _, i := range mixes {
			c, _ := b.x.item(i.ID, result.Italy, kpi.ByPatronato, patronato.Code, 0)
			row.Cells = append(row.Cells, b.partCells(c)...)
		}
		t.Rows = append(t.Rows, row)
	}
	p.Body = html.Patronati{Table: b.export("list", t)}
}

// partCells are an item's cases and its part of the whole.
func (b *builder) partCells(c result.Cell) []html.Cell {
	switch {
	case c.Class == result.Hidden:
		hidden := html.Cell{Text: b.m.T("value.hidden"), Class: string(result.Hidden)}
		return []html.Cell{hidden, hidden}
	case !known(c.Numerator):
		none := html.Cell{Text: "–", Class: string(result.NoData)}
		return []html.Cell{none, none}
	}
	return []html.Cell{b.numberCell(c.Numerator), b.shareCell(c.Value)}
}

// worksIn are the regions of which any mix has a published part of a patronato.
func (b *builder) worksIn(code string) []string {
	var some []string
	for _, region := range b.x.regions {
		for _, i := range b.x.mixes() {
			if c, ok := b.x.item(i.ID, region.Code, kpi.ByPatronato, code, 0); ok && known(c.Numerator) && c.Numerator > 0 {
				some = append(some, region.Code)
				break
			}
		}
	}
	return some
}

// patronatoPage shows what the indicators say of one patronato, beside Italy. It
// ranks nobody: a patronato does not choose who comes to it, with what and where.
func (b *builder) patronatoPage(p *html.Page, home html.Link) {
	code := b.at.key
	p.Heading = b.x.patronato(code)
	p.Lead = b.m.T("patronato.lead")
	p.Facts = b.facts()
	p.Crumbs = []html.Link{home, {Text: b.m.T("nav.patronati"), Href: b.to("patronati", "")}, {Text: p.Heading, Current: true}}
	body := html.Patronato{Tiles: b.mixTiles(code), Indicators: b.patronatoIndicators(code), Regions: b.patronatoRegions(code),
		Others: b.otherPatronati(code)}
	for _, i := range b.x.mixes() {
		if figure := b.patronatoMap(i, code); figure != nil {
			body.Maps = append(body.Maps, *figure)
		}
	}
	if len(body.Maps) > 0 {
		body.Outlines, body.MapNote = b.outlines(), b.mapsNote(body.Maps)
	}
	links := []string{"brief", b.m.T("patronato.brief"), "indicators", b.m.T("region.indicators")}
	if body.Services, body.Handled = b.patronatoServices(code); body.Services != nil {
		links = append(links, "services", b.m.T("handled.title"))
	}
	body.Quiet = b.m.Plural("patronato.regions", len(b.worksIn(code)), "total", b.whole(float64(len(b.x.regions))))
	if len(b.worksIn(code)) == len(b.x.regions) {
		body.Quiet = b.m.T("patronato.regions.all", "total", b.whole(float64(len(b.x.regions))))
	}
	p.Contents = contents(append(links, "regions", b.m.T("patronato.where"))...)
	p.Body = body
}

// mixTiles are the patronato's parts of what all patronati do.
func (b *builder) mixTiles(code string) []html.Tile {
	var tiles []html.Tile
	for _, i := range b.x.mixes() {
		c, ok := b.x.item(i.ID, result.Italy, kpi.ByPatronato, code, 0)
		if !ok {
			continue
		}
		t := html.Tile{Title: i.Title.In(b.lang), Href: b.to("indicator", i.ID), Value: b.value(i, c)}
		if known(c.Numerator) {
			t.Value.N = b.m.T("standing.of", "n", b.whole(c.Numerator), "of", b.whole(c.Denominator))
		}
		if before, ok := b.x.item(i.ID, result.Italy, kpi.ByPatronato, code, 1); ok && known(before.Value) && known(c.Value) {
			t.Change = b.changeSince(i, before, c)
		}
		tiles = append(tiles, t)
	}
	return tiles
}

// patronatoIndicators is the table of all indicators that tell the patronati apart.
func (b *builder) patronatoIndicators(code string) *html.Table {
	t := &html.Table{ID: "indicators-table", Caption: b.m.T("patronato.caption", "name", b.x.patronato(code), "month", b.month(b.x.last)),
		Columns: headings(b.m.T("col.indicator"), "#"+b.m.T("col.value"), "#"+b.place(result.Italy), b.m.T("patronato.strip"),
			"#"+b.m.T("col.from"), "#"+b.m.T("col.change"), b.m.T("patronato.years"))}
	for _, theme := range b.x.Catalogue.Themes {
		t.Rows = append(t.Rows, html.Row{Group: theme.Title.In(b.lang)})
		for _, i := range b.x.Catalogue.Of(theme.ID) {
			if c, ok := b.x.item(i.ID, result.Italy, kpi.ByPatronato, code, 0); ok && !isMix(i) {
				t.Rows = append(t.Rows, b.patronatoRow(i, code, c))
			}
		}
		if t.Rows[len(t.Rows)-1].Group != "" {
			t.Rows = t.Rows[:len(t.Rows)-1]
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	dropEmptyLast(t)
	t.Notes = []string{b.m.T("patronato.note")}
	return b.export("indicators", t)
}

// dropEmptyLast takes away the last column of a table in which no row has a drawing.
func dropEmptyLast(t *html.Table) {
	last := len(t.Columns) - 1
	for _, row := range t.Rows {
		if row.Group == "" && row.Cells[last].Draw != "" {
			return
		}
	}
	t.Columns = t.Columns[:last]
	for n := range t.Rows {
		if t.Rows[n].Group == "" {
			t.Rows[n].Cells = t.Rows[n].Cells[:last]
		}
	}
}

func (b *builder) patronatoRow(i *kpi.Indicator, code string, c result.Cell) html.Row {
	italy := b.x.headline(i.ID, result.Italy)
	before, _ := b.x.item(i.ID, result.Italy, kpi.ByPatronato, code, 1)
	change := html.Cell{Text: "–"}
	if known(before.Value) && known(c.Value) {
		change.Text = b.shortChange(i.Unit, c.Value-before.Value, digitsOf(i, c))
		change.Plain = b.plainChange(i.Unit, c.Value-before.Value, change.Text)
	}
	strip := html.Cell{}
	if comparable(i) && !i.PerPopulation { // of the residents each patronato reaches a part: all together they add up to Italy
		strip.Draw = b.strip(c, writtenValue(i, italy))
	}
	return html.Row{Cells: []html.Cell{{Text: i.Title.In(b.lang), Href: b.to("indicator", i.ID), Plain: coded(i.ID)}, b.figureCell(i, c),
		b.besideCell(i, italy), strip, b.bareCell(i, before), change,
		{Draw: b.years(i, code)}}}
}

// years is the course of the calendar years that have a figure, small; "" for
// fewer than three, of which the numbers beside it say as much.
func (b *builder) years(i *kpi.Indicator, code string) template.HTML {
	chart := &result.Chart{Indicator: i.ID, Territory: result.Italy, Lower: absentCell("", "").Value, Upper: absentCell("", "").Value}
	for _, c := range b.x.cells[cellKey{i.ID, result.Italy, result.Year}] {
		if c.Breakdown == string(kpi.ByPatronato) && c.Item == code && known(c.Value) {
			chart.Points = append(chart.Points, result.ChartPoint{Start: c.Start, Value: c.Value, N: c.Denominator, Immature: c.Class == result.Immature})
		}
	}
	if len(chart.Points) < 3 {
		return ""
	}
	return b.spark(i, chart)
}

// patronatoRegions is where a patronato works: its part of what the patronati do
// in each region, in the order of the regions.
func (b *builder) patronatoRegions(code string) *html.Table {
	mixes := b.x.mixes()
	t := &html.Table{ID: "regions-table", Caption: b.m.T("patronato.regions.caption", "name", b.x.patronato(code), "month", b.month(b.x.last)),
		Sortable: true, Columns: headings(b.m.T("col.region"))}
	most := map[string]float64{}
	for _, i := range mixes {
		t.Columns = append(t.Columns, html.Column{Title: upperFirst(i.NumeratorText.In(b.lang)), Numeric: true, Long: i.Title.In(b.lang)},
			html.Column{Title: b.m.T("mix.here"), Numeric: true, Long: i.Title.In(b.lang)}, html.Column{Title: b.m.T("work.bar")})
		for _, region := range b.x.regions {
			if c, _ := b.x.item(i.ID, region.Code, kpi.ByPatronato, code, 0); known(c.Value) {
				most[i.ID] = max(most[i.ID], c.Value)
			}
		}
	}
	if len(most) == 0 {
		return nil
	}
	for _, region := range b.x.regions {
		row := html.Row{Cells: []html.Cell{{Text: placeName(region, b.lang), Href: b.to("region", region.Code), Plain: coded(region.Code)}}}
		for _, i := range mixes {
			c, _ := b.x.item(i.ID, region.Code, kpi.ByPatronato, code, 0)
			italy, _ := b.x.item(i.ID, result.Italy, kpi.ByPatronato, code, 0)
			national := writtenValue(i, italy)
			row.Cells = append(append(row.Cells, b.partCells(c)...), html.Cell{Draw: b.bar(c.Value, national, max(most[i.ID], national))})
		}
		t.Rows = append(t.Rows, row)
	}
	return b.export("regions", t)
}

// patronatoMap is the map of a patronato's part of the work in each region.
func (b *builder) patronatoMap(i *kpi.Indicator, code string) *html.Figure {
	cells := map[string]result.Cell{}
	for _, region := range b.x.regions {
		cells[region.Code], _ = b.x.item(i.ID, region.Code, kpi.ByPatronato, code, 0)
	}
	figure := b.mapOf(i, "map-"+i.ID, i.Title.In(b.lang), cells)
	if figure != nil {
		figure.Rows, figure.RowsText = "#regions-table", b.m.T("patronato.map.rows")
	}
	return figure
}

// otherPatronati leads to the pages of all.
func (b *builder) otherPatronati(code string) []html.Link {
	var links []html.Link
	for _, patronato := range b.x.patronati {
		links = append(links, html.Link{Text: patronato.Name, Href: b.to("patronato", patronato.Code), Current: patronato.Code == code})
	}
	return links
}
