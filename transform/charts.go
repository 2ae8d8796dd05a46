package transform

import (
	"cmp"
	"math"
	"time"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// What a signal of a control chart means.
const (
	improvement = "improvement"
	concern     = "concern"
	change      = "change" // of an indicator without a better direction
	common      = "common" // the chart as a whole has no signal at its end
)

// charts gives the control chart of every territory that has a month to show.
func (f *figures) charts() []result.Chart {
	var charts []result.Chart
	for start := 0; start < len(f.cells); {
		end := start + 1
		for end < len(f.cells) && f.cells[end].Territory == f.cells[start].Territory {
			end++
		}
		if chart, ok := f.chart(f.cells[start:end]); ok {
			charts = append(charts, chart)
		}
		start = end
	}
	return charts
}

// chart is the control chart of one territory, from its cells in order. Months
// without a value, and withheld ones, have no point, and leave a gap; immature
// ones have a point that takes part in nothing. Months with few observations take
// part: the limits come from how much the months of this very series differ. But
// none of them is a signal by itself (see drawIn).
//
// Months are withheld because their counts are low, so those that are left are
// no fair sample: where they are fewer than three in four, there are no limits.
//
// A share that is rounded as its counts are withheld is one value among the others: the
// limits of a chart of single values (XmR) need no counts. Its rounding is to less than what
// chance moves so few cases, and never makes a signal (see drawIn).
//
// A run chart (kpi.Run) has its points and nothing else: no centre, no limits,
// no signal, no assurance. An indicator without a chart (kpi.NoChart) has none.
func (f *figures) chart(cells []result.Cell) (chart result.Chart, ok bool) {
	chart = result.Chart{Indicator: f.k.ID, Territory: cells[0].Territory, Variation: common}
	var mature course
	withheld := 0
	for i := range cells {
		c := &cells[i]
		if c.Grain != result.Month || c.Breakdown != "" {
			continue
		}
		if c.Class == result.Hidden {
			withheld++
		}
		if math.IsNaN(c.Value) {
			continue
		}
		point := result.ChartPoint{Start: c.Start, Value: c.Value, N: c.Denominator, Immature: c.Class == result.Immature}
		if !point.Immature {
			mature.add(c, len(chart.Points))
		}
		chart.Points = append(chart.Points, point)
	}
	switch f.k.Chart() {
	case kpi.NoChart:
		return result.Chart{}, false
	case kpi.Run:
		chart.Centre, chart.Lower, chart.Upper = math.NaN(), math.NaN(), math.NaN()
		return chart, len(chart.Points) > 0
	}
	if 3*withheld > mature.known || f.hasFewCases(&mature) {
		mature = course{}
	}
	f.control(&chart, &mature)
	return chart, len(chart.Points) > 0
}

// course is the mature values of a chart, one a month from the first to the last.
type course struct {
	values []float64 // NaN of a month that is missing or withheld
	cases  []float64 // of each value; the least of a share that is rounded; NaN where it is not known
	steps  []float64 // to which values are rounded; 0 of those that are not
	points []int     // index of each one's point, noPoint of a gap
	known  int       // how many are no gap
	next   time.Time // month after the last one
}

const noPoint = -1

// add adds a month, and before it one for each that was left out.
func (c *course) add(of *result.Cell, point int) {
	for ; c.known > 0 && c.next.Before(of.Start); c.next = c.next.AddDate(0, 1, 0) {
		c.put(math.NaN(), math.NaN(), 0, noPoint)
	}
	if of.RoundedTo > 0 {
		c.put(of.Value, math.Round(1/of.RoundedTo), of.RoundedTo, point)
	} else {
		c.put(of.Value, of.Denominator, 0, point)
	}
	c.known++
	c.next = of.Start.AddDate(0, 1, 0)
}

func (c *course) put(value, cases, step float64, point int) {
	c.values, c.cases, c.steps, c.points = append(c.values, value), append(c.cases, cases), append(c.steps, step), append(c.points, point)
}

// control adds to a chart its limits and signals.
func (f *figures) control(chart *result.Chart, mature *course) {
	// A share is measured in steps where the typical month is rounded.
	xmr := stats.NewXmR(mature.values, cmp.Or(f.resolution(), typical(mature.steps, mature.values)))
	chart.Centre, chart.Trial = xmr.Centre, xmr.Trial
	chart.Lower, chart.Upper = f.withinDomain(xmr.Lower), f.withinDomain(xmr.Upper)
	xmr.Resolution = f.resolution() // drawIn knows the rounding of each month
	signals := xmr.Signals(f.drawIn(xmr, mature))
	for i, signal := range signals {
		if at := mature.points[i]; at != noPoint {
			point := &chart.Points[at]
			point.Signal, point.Kind = string(signal.Rule), f.meaning(signal)
		}
	}
	summarise(chart, mature.points, signals)
	// Two months that happen to be alike have limits without a width, beyond which every
	// target lies: what a process does by itself is not told by provisional limits.
	if f.k.Target != nil && f.k.TargetOn != "p90" && !xmr.Trial {
		chart.Assurance = string(xmr.Assure(*f.k.Target, f.better()))
	}
}

// resolution is the step of the values: distributions are of whole numbers.
func (f *figures) resolution() float64 {
	if f.k.Statistic == kpi.Distribution {
		return 1
	}
	return 0
}

// withinDomain cuts a limit to what the indicator can be: a share to 0–1, any
// other rate, and a sum, to 0 or more. No value lies beyond, so no signal is lost.
func (f *figures) withinDomain(limit float64) float64 {
	switch {
	case f.k.Statistic == kpi.Distribution || math.IsNaN(limit):
		return limit
	case f.k.Unit == kpi.Percent:
		return math.Min(math.Max(limit, 0), 1)
	}
	return math.Max(limit, 0)
}

// better is +1 when higher values are better, −1 when lower ones are, else 0.
func (f *figures) better() int {
	switch f.k.Direction {
	case kpi.Up:
		return 1
	case kpi.Down:
		return -1
	}
	return 0
}

func (f *figures) meaning(signal stats.Signal) string {
	switch better := f.better(); {
	case signal.Rule == stats.NoSignal:
		return ""
	case better == 0:
		return change
	case signal.Side == better:
		return improvement
	}
	return concern
}

// summarise says how the chart ends: the variation is that of its last mature
// month, and it has lasted since the first of the months before that say the
// same, to the same side and without a gap between. The side matters where none
// is better: months that were low and months that are high are changes both, and
// what the last ones tell began with them.
func summarise(chart *result.Chart, points []int, signals []stats.Signal) {
	if len(points) == 0 {
		return
	}
	end := len(points) - 1
	last := chart.Points[points[end]]
	if last.Kind == "" {
		return
	}
	chart.Variation, chart.Rule = last.Kind, last.Signal
	for i := end; i >= 0 && signals[i].Rule != stats.NoSignal && signals[i].Side == signals[end].Side; i-- {
		chart.Since = chart.Points[points[i]].Start
	}
}
