package reports

import (
	"path"
	"strings"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/result"
)

// page makes the whole view of the builder's page.
func (b *builder) page() *html.Page {
	run := b.x.Run
	p := &html.Page{Lang: b.lang, Path: b.path, Kind: b.at.kind, Owner: run.Owner, PDF: b.printed(),
		Nav: b.nav(), Languages: b.languages()}
	if run.Synthetic {
		p.Banner = b.m.T("page.synthetic")
	}
	p.Footer = []string{b.m.T("footer.until", "until", b.date(run.DataUntil)), b.m.T("footer.rules"),
		strings.TrimSpace(b.m.T("footer.credits") + " " + b.mapCredit(reference.LevelRegion, reference.LevelProvince))}
	home := html.Link{Text: b.place(result.Italy), Href: b.to("italy", "")}
	switch b.at.kind {
	case "region", "province":
		b.territoryPage(p, home)
	case "indicator":
		b.indicatorPage(p, home)
	case "compare":
		b.comparePage(p, home)
	case "patronati":
		b.patronatiPage(p, home)
	case "patronato":
		b.patronatoPage(p, home)
	case "training":
		b.trainingPage(p, home)
	case "protocol":
		b.protocolPage(p, home)
	case "proposals":
		b.proposalsPage(p, home)
	case "quality":
		b.qualityPage(p, home)
	case "arrivals":
		b.arrivalsPage(p, home)
	case "method":
		b.methodPage(p, home)
	default:
		b.italyPage(p)
	}
	if b.x.isPack() {
		b.fit(p)
	}
	p.Title = b.m.T("page.title", "heading", b.windowed(p.Heading))
	p.Data = html.Data{Charts: b.options, Search: b.search(), Library: b.library(), Compare: b.compare, Maps: b.mapsToChoose, Periods: b.periodsToChoose,
		Words: map[string]string{"rows": b.m.T("script.rows"), "results": b.m.T("script.results")}}
	return p
}

// windowed is the heading of a page as the window's title: a province may have the name
// of its region, and tabs and histories show the title alone.
func (b *builder) windowed(heading string) string {
	if t, ok := b.x.References.Territory(b.at.key); ok && b.at.kind == "province" && t.Sigla != "" {
		return heading + " (" + t.Sigla + ")"
	}
	return heading
}

// library is the address of the chart library; "" in a pack, which has none.
func (b *builder) library() string {
	if b.x.isPack() {
		return ""
	}
	return html.Relative(b.path, libraryPath)
}

func (b *builder) nav() []html.Link {
	home := b.to("italy", "")
	return []html.Link{
		{Text: b.place(result.Italy), Href: home, Current: b.at.kind == "italy"},
		{Text: b.m.T("nav.regions"), Href: home + "#" + b.m.T("italy.regions.id"), Current: b.at.kind == "region" || b.at.kind == "province"},
		{Text: b.m.T("nav.compare"), Href: b.to("compare", ""), Current: b.at.kind == "compare"},
		{Text: b.m.T("nav.indicators"), Href: home + "#" + b.firstTheme(), Current: b.at.kind == "indicator"},
		{Text: b.m.T("nav.patronati"), Href: b.to("patronati", ""), Current: b.at.kind == "patronati" || b.at.kind == "patronato"},
		{Text: b.m.T("nav.training"), Href: b.to("training", ""), Current: b.at.kind == "training"},
		{Text: b.m.T("nav.protocol"), Href: b.to("protocol", ""), Current: b.at.kind == "protocol"},
		{Text: b.m.T("nav.proposals"), Href: b.to("proposals", ""), Current: b.at.kind == "proposals"},
		{Text: b.m.T("nav.quality"), Href: b.to("quality", ""), Current: b.at.kind == "quality" || b.at.kind == "arrivals"},
		{Text: b.m.T("nav.method"), Href: b.to("method", ""), Current: b.at.kind == "method"},
	}
}

