package reports

import (
	"math"
	"strconv"
	"time"

	"tavolo/ingest/reference"
	"tavolo/reports/html"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// monthNumber is a day as a place on an axis of months: ticks are at equal steps
// there, and the months of a year are equal on it.
func monthNumber(day time.Time) float64 {
	length := monthOf(day).AddDate(0, 1, -1).Day()
	return float64(12*day.Year()+int(day.Month())-1) + float64(day.Day()-1)/float64(length)
}

// timeAxis covers some days, with a tick a quarter, or a year where they are many.
func (b *builder) timeAxis(from, to time.Time) axis {
	a := axis{step: 3, texts: map[string]string{}}
	if to.Sub(from).Hours()/24 > 3*366 {
		a.step = 12
	}
	a.min = math.Floor(monthNumber(from)/a.step) * a.step
	a.max = math.Ceil(monthNumber(to)/a.step) * a.step
	for at := a.min; at <= a.max; at += a.step {
		month := time.Date(int(at)/12, time.Month(int(at)%12+1), 1, 0, 0, 0, 0, time.UTC)
		if a.step == 12 {
			a.texts[tickKey(at)] = strconv.Itoa(month.Year())
		} else {
			a.texts[tickKey(at)] = b.shortMonth(month)
		}
	}
	return a
}

// measureTimeline draws the figures of the measures at the days on which they take
// effect: the interval upwards, and back to the day on which the measure was
// announced.
func (b *builder) measureTimeline(i *kpi.Indicator, measures []reference.Measure) *html.Figure {
	var cells []result.Cell
	var some []reference.Measure
	for _, measure := range measures {
		if c, ok := b.x.latest(i.ID, result.Italy, kpi.ByMeasure, measure.Code); ok && known(c.Value) {
			cells, some = append(cells, c), append(some, measure)
		}
	}
	if len(some) == 0 {
		return nil
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, c := range cells {
		for _, v := range []float64{c.Lower, c.Value, c.Upper} {
			if known(v) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	if i.Target != nil && i.TargetOn != "p90" {
		low, high = math.Min(low, *i.Target), math.Max(high, *i.Target)
	}
	p := plot{width: wide, height: 340, right: 110, y: unitAxis(i.Unit, math.Min(low, 0), high, b.lang)}
	p.y.name = axisName(i, b.lang)
	b.placeMeasures(&p, i, some, cells)
	if i.Target != nil && i.TargetOn != "p90" {
		p.rules = []rule{{at: *i.Target, label: b.m.T("control.target") + " " + i.Unit.Number(*i.Target, b.lang), colour: "var(--target)", dash: "dotted"}}
	}
	return b.figure("measures-"+i.ID, b.m.T("timeline.title", "indicator", i.Title.In(b.lang)), b.measureFinding(i, some, cells), p, b.measureTable(i, some, cells))
}

// placeMeasures puts the marks, the whiskers and the days before a measure on a plot.
func (b *builder) placeMeasures(p *plot, i *kpi.Indicator, measures []reference.Measure, cells []result.Cell) {
	from, to := measures[0].EffectiveFrom, measures[len(measures)-1].EffectiveFrom
	for _, measure := range measures {
		if !measure.AnnouncedOn.IsZero() && measure.AnnouncedOn.Before(from) {
			from = measure.AnnouncedOn
		}
	}
	p.x = b.timeAxis(from, to.AddDate(0, 1, 0))
	whiskers := curve{series: b.m.T("col.interval"), colour: "var(--neutral)", dash: "solid", width: 1.75}
	notice := curve{series: b.m.T("timeline.notice"), colour: "var(--limit)", dash: "dotted", width: 1.75}
	groups := []group{
		{look: look{b.m.T("timeline.met"), "circle", 0, 11, "var(--better)", "var(--surface)"}},
		{look: look{b.m.T("timeline.notmet"), "diamond", 0, 14, "var(--worse)", "var(--surface)"}},
		{look: look{b.m.T("timeline.unjudged"), "circle", 0, 10, "var(--hollow)", "var(--neutral)"}},
	}
	names := group{look: look{"", "circle", 0, 1, "var(--surface)", "var(--surface)"}}
	gap := [2]float64{math.NaN(), math.NaN()}
	for n, measure := range measures {
		c, at := cells[n], monthNumber(measure.EffectiveFrom)
		if known(c.Lower) && known(c.Upper) {
			whiskers.points = append(whiskers.points, [2]float64{at, c.Lower}, [2]float64{at, c.Upper}, gap)
		}
		if !measure.AnnouncedOn.IsZero() && measure.AnnouncedOn.Before(measure.EffectiveFrom) {
			notice.points = append(notice.points, [2]float64{monthNumber(measure.AnnouncedOn), c.Value}, [2]float64{at, c.Value}, gap)
		}
		which := 2
		if mark := b.met(i, c); mark != nil && mark.Tone == "better" {
			which = 0
		} else if mark != nil {
			which = 1
		}
		groups[which].points = append(groups[which].points, point{x: at, y: c.Value,
			name: measure.Title + ", " + b.date(measure.EffectiveFrom) + ": " + i.Unit.Format(c.Value, b.lang)})
		// The name stands over the mark and under it by turns, clear of the lines to its sides.
		away := (p.y.max - p.y.min) * 0.055 * float64(1-2*(n%2))
		if c.Value+away > p.y.max || c.Value+away < p.y.min {
			away = -away
		}
		names.points = append(names.points, point{x: at, y: c.Value + away, label: clipped(measure.Title), left: p.x.share(at) > 0.8})
	}
	for _, line := range []curve{notice, whiskers} {
		if len(line.points) > 0 {
			p.curves = append(p.curves, line)
		}
	}
	p.groups = append(groups, names)
}

// measureFinding counts the measures that meet the target, or gives the range.
func (b *builder) measureFinding(i *kpi.Indicator, measures []reference.Measure, cells []result.Cell) string {
	judged, met := 0, 0
	least, most := 0, 0
	for n, c := range cells {
		if mark := b.met(i, c); mark != nil {
			judged++
			if mark.Tone == "better" {
				met++
			}
		}
		if c.Value < cells[least].Value {
			least = n
		}
		if c.Value > cells[most].Value {
			most = n
		}
	}
	text := b.m.T("timeline.range", "low", measures[least].Title+" ("+i.Unit.Format(cells[least].Value, b.lang)+")",
		"high", measures[most].Title+" ("+i.Unit.Format(cells[most].Value, b.lang)+")")
	if len(cells) == 1 {
		text = measures[0].Title + ": " + i.Unit.Format(cells[0].Value, b.lang) + "."
	}
	switch {
	case judged == 0:
		return text
	case met == judged && met > 1:
		return b.m.T("timeline.finding.all", "total", b.whole(float64(judged)), "target", b.target(i)) + " " + text
	}
	return b.m.Plural("timeline.finding", met, "total", b.whole(float64(judged)), "target", b.target(i)) + " " + text
}

func (b *builder) measureTable(i *kpi.Indicator, measures []reference.Measure, cells []result.Cell) *html.Table {
	t := &html.Table{ID: "measures-" + i.ID + "-table", Caption: b.m.T("timeline.table", "indicator", i.Title.In(b.lang)), Sortable: true,
		Columns: headings(b.m.T("by.measure"), b.m.T("timeline.norm"), b.m.T("timeline.announced"), b.m.T("col.effective"),
			"#"+b.m.T("col.value"), "#"+b.m.T("col.interval"), "#"+b.m.T("col.n"), b.m.T("col.target"))}
	for n, measure := range measures {
		v := b.value(i, cells[n])
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: measure.Title, Plain: coded(measure.Code)}, {Text: measure.Norm, Plain: verbatim(measure.Norm)}, b.dayCell(measure.AnnouncedOn), b.dayCell(measure.EffectiveFrom),
			{Text: v.Text, Sort: order(cells[n].Value), Plain: b.plainShown(i, cells[n], v.Text), Class: v.Class}, {Text: v.Interval, Also: b.intervalParts(i, cells[n], v)},
			{Text: v.N, Sort: order(cells[n].Denominator), Plain: b.plainBase(i, cells[n])}, {Mark: b.met(i, cells[n]), Text: dash(b.met(i, cells[n]))}}})
	}
	return t
}
