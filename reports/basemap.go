package reports

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"tavolo/ingest/boundary"
	"tavolo/ingest/reference"
	"tavolo/reports/cartography"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
)

// baseMap is what the maps of a level are drawn on.
type baseMap struct {
	viewBox  string
	credit   string // whose boundaries these are; "" of the built-in map, whose credit is a message
	hash     string // of the configured boundaries; "" of the built-in map
	outlines []html.Outline
	names    map[string]string // of an outline, by the code of its territory
}

// baseMaps gives the maps to draw on by level: the configured ones, and for the regions
// otherwise the built-in one.
func baseMaps(configured []*boundary.Map) (map[string]*baseMap, error) {
	builtin, viewBox, err := html.Outlines()
	if err != nil {
		return nil, err
	}
	maps := map[string]*baseMap{reference.LevelRegion: {viewBox: viewBox, outlines: builtin, names: shapes}}
	for _, m := range configured {
		maps[m.Level] = drawn(m)
	}
	return maps, nil
}

// drawn is the base map of configured boundaries.
func drawn(m *boundary.Map) *baseMap { return drawnAs(m, cartography.Draw(m)) }

// drawnAs is the base map of boundaries as they were drawn. Its outlines are numbered, as
// a code may be any text and an id may not.
func drawnAs(m *boundary.Map, drawing cartography.Drawing) *baseMap {
	base := &baseMap{viewBox: drawing.ViewBox, credit: m.Credit, hash: m.SHA256, names: map[string]string{}}
	for n, shape := range m.Shapes {
		name := fmt.Sprintf("%c%d", m.Level[0], n)
		base.names[shape.Code] = name
		base.outlines = append(base.outlines, html.Outline{Name: name, Path: drawing.Paths[shape.Code]})
	}
	return base
}

// packMaps are the maps of a pack: of its own provinces alone, as large as the whole
// country is elsewhere. A province has none.
func (s *site) packMaps(x *index) map[string]*baseMap {
	maps := map[string]*baseMap{}
	for _, m := range s.Maps {
		if m.Level == reference.LevelProvince && len(x.provinces[x.Scope]) > 0 {
			maps[m.Level] = drawn(m.Of(x.isOwn))
		}
	}
	return maps
}

// mapped are the territories of a level that a map of this site may show.
func (x *index) mapped(level string) []reference.Territory {
	if level == reference.LevelRegion {
		return x.regions
	}
	var provinces []reference.Territory
	for _, region := range x.regions {
		if !x.isPack() || region.Code == x.Scope {
			provinces = append(provinces, x.provinces[region.Code]...)
		}
	}
	return provinces
}

// indicatorMaps are the maps of an indicator's page, with the shapes that they draw.
func (b *builder) indicatorMaps(i *kpi.Indicator, body *html.Indicator) {
	body.Map = b.headlineMap(reference.LevelRegion, i, "map", b.m.T("map.title"))
	body.Provinces = b.headlineMap(reference.LevelProvince, i, "map-provinces", b.m.T("map.title.provinces"))
	if body.Provinces != nil {
		body.Provinces.Rows = "#territories"
		if b.x.isPack() { // its table is not of all territories
			body.Provinces.RowsText = b.territoriesTitle(i)
		}
	}
	var levels []string
	for _, one := range []struct {
		level  string
		figure *html.Figure
	}{{reference.LevelRegion, body.Map}, {reference.LevelProvince, body.Provinces}} {
		if one.figure != nil {
			one.figure.Source += " " + b.mapCredit(one.level)
			levels = append(levels, one.level)
		}
	}
	if len(levels) > 0 {
		body.Outlines = b.outlines(levels...)
	}
}

// mapCredit says whose the boundaries of some levels are.
func (b *builder) mapCredit(levels ...string) string {
	var credits []string
	for _, level := range levels {
		base := b.site.maps[level]
		if base == nil {
			continue
		}
		credit := base.credit
		if credit == "" {
			credit = b.m.T("map.credit")
		}
		if !strings.HasSuffix(credit, ".") {
			credit += "."
		}
		if !slices.Contains(credits, credit) {
			credits = append(credits, credit)
		}
	}
	return strings.Join(credits, " ")
}

// outlines is the store of shapes that the maps of a page share: those of the regions,
// or of the levels that are named.
func (b *builder) outlines(levels ...string) template.HTML {
	if len(levels) == 0 {
		levels = []string{reference.LevelRegion}
	}
	var all []html.Outline
	for _, level := range levels {
		if base := b.site.maps[level]; base != nil {
			all = append(all, base.outlines...)
		}
	}
	drawn, err := b.site.pages.Drawing(b.lang, "outlines", all)
	if err != nil {
		b.fail(err)
	}
	return drawn
}
