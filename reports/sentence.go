package reports

import (
	"math"
	"sort"
	"time"

	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// changes are the findings of the control charts of a territory, in words: the
// signals first, those for the worse before those for the better, then targets
// that lie outside what the process delivers. Chance is not a finding.
func (b *builder) changes(territory string) []html.Sentence {
	rank := map[string]int{"concern": 0, "improvement": 1, "change": 2}
	type finding struct {
		rank     int
		sentence html.Sentence
	}
	var found []finding
	for n := range b.x.Catalogue.Indicators {
		i := &b.x.Catalogue.Indicators[n]
		c := b.x.chart(i.ID, territory)
		if c == nil {
			continue
		}
		if at, ok := rank[c.Variation]; ok && !c.Since.IsZero() {
			found = append(found, finding{at, b.signalSentence(i, c)})
		} else if c.Assurance == "missed" {
			found = append(found, finding{3, b.missedSentence(i, c)})
		}
	}
	sort.SliceStable(found, func(a, c int) bool { return found[a].rank < found[c].rank })
	sentences := make([]html.Sentence, len(found))
	for n := range found {
		sentences[n] = found[n].sentence
	}
	return sentences
}

// signalSentence tells figure, size, since when and target of a signal. It says
// what moved and never why.
func (b *builder) signalSentence(i *kpi.Indicator, c *result.Chart) html.Sentence {
	last := lastMature(c)
	aside := b.m.T("sentence.mean", "value", i.Unit.Format(c.Centre, b.lang))
	if before, ok := pointAt(c, last.Start.AddDate(-1, 0, 0)); ok {
		aside = i.Unit.Format(before.Value, b.lang) + " " + b.inMonth(before.Start) + "; " + aside
	}
	text := b.m.T("sentence.value", "value", i.Unit.Format(last.Value, b.lang), "in", b.inMonth(last.Start), "aside", aside) +
		" " + b.m.T("sentence.since", "month", b.month(c.Since), "rule", b.rule(c.Rule))
	text += b.targetSentence(i, last.Value)
	return html.Sentence{Mark: *b.variation(c), Lead: i.Title.In(b.lang) + ":", Text: text,
		Href: b.to("indicator", i.ID), More: b.m.T("sentence.more")}
}

// targetSentence compares the last month with the target, when there is one for the median or rate.
func (b *builder) targetSentence(i *kpi.Indicator, value float64) string {
	if i.TargetOn == "p90" {
		return ""
	}
	switch i.Met(value) {
	case 1:
		return " " + b.m.T("sentence.met", "target", b.target(i))
	case -1:
		return " " + b.m.T("sentence.notmet", "target", b.target(i))
	}
	return ""
}

// missedSentence tells of a target beyond the limits of a steady process.
func (b *builder) missedSentence(i *kpi.Indicator, c *result.Chart) html.Sentence {
	last := lastMature(c)
	return html.Sentence{Mark: *b.assurance(c), Lead: i.Title.In(b.lang) + ":",
		Text: b.m.T("sentence.missed", "value", i.Unit.Format(last.Value, b.lang), "in", b.inMonth(last.Start),
			"limits", b.interval(i.Unit, math.Max(c.Lower, floorOf(i)), c.Upper, 0), "target", b.target(i)),
		Href: b.to("indicator", i.ID), More: b.m.T("sentence.more")}
}

func lastMature(c *result.Chart) result.ChartPoint {
	for n := len(c.Points) - 1; n >= 0; n-- {
		if !c.Points[n].Immature && known(c.Points[n].Value) {
			return c.Points[n]
		}
	}
	return result.ChartPoint{Value: math.NaN()}
}

func pointAt(c *result.Chart, start time.Time) (result.ChartPoint, bool) {
	for _, at := range c.Points {
		if at.Start.Equal(start) && known(at.Value) && !at.Immature {
			return at, true
		}
	}
	return result.ChartPoint{}, false
}

// outlierSentence tells of one territory beyond the limits of a funnel.
func (b *builder) outlierSentence(i *kpi.Indicator, c result.Cell) html.Sentence {
	v := b.value(i, c)
	italy := b.x.headline(i.ID, result.Italy)
	t, _ := b.x.References.Territory(c.Territory)
	text := b.m.T("sentence.outlier", "place", placeIn(t, b.lang), "value", v.Text, "interval", v.Interval, "n", v.N,
		"italy", i.Unit.Format(italy.Value, b.lang))
	if known(c.Standardised) {
		text += " " + b.m.T("sentence.standardised", "value", i.Unit.Format(c.Standardised, b.lang))
	}
	return html.Sentence{Mark: *b.position(i, c.Funnel), Lead: i.Title.In(b.lang), Text: text,
		Href: b.to("indicator", i.ID), More: b.m.T("sentence.more")}
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
