package transform

import (
	"math"
	"slices"

	"tavolo/ingest/reference"
	"tavolo/transform/disclosure"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// levels are those of the territories, from the whole to its parts.
var levels = []string{reference.LevelItaly, reference.LevelRegion, reference.LevelProvince}

// periodKey names a period as a cell does.
type periodKey struct {
	grain result.Grain
	start int64
}

// runs gives the months that an indicator counts in each period.
func (f *figures) runs(periods []period) map[periodKey]period {
	runs := make(map[periodKey]period, len(periods))
	for _, p := range periods {
		runs[periodKey{p.grain, p.start.Unix()}] = p.of(f.k, f.at.asOf)
	}
	return runs
}

// view is a part of the figures of an indicator that reveals the same kind of
// counts, and becomes one layer.
type view struct {
	columns [2]string // of the counts; the second is "" when there is one
	rest    bool      // the second count is what the first leaves of its column
	counts  func(c *result.Cell) [2]float64
	has     func(breakdown kpi.Breakdown) bool // whether the figures of a breakdown, or all together, are in it
	last    bool                               // it counts the last month of a period alone
}

// views gives what the figures of an indicator reveal: of a share those who have
// it and those who have not, of a ratio both its terms (but not the residents), of
// a distribution and of an amount the number of observations. Items that share the
// denominator of all together reveal their numerators.
func views(k *kpi.Indicator) []view {
	all := func(kpi.Breakdown) bool { return true }
	numerator := func(c *result.Cell) [2]float64 { return [2]float64{orZero(c.Numerator), 0} }
	denominator := func(c *result.Cell) [2]float64 { return [2]float64{orZero(c.Denominator), 0} }
	columns := columnsOf(k)
	switch {
	case k.Statistic == kpi.Distribution:
		return []view{{columns: [2]string{columns[0]}, counts: denominator, has: all}}
	case k.Statistic == kpi.Sum && k.Count != "":
		return []view{{columns: [2]string{columns[1]}, counts: denominator, has: all}}
	case k.Statistic == kpi.StockDays:
		return []view{
			{columns: [2]string{columns[0]}, counts: numerator, has: all, last: true},
			{columns: [2]string{columns[1]}, counts: denominator, has: all},
		}
	case k.Statistic == kpi.Sum || k.PerPopulation || k.IsComposition():
		return []view{{columns: [2]string{columns[0]}, counts: numerator, has: all}}
	}
	whole := view{columns: columns, counts: terms, has: k.Divides}
	if k.Unit == kpi.Percent {
		whole.rest, whole.counts = true, parts
	}
	if len(k.Undivided) == 0 {
		return []view{whole}
	}
	return []view{whole, {columns: [2]string{columns[0]}, counts: numerator, has: func(by kpi.Breakdown) bool { return !k.Divides(by) }}}
}

// terms are the two counts of a ratio.
func terms(c *result.Cell) [2]float64 {
	return [2]float64{orZero(c.Numerator), orZero(c.Denominator)}
}

// parts are the two counts of a share.
func parts(c *result.Cell) [2]float64 {
	return [2]float64{orZero(c.Numerator), orZero(c.Denominator) - orZero(c.Numerator)}
}

// run is the slot of a period, all items together.
func (v *view) run(f *figures, p period) disclosure.Slot {
	s := disclosure.Slot{From: monthsBetween(f.at.first, p.from), To: monthsBetween(f.at.first, p.to)}
	if v.last {
		s.From = s.To
	}
	return s
}

// number gives the number of a slot; a new one when it has none.
func (p *protection) number(s disclosure.Slot) int {
	number, ok := p.slots[s]
	if !ok {
		number = len(p.Slots)
		p.slots[s] = number
		p.Slots, p.Passing = append(p.Slots, s), append(p.Passing, true)
		p.Months = max(p.Months, s.To+1)
	}
	return number
}

// passing says whether a period is twelve months that end neither now nor a year
// ago. Each shares eleven months with the one before: from them, one month after
// the other could be computed.
func passing(one period) bool { return one.grain == result.Rolling12 && !one.broken }

// addSlots adds the runs of months of an indicator, and their items.
func (p *protection) addSlots(f *figures, periods []period) {
	for _, v := range views(f.k) {
		for _, one := range periods {
			s := v.run(f, one.of(f.k, f.at.asOf))
			number := p.number(s)
			p.Passing[number] = p.Passing[number] && passing(one)
			if !one.broken {
				continue
			}
			for _, breakdown := range f.k.Breakdowns {
				s.Breakdown = p.breakdown(string(breakdown))
				for item := range len(p.items[string(breakdown)]) {
					s.Item = item
					p.Passing[p.number(s)] = false
				}
			}
		}
	}
}

// breakdown gives the number of a breakdown; 0 when it has no items.
func (p *protection) breakdown(name string) int { return slices.Index(p.order, name) + 1 }

// addLayers adds the layers of an indicator and, where it has any, that of its
// open observations.
func (p *protection) addLayers(f *figures, periods []period) {
	runs := f.runs(periods)
	first := len(p.Layers)
	vs := views(f.k)
	for i := range vs {
		v := &vs[i]
		layer := figuresLayer{figures: f}
		published := disclosure.Layer{Counts: p.forms(f.k, v), Given: p.given(f, v, periods), Apart: f.k.Statistic == kpi.Distribution}
		published.Rounds = v.rest && len(vs) == 1 && len(published.Counts) == 2
		for j := range f.cells {
			c := &f.cells[j]
			counts := v.counts(c)
			if len(published.Counts) == 1 {
				counts[1] = 0
			}
			if v.has(kpi.Breakdown(c.Breakdown)) && (counts[0] > 0 || counts[1] > 0) {
				cell := disclosure.Cell{Place: p.places[c.Territory], Slot: p.slotOf(f, v, c, runs), Counts: counts, Before: f.memory.figureBefore(j, c)}
				if published.Apart && !p.control.Small(counts[0]) {
					cell.Least, cell.Most = countBounds(p.control, f.k, c)
				}
				if published.Rounds {
					cell.Least, cell.Most = casesBounds(f.k, c)
				}
				published.Cells, layer.cells = append(published.Cells, cell), append(layer.cells, j)
			}
		}
		p.Layers, p.layers = append(p.Layers, published), append(p.layers, layer)
	}
	if len(vs) > 1 {
		p.link(first, f)
	}
	if f.k.Statistic == kpi.Distribution && f.k.Open != "" {
		p.addOpen(f, &vs[0], runs)
	}
}

// link makes the figures of an indicator's two views go along. Both counts of a
// stock in days are one figure; and items that show the denominator of all
// together are withheld where that is.
func (p *protection) link(first int, f *figures) {
	second := first + 1
	at := map[int]int{} // index among the figures → cell of the first view
	for cell, i := range p.layers[first].cells {
		at[i] = cell
	}
	for cell, i := range p.layers[second].cells {
		k := keyOf(&f.cells[i])
		stock := f.k.Statistic == kpi.StockDays
		if !stock {
			k.breakdown, k.item = "", ""
		}
		with, ok := at[f.index[k]]
		if !ok {
			continue
		}
		one, other := &p.Layers[first].Cells[with], &p.Layers[second].Cells[cell]
		one.Along = append(one.Along, disclosure.Ref{Layer: second, Cell: cell})
		if stock {
			other.Along = append(other.Along, disclosure.Ref{Layer: first, Cell: with})
		}
	}
}

func (p *protection) slotOf(f *figures, v *view, c *result.Cell, runs map[periodKey]period) int {
	s := v.run(f, runs[periodKey{c.Grain, c.Start.Unix()}])
	if c.Breakdown != "" {
		s.Breakdown, s.Item = p.breakdown(c.Breakdown), p.items[c.Breakdown][c.Item]
	}
	return p.slots[s]
}

// forms gives the counts of a view. Where both are the same, and so is a share's whole
// and its part, there is one.
func (p *protection) forms(k *kpi.Indicator, v *view) []disclosure.Form {
	first := disclosure.Form{Column: p.columnNumber(k, v.columns[0]), Without: -1}
	second := disclosure.Form{Column: p.columnNumber(k, v.columns[1]), Without: -1}
	if second.Column < 0 || second.Column == first.Column {
		return []disclosure.Form{first}
	}
	if v.rest {
		second.Without = first.Column
	}
	return []disclosure.Form{first, second}
}

func orZero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// given says for each level and slot whether a view has figures there.
func (p *protection) given(f *figures, v *view, periods []period) [][]bool {
	given := make([][]bool, len(levels))
	for i, level := range levels {
		given[i] = make([]bool, len(p.Slots))
		if !f.k.HasLevel(level) {
			continue
		}
		for _, one := range periods {
			s := v.run(f, one.of(f.k, f.at.asOf))
			if one.gives("", level) && v.has("") {
				given[i][p.slots[s]] = true
			}
			for _, breakdown := range f.k.Breakdowns {
				if !one.gives(breakdown, level) || !v.has(breakdown) {
					continue
				}
				s.Breakdown = p.breakdown(string(breakdown))
				for item := range len(p.items[string(breakdown)]) {
					s.Item = item
					given[i][p.slots[s]] = true
				}
			}
		}
	}
	return given
}
