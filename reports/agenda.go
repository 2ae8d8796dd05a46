package reports

import (
	"strings"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// agendaShown is how many indicators a point of the agenda names.
const agendaShown = 5

// agenda is what a territory may bring to the table, one point a kind of matter:
// what is worse, what is better, targets, training and commitments not met, and
// how far the figures bear all that. It names figures and no causes.
func (b *builder) agenda(t reference.Territory) []html.Sentence {
	worse, better := b.standouts(t)
	var points []html.Sentence
	add := func(some []string, kind, tone, mark, lead string) {
		if len(some) == 0 {
			return
		}
		points = append(points, html.Sentence{Mark: html.Mark{Kind: kind, Tone: tone, Text: mark},
			Lead: b.m.Plural(lead, len(some)), Text: b.listed(some) + "."})
	}
	add(worse, "concern", "worse", b.m.T("agenda.discuss"), "agenda.discuss.lead")
	add(b.targetsMissed(t), "missed", "worse", b.m.T("agenda.targets"), "agenda.targets.lead")
	add(b.untrained(t), "missed", "worse", b.m.T("agenda.training"), "agenda.training.lead")
	add(b.undone(t), "mixed", "neutral", b.m.T("agenda.protocol"), "agenda.protocol.lead")
	add(better, "improvement", "better", b.m.T("agenda.share"), "agenda.share.lead")
	return points
}

// listed puts the first few together: "a; b; c e altri 2".
func (b *builder) listed(some []string) string {
	if len(some) <= agendaShown {
		return strings.Join(some, "; ")
	}
	return strings.Join(some[:agendaShown], "; ") + " " + b.m.Plural("list.moreindicators", len(some)-agendaShown)
}

// standouts are the indicators that a signal in time or a place beyond the limits
// of a funnel sets apart, by what that means. An indicator that both worsens and
// lies on the better side is named in both.
func (b *builder) standouts(t reference.Territory) (worse, better []string) {
	for n := range b.x.Catalogue.Indicators {
		i := &b.x.Catalogue.Indicators[n]
		if !i.HasLevel(t.Level) || i.Direction == kpi.None {
			continue
		}
		c := b.x.headline(i.ID, t.Code)
		place, course := "", ""
		if mark := b.position(i, c.Funnel); mark != nil {
			place = mark.Tone
		}
		chart := b.x.chart(i.ID, t.Code)
		if mark := b.variation(chart); mark != nil {
			course = mark.Tone
		}
		text := b.againstItaly(i, c)
		switch {
		case course == "worse":
			worse = append(worse, b.m.T("agenda.worsening", "figure", text, "month", b.month(chart.Since)))
		case place == "worse":
			worse = append(worse, text)
		}
		switch {
		case course == "better":
			better = append(better, b.m.T("agenda.improving", "figure", text, "month", b.month(chart.Since)))
		case place == "better":
			better = append(better, text)
		}
	}
	return worse, better
}

// againstItaly is "Abbandoni in coda 14,1 % (Italia 9,0 %)".
func (b *builder) againstItaly(i *kpi.Indicator, c result.Cell) string {
	return b.m.T("agenda.against", "indicator", i.Short.In(b.lang), "value", b.value(i, c).Text,
		"italy", b.value(i, b.x.headline(i.ID, result.Italy)).Text)
}

// targetsMissed are the targets that the last twelve months miss by more than
// chance, apart from those of the Protocol and of what is given by measure, which
// are points of their own.
func (b *builder) targetsMissed(t reference.Territory) []string {
	own := map[string]bool{}
	for _, i := range b.x.byMeasure(t.Level) {
		own[i.ID] = true
	}
	var some []string
	for n := range b.x.Catalogue.Indicators {
		i := &b.x.Catalogue.Indicators[n]
		if i.Theme == protocolTheme || own[i.ID] || !i.HasLevel(t.Level) {
			continue
		}
		c := b.x.headline(i.ID, t.Code)
		if !falls(i, c) {
			continue
		}
		value := i.Unit.Format(c.Value, b.lang)
		if i.TargetOn == "p90" { // the figure is not the one that the page shows first
			value = b.m.T("target.p90", "target", i.Unit.Format(c.P90, b.lang))
		}
		some = append(some, b.m.T("agenda.missed", "indicator", i.Short.In(b.lang), "value", value, "target", b.bareTarget(i)))
	}
	return some
}

// untrained are the measures for which a target of training is missed by more
// than chance.
func (b *builder) untrained(t reference.Territory) []string {
	var some []string
	indicators := b.x.byMeasure(t.Level)
	measures := b.x.measuresOf(indicators)
	for n := len(measures) - 1; n >= 0; n-- {
		for _, i := range indicators {
			c, ok := b.x.ofMeasure(i, t.Code, measures[n])
			if !ok {
				continue
			}
			if falls(i, c) {
				some = append(some, b.m.T("agenda.untrained", "measure", measures[n].Title, "indicator", lowerFirst(i.Short.In(b.lang)),
					"value", i.Unit.Format(c.Value, b.lang), "target", b.target(i)))
			}
		}
	}
	return some
}

// undone are the commitments of the Protocol that are not yet kept here: below
// their target, or a share of things of which some are still missing.
func (b *builder) undone(t reference.Territory) []string {
	var some []string
	for _, i := range b.x.Catalogue.Of(protocolTheme) {
		if !i.HasLevel(t.Level) || i.Direction != kpi.Up {
			continue
		}
		c := b.x.headline(i.ID, t.Code)
		if !known(c.Value) || c.Class != result.OK {
			continue
		}
		lacking := i.Met(c.Value) < 0 || i.Target == nil && i.Stock && i.Unit == kpi.Percent && c.Value < 1
		switch {
		case !lacking:
		case isSingle(i, c):
			some = append(some, b.m.T("agenda.notyet", "indicator", i.Short.In(b.lang)))
		case i.Statistic == kpi.Rate && !i.PerPopulation:
			some = append(some, b.m.T("agenda.partly", "indicator", i.Short.In(b.lang), "n", b.whole(c.Numerator), "of", b.whole(c.Denominator)))
		default:
			some = append(some, b.m.T("agenda.missed", "indicator", i.Short.In(b.lang), "value", i.Unit.Format(c.Value, b.lang), "target", b.target(i)))
		}
	}
	return some
}
