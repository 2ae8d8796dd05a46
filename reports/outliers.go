package reports

import (
	"math"
	"sort"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// outlierFindings tell in what a territory is beyond the limits among those of
// its level, and in what its provinces are far beyond theirs. Provinces beyond the
// same limit are told of together.
func (b *builder) outlierFindings(t reference.Territory) []finding {
	var found []finding
	add := func(kind int, sentence html.Sentence) {
		found = append(found, finding{kind, -float64(len(found)), sentence}) // they come strongest first
	}
	for _, c := range b.strongest(b.x.outliers(func(other reference.Territory) bool { return other.Code == t.Code })) {
		i, _ := b.x.Catalogue.Indicator(c.Indicator)
		kind := beyond
		if isFar(c.Funnel) {
			kind = farBeyond
		}
		add(kind, b.outlierSentence(i, c))
	}
	type group struct{ indicator, position string }
	groups := map[group][]result.Cell{}
	var order []group
	for _, c := range b.strongest(b.x.outliers(func(other reference.Territory) bool {
		return other.Parent == t.Code && other.Level == reference.LevelProvince
	})) {
		if at := (group{c.Indicator, c.Funnel}); isFar(c.Funnel) {
			if groups[at] == nil {
				order = append(order, at)
			}
			groups[at] = append(groups[at], c)
		}
	}
	for _, at := range order {
		i, _ := b.x.Catalogue.Indicator(at.indicator)
		if cells := groups[at]; len(cells) == 1 {
			add(farBeyond, b.outlierSentence(i, cells[0]))
		} else {
			add(farBeyond, b.provincesSentence(i, cells, len(b.x.provinces[t.Code])))
		}
	}
	return found
}

// outlierSentence tells of one territory beyond the limits of a funnel.
func (b *builder) outlierSentence(i *kpi.Indicator, c result.Cell) html.Sentence {
	v := b.value(i, c)
	italy := b.x.headline(i.ID, result.Italy)
	t, _ := b.x.References.Territory(c.Territory)
	text := b.m.T("sentence.outlier", "place", placeIn(t, b.lang), "value", v.Text, "interval", said(v.Interval), "n", v.N,
		"italy", b.value(i, italy).Text)
	if known(c.Standardised) {
		text += " " + b.m.T("sentence.standardised", "value", b.standardised(i, c))
	}
	if !isFar(c.Funnel) { // a page has many such comparisons, and says so
		text += " " + b.m.T("sentence.near")
	}
	return html.Sentence{Mark: *b.position(i, c.Funnel), Lead: i.Title.In(b.lang), Text: text,
		Href: b.to("indicator", i.ID), More: b.m.T("sentence.more")}
}

// namedProvinces is how many provinces a sentence names.
const namedProvinces = 6

// provincesSentence tells of several provinces of a region beyond the same limit at once.
func (b *builder) provincesSentence(i *kpi.Indicator, cells []result.Cell, of int) html.Sentence {
	names := ""
	for n, c := range cells {
		if n == namedProvinces {
			names += " " + b.m.Plural("list.more", len(cells)-n)
			break
		}
		if n > 0 {
			names += ", "
		}
		names += b.place(c.Territory) + " (" + b.value(i, c).Text + ")"
	}
	text := b.m.Plural("sentence.provinces", len(cells), "total", b.whole(float64(of)), "names", names,
		"italy", b.value(i, b.x.headline(i.ID, result.Italy)).Text)
	return html.Sentence{Mark: *b.position(i, cells[0].Funnel), Lead: i.Title.In(b.lang) + ":", Text: text,
		Href: b.to("indicator", i.ID), More: b.m.T("sentence.more")}
}

// patronatoSentence tells of one patronato of the country beyond the limits that
// all of them give.
func (b *builder) patronatoSentence(i *kpi.Indicator, c result.Cell) html.Sentence {
	v := b.value(i, c)
	text := b.m.T("sentence.patronato", "item", b.item(c.Breakdown, c.Item), "value", v.Text, "interval", said(v.Interval), "n", v.N,
		"italy", b.value(i, b.x.headline(i.ID, result.Italy)).Text)
	if len(i.Strata) > 0 {
		text += " " + b.m.T("sentence.crude", "strata", b.strata(i))
	}
	return html.Sentence{Mark: *b.position(i, c.Funnel), Lead: i.Title.In(b.lang) + ":", Text: text,
		Href: b.to("indicator", i.ID), More: b.m.T("sentence.more")}
}

// measureFindings tell of the measures of the last two years whose whole interval
// lies on the wrong side of the target.
func (b *builder) measureFindings(i *kpi.Indicator, territory string) []finding {
	if i.Target == nil || i.TargetOn == "p90" || i.Direction == kpi.None {
		return nil
	}
	var found []finding
	told := map[string]bool{}
	cells := b.x.cells[cellKey{i.ID, territory, result.Rolling12}]
	for n := len(cells) - 1; n >= 0; n-- { // the newest first: a measure takes effect once
		c := cells[n]
		nearest := c.Upper
		if i.Direction == kpi.Down {
			nearest = c.Lower
		}
		if c.Breakdown != string(kpi.ByMeasure) || told[c.Item] || c.Class != result.OK || i.Met(nearest) != -1 {
			continue
		}
		told[c.Item] = true
		found = append(found, finding{aMeasure, math.Abs(nearest-*i.Target) / (c.Upper - c.Lower), b.measureSentence(i, c)})
	}
	return found
}

func (b *builder) measureSentence(i *kpi.Indicator, c result.Cell) html.Sentence {
	v := b.value(i, c)
	mark := html.Mark{Kind: "missed", Tone: "worse", Text: b.m.T("measure.missed")}
	text := b.m.T("sentence.measure", "measure", b.item(c.Breakdown, c.Item), "since", b.sinceDay(b.x.effective(c.Item)),
		"value", v.Text, "interval", said(v.Interval), "n", v.N, "target", b.target(i))
	return html.Sentence{Mark: mark, Lead: i.Title.In(b.lang) + ":", Text: text, Href: b.to("indicator", i.ID), More: b.m.T("sentence.more")}
}

// strongest sorts figures beyond limits by how far beyond: the outer limit
// first, then the distance from Italy weighed by size, relative to the spread
// that the figure's own size allows.
func (b *builder) strongest(cells []result.Cell) []result.Cell {
	weight := func(c result.Cell) float64 {
		italy := b.x.headline(c.Indicator, result.Italy).Value
		width := c.Upper - c.Lower
		value := c.Value
		if known(c.Standardised) && known(c.StdUpper) {
			value, width = c.Standardised, c.StdUpper-c.StdLower
		}
		if !known(width) || width <= 0 || !known(italy) {
			return 0
		}
		return math.Abs(value-italy) / width
	}
	sorted := append([]result.Cell(nil), cells...)
	sort.SliceStable(sorted, func(a, c int) bool {
		if isFar(sorted[a].Funnel) != isFar(sorted[c].Funnel) {
			return isFar(sorted[a].Funnel)
		}
		return weight(sorted[a]) > weight(sorted[c])
	})
	return sorted
}
