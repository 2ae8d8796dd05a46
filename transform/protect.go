package transform

import (
	"math"

	"tavolo/transform/disclosure"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// protect withholds the cells from which something about few persons could be
// learnt, and open counts likewise. Indicators of institutions have no persons.
// It remembers what the funnels need of the withheld ones.
func (f *figures) protect(control *disclosure.Control) {
	if f.k.Disclosure == kpi.Unlimited {
		return
	}
	sums := f.sums()
	counts, open := make([]disclosure.Cell, len(f.cells)), make([]disclosure.Cell, len(f.cells))
	for i := range f.cells {
		counts[i].Counts = f.counts(&f.cells[i])
		open[i].Counts[0] = orZero(f.cells[i].Open)
	}
	reasons, openReasons := control.Protect(counts, sums), control.Protect(open, sums)
	for i := range f.cells {
		if reasons[i] != disclosure.Shown && f.cells[i].Class != result.NoData {
			f.remember(f.cells[i])
			hide(&f.cells[i])
		}
		if openReasons[i] != disclosure.Shown {
			f.cells[i].Open = math.NaN()
		}
	}
}

// counts are the numbers of persons or events that a cell reveals.
func (f *figures) counts(c *result.Cell) [2]float64 {
	switch {
	case f.k.Statistic == kpi.Distribution, f.k.Statistic == kpi.Sum && f.k.Count != "":
		return [2]float64{orZero(c.Denominator), 0}
	case f.k.Unit == kpi.Percent && f.k.Divides(kpi.Breakdown(c.Breakdown)):
		return [2]float64{orZero(c.Numerator), orZero(c.Denominator) - orZero(c.Numerator)}
	}
	return [2]float64{orZero(c.Numerator), 0}
}

// remember keeps a cell of the last month that is about to be withheld.
func (f *figures) remember(c result.Cell) {
	if c.Breakdown == "" && c.Start.Equal(f.at.last) {
		f.withheld = append(f.withheld, c)
	}
}

func orZero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

func hide(c *result.Cell) {
	nan := math.NaN()
	c.Class = result.Hidden
	c.Numerator, c.Denominator, c.Value, c.Lower, c.Upper = nan, nan, nan, nan, nan
	c.P90, c.Open, c.Expected = nan, nan, nan
}

// sums gives every equation between the cells of an indicator that a reader can
// set up: a territory is the sum of its parts, a total that of its items, a
// longer period that of its months.
func (f *figures) sums() []disclosure.Sum {
	children := f.children()
	var sums []disclosure.Sum
	items := map[int][]int{} // total → items of one breakdown, which are neighbours in the order
	for i := range f.cells {
		c := &f.cells[i]
		k := keyOf(c)
		if parts := f.among(k, children[c.Territory], func(k *key, code string) { k.territory = code }); len(parts) > 0 {
			sums = append(sums, disclosure.Sum{Total: i, Parts: parts})
		}
		if c.Breakdown != "" {
			k.breakdown, k.item = "", ""
			if total, ok := f.index[k]; ok {
				items[total] = append(items[total], i)
			}
		}
		if c.Grain != result.Month {
			sums = append(sums, f.months(i)...)
		}
	}
	for i := range f.cells {
		sums = append(sums, f.byBreakdown(i, items[i])...)
	}
	return sums
}

// among gives the cells whose key differs from k in one part.
func (f *figures) among(k key, values []string, set func(*key, string)) []int {
	var found []int
	for _, value := range values {
		set(&k, value)
		if i, ok := f.index[k]; ok {
			found = append(found, i)
		}
	}
	return found
}

// children gives the parts of each territory at the next level that the
// indicator has.
func (f *figures) children() map[string][]string {
	children := map[string][]string{}
	for _, territory := range f.refs.Territories() {
		if !f.k.HasLevel(territory.Level) {
			continue
		}
		parent := territory.Parent
		for parent != "" {
			above, ok := f.refs.Territory(parent)
			if !ok || f.k.HasLevel(above.Level) {
				break
			}
			parent = above.Parent
		}
		children[parent] = append(children[parent], territory.Code)
	}
	return children
}

// byBreakdown gives one sum for each breakdown of a total.
func (f *figures) byBreakdown(total int, items []int) []disclosure.Sum {
	var sums []disclosure.Sum
	for start := 0; start < len(items); {
		end := start
		for end < len(items) && f.cells[items[end]].Breakdown == f.cells[items[start]].Breakdown {
			end++
		}
		sums = append(sums, disclosure.Sum{Total: total, Parts: items[start:end]})
		start = end
	}
	return sums
}

// months gives the equations between a longer period and others of the same
// territory and item: its months, and of what has no months the calendar year
// that is the same twelve months.
func (f *figures) months(i int) []disclosure.Sum {
	c := &f.cells[i]
	k := keyOf(c)
	if c.Breakdown != "" {
		if c.Grain == result.Rolling12 && c.Start.Month() == 12 {
			k.grain, k.start = result.Year, c.Start.AddDate(0, -11, 0).Unix()
			if year, ok := f.index[k]; ok {
				return []disclosure.Sum{{Total: i, Parts: []int{year}}}
			}
		}
		return nil
	}
	k.grain = result.Month
	span := f.window(c)
	if f.k.Statistic == kpi.StockDays { // its count of persons is the stock
		span.from = span.to
	}
	var parts []int
	for month := span.from; !month.After(span.to); month = month.AddDate(0, 1, 0) {
		k.start = month.Unix()
		if part, ok := f.index[k]; ok {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return []disclosure.Sum{{Total: i, Parts: parts}}
}
