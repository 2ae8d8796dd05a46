package reports

import (
	"math"
	"time"

	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// control is the control chart of an indicator in a territory, with its table.
// Width is that of the still drawing: wide or half.
func (b *builder) control(i *kpi.Indicator, c *result.Chart, id, title string, width int) *html.Figure {
	shown := 0
	low, high := math.Inf(1), math.Inf(-1)
	widen := func(values ...float64) {
		for _, v := range values {
			if known(v) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	for _, at := range c.Points {
		if known(at.Value) {
			shown++
		}
		widen(at.Value)
	}
	if shown < 2 {
		return nil
	}
	widen(c.Centre, c.Lower, c.Upper)
	target := i.Target != nil && i.TargetOn != "p90"
	if target {
		widen(*i.Target)
	}
	low = math.Max(low, floorOf(i))
	p := plot{width: width, height: 320, right: 24, y: unitAxis(i.Unit, low, high, b.lang), rules: b.controlRules(i, c, target)}
	if len(p.rules) > 0 {
		p.right = 132 // for their labels
	}
	p.y.name = axisName(i, b.lang)
	p.x = axis{names: make([]string, len(c.Points)), every: 1 + 48*(len(c.Points)-1)/(width-p.right-48)} // a month takes 48 pixels of what the labels at the sides leave
	for n, at := range c.Points {
		p.x.names[n] = b.shortMonth(at.Start)
	}
	p.curves = []curve{{points: courseOf(c), colour: "var(--neutral)", dash: "solid", width: 1.75}}
	p.groups = b.controlGroups(i, c)
	spread(p.rules, p.y, float64(p.height-p.top()-p.bottom()))
	figure := b.figure(id, title, b.controlFinding(i, c)+b.gaps(c), p, b.controlTable(i, c, id))
	switch {
	case figure == nil:
	case i.Chart() == kpi.Run:
		figure.Reading = b.m.T("control.finding.run")
	case known(c.Upper):
		figure.Reading = b.m.T("control.reading")
	}
	return figure
}

// axisName is the unit over the axis, where the ticks do not carry it.
func axisName(i *kpi.Indicator, lang string) string {
	if i.Unit == kpi.Percent {
		return ""
	}
	return i.Unit.Symbol(lang)
}

func courseOf(c *result.Chart) [][2]float64 {
	points := make([][2]float64, len(c.Points))
	for n, at := range c.Points {
		points[n] = [2]float64{float64(n), at.Value}
	}
	return points
}

// controlGroups sorts the months by what their mark says. Months without a signal
// are grey, as NHS England draws them, so that a colour is always a signal.
func (b *builder) controlGroups(i *kpi.Indicator, c *result.Chart) []group {
	groups := []group{
		{look: look{b.m.T("control.point"), "circle", 0, 6, "var(--neutral)", "var(--neutral)"}},
		{look: look{b.m.T("control.improvement"), "circle", 0, 12, "var(--better)", "var(--surface)"}},
		{look: look{b.m.T("control.concern"), "diamond", 0, 15, "var(--worse)", "var(--surface)"}},
		{look: look{b.m.T("control.change"), "rect", 0, 11, "var(--change)", "var(--surface)"}},
		{look: look{b.m.T("control.immature"), "circle", 0, 8, "var(--hollow)", "var(--line)"}},
	}
	digits := chartDigits(i, c)
	for n, at := range c.Points {
		if !known(at.Value) {
			continue
		}
		which := 0
		name := b.month(at.Start) + ": " + i.Unit.FormatTo(at.Value, digits, b.lang)
		switch {
		case at.Immature:
			which, name = 4, name+" · "+b.m.T("class.immature")
		case at.Kind == "improvement":
			which, name = 1, name+" · "+b.m.T("variation.improvement")+", "+b.rule(at.Signal)
		case at.Kind == "concern":
			which, name = 2, name+" · "+b.m.T("variation.concern")+", "+b.rule(at.Signal)
		case at.Kind == "change":
			which, name = 3, name+" · "+b.m.T("variation.change")+", "+b.rule(at.Signal)
		}
		groups[which].points = append(groups[which].points, point{x: float64(n), y: at.Value, name: name})
	}
	return groups
}

func (b *builder) controlRules(i *kpi.Indicator, c *result.Chart, target bool) []rule {
	var rules []rule
	digits := limitDigits(i, c)
	add := func(at float64, label, colour, dash string) {
		if known(at) {
			rules = append(rules, rule{at: at, label: label + " " + i.Unit.NumberTo(at, digits, b.lang), colour: colour, dash: dash})
		}
	}
	add(c.Upper, b.m.T("control.upper"), "var(--limit)", "dashed")
	add(c.Centre, b.m.T("control.centre"), "var(--limit)", "solid")
	if c.Lower >= floorOf(i) {
		add(c.Lower, b.m.T("control.lower"), "var(--limit)", "dashed")
	}
	if target {
		add(*i.Target, b.m.T("control.target"), "var(--target)", "dotted")
	}
	return rules
}

// controlFinding says in a sentence what the chart shows.
func (b *builder) controlFinding(i *kpi.Indicator, c *result.Chart) string {
	if i.Chart() == kpi.Run {
		return b.courseFinding(i, c)
	}
	if !known(c.Upper) {
		return b.m.T("control.finding.unlimited")
	}
	text := ""
	switch c.Variation {
	case "improvement":
		text = b.m.T("control.finding.improvement", "since", b.month(c.Since), "rule", b.lasting(c))
	case "concern":
		text = b.m.T("control.finding.concern", "since", b.month(c.Since), "rule", b.lasting(c))
	case "change":
		text = b.m.T("control.finding.change", "since", b.month(c.Since), "rule", b.lasting(c))
	default:
		text = b.calmFinding(c)
	}
	lower, digits := math.Max(c.Lower, floorOf(i)), limitDigits(i, c)
	text += " " + b.m.T("control.finding.limits", "centre", i.Unit.FormatTo(c.Centre, digits, b.lang),
		"limits", said(b.interval(i.Unit, lower, c.Upper, digits)))
	switch c.Assurance {
	case "met":
		text += " " + b.m.T("control.finding.met", "target", b.target(i))
	case "missed":
		text += " " + b.m.T("control.finding.missed", "target", b.target(i))
	case "hit_or_miss":
		text += " " + b.m.T("control.finding.mixed", "target", b.target(i))
	}
	if c.Trial {
		text += " " + b.m.T("control.finding.trial")
	}
	return text
}

// gaps says how many months within a chart have no value, as its line breaks there.
func (b *builder) gaps(c *result.Chart) string {
	var places []int // of the months that have one
	for n, at := range c.Points {
		if known(at.Value) {
			places = append(places, n)
		}
	}
	if len(places) == 0 {
		return ""
	}
	missing := places[len(places)-1] - places[0] + 1 - len(places)
	if missing == 0 {
		return ""
	}
	return " " + b.m.Plural("control.finding.gaps", missing)
}

// limitDigits is how many digits after the decimal sign tell the mean of a chart from its
// limits, at least.
func limitDigits(i *kpi.Indicator, c *result.Chart) int {
	return i.Unit.Digits(c.Centre, math.Max(c.Lower, floorOf(i)), c.Upper)
}

// calmFinding says that no signal is at the end of a chart, and which of its months
// have one all the same: they are marked in the drawing.
func (b *builder) calmFinding(c *result.Chart) string {
	past, last := 0, time.Time{}
	for _, at := range c.Points {
		if at.Signal != "" && !at.Immature {
			past, last = past+1, at.Start
		}
	}
	if past == 0 {
		return b.m.T("control.finding.common")
	}
	return b.m.Plural("control.finding.past", past, "in", b.inMonth(last))
}

// courseFinding says where a run chart begins and ends, as it is judged by nothing.
func (b *builder) courseFinding(i *kpi.Indicator, c *result.Chart) string {
	var known []result.ChartPoint
	for _, at := range c.Points {
		if !math.IsNaN(at.Value) {
			known = append(known, at)
		}
	}
	first, last := known[0], known[len(known)-1]
	if first.Value == last.Value {
		return b.m.T("control.finding.same", "value", i.Unit.Format(last.Value, b.lang), "first", b.inMonth(first.Start), "last", b.inMonth(last.Start))
	}
	return b.m.T("control.finding.course", "fromto", b.fromTo(i.Unit, first.Value, last.Value), "first", b.month(first.Start), "last", b.month(last.Start))
}

// floorOf is the least value that an indicator can take: days of which more are
// better are a notice, which can be late and then is negative.
func floorOf(i *kpi.Indicator) float64 {
	if i.Unit == kpi.Points || i.Unit == kpi.Days && i.Direction == kpi.Up {
		return math.Inf(-1)
	}
	return 0
}

// chartDigits is how many digits after the decimal sign tell the months of a chart
// apart: with the usual one, every month of a rare rate would be 0.0‰.
func chartDigits(i *kpi.Indicator, c *result.Chart) int {
	low, high := math.Inf(1), math.Inf(-1)
	for _, at := range c.Points {
		if known(at.Value) {
			low, high = math.Min(low, at.Value), math.Max(high, at.Value)
		}
	}
	return i.Unit.Digits((low+high)/2, low, high)
}

func (b *builder) controlTable(i *kpi.Indicator, c *result.Chart, id string) *html.Table {
	t := &html.Table{ID: id + "-table", Caption: b.m.T("control.table", "indicator", i.Title.In(b.lang), "place", b.place(c.Territory)),
		Columns: b.columns("col.month", "#col.value", "#col.n", "col.signal")}
	digits := chartDigits(i, c)
	for _, at := range c.Points {
		value := html.Cell{Text: b.m.T("value.none"), Plain: b.plainValue(i, at.Value), Class: string(result.NoData)}
		if known(at.Value) {
			value.Text, value.Class = i.Unit.FormatTo(at.Value, digits, b.lang), string(result.OK)
		} else if b.x.monthHidden(i.ID, c.Territory, at.Start) {
			value.Text, value.Class = b.m.T("value.hidden"), string(result.Hidden)
		}
		signal := html.Cell{Plain: html.Datum{Kind: html.Term, Code: at.Kind}, Also: second("rule", b.m.T("export.rule"), html.Datum{Kind: html.Term, Code: at.Signal, Text: b.rule(at.Signal)})}
		switch {
		case at.Immature:
			signal.Text, value.Class = b.m.T("class.immature"), string(result.Immature)
		case at.Kind == "improvement":
			signal.Text = b.m.T("variation.improvement") + ": " + b.rule(at.Signal)
		case at.Kind == "concern":
			signal.Text = b.m.T("variation.concern") + ": " + b.rule(at.Signal)
		case at.Kind == "change":
			signal.Text = b.m.T("variation.change") + ": " + b.rule(at.Signal)
		}
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: b.month(at.Start), Plain: plainMonth(at.Start)}, value,
			b.casesCell(i, at), signal}})
	}
	return t
}

// casesCell is the number of cases of a month of a chart. A distribution or a share that has a
// value and says none withholds it.
func (b *builder) casesCell(i *kpi.Indicator, at result.ChartPoint) html.Cell {
	cell := html.Cell{Text: kpi.Number(at.N, 0, b.lang), Plain: b.plainCount(at.N)}
	if (i.Statistic == kpi.Distribution || i.Unit == kpi.Percent) && known(at.Value) && !known(at.N) {
		cell.Text, cell.Class = b.m.T("value.n.hidden"), string(result.Hidden)
	}
	return cell
}
