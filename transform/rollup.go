package transform

import (
	"math"

	"tavolo/transform/kpi"
	"tavolo/transform/result"
	"tavolo/transform/stats"
)

// stack is the counts of one territory and item, added up over the territories
// beneath: one layer for each span of the tally.
type stack struct {
	item     string
	layers   []sums
	observed [][]int64 // of a distribution: how often each of the tally's values was observed
}

// sums is the counts of one span, in whole units of their columns.
type sums struct {
	counted bool     // whether the mart has a row of the span, be it of zeros
	of      [2]int64 // the columnsOf the indicator
}

// stacks adds up the counts of a territory for each item of a tally; members are
// the territories beneath, itself included. Items without any row are left out,
// and so is, of a tally that is broken down, what belongs to no item.
func (t *tally) stacks(k *kpi.Indicator, members []string) []stack {
	columns := t.columnsOf(k)
	var stacks []stack
	for item, name := range t.items {
		if t.broken && name == "" {
			continue
		}
		var s *stack
		for _, member := range members {
			entries := t.places[place{member, int32(item)}]
			if len(entries) > 0 && s == nil {
				stacks = append(stacks, newStack(name, len(t.spans), len(t.values)))
				s = &stacks[len(stacks)-1]
			}
			for _, one := range entries {
				s.add(one, t.numbers, columns)
			}
		}
	}
	return stacks
}

func newStack(item string, spans, values int) stack {
	s := stack{item: item, layers: make([]sums, spans)}
	if values > 0 {
		s.observed = make([][]int64, spans)
		all := make([]int64, spans*values)
		for i := range s.observed {
			s.observed[i] = all[i*values : (i+1)*values]
		}
	}
	return s
}

func (s *stack) add(one entry, numbers []int64, columns [2]int) {
	layer := &s.layers[one.span]
	layer.counted = true
	for i, column := range columns {
		if column >= 0 {
			layer.of[i] += numbers[int(one.at)+column]
		}
	}
	if one.value != unobserved {
		s.observed[one.span][one.value] += numbers[int(one.at)+columns[0]]
	}
}

// fill writes the totals of the spans from first to before end into a cell; ok
// is false when there are none. The stock of kpi.StockDays is that of the last
// span, which is a month of its own.
func (s *stack) fill(c *result.Cell, k *kpi.Indicator, t *tally, first, end int) (ok bool) {
	var total sums
	for _, layer := range s.layers[first:end] {
		total.counted = total.counted || layer.counted
		total.of[0] += layer.of[0]
		total.of[1] += layer.of[1]
	}
	if !total.counted {
		return false
	}
	var totals [2]float64
	for i, column := range t.columnsOf(k) {
		totals[i] = math.NaN()
		if column >= 0 {
			totals[i] = float64(total.of[i]) / t.columns[column].scale
		}
	}
	if k.Statistic == kpi.Distribution {
		c.Open = totals[1]
		s.distribute(c, k, t, first, end)
		return true
	}
	c.Numerator, c.Denominator = totals[0], totals[1]
	if k.Statistic == kpi.StockDays {
		c.Numerator = float64(s.layers[end-1].of[0]) / t.columns[t.columnsOf(k)[0]].scale
	}
	return true
}

// distribute takes the nearest ranks of a distribution. What is open is longer
// than anything observed, or, as the catalogue may say, shorter; where a rank
// falls among it, there is no value yet.
func (s *stack) distribute(c *result.Cell, k *kpi.Indicator, t *tally, first, end int) {
	sample := stats.Sample{Observed: make([]stats.Counted, 0, len(t.values))}
	if open := int64(orZero(c.Open)); k.OpenIs == kpi.Shorter {
		sample.Below = open
	} else {
		sample.Above = open
	}
	c.Denominator = 0
	for i, value := range t.values {
		observations := int64(0)
		for layer := first; layer < end; layer++ {
			observations += s.observed[layer][i]
		}
		if observations > 0 {
			sample.Observed = append(sample.Observed, stats.Counted{Value: value, Count: observations})
			c.Denominator += float64(observations)
		}
	}
	c.Value, c.P90 = sample.Quantile(0.5), sample.Quantile(0.9)
	if k.Interval == kpi.Median {
		limits := sample.MedianInterval()
		c.Lower, c.Upper = limits.Lower, limits.Upper
	}
}
