package transform

import (
	"math"

	"tavolo/transform/disclosure"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// addOpen adds the open observations of a distribution, a layer that can be
// withheld apart: a median stands without them. Where the distribution is
// withheld, they are.
func (p *protection) addOpen(f *figures, v *view, runs map[periodKey]period) {
	main := len(p.Layers) - 1
	layer := figuresLayer{figures: f, open: true}
	published := disclosure.Layer{
		Counts: []disclosure.Form{{Column: p.columnNumber(f.k, f.k.Open), Without: -1}},
		Given:  p.Layers[main].Given,
	}
	withMain := map[int]int{} // index among the figures → cell of the main layer
	for cell, i := range p.layers[main].cells {
		withMain[i] = cell
	}
	for i := range f.cells {
		c := &f.cells[i]
		if !(c.Open > 0) {
			continue
		}
		cell := disclosure.Cell{Place: p.places[c.Territory], Slot: p.slotOf(f, v, c, runs), Counts: [2]float64{c.Open, 0}, Before: f.memory.openBefore(i, c)}
		if !p.control.Small(c.Open) {
			cell.Least, cell.Most = openBounds(f.k, c)
		}
		if with, ok := withMain[i]; ok {
			along := &p.Layers[main].Cells[with].Along
			*along = append(*along, disclosure.Ref{Layer: main + 1, Cell: len(published.Cells)})
		}
		published.Cells, layer.cells = append(published.Cells, cell), append(layer.cells, i)
	}
	p.Layers, p.layers = append(p.Layers, published), append(p.layers, layer)
}

// mostOpen is how many observations may be open so that the quantiles of a
// distribution, its 90th percentile and its median, are among the observed ones.
func mostOpen(k *kpi.Indicator, observed float64) (p90, median float64) {
	if k.OpenIs == kpi.Shorter {
		return 9*observed - 1, observed - 1
	}
	return math.Floor(observed / 9), observed
}

// openBounds says what the published quantiles tell of the number of open
// observations, by being there or not.
func openBounds(k *kpi.Indicator, c *result.Cell) (least, most float64) {
	p90, median := mostOpen(k, orZero(c.Denominator))
	switch {
	case c.Open <= p90:
		return 0, p90
	case c.Open <= median:
		return p90 + 1, median
	}
	return median + 1, 0
}

// withholdOpen withholds the number of open observations, and of the quantiles
// what depends on it by being there or not: the 90th percentile and the interval
// stay where a few open observations more or less leave them in place. Nor does the
// class count them then: 26 that ended and are not small with a minimum of 30 would
// say that four run.
func withholdOpen(control *disclosure.Control, k *kpi.Indicator, c *result.Cell) {
	p90, _ := mostOpen(k, orZero(c.Denominator))
	known := c.Open <= p90
	if control.Small(c.Open) {
		known = float64(control.Threshold()-1) <= p90
	}
	nan := math.NaN()
	c.Open = nan
	if !known {
		c.P90, c.Lower, c.Upper = nan, nan, nan
	}
	if c.Class == result.OK && c.Denominator < k.MinDenominator {
		c.Class = result.Small
	}
}

// apply takes the numbers out of the cells that are withheld: first those of open
// observations, of which more may go with them than of the others.
func (p *protection) apply() {
	for _, open := range []bool{true, false} {
		for l, layer := range p.layers {
			if layer.open != open {
				continue
			}
			for j, i := range layer.cells {
				layer.memory.note(i, open, p.Layers[l].Rounds, &p.Layers[l].Cells[j])
				p.applyTo(&p.Layers[l].Cells[j], layer, &layer.figures.cells[i])
			}
		}
	}
}

func (p *protection) applyTo(cell *disclosure.Cell, layer figuresLayer, c *result.Cell) {
	switch {
	case cell.Reason == result.Shown || c.Class == result.Hidden:
	case layer.open:
		withholdOpen(p.control, layer.k, c)
	case cell.Alone && layer.k.Statistic != kpi.Distribution:
		roundShare(c, cell.Reason)
	case cell.Alone:
		withholdCount(c, cell.Reason)
	default:
		hide(c, cell.Reason)
	}
}

func hide(c *result.Cell, reason result.Reason) {
	nan := math.NaN()
	c.Class, c.Reason = result.Hidden, reason
	c.Numerator, c.Denominator, c.Value, c.Lower, c.Upper = nan, nan, nan, nan, nan
	c.P90, c.Open, c.RoundedTo, c.Expected = nan, nan, nan, nan
}
