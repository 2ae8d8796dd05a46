package reports

import (
	"math"
	"sort"
	"time"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// sentencesShown is how many findings a page shows at once; the rest is folded.
const sentencesShown = 7

// Findings are the sentences that the pages of territories open with, in a
// language, the strongest first: the signals in its months, what is beyond the
// limits, and the targets that are out of reach. A territory in which nothing but
// chance is at work has hardly any: see the rates that the methods promise.
//
// Each sentence says what, how much, since when, against which target, and what
// part of it goes with which items. None says why: the figures do not know that.
// A language without messages is an error.
func Findings(set *result.Set, lang string, territories ...string) (map[string][]html.Sentence, error) {
	messages, err := html.LoadMessages(lang)
	if err != nil {
		return nil, err
	}
	x := newIndex(set)
	b := &builder{words: words{x, lang, messages}, at: address{kind: "italy"}, path: x.path(address{kind: "italy"}, lang)}
	found := map[string][]html.Sentence{}
	for _, territory := range territories {
		found[territory] = b.findings(territory)
	}
	return found, messages.Err()
}

// fold divides sentences into those that are shown and the others.
func fold(sentences []html.Sentence) (shown, folded []html.Sentence) {
	if len(sentences) <= sentencesShown+1 { // one alone is not worth hiding
		return sentences, nil
	}
	return sentences[:sentencesShown], sentences[sentencesShown:]
}

// finding is a sentence with what it is sorted by: its kind, then its strength.
type finding struct {
	kind     int
	strength float64
	sentence html.Sentence
}

// The kinds of findings, in the order in which they are told.
const (
	aConcern = iota
	anImprovement
	aChange
	farBeyond // territories and patronati beyond the 99.8% limits
	aMeasure  // that took effect short of its target
	aMissedTarget
	beyond // the 95% limits: of twenty territories that do not differ, one is
)

// findings are the sentences on a territory: the signals of its control charts,
// those for the worse before those for the better; what is far beyond the limits,
// here and in its provinces; the measures and the months that are short of a
// target for certain. Chance is not a finding.
func (b *builder) findings(territory string) []html.Sentence {
	var found []finding
	for n := range b.x.Catalogue.Indicators {
		i := &b.x.Catalogue.Indicators[n]
		found = append(append(found, b.chartFindings(i, territory)...), b.itemFindings(i, territory)...)
	}
	if t, ok := b.x.References.Territory(territory); ok && t.Level != reference.LevelItaly {
		found = append(found, b.outlierFindings(t)...)
	}
	sort.SliceStable(found, func(a, c int) bool {
		if found[a].kind != found[c].kind {
			return found[a].kind < found[c].kind
		}
		return found[a].strength > found[c].strength
	})
	sentences := make([]html.Sentence, len(found))
	for n := range found {
		sentences[n] = found[n].sentence
	}
	return sentences
}

// chartFindings are the signal at the end of a control chart, or else its target
// when the process does not reach it.
func (b *builder) chartFindings(i *kpi.Indicator, territory string) []finding {
	kinds := map[string]int{"concern": aConcern, "improvement": anImprovement, "change": aChange}
	c := b.x.chart(i.ID, territory)
	if b.variation(c) == nil || !known(lastMature(c).Value) {
		return nil
	}
	if kind, ok := kinds[c.Variation]; ok && !c.Since.IsZero() {
		return []finding{{kind, strength(c), b.signalSentence(i, c)}}
	}
	if c.Assurance == "missed" && i.Target != nil {
		return []finding{{aMissedTarget, distance(c, *i.Target), b.missedSentence(i, c)}}
	}
	return nil
}

// strength orders signals: how far the months of the signal are from the centre,
// in units of what a month varies by itself, the more the longer it lasts.
func strength(c *result.Chart) float64 {
	sum, months := 0.0, 0.0
	for _, at := range c.Points {
		if !at.Immature && known(at.Value) && !at.Start.Before(c.Since) {
			sum, months = sum+at.Value-c.Centre, months+1
		}
	}
	if months == 0 || !(c.Upper > c.Lower) {
		return 0
	}
	return math.Abs(sum) / math.Sqrt(months) / (c.Upper - c.Lower)
}

// distance orders missed targets: how far the nearer limit is from the target.
func distance(c *result.Chart, target float64) float64 {
	if !(c.Upper > c.Lower) {
		return 0
	}
	return math.Min(math.Abs(c.Lower-target), math.Abs(c.Upper-target)) / (c.Upper - c.Lower)
}

// signalSentence tells figure, size, since when, what the change is made of and
// target of a signal. It says what moved and never why.
func (b *builder) signalSentence(i *kpi.Indicator, c *result.Chart) html.Sentence {
	last := lastMature(c)
	aside := b.m.T("sentence.mean", "value", i.Unit.Format(c.Centre, b.lang))
	if before, ok := pointAt(c, last.Start.AddDate(-1, 0, 0)); ok {
		aside = i.Unit.Format(before.Value, b.lang) + " " + b.inMonth(before.Start) + "; " + aside
	}
	if known(last.N) && !i.PerPopulation { // residents are no cases
		aside = b.sample(b.whole(last.N)) + "; " + aside
	}
	text := b.m.T("sentence.value", "value", i.Unit.Format(last.Value, b.lang), "in", b.inMonth(last.Start), "aside", aside)
	if c.Since.Equal(last.Start) {
		text += " " + b.m.T("sentence.now", "rule", b.rule(c.Rule))
	} else {
		text += " " + b.m.T("sentence.since", "month", b.month(c.Since), "rule", b.lasting(c))
	}
	text += b.yearSentence(i, c, last.Value-c.Centre) + b.targetSentence(i, c, last) + b.maturitySentence(c, last)
	return html.Sentence{Mark: *b.variation(c), Lead: i.Title.In(b.lang) + ":", Text: text,
		Href: b.to("indicator", i.ID), More: b.m.T("sentence.more")}
}

// yearSentence tells how the twelve months compare with those before, and, when
// they moved the way the signal points and by more than chance, what the change
// is made of.
func (b *builder) yearSentence(i *kpi.Indicator, c *result.Chart, side float64) string {
	now, before := b.x.headline(i.ID, c.Territory), b.x.yearBefore(i.ID, c.Territory)
	if now.Class != result.OK || before.Class != result.OK || !moves(i) || i.Statistic == kpi.Sum {
		return ""
	}
	change := now.Value - before.Value
	text := i.Unit.FormatChange(change, b.lang)
	if !holdsDigit(text) {
		return " " + b.m.T("sentence.same", "value", i.Unit.Format(now.Value, b.lang))
	}
	key := "sentence.year"
	if !differs(now, before) {
		key = "sentence.year.within"
	}
	year := " " + b.m.T(key, "fromto", b.fromTo(i.Unit, before.Value, now.Value), "change", text)
	if change*side <= 0 || !differs(now, before) {
		return year
	}
	return year + b.partsSentence(i, c.Territory)
}

// differs tells whether two figures are apart by more than their uncertainty
// together: the 95% interval of a difference is as wide as the root of the sum of
// the squares of theirs. Those without an interval estimate nothing, and differ
// when they do; but of a share that is rounded nobody can say how sure it is.
//
// Source: Newcombe, Stat Med 17 (1998) 873, method 10.
func differs(now, before result.Cell) bool {
	if now.RoundedTo > 0 || before.RoundedTo > 0 {
		return false
	}
	up, down := now.Value-now.Lower, before.Upper-before.Value
	if now.Value < before.Value {
		up, down = now.Upper-now.Value, before.Value-before.Lower
	}
	room := math.Hypot(up, down)
	return !known(room) || math.Abs(now.Value-before.Value) > room
}

// targetSentence compares the last month with the target, when there is one for the median or rate.
func (b *builder) targetSentence(i *kpi.Indicator, c *result.Chart, last result.ChartPoint) string {
	if i.TargetOn == "p90" {
		return ""
	}
	month, _ := b.x.inMonth(i.ID, c.Territory, last.Start)
	switch meets(i, month, last.Value) {
	case 1:
		return " " + b.m.T("sentence.met", "target", b.target(i))
	case -1:
		return " " + b.m.T("sentence.notmet", "target", b.target(i))
	}
	return ""
}

// maturitySentence says which month is the last that counts, where later ones do not yet.
func (b *builder) maturitySentence(c *result.Chart, last result.ChartPoint) string {
	if newest := c.Points[len(c.Points)-1]; newest.Immature && newest.Start.After(last.Start) {
		return " " + b.m.T("sentence.mature", "month", b.month(last.Start))
	}
	return ""
}

// missedSentence tells of a target beyond the limits of a steady process.
func (b *builder) missedSentence(i *kpi.Indicator, c *result.Chart) html.Sentence {
	last := lastMature(c)
	return html.Sentence{Mark: *b.assurance(c), Lead: i.Title.In(b.lang) + ":",
		Text: b.m.T("sentence.missed", "value", i.Unit.Format(last.Value, b.lang), "in", b.inMonth(last.Start),
			"limits", said(b.interval(i.Unit, math.Max(c.Lower, floorOf(i)), c.Upper, limitDigits(i, c))), "target", b.target(i)) + b.maturitySentence(c, last),
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
