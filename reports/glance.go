package reports

import (
	"math"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// outsideByChance is the share of territories that differ in nothing and are yet
// beyond the outer limits of a funnel.
const outsideByChance = 0.002

// glance counts the judgements on the country before any of them is told: how many
// indicators move which way, how many targets are within reach, and how many
// comparisons of territories are beyond the outer limits, beside how many chance
// alone would put there.
func (b *builder) glance() []html.Tally {
	var groups []html.Tally
	for _, one := range []html.Tally{b.courseCount(), b.targetCount(), b.placeCount()} {
		if len(one.Marks) > 0 {
			groups = append(groups, one)
		}
	}
	return groups
}

// counter counts marks by their kind, in the order in which they are first named.
type counter struct {
	marks []html.CountedMark
	all   int
}

func (n *counter) add(mark html.Mark, by int) {
	n.all += by
	for k := range n.marks {
		if n.marks[k].Mark.Text == mark.Text {
			n.marks[k].N += by
			return
		}
	}
	n.marks = append(n.marks, html.CountedMark{Mark: mark, N: by})
}

// counted writes the numbers; nothing where nothing was counted.
func (b *builder) counted(n counter) []html.CountedMark {
	if n.all == 0 {
		return nil
	}
	for k := range n.marks {
		n.marks[k].Text = b.whole(float64(n.marks[k].N))
	}
	return n.marks
}

// courseCount counts the control charts of the country that have limits; that a short
// series has no signal is no finding.
func (b *builder) courseCount() html.Tally {
	var n counter
	for _, variation := range []string{"concern", "improvement", "change", "common"} {
		mark := *b.variation(&result.Chart{Variation: variation})
		mark.Long = "" // no rule: it is of several
		n.add(mark, 0)
	}
	for _, i := range b.x.Catalogue.Indicators {
		if c := b.x.chart(i.ID, result.Italy); c != nil && known(c.Upper) && !(c.Trial && c.Variation == "common") {
			n.add(*b.variation(&result.Chart{Variation: c.Variation}), 1)
		}
	}
	return html.Tally{Title: b.m.Plural("glance.course", n.all), Marks: b.counted(n)}
}

// targetCount counts the targets that the control charts of the country judge.
func (b *builder) targetCount() html.Tally {
	var n counter
	for _, assurance := range []string{"missed", "hit_or_miss", "met"} {
		n.add(*b.assurance(&result.Chart{Assurance: assurance}), 0)
	}
	for _, i := range b.x.Catalogue.Indicators {
		if mark := b.assurance(b.x.chart(i.ID, result.Italy)); mark != nil {
			n.add(*mark, 1)
		}
	}
	return html.Tally{Title: b.m.Plural("glance.targets", n.all), Marks: b.counted(n)}
}

// placeCount counts the territories beyond the outer limits of their funnels.
func (b *builder) placeCount() html.Tally {
	judged := 0
	var n counter
	worse := html.Mark{Kind: "far-above", Tone: "worse", Text: b.m.T("glance.worse")}
	better := html.Mark{Kind: "far-above", Tone: "better", Text: b.m.T("glance.better")}
	neither := html.Mark{Kind: "far-above", Tone: "neutral", Text: b.m.T("glance.neither")}
	for _, mark := range []html.Mark{worse, better, neither} {
		n.add(mark, 0)
	}
	b.x.eachJudged(func(i *kpi.Indicator, c result.Cell) {
		judged++
		switch mark := b.position(i, c.Funnel); {
		case !isFar(c.Funnel):
		case mark.Tone == "worse":
			n.add(worse, 1)
		case mark.Tone == "better":
			n.add(better, 1)
		default:
			n.add(neither, 1)
		}
	})
	if judged == 0 {
		return html.Tally{}
	}
	return html.Tally{Title: b.m.Plural("glance.places", n.all, "of", b.whole(float64(judged))), Marks: b.counted(n),
		Note: b.m.T("glance.chance", "n", b.whole(math.Ceil(outsideByChance*float64(judged))))}
}

// eachJudged visits the headline figures of territories that have a place in a funnel.
func (x *index) eachJudged(visit func(*kpi.Indicator, result.Cell)) {
	for n := range x.Catalogue.Indicators {
		i := &x.Catalogue.Indicators[n]
		for _, territory := range x.References.Territories() {
			if c := x.headline(i.ID, territory.Code); c.Funnel != "" && territory.Level != reference.LevelItaly {
				visit(i, c)
			}
		}
	}
}
