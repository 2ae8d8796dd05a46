package reports

import (
	"slices"

	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// trainingTheme is the theme of the catalogue that tells of training.
const trainingTheme = "training"

// ofTheme are the indicators of a theme that are given by a breakdown.
func (x *index) ofTheme(theme string, by kpi.Breakdown) []*kpi.Indicator {
	return slices.DeleteFunc(x.Catalogue.Of(theme), func(i *kpi.Indicator) bool { return !slices.Contains(i.Breakdowns, by) })
}

// trainingPage is about who was trained when a measure took effect.
func (b *builder) trainingPage(p *html.Page, home html.Link) {
	p.Heading = b.m.T("nav.training")
	p.Lead = b.m.T("training.lead")
	p.Facts = b.facts()
	p.Crumbs = []html.Link{home, {Text: p.Heading, Current: true}}
	body := html.Training{Tiles: b.tiles(trainingTheme)}
	indicators := b.x.ofTheme(trainingTheme, kpi.ByMeasure)
	measures := b.x.measuresOf(indicators)
	for _, i := range indicators {
		if figure := b.measureTimeline(i, measures); figure != nil {
			body.Timelines = append(body.Timelines, *figure)
		}
		if heat := b.measureHeat(i, measures); heat != nil {
			body.Heats = append(body.Heats, *heat)
		}
	}
	body.Regions = b.regionMatrix("regions", b.m.T("matrix.caption", "theme", b.themeTitle(trainingTheme), "month", b.month(b.x.last)),
		b.x.Catalogue.Of(trainingTheme), b.markedCell)
	p.Contents = contents("brief", b.m.T("region.brief"), "measures", b.m.T("training.measures"), "heat", b.m.T("training.heat"), "regions", b.m.T("training.regions"))
	p.Body = body
}

// markedCell shows a figure, and a mark only where it stands out.
func (b *builder) markedCell(i *kpi.Indicator, c result.Cell) html.Cell {
	cell := b.figureCell(i, c)
	v := b.value(i, c)
	cell.Sub = joined(v.Interval, b.qualified(c.Class))
	cell.Also = append(b.intervalParts(i, c, v), b.positionPart(i, c))
	if c.Funnel != "inside" {
		cell.Mark = b.position(i, c.Funnel)
	}
	return cell
}
