package reports

import (
	"slices"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
)

// mapLinks lead to the maps of the indicators that the page shows none of: the
// choice of a map is an address, and needs no script.
func (b *builder) mapLinks(shown []*kpi.Indicator) []html.Link {
	var links []html.Link
	for _, theme := range b.x.Catalogue.Themes {
		for _, i := range b.x.Catalogue.Of(theme.ID) {
			if !slices.Contains(shown, i) && b.hasMap(i) {
				links = append(links, html.Link{Text: i.Title.In(b.lang), Href: b.to("indicator", i.ID) + "#map-figure"})
			}
		}
	}
	return links
}

// hasMap tells whether the page of an indicator has a map of the regions. It is asked on
// every page with a map, of all indicators.
func (b *builder) hasMap(i *kpi.Indicator) bool {
	if known, ok := b.x.maps.Load(i.ID); ok {
		return known.(bool)
	}
	has := b.findsMap(i)
	b.x.maps.Store(i.ID, has)
	return has
}

func (b *builder) findsMap(i *kpi.Indicator) bool {
	if !comparable(i) || !i.HasLevel(reference.LevelRegion) || b.site.maps[reference.LevelRegion] == nil {
		return false
	}
	shown := 0
	for _, region := range b.x.regions {
		if known(b.x.headline(i.ID, region.Code).Value) {
			shown++
		}
	}
	return shown >= fewestMapped
}
