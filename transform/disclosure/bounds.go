package disclosure

import "math"

// bounds is how far each count is known to somebody who works out one equation
// after the other, over and over until nothing changes.
type bounds struct {
	*system
	low, high []float64
	by        [][2]int32 // the equations that narrowed a count last, from below and above; −1
	told      [][2]float64
	numbers   bool

	tied   []bool    // of a figure, whether it is a rounded share whose line is there
	shares [][]int32 // of a count, the lines of rounded shares
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
	equation    int32 // or byShare, and nothing else
	total       int32 // −1 when it is known
	known       float64
	first, last int32 // the terms
}

// newBounds starts from what the figures say by themselves: those that are shown
// their counts, those that are withheld for their own sake that one is small.
// Without numbers nothing is shown.
func (s *system) newBounds(numbers bool) *bounds {
	b := &bounds{system: s, low: make([]float64, len(s.counts)), high: make([]float64, len(s.counts)), by: make([][2]int32, len(s.counts)), numbers: numbers}
	b.told, b.tied, b.shares = make([][2]float64, len(s.counts)), make([]bool, len(s.figures)), make([][]int32, len(s.counts))
	for i := range s.counts {
		b.told[i] = [2]float64{0, math.Inf(1)}
	}
	for i := range s.figures {
		b.tell(int32(i))
		b.tie(int32(i))
	}
	for i := range s.counts {
		b.begin(int32(i))
	}
	b.lineOf = make([]int32, len(b.equations))
	for i := range b.equations {
		b.lineOf[i] = -1
		b.draw(int32(i))
	}
	b.work()
	return b
}

// tell notes what a withheld figure says of its counts.
func (b *bounds) tell(i int32) {
	f := &b.figures[i]
	if !f.hidden() {
		return
	}
	for n, form := range b.publication.Layers[f.layer].Counts {
		if at := b.at[b.columns[form]][b.index(f.place, f.slot)]; at >= 0 {
			b.hear(at, f.least[n], f.most[n])
		}
	}
	if b.numbers && b.isRounded(f) {
		if cases := b.ofShare(f)[2]; cases >= 0 {
			b.hear(cases, f.ratio.least, f.ratio.most)
		}
	}
}

func (b *bounds) hear(i int32, least, most float64) {
	b.told[i] = [2]float64{math.Max(b.told[i][0], least), math.Min(b.told[i][1], most)}
}

// tellOf notes what the withheld figures say that show a count.
func (b *bounds) tellOf(i int32) {
	for _, f := range b.counts[i].figures {
		b.tell(f)
		b.tie(f)
	}
}

// begin gives a count the bounds that it has by itself.
func (b *bounds) begin(i int32) {
	b.by[i] = [2]int32{-1, -1}
	b.low[i], b.high[i] = b.told[i][0], b.told[i][1]
	if b.numbers && !b.unknown(i) {
		b.low[i], b.high[i] = b.counts[i].value, b.counts[i].value
	}
}

// draw makes the line of an equation anew, and has it looked at.
func (b *bounds) draw(i int32) {
	e := &b.equations[i]
	l := line{equation: i, total: e.total, first: int32(len(b.terms))}
	for _, part := range e.parts {
		if b.numbers && !b.unknown(part) {
			l.known += b.counts[part].value
			continue
		}
		b.terms = append(b.terms, part)
	}
	l.last = int32(len(b.terms))
	if b.numbers && !b.unknown(e.total) {
		l.total, l.known = -1, b.counts[e.total].value-l.known
		if l.first == l.last {
			return
		}
	}
	at := b.lineOf[i]
	if at < 0 {
		at = int32(len(b.lines))
		b.lineOf[i] = at
		b.lines, b.queued = append(b.lines, l), append(b.queued, false)
	}
	b.lines[at] = l
	b.enqueue(at)
}

func (b *bounds) enqueue(l int32) {
	if !b.queued[l] {
		b.queue, b.queued[l] = append(b.queue, l), true
	}
}

// loosen forgets what was narrowed with the help of counts that are not known any more,
// and narrows again: what was not stays as it is.
func (b *bounds) loosen(unknown []int32) {
	seen := make(map[int32]bool, len(unknown))
	for _, i := range unknown {
		seen[i] = true
	}
	for _, i := range unknown {
		for _, e := range b.counts[i].equations {
			if rest := b.equations[e].parts[len(b.equations[e].parts)-1]; b.counts[rest].terms[0] >= 0 && !seen[rest] {
				seen[rest] = true
				unknown = append(unknown, rest) // what is left of it is not known either
			}
		}
	}
	for _, i := range unknown {
		b.told[i] = [2]float64{0, math.Inf(1)}
	}
	for _, i := range unknown {
		b.tellOf(i)
		if whole := b.counts[i].terms[0]; whole >= 0 {
			b.tellOf(whole) // who shows what is left of it shows it
		}
	}
	forget := unknown
	doubt := func(i, e int32) {
		if !seen[i] && (b.by[i][0] == e || b.by[i][1] == e) {
			seen[i] = true
			forget = append(forget, i)
		}
	}
	for n := 0; n < len(forget); n++ {
		for _, l := range b.shares[forget[n]] {
			e := b.lines[l].equation
			share, _ := shareOf(e)
			for _, i := range b.somebodyIn(share) {
				doubt(i, e)
			}
		}
		for _, e := range b.counts[forget[n]].equations {
			l := b.lineOf[e]
			if n < len(unknown) {
				b.draw(e)
			}
			if l < 0 {
				continue
			}
			if total := b.lines[l].total; total >= 0 {
				doubt(total, e)
			}
			for _, i := range b.terms[b.lines[l].first:b.lines[l].last] {
				doubt(i, e)
			}
		}
	}
	for _, i := range forget {
		b.begin(i)
		b.again(i, -1)
	}
	b.work()
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
	if _, ok := shareOf(l.equation); ok {
		b.share(l.equation)
		return
	}
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

func (b *bounds) narrow(e, i int32, low, high float64) (changed bool) {
	if low > b.low[i]+tiny {
		b.low[i], b.by[i][0], changed = low, e, true
	}
	if high < b.high[i]-tiny {
		b.high[i], b.by[i][1], changed = high, e, true
	}
	if changed {
		b.again(i, e)
	}
	return changed
}

// again has the lines of a count looked at, but for that of one equation.
func (b *bounds) again(i, but int32) {
	for _, e := range b.counts[i].equations {
		if l := b.lineOf[e]; e != but && l >= 0 {
			b.enqueue(l)
		}
	}
	for _, l := range b.shares[i] {
		if b.lines[l].equation != but {
			b.enqueue(l)
		}
	}
}
