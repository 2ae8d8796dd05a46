package reports

import (
	"strings"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// comparePage sets any territory beside Italy, its region, its peers and itself
// a year before. What is chosen stands in the address, and the script of the page
// puts the tables together from the figures that the page holds, as they are
// written everywhere: it computes none.
func (b *builder) comparePage(p *html.Page, home html.Link) {
	p.Heading = b.m.T("compare.title")
	p.Lead = b.m.T("compare.lead")
	p.Facts = b.facts()
	p.Crumbs = []html.Link{home, {Text: p.Heading, Current: true}}
	var body html.Compare
	italy, _ := b.x.References.Territory(result.Italy)
	body.Static = b.matrix("regions", b.m.T("compare.regions"), b.m.T("compare.regions.caption", "month", b.month(b.x.last)), reference.LevelRegion,
		append([]reference.Territory{italy}, b.x.regions...))
	for _, region := range b.x.regions {
		body.Links = append(body.Links, html.Link{Text: placeName(region, b.lang), Href: b.to("region", region.Code)})
	}
	p.Contents = contents("one", b.m.T("compare.one"), "all", b.m.T("compare.all"), "regions", b.m.T("compare.regions"))
	b.compare = b.comparison()
	p.Body = body
}

// compareLink leads to the comparison of a territory, of an indicator, or of both; nil in a pack, which has no such page.
func (b *builder) compareLink(territory, indicator string) *html.Link {
	if b.x.isPack() {
		return nil
	}
	var chosen []string
	if territory != "" {
		chosen = append(chosen, "t="+territory)
	}
	if indicator != "" {
		chosen = append(chosen, "i="+indicator)
	}
	return &html.Link{Text: b.m.T("compare.link"), Href: b.to("compare", "") + "#" + strings.Join(chosen, "&")}
}

// comparison is all figures of the page. Only indicators that regions have can be
// compared.
func (b *builder) comparison() *html.Comparison {
	c := &html.Comparison{Words: map[string]string{}}
	for _, key := range []string{"compare.here", "compare.before", "compare.region", "compare.region.column", "compare.italy", "compare.peer", "compare.peers.none",
		"compare.peers.about", "compare.finding", "compare.finding.above", "compare.finding.below", "compare.finding.within",
		"compare.finding.unknown", "compare.range", "compare.caption.one", "compare.caption.all"} {
		c.Words[strings.TrimPrefix(key, "compare.")] = b.m.T(key)
	}
	for code, key := range map[string]string{"h": "value.hidden", "x": "value.none", "y": "value.not_yet", "s": "class.small",
		"i": "class.immature", "o": "class.ok", "A": "position.far_above", "a": "position.above", "b": "position.below",
		"B": "position.far_below", "n": "position.inside", "u": "position.unjudged"} {
		c.Words["code."+code] = b.m.T(key)
	}
	peers := map[string][]string{}
	classes := map[string][2]int64{}
	for _, peer := range b.x.Peers {
		peers[peer.Territory] = append(peers[peer.Territory], peer.Peer)
		classes[peer.Territory] = [2]int64{peer.SizeClass, peer.Classes}
	}
	var places []reference.Territory
	for _, t := range b.x.References.Territories() {
		places = append(places, t)
		region := t.Parent
		if t.Level != reference.LevelProvince {
			region = ""
		}
		c.Territories = append(c.Territories, html.ComparedTerritory{Code: t.Code, Name: placeName(t, b.lang), Region: region,
			Peers: strings.Join(peers[t.Code], " "), SizeClass: classes[t.Code]})
	}
	for _, theme := range b.x.Catalogue.Themes {
		title := theme.Title.In(b.lang)
		for _, i := range b.x.Catalogue.Of(theme.ID) {
			if i.HasLevel(reference.LevelRegion) {
				c.Indicators = append(c.Indicators, b.compared(i, title, places))
				title = ""
			}
		}
	}
	return c
}

// compared packs the figures of an indicator, one text for each territory: value,
// interval, n, codes of class and position, value and interval a year before with
// the code of its class, standardised value and interval, parted by |. Space counts,
// as they are thousands: what most figures end with is told once, and a figure
// that ends otherwise begins with =; the dash of an interval is ~; of a figure that
// is right, and inside the limits if it is judged, the codes are left out, and of any
// figure the fields at its end in which nothing is.
func (b *builder) compared(i *kpi.Indicator, theme string, places []reference.Territory) html.ComparedIndicator {
	c := html.ComparedIndicator{ID: i.ID, Title: i.Title.In(b.lang), Theme: theme,
		Suffix: strings.TrimPrefix(i.Unit.Format(2, b.lang), i.Unit.Number(2, b.lang)), Standardised: len(i.Strata) > 0}
	if isWhole(i, result.Cell{}) || i.Unit == kpi.Date {
		c.Suffix = ""
	}
	if i.Direction != kpi.None {
		c.Above = tone(i, true)
	}
	if !wordy(i.Unit, b.lang) {
		c.IntervalSuffix = c.Suffix
	}
	interval := func(text string) string {
		return strings.Replace(strings.TrimSuffix(text, c.IntervalSuffix), "–", "~", 1)
	}
	shorten := func(text string) string {
		if short, ok := strings.CutSuffix(text, c.Suffix); ok {
			return short
		}
		return "=" + text
	}
	for _, t := range places {
		now, before := b.x.headline(i.ID, t.Code), b.x.yearBefore(i.ID, t.Code)
		if !i.HasLevel(t.Level) {
			c.Figures = append(c.Figures, "")
			continue
		}
		v, old := b.value(i, now), b.value(i, before)
		fields := []string{"", "", "", codeOf(now) + positionCode(now.Funnel), "", "", strings.TrimPrefix(codeOf(before), "o")}
		if now.Class == result.OK && now.Funnel == "inside" {
			fields[3] = ""
		}
		if known(now.Value) && now.Class != result.Hidden {
			fields[0], fields[1], fields[2] = shorten(v.Text), interval(v.Interval), v.N
		}
		if known(before.Value) && before.Class != result.Hidden {
			fields[4], fields[5] = shorten(old.Text), interval(old.Interval)
		}
		if known(now.Standardised) {
			digits := i.Unit.Digits(now.Standardised, now.StdLower, now.StdUpper)
			fields = append(fields, shorten(b.standardised(i, now)),
				interval(b.interval(i.Unit, now.StdLower, now.StdUpper, digits)))
		}
		c.Figures = append(c.Figures, strings.TrimRight(strings.Join(fields, "|"), "|"))
	}
	return c
}

// codeOf is the letter of a class of figures.
func codeOf(c result.Cell) string {
	switch {
	case c.Class == result.Hidden:
		return "h"
	case c.Class == result.Immature && !known(c.Value) && c.Open > 0:
		return "y"
	case c.Class == result.NoData || !known(c.Value):
		return "x"
	case c.Class == result.Small:
		return "s"
	case c.Class == result.Immature:
		return "i"
	}
	return "o"
}

// positionCode is the letter of a position in a funnel; "" where there is none.
func positionCode(position string) string {
	return map[string]string{"above998": "A", "above95": "a", "below95": "b", "below998": "B", "inside": "n"}[position]
}
