package disclosure

import "math"

// bounds is how far each count is known to somebody who works out one equation
// after the other, over and over until nothing changes.
type bounds struct {
	*system
	low, high []float64
	by        [][2]int32 // the equations that narrowed a count last, from below and above; −1

	// The equations with what is known in them added up.
	lines  []line
	terms  []int32 // the unknown parts, line by line
	lineOf []int32 // of an equation; −1 for none
	queue  []int32
	queued []bool
}

// line is an equation of unknown counts: the total, when it is unknown, is the parts and
// a number that is known; else the parts are that number.
type line struct {
	equation    int32
	total       int32 // −1 when it is known
	known       float64
	first, last int32 // the terms
}

// newBounds starts from what the figures say by themselves: those that are shown
// their counts, those that are withheld for their own sake that one is small.
// Without numbers nothing is shown.
func (s *system) newBounds(numbers bool) *bounds {
	b := &bounds{system: s, low: make([]float64, len(s.counts)), high: make([]float64, len(s.counts)), by: make([][2]int32, len(s.counts))}
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
	b.draw(numbers)
	b.work()
	return b
}

// draw makes the lines.
func (b *bounds) draw(numbers bool) {
	b.lineOf = make([]int32, len(b.equations))
	for i := range b.equations {
		e := &b.equations[i]
		l := line{equation: int32(i), total: e.total, first: int32(len(b.terms))}
		b.lineOf[i] = -1
		for _, part := range e.parts {
			if numbers && !b.unknown(part) {
				l.known += b.counts[part].value
				continue
			}
			b.terms = append(b.terms, part)
		}
		l.last = int32(len(b.terms))
		if numbers && !b.unknown(e.total) {
			l.total, l.known = -1, b.counts[e.total].value-l.known
			if l.first == l.last {
				continue
			}
		}
		b.lineOf[i] = int32(len(b.lines))
		b.lines = append(b.lines, l)
	}
	b.queue, b.queued = make([]int32, len(b.lines)), make([]bool, len(b.lines))
	for i := range b.lines {
		b.queue[i], b.queued[i] = int32(i), true
	}
}

// work narrows until nothing changes.
func (b *bounds) work() {
	for steps := 100 * len(b.lines); len(b.queue) > 0 && steps > 0; steps-- {
		l := b.queue[0]
		b.queue, b.queued[l] = b.queue[1:], false
		b.line(l)
	}
}

// line narrows the counts of one line.
func (b *bounds) line(number int32) {
	l := &b.lines[number]
	terms := b.terms[l.first:l.last]
	least, most, endless := 0.0, 0.0, 0
	for _, part := range terms {
		least += b.low[part]
		if high := b.high[part]; high > math.MaxFloat64 {
			endless++
		} else {
			most += high
		}
	}
	bottom, top := l.known, l.known // of the parts together
	if l.total >= 0 {
		high := math.Inf(1)
		if endless == 0 {
			high = most + l.known
		}
		b.narrow(l.equation, l.total, least+l.known, high)
		bottom, top = b.low[l.total]-l.known, b.high[l.total]-l.known
	}
	if endless > 1 && top > math.MaxFloat64 {
		return
	}
	for _, part := range terms {
		low, oldLow, oldHigh := 0.0, b.low[part], b.high[part]
		isEndless := oldHigh > math.MaxFloat64
		switch {
		case endless > 1 || endless == 1 && !isEndless:
		case isEndless:
			low = bottom - most
		default:
			low = bottom - (most - oldHigh)
		}
		high := top - (least - oldLow)
		if low <= oldLow+tiny && high >= oldHigh-tiny {
			continue
		}
		b.narrow(l.equation, part, low, high)
		least += b.low[part] - oldLow
		switch {
		case isEndless && b.high[part] <= math.MaxFloat64:
			endless--
			most += b.high[part]
		case !isEndless:
			most += b.high[part] - oldHigh
		}
	}
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
		if other == e {
			continue
		}
		if l := b.lineOf[other]; l >= 0 && !b.queued[l] {
			b.queue, b.queued[l] = append(b.queue, l), true
		}
	}
}
