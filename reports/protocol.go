package reports

import (
	"strings"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// coursesShown is how many courses in time a page of a theme draws at most.
const coursesShown = 6

// protocolPage is about what of the Protocol is in force, where and since when.
func (b *builder) protocolPage(p *html.Page, home html.Link) {
	p.Heading = b.m.T("nav.protocol")
	p.Lead = b.m.T("protocol.lead")
	p.Facts = b.facts()
	p.Crumbs = []html.Link{home, {Text: p.Heading, Current: true}}
	all := b.x.Catalogue.Of(protocolTheme)
	body := html.Protocol{Milestones: b.milestones(all), Courses: b.courses(all), Missing: b.missing(all),
		Regions: b.regionMatrix("regions", b.m.T("protocol.regions.caption", "month", b.month(b.x.last)), all, b.standingCell)}
	for _, i := range all {
		if i.Unit != kpi.Date {
			body.Tiles = append(body.Tiles, b.tile(i, result.Italy, b.to("indicator", i.ID)))
		}
		if i.HasLevel(reference.LevelRegion) {
			if figure := b.judgedMap(i); figure != nil {
				figure.Rows, figure.RowsText = "#regions-table", b.m.T("patronato.map.rows")
				body.Maps = append(body.Maps, *figure)
			}
		}
	}
	if len(body.Maps) > 0 {
		body.Outlines, body.MapNote = b.outlines(), b.mapsNote(body.Maps)
	}
	byMeasure := b.x.ofTheme(protocolTheme, kpi.ByMeasure)
	for _, i := range byMeasure {
		if figure := b.measureTimeline(i, b.x.measuresOf(byMeasure)); figure != nil {
			body.Notices = append(body.Notices, *figure)
		}
	}
	p.Contents = contents("brief", b.m.T("region.brief"), "milestones", b.m.T("protocol.milestones"), "courses", b.m.T("protocol.courses"),
		"maps", b.m.T("protocol.maps"), "missing", b.m.T("protocol.missing"), "notices", b.m.T("protocol.notices"), "regions", b.m.T("protocol.regions"))
	p.Body = body
}

// milestones are the days on which things of the theme came about once and for all.
func (b *builder) milestones(all []*kpi.Indicator) *html.Table {
	t := &html.Table{ID: "milestones-table", Caption: b.m.T("protocol.milestones.caption"),
		Columns: headings(b.m.T("protocol.milestone"), b.m.T("protocol.day"), b.m.T("protocol.meaning"))}
	for _, i := range all {
		if i.Unit != kpi.Date {
			continue
		}
		c := b.x.headline(i.ID, result.Italy)
		v := b.value(i, c)
		mark := &html.Mark{Kind: "met", Tone: "better", Text: v.Text}
		if !known(c.Value) {
			mark = &html.Mark{Kind: "trial", Tone: "neutral", Text: v.Text}
		}
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: i.Title.In(b.lang), Href: b.to("indicator", i.ID), Plain: coded(i.ID)},
			{Mark: mark, Plain: b.plainValue(i, c.Value)}, {Text: upperFirst(i.NumeratorText.In(b.lang))}}})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return b.export("milestones", t)
}

// courses are the months of Italy of the indicators that have a chart.
func (b *builder) courses(indicators []*kpi.Indicator) []html.Figure {
	var figures []html.Figure
	for _, i := range indicators {
		chart := b.x.chart(i.ID, result.Italy)
		if chart == nil || len(figures) == coursesShown {
			continue
		}
		if figure := b.control(i, chart, "control-"+i.ID, i.Title.In(b.lang), half); figure != nil {
			figures = append(figures, *figure)
		}
	}
	return figures
}

// missing lists, for what each province has or has not, those that have it not, by region.
func (b *builder) missing(all []*kpi.Indicator) []html.Table {
	var tables []html.Table
	for _, i := range all {
		if !i.HasLevel(reference.LevelProvince) || !i.Stock || i.Unit != kpi.Percent || i.Direction != kpi.Up {
			continue
		}
		t := &html.Table{ID: "missing-" + i.ID, Caption: i.Title.In(b.lang) + ", " + b.month(b.x.last),
			Columns: headings(b.m.T("col.region"), "#"+b.m.T("protocol.done"), b.m.T("protocol.lacking"))}
		single := false
		for _, region := range b.x.regions {
			have, of := 0, 0
			var lacking []string
			for _, province := range b.x.provinces[region.Code] {
				c := b.x.headline(i.ID, province.Code)
				if !known(c.Value) || !isSingle(i, c) {
					continue
				}
				single = true
				if of++; c.Value >= 1 {
					have++
				} else {
					lacking = append(lacking, placeName(province, b.lang))
				}
			}
			text := strings.Join(lacking, ", ")
			if len(lacking) == 0 {
				text = "–"
			}
			t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: placeName(region, b.lang), Href: b.to("region", region.Code), Plain: coded(region.Code)},
				{Text: b.m.T("standing.of", "n", b.whole(float64(have)), "of", b.whole(float64(of)))}, {Text: text}}})
		}
		if single {
			tables = append(tables, *b.export("missing-"+i.ID, t))
		}
	}
	return tables
}
