package disclosure

import "math"

// bounds is how far each count is known to somebody who works out one equation
// after the other, over and over until nothing changes.
type bounds struct {
	*system
	low, high []float64
	by        [][2]int32 // the equations that narrowed a count last, from below and above; −1
	queue     []int32
	queued    []bool
}

// newBounds starts from what the figures say by themselves: those that are shown
// their counts, those that are withheld for their own sake that one is small.
// Without numbers nothing is shown.
func (s *system) newBounds(numbers bool) *bounds {
	b := &bounds{system: s, low: make([]float64, len(s.counts)), high: make([]float64, len(s.counts)), by: make([][2]int32, len(s.counts)), queued: make([]bool, len(s.equations))}
	for i := range s.counts {
		b.by[i] = [2]int32{-1, -1}
		b.high[i] = math.Inf(1)
		if numbers && !s.unknown(int32(i)) {
			b.low[i], b.high[i] = s.counts[i].value, s.counts[i].value
		}
	}
	for i := range s.figures {
		f := &s.figures[i]
		if !f.hidden() {
			continue
		}
		for n, form := range s.publication.Layers[f.layer].Counts {
			at := s.at[s.columns[form]][s.index(f.place, f.slot)]
			if at < 0 {
				continue
			}
			b.low[at], b.high[at] = math.Max(b.low[at], f.least[n]), math.Min(b.high[at], f.most[n])
		}
	}
	b.work(numbers)
	return b
}

// work narrows until nothing changes.
func (b *bounds) work(numbers bool) {
	for e := range b.equations {
		if !numbers || b.unknowns(int32(e)) > 0 {
			b.enqueue(int32(e))
		}
	}
	for steps := 100 * len(b.equations); len(b.queue) > 0 && steps > 0; steps-- {
		e := b.queue[0]
		b.queue, b.queued[e] = b.queue[1:], false
		b.equation(e)
	}
}

func (b *bounds) enqueue(e int32) {
	if !b.queued[e] {
		b.queue, b.queued[e] = append(b.queue, e), true
	}
}

// equation narrows the counts of one equation.
func (b *bounds) equation(number int32) {
	e := &b.equations[number]
	least, most, endless := 0.0, 0.0, 0
	for _, part := range e.parts {
		least += b.low[part]
		if math.IsInf(b.high[part], 1) {
			endless++
		} else {
			most += b.high[part]
		}
	}
	top := most
	if endless > 0 {
		top = math.Inf(1)
	}
	b.narrow(number, e.total, least, top)
	for _, part := range e.parts {
		low := 0.0
		switch others := endless - isInf(b.high[part]); {
		case others > 0:
		case math.IsInf(b.high[part], 1):
			low = b.low[e.total] - most
		default:
			low = b.low[e.total] - (most - b.high[part])
		}
		oldLow, oldHigh := b.low[part], b.high[part]
		b.narrow(number, part, low, b.high[e.total]-(least-oldLow))
		least += b.low[part] - oldLow
		if math.IsInf(oldHigh, 1) && !math.IsInf(b.high[part], 1) {
			endless--
			most += b.high[part]
		} else if !math.IsInf(oldHigh, 1) {
			most += b.high[part] - oldHigh
		}
	}
}

func isInf(x float64) int {
	if math.IsInf(x, 1) {
		return 1
	}
	return 0
}

const tiny = 1e-6

func (b *bounds) narrow(e, i int32, low, high float64) {
	changed := false
	if low > b.low[i]+tiny {
		b.low[i], b.by[i][0], changed = low, e, true
	}
	if high < b.high[i]-tiny {
		b.high[i], b.by[i][1], changed = high, e, true
	}
	if !changed {
		return
	}
	for _, other := range b.counts[i].equations {
		if other != e {
			b.enqueue(other)
		}
	}
}