func (b *builder) firstTheme() string {
	if len(b.x.Catalogue.Themes) == 0 {
		return "main"
	}
	return "theme-" + b.x.Catalogue.Themes[0].ID
}

// languages leads to this same page in the other languages.
func (b *builder) languages() []html.Link {
	var links []html.Link
	for _, lang := range b.site.Languages {
		links = append(links, html.Link{Text: b.site.pages.Messages(lang).T("language.name"), Lang: lang,
			Href: html.Relative(b.path, b.x.path(b.at, lang)), Current: lang == b.lang})
	}
	return links
}

// search lists everything that has a place on the site, in groups of one kind whose
// pages stand in one folder. It is the same on all pages of a folder.
func (b *builder) search() []html.SearchGroup {
	from := path.Dir(b.path) // the language is the first part of it
	if known, ok := b.x.finds.Load(from); ok {
		return known.([]html.SearchGroup)
	}
	made := b.makeSearch()
	b.x.finds.Store(from, made)
	return made
}

func (b *builder) makeSearch() []html.SearchGroup {
	var groups []html.SearchGroup
	add := func(text, kind, href string) {
		if href == "" {
			return
		}
		folder, file := path.Split(href)
		last := len(groups) - 1
		if last < 0 || groups[last].Kind != kind || groups[last].Folder != folder {
			groups = append(groups, html.SearchGroup{Kind: kind, Folder: folder})
			last++
		}
		groups[last].Entries = append(groups[last].Entries, [2]string{text, strings.TrimSuffix(file, ".html")})
	}
	for _, t := range b.x.References.Territories() {
		text := placeName(t, b.lang)
		if t.Level == reference.LevelProvince && t.Sigla != "" {
			text += " (" + t.Sigla + ")"
		}
		add(text, b.level(t.Level), b.toTerritory(t.Code))
	}
	for _, i := range b.x.Catalogue.Indicators {
		add(i.Title.In(b.lang), b.m.T("level.indicator"), b.to("indicator", i.ID))
	}
	for _, patronato := range b.x.patronati {
		add(patronato.Name, b.m.T("by.patronato"), b.to("patronato", patronato.Code))
	}
	for _, kind := range []string{"patronati", "training", "protocol", "proposals", "quality", "method"} {
		add(b.heading(kind), b.m.T("level.page"), b.to(kind, ""))
	}
	return groups
}

// heading names a page that there is one of.
func (b *builder) heading(kind string) string {
	switch kind {
	case "patronati":
		return b.m.T("nav.patronati")
	case "training":
		return b.m.T("nav.training")
	case "protocol":
		return b.m.T("nav.protocol")
	case "proposals":
		return b.m.T("nav.proposals")
	case "quality":
		return b.m.T("nav.quality")
	}
	return b.m.T("nav.method")
}

// facts are the state of the data, under the heading of a page of figures. The run is
// named where a site begins and where it accounts for itself, and on no other page: so
// a page whose figures are those of the publication before is the same page.
func (b *builder) facts() []html.Fact {
	facts := []html.Fact{
		{Name: b.m.T("fact.period"), Value: b.period()},
		{Name: b.m.T("fact.until"), Value: b.date(b.x.Run.DataUntil)},
	}
	if b.at == b.x.home() || b.at.kind == "quality" || b.at.kind == "method" {
		facts = append(facts, html.Fact{Name: b.m.T("fact.updated"), Value: b.stamp(b.x.Run.At), Moment: html.Moment(b.x.Run.At)}, html.Fact{Name: b.m.T("prov.run"), Value: b.x.Run.ID})
	}
	return facts
}

// contents leads to the sections of the page, those with a title.
func contents(pairs ...string) []html.Link {
	var links []html.Link
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			links = append(links, html.Link{Href: "#" + pairs[i], Text: pairs[i+1]})
		}
	}
	return links
}
