package transform

import (
	"math"

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
// without a value, and withheld ones, have no point; immature ones have a point
// that takes part in nothing. Months with few observations take part: the limits
// come from how much the months of this very series differ.
//
// Months are withheld because their counts are low, so those that are left are
// no fair sample: where they are fewer than three in four, there are no limits.
//
// A run chart (kpi.Run) has its points and nothing else: no centre, no limits,
// no signal, no assurance. An indicator without a chart (kpi.NoChart) has none.
func (f *figures) chart(cells []result.Cell) (chart result.Chart, ok bool) {
	chart = result.Chart{Indicator: f.k.ID, Territory: cells[0].Territory, Variation: common}
	var values []float64
	var mature []int // index of each value's point
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
			values, mature = append(values, c.Value), append(mature, len(chart.Points))
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
	if 3*withheld > len(values) {
		values = nil
	}
	f.control(&chart, values, mature)
	return chart, len(chart.Points) > 0
}

// control adds to a chart its limits and signals, from its mature values and the
// index of each one's point.
func (f *figures) control(chart *result.Chart, values []float64, mature []int) {
	xmr := stats.NewXmR(values, f.resolution())
	chart.Centre, chart.Trial = xmr.Centre, xmr.Trial
	chart.Lower, chart.Upper = f.withinDomain(xmr.Lower), f.withinDomain(xmr.Upper)
	for i, signal := range xmr.Signals(values) {
		point := &chart.Points[mature[i]]
		point.Signal, point.Kind = string(signal.Rule), f.meaning(signal)
	}
	f.summarise(chart, mature)
	if f.k.Target != nil && f.k.TargetOn != "p90" {
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
// month, and it has lasted since the first of the months before that mean the same.
func (f *figures) summarise(chart *result.Chart, mature []int) {
	if len(mature) == 0 {
		return
	}
	last := chart.Points[mature[len(mature)-1]]
	if last.Kind == "" {
		return
	}
	chart.Variation, chart.Rule = last.Kind, last.Signal
	for i := len(mature) - 1; i >= 0 && chart.Points[mature[i]].Kind == last.Kind; i-- {
		chart.Since = chart.Points[mature[i]].Start
	}
}
