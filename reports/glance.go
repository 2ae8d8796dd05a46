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

// counter counts marks by what they are called beside their number, in the order in which
// they are first named.
type counter struct {
	marks []html.CountedMark
	names []string // the plural message of each
	all   int
}

func (n *counter) add(name string, mark html.Mark, by int) {
	n.all += by
	for k := range n.marks {
		if n.names[k] == name {
			n.marks[k].N += by
			return
		}
	}
	n.marks, n.names = append(n.marks, html.CountedMark{Mark: mark, N: by}), append(n.names, name)
}

// counted writes the numbers, and after them what was counted: "2 improvements". It is
// nothing where nothing was.
func (b *builder) counted(n counter) []html.CountedMark {
	if n.all == 0 {
		return nil
	}
	for k := range n.marks {
		one := &n.marks[k]
		one.Text, one.Mark.Text, one.Mark.Long = b.whole(float64(one.N)), b.m.Plural(n.names[k], one.N), "" // no rule: it is of several
	}
	return n.marks
}

// The plural messages of what is counted, by what a control chart says.
var (
	courseNames = map[string]string{"concern": "glance.concern", "improvement": "glance.improvement", "change": "glance.change", "common": "glance.common"}
	targetNames = map[string]string{"missed": "glance.missed", "hit_or_miss": "glance.hit_or_miss", "met": "glance.met"}
)

// courseCount counts the control charts of the country that have limits; that a short
// series has no signal is no finding.
func (b *builder) courseCount() html.Tally {
	var n counter
	add := func(variation string, by int) {
		n.add(courseNames[variation], *b.variation(&result.Chart{Variation: variation}), by)
	}
	for _, variation := range []string{"concern", "improvement", "change", "common"} {
		add(variation, 0)
	}
	for _, i := range b.x.Catalogue.Indicators {
		if c := b.x.chart(i.ID, result.Italy); c != nil && known(c.Upper) && !(c.Trial && c.Variation == "common") {
			add(c.Variation, 1)
		}
	}
	return html.Tally{Title: b.m.Plural("glance.course", n.all), Marks: b.counted(n)}
}

// targetCount counts the targets that the control charts of the country judge.
func (b *builder) targetCount() html.Tally {
	var n counter
	for _, assurance := range []string{"missed", "hit_or_miss", "met"} {
		n.add(targetNames[assurance], *b.assurance(&result.Chart{Assurance: assurance}), 0)
	}
	for _, i := range b.x.Catalogue.Indicators {
		c := b.x.chart(i.ID, result.Italy)
		if mark := b.assurance(c); mark != nil {
			n.add(targetNames[c.Assurance], *mark, 1)
		}
	}
	return html.Tally{Title: b.m.Plural("glance.targets", n.all), Marks: b.counted(n)}
}

// placeCount counts the territories beyond the outer limits of their funnels.
func (b *builder) placeCount() html.Tally {
	judged := 0
	var n counter
	add := func(name, tone string, by int) { n.add(name, html.Mark{Kind: "far-above", Tone: tone}, by) }
	add("glance.worse", "worse", 0)
	add("glance.better", "better", 0)
	add("glance.neither", "neutral", 0)
	b.x.eachJudged(func(i *kpi.Indicator, c result.Cell) {
		judged++
		switch mark := b.position(i, c.Funnel); {
		case !isFar(c.Funnel):
		case mark.Tone == "worse":
			add("glance.worse", "worse", 1)
		case mark.Tone == "better":
			add("glance.better", "better", 1)
		default:
			add("glance.neither", "neutral", 1)
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
