package reports

import (
	"slices"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// The columns that the table of territories can have.
const (
	atName = iota
	atLevel
	atBase
	atValue
	atInterval
	atStandardised
	atShrunk
	atPosition
	atClass
	territoryWidth // how many they are
)

// territoryColumns are the columns that the table of territories of an indicator has,
// the same in every period that can be chosen: a stock is of no cases and a median has no
// standardised value, of which a column of dashes would tell nothing.
func (b *builder) territoryColumns(i *kpi.Indicator) []int {
	if kept, ok := b.x.columns.Load(i.ID); ok {
		return kept.([]int)
	}
	told := [territoryWidth]bool{atName: true, atLevel: true, atValue: true, atClass: true}
	for _, p := range b.periods(i) {
		for _, territory := range b.x.References.Territories() {
			if !i.HasLevel(territory.Level) {
				continue
			}
			c := b.x.in(p, i.ID, territory.Code)
			told[atBase] = told[atBase] || b.value(i, c).N != ""
			told[atInterval] = told[atInterval] || known(c.Lower) && known(c.Upper)
			told[atStandardised] = told[atStandardised] || known(c.Standardised)
			told[atShrunk] = told[atShrunk] || known(c.Shrunk)
			told[atPosition] = told[atPosition] || c.Funnel != ""
		}
	}
	var kept []int
	for at, is := range told {
		if is {
			kept = append(kept, at)
		}
	}
	b.x.columns.Store(i.ID, kept)
	return kept
}

// territoryPlaces are the places of the columns in the table, by the names that the
// script of the page knows them by.
func (b *builder) territoryPlaces(i *kpi.Indicator) html.Places {
	at := func(column int) int { return slices.Index(b.territoryColumns(i), column) }
	return html.Places{N: at(atBase), Value: at(atValue), Interval: at(atInterval), Position: at(atPosition), Class: at(atClass)}
}

// valuePlace is the place of the column whose values a funnel draws.
func (b *builder) valuePlace(i *kpi.Indicator, f *result.Funnel) int {
	if f.Standardised {
		return slices.Index(b.territoryColumns(i), atStandardised)
	}
	return slices.Index(b.territoryColumns(i), atValue)
}

// territoriesIn lists every territory with everything that is known of it in a period.
func (b *builder) territoriesIn(p period, i *kpi.Indicator) *html.Table {
	columns := b.territoryColumns(i)
	t := &html.Table{ID: "territory-table", Caption: b.m.T("territories.caption", "indicator", i.Title.In(b.lang), "period", p.label),
		Sortable: true, Filter: b.m.T("territories.filter")}
	titles := b.columns("col.territory", "col.level", "#col.n", "#col.value", "#col.interval", "#col.standardised", "#col.shrunk", "col.position", "col.class")
	titles[atValue].Judged = true
	for _, at := range columns {
		t.Columns = append(t.Columns, titles[at])
	}
	for _, territory := range b.x.References.Territories() {
		if !i.HasLevel(territory.Level) {
			continue
		}
		all, row := b.territoryCells(i, territory, b.x.in(p, i.ID, territory.Code)), html.Row{}
		for _, at := range columns {
			row.Cells = append(row.Cells, all[at])
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 1 { // there is nothing to sort, to filter or to standardise
		t.Sortable, t.Filter = false, ""
		return t
	}
	if slices.Contains(columns, atStandardised) {
		t.Notes = append(t.Notes, b.m.T("territories.standardised"))
	}
	if slices.Contains(columns, atShrunk) {
		t.Notes = append(t.Notes, b.m.T("territories.shrunk"))
	}
	return t
}

// territoryCells are what the table can show of a territory, in the order of the columns.
func (b *builder) territoryCells(i *kpi.Indicator, territory reference.Territory, c result.Cell) [territoryWidth]html.Cell {
	v := b.value(i, c)
	level := html.Cell{Text: b.level(territory.Level), Plain: term(territory.Level)}
	if territory.Level == reference.LevelProvince {
		level.Sub = b.place(territory.Parent)
		level.Also = second("region", b.m.T("level.region"), html.Datum{Code: territory.Parent, Text: level.Sub})
	}
	return [...]html.Cell{
		{Text: placeName(territory, b.lang), Href: b.toTerritory(territory.Code), Plain: coded(territory.Code)}, level, b.baseCell(i, c),
		{Text: v.Text, Sort: order(shown(i, c)), Plain: b.plainShown(i, c, v.Text), Class: v.Class},
		{Text: v.Interval, Also: b.intervalParts(i, c, v)},
		{Text: b.standardised(i, c), Sort: order(c.Standardised), Plain: b.measured(i.Unit, c.Standardised, b.standardised(i, c))},
		{Text: b.shrunk(i, c), Sort: order(c.Shrunk), Plain: b.measured(i.Unit, c.Shrunk, b.shrunk(i, c))},
		b.positionCell(i, c), {Text: b.caution(c.Class), Plain: term(string(c.Class))}}
}
