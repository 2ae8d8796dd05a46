package reports

import (
	"fmt"
	"sort"

	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/reports/html"
)

func (b *builder) methodPage(p *html.Page, home html.Link) {
	p.Heading = b.m.T("nav.method")
	p.Lead = b.m.T("method.lead")
	p.Facts = b.facts()
	p.Crumbs = []html.Link{home, {Text: p.Heading, Current: true}}
	sections := []html.Section{
		{ID: "reading", Title: b.m.T("method.reading"), Paragraphs: []string{b.m.T("method.reading.1"), b.m.T("method.reading.2"), b.m.T("method.reading.3"), b.m.T("method.reading.4")}},
		{ID: "rates", Title: b.m.T("method.rates"), Paragraphs: []string{b.m.T("method.rates.1"), b.m.T("method.rates.2"), b.m.T("method.rates.3"), b.m.T("method.rates.4"), b.m.T("method.rates.5")}},
		{ID: "intervals", Title: b.m.T("method.intervals"), Paragraphs: []string{b.m.T("method.intervals.1"), b.m.T("method.intervals.2"), b.m.T("method.intervals.3"),
			b.m.T("method.intervals.4"), b.m.T("method.intervals.5")}},
		{ID: "control", Title: b.m.T("method.control"), Paragraphs: []string{b.m.T("method.control.1"), b.m.T("method.control.2"), b.m.T("method.control.3")}},
		{ID: "funnels", Title: b.m.T("method.funnels"), Paragraphs: []string{b.m.T("method.funnels.1"), b.m.T("method.funnels.2")}},
		{ID: "disclosure", Title: b.m.T("method.disclosure"), Paragraphs: []string{b.m.T("method.disclosure.1"), b.m.T("method.disclosure.2"), b.m.T("restated.disclosure")}},
	}
	if b.x.isPack() {
		sections = append(b.packSections(), sections...)
	} else {
		sections = append(sections, html.Section{ID: "peers", Title: b.m.T("method.peers"), Paragraphs: []string{b.m.T("method.peers.1"), b.m.T("method.peers.2")}})
	}
	links := []string{}
	for _, section := range sections {
		links = append(links, section.ID, section.Title)
	}
	links = append(links, "definitions", b.m.T("method.definitions"), "versions", b.m.T("method.versions"))
	body := html.Method{Sections: sections, Definitions: b.definitions(), Versions: b.versions(), Snapshots: b.snapshots()}
	if !b.x.isPack() { // a pack names no file
		body.Batches = b.batches()
		links = append(links, "batches", b.m.T("method.batches"))
	}
	p.Contents = contents(links...)
	p.Body = body
}

// definitions lists the catalogue.
func (b *builder) definitions() *html.Table {
	t := &html.Table{Caption: b.m.T("method.definitions.caption"), Filter: b.m.T("method.definitions.filter"),
		Columns: b.columns("col.indicator", "def.numerator", "def.denominator", "def.direction", "def.target")}
	for n := range b.x.Catalogue.Indicators {
		i := &b.x.Catalogue.Indicators[n]
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: i.Title.In(b.lang), Href: b.to("indicator", i.ID), Sub: i.ID,
			Plain: coded(i.ID), Also: second("id", b.m.T("def.id"), verbatim(i.ID))},
			{Text: i.NumeratorText.In(b.lang)}, {Text: i.DenominatorText.In(b.lang)}, {Text: b.direction(i)}, {Text: b.target(i)}}})
	}
	return b.exportAs("definitions", b.m.T("method.definitions"), t)
}

func (b *builder) versions() *html.Table {
	names := make([]string, 0, len(b.x.Run.Versions))
	for name := range b.x.Run.Versions {
		names = append(names, name)
	}
	sort.Strings(names)
	t := &html.Table{Caption: b.m.T("method.versions.caption"), Columns: headings(b.m.T("col.component"), b.m.T("col.version"))}
	row := func(name html.Cell, version string) {
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{name, {Text: version, Plain: verbatim(version)}}})
	}
	row(html.Cell{Text: b.m.T("prov.run")}, b.x.Run.ID)
	if before := b.site.Restated; before != nil {
		row(html.Cell{Text: b.m.T("prov.before")}, before.Before)
		row(html.Cell{Text: b.m.T("prov.before.manifest")}, before.Manifest)
	}
	for _, of := range []struct{ level, title string }{{reference.LevelRegion, b.m.T("map.boundaries.region")},
		{reference.LevelProvince, b.m.T("map.boundaries.province")}} {
		if base := b.site.maps[of.level]; base != nil && base.hash != "" {
			row(html.Cell{Text: of.title}, base.hash)
		}
	}
	for _, name := range names {
		row(html.Cell{Text: name, Plain: verbatim(name)}, b.x.Run.Versions[name])
	}
	return b.exportAs("versions", b.m.T("method.versions"), t)
}

func (b *builder) snapshots() *html.Table {
	t := &html.Table{Caption: b.m.T("method.snapshots.caption"),
		Columns: b.columns("col.table", "col.snapshot", "col.at", "#col.rows")}
	for _, s := range b.x.Run.Snapshots {
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: s.Table, Plain: verbatim(s.Table)}, {Text: fmt.Sprint(s.ID), Plain: verbatim(fmt.Sprint(s.ID))},
			b.momentCell(s.At), b.countCell(int(s.Rows))}})
	}
	return b.export("snapshots", t)
}

// batches lists every input with its hash. The page shows the beginning of a
// hash; the exports have it whole.
func (b *builder) batches() *html.Table {
	t := &html.Table{Caption: b.m.Plural("method.batches.caption", len(b.x.Batches)), Filter: b.m.T("method.batches.filter"),
		Columns: b.columns("col.file", "col.log", "col.outcome", "#col.accepted", "#col.refused", "col.ingested", "col.hash")}
	for _, e := range b.x.Batches {
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: e.File, Plain: verbatim(e.File)}, b.logCell(e.Log),
			{Text: b.outcome(e), Plain: term(string(e.Outcome))}, b.countCell(e.Accepted.Records), b.countCell(e.Quarantined.Records),
			b.momentCell(e.IngestedAt), {Text: e.BatchID[:min(16, len(e.BatchID))], Plain: verbatim(e.BatchID)}}})
	}
	return b.exportAs("batches", b.m.T("method.batches"), t)
}

func (b *builder) outcome(e ledger.Entry) string {
	switch e.Outcome {
	case ledger.Committed:
		return b.m.T("outcome.committed")
	case ledger.Held:
		return b.m.T("outcome.held")
	}
	return b.m.T("outcome.refused")
}
