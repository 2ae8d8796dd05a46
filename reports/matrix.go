package reports

import (
	"math"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// heat is a table whose cells have the colour of their class among all of it: rows
// are regions, columns what give names. figure gives the figure of a cell, or false
// where there is none to be had. Colour only repeats what the number says.
func (b *builder) heat(id, title string, i *kpi.Indicator, columns []html.Column, figure func(region string, column int) (result.Cell, bool)) *html.Heat {
	low, high := math.Inf(1), math.Inf(-1)
	cells := map[string][]result.Cell{}
	judged, met := 0, 0
	for _, region := range b.x.regions {
		for n := range columns {
			c, ok := figure(region.Code, n)
			if !ok {
				c = absentCell(i.ID, region.Code)
			}
			cells[region.Code] = append(cells[region.Code], c)
			if known(c.Value) {
				low, high = math.Min(low, c.Value), math.Max(high, c.Value)
			}
			if mark := b.met(i, c); mark != nil {
				judged++
				if mark.Tone == "better" {
					met++
				}
			}
		}
	}
	if low > high {
		return nil
	}
	t := &html.Table{ID: id + "-table", Caption: b.m.T("heat.caption", "indicator", i.Title.In(b.lang)), Sortable: true,
		Columns: append(headings(b.m.T("col.region")), columns...)}
	for _, region := range b.x.regions {
		row := html.Row{Cells: []html.Cell{{Text: placeName(region, b.lang), Href: b.to("region", region.Code), Plain: coded(region.Code)}}}
		for _, c := range cells[region.Code] {
			row.Cells = append(row.Cells, b.heatCell(i, c, low, high))
		}
		t.Rows = append(t.Rows, row)
	}
	h := &html.Heat{ID: id, Title: title, Table: b.export(id, t), Legend: b.heatLegend(i, low, high), Source: b.source()}
	h.Finding = b.m.T("heat.range", "low", i.Unit.Format(low, b.lang), "high", i.Unit.Format(high, b.lang))
	switch {
	case judged > 1 && met == judged:
		h.Finding = b.m.T("heat.finding.all", "total", b.whole(float64(judged)), "target", b.target(i)) + " " + h.Finding
	case judged > 0:
		h.Finding = b.m.Plural("heat.finding", met, "total", b.whole(float64(judged)), "target", b.target(i)) + " " + h.Finding
	}
	return h
}

// heatCell is one figure of a heat map; in words where it is withheld, absent or provisional.
func (b *builder) heatCell(i *kpi.Indicator, c result.Cell, low, high float64) html.Cell {
	v := b.value(i, c)
	cell := html.Cell{Text: v.Text, Sub: b.qualified(c.Class), Class: v.Class, Sort: order(c.Value), Plain: b.plainShown(i, c, v.Text)}
	if known(c.Value) {
		cell.Heat, cell.Class = heatClass(c.Value, low, high), ""
	}
	return cell
}

// heatClass is the class of a value among five of equal width: a few values far
// from all the others are to be seen, which classes of equal number would hide.
func heatClass(value, low, high float64) string {
	if high <= low {
		return "q3"
	}
	return "q" + string(rune('1'+min(int((value-low)/(high-low)*mapClasses), mapClasses-1)))
}

func (b *builder) heatLegend(i *kpi.Indicator, low, high float64) []html.LegendItem {
	if high <= low {
		return nil
	}
	items := make([]html.LegendItem, mapClasses)
	for n := range items {
		from, to := low+(high-low)*float64(n)/mapClasses, low+(high-low)*float64(n+1)/mapClasses
		if i.Statistic == kpi.Distribution { // whole numbers: the least and the greatest in the class
			if from = math.Ceil(from); n < mapClasses-1 {
				to = math.Max(math.Ceil(to)-1, from)
			}
		}
		items[n] = html.LegendItem{Shape: "area", Class: "q" + string(rune('1'+n)), Text: b.m.T("heat.class", "from", i.Unit.Number(from, b.lang), "to", i.Unit.Format(to, b.lang))}
	}
	return items
}

// measureHeat is the heat map of the regions by the measures.
func (b *builder) measureHeat(i *kpi.Indicator, measures []reference.Measure) *html.Heat {
	if !i.HasLevel(reference.LevelRegion) || !comparable(i) {
		return nil
	}
	columns := make([]html.Column, len(measures))
	for n, measure := range measures {
		columns[n] = html.Column{Title: measure.Title + ", " + b.date(measure.EffectiveFrom), Numeric: true}
	}
	return b.heat("regions-"+i.ID, i.Title.In(b.lang), i, columns, func(region string, n int) (result.Cell, bool) {
		return b.x.ofMeasure(i, region, measures[n])
	})
}

// regionMatrix is the table of the regions by some indicators.
func (b *builder) regionMatrix(id, caption string, indicators []*kpi.Indicator, cell func(i *kpi.Indicator, c result.Cell) html.Cell) *html.Table {
	t := &html.Table{ID: id + "-table", Caption: caption, Sortable: true, Columns: headings(b.m.T("col.region"))}
	var chosen []*kpi.Indicator
	for _, i := range indicators {
		if i.HasLevel(reference.LevelRegion) && !i.IsComposition() {
			chosen = append(chosen, i)
			t.Columns = append(t.Columns, html.Column{Title: i.Short.In(b.lang), Numeric: true, Long: i.Title.In(b.lang)})
		}
	}
	if len(chosen) == 0 || len(b.x.regions) == 0 {
		return nil
	}
	for _, region := range b.x.regions {
		row := html.Row{Cells: []html.Cell{{Text: placeName(region, b.lang), Href: b.to("region", region.Code), Plain: coded(region.Code)}}}
		for _, i := range chosen {
			row.Cells = append(row.Cells, cell(i, b.x.headline(i.ID, region.Code)))
		}
		t.Rows = append(t.Rows, row)
	}
	return b.export(id, t)
}
