package disclosure

import (
	"math"
	"slices"

	"tavolo/transform/result"
)

// Rounding is how a share is written whose counts are withheld: in steps of at least one
// case. Between the values that are rounded to one step lies then, whatever the number of
// cases, a share that so many can have: so it goes with every number of them.
type Rounding struct {
	// Parts is how many steps there are from none to all.
	Parts int
	// Least and Most are the numbers of cases of which shares are rounded so; Most is 0
	// for no bound.
	Least, Most float64
}

// roundings are steps of 20, 10, 5, 2, 1, 0.5, 0.2 and 0.1 points, each from where it is at
// least one case.
var roundings = []Rounding{{5, 5, 9}, {10, 10, 19}, {20, 20, 49}, {50, 50, 99}, {100, 100, 199}, {200, 200, 499}, {500, 500, 999}, {1000, 1000, 0}}

// RoundingOf gives the finest rounding of shares of so many cases; ok is false where these
// are too few for any, or no whole number.
func RoundingOf(cases float64) (r Rounding, ok bool) {
	for _, r := range slices.Backward(roundings) {
		if cases >= r.Least {
			return r, cases == math.Trunc(cases)
		}
	}
	return Rounding{}, false
}

// Step is the number of steps from none nearest to part of the cases, up from the middle.
func (r Rounding) Step(part, cases float64) int {
	return int(math.Floor((2*part*float64(r.Parts) + cases) / (2 * cases)))
}

// Round is a share as it is written.
func (r Rounding) Round(part, cases float64) float64 {
	return float64(r.Step(part, cases)) / float64(r.Parts)
}

// roundedAlone is what the counts of a share are worth to readers beside all of it: with them
// go its interval, and its place among others.
const roundedAlone = 0.5

// round finds the shares that are rounded when they are withheld for the sake of others:
// those of which neither those who have what it counts nor those who have it not are small,
// nor, where they are the sum of small ones alone, fewer than 2k; see stand.
func (s *system) round(f *figure, layer *Layer) {
	cases := f.count[0] + f.count[1]
	rounding, ok := RoundingOf(cases)
	f.apart = ok && f.count[0] == math.Trunc(f.count[0])
	cell := &layer.Cells[f.names[0]]
	f.ratio = ratio{parts: float64(rounding.Parts), step: float64(rounding.Step(f.count[0], cases)), least: math.Max(rounding.Least, cell.Least), most: math.Inf(1)}
	for _, most := range []float64{rounding.Most, cell.Most} {
		if most > 0 {
			f.ratio.most = math.Min(f.ratio.most, most)
		}
	}
	for n, count := range f.count {
		f.ratio.each[n] = s.control.threshold
		if at := s.at[s.columns[layer.Counts[n]]][s.index(f.place, f.slot)]; at >= 0 && count < s.control.vague() && s.isTied(at) {
			f.ratio.each[n] = s.control.vague()
		}
		f.apart = f.apart && (count == 0 || count >= f.ratio.each[n])
	}
	if f.apart = f.apart && f.ratio.least < f.ratio.most && !f.stays(cell); f.apart {
		f.size *= roundedAlone
		s.tellRounded(f)
	}
}

// stays says whether a share was withheld whole before and must stay so.
func (f *figure) stays(cell *Cell) bool {
	return cell.Before.Withheld != result.Shown && !cell.Before.Rounded
}

// ratio is what a rounded share says of its two counts.
type ratio struct {
	parts, step float64    // of how many steps it is which
	least, most float64    // number of cases
	each        [2]float64 // the least that either count is, when not nobody
}

// inequality is that one count times a factor and another times one are together at least a
// number. Counts of a share are numbered: who has what it counts, who has it not, all cases.
type inequality struct {
	one, other    int
	factor, times float64
	least         float64
}

// inequalities gives what the share says of each two of its counts: 2 × parts × part is at
// least (2 × step − 1) × cases, and less than (2 × step + 1) × cases.
func (r *ratio) inequalities() [6]inequality {
	all, low, high := 2*r.parts, 2*r.step-1, 2*r.step+1
	less := 1.0
	if r.step == r.parts { // there is no more than all
		high, less = all, 0
	}
	return [6]inequality{
		{0, 2, all, -low, 0}, {0, 2, -all, high, less},
		{1, 2, -all, all - low, 0}, {1, 2, all, high - all, less},
		{0, 1, all - low, -low, 0}, {0, 1, high - all, high, less},
	}
}

// isRounded says whether a figure is a share that is shown rounded, without its counts.
func (s *system) isRounded(f *figure) bool {
	return f.apart && f.hidden() && s.publication.Layers[f.layer].Rounds
}

// tellRounded notes what it says of its counts that a share is rounded: that neither is
// small, and, where it is neither none nor all, that neither is nobody.
func (s *system) tellRounded(f *figure) {
	for n, far := range [2]bool{f.ratio.step > 0, f.ratio.step < f.ratio.parts} {
		if f.apart && far {
			f.least[n] = f.ratio.each[n]
		}
	}
}

// withholdWhole withholds a share that is rounded; ok is false where that tells nobody less,
// as it has been shown rounded before.
func (s *system) withholdWhole(i int32) (ok bool) {
	f := &s.figures[i]
	if math.IsInf(s.whole(i), 1) {
		return false
	}
	f.apart = false
	f.size /= roundedAlone
	s.tell(f, &s.publication.Layers[f.layer].Cells[f.names[0]])
	s.lost = append(s.lost, s.somebodyIn(i)...)
	return true
}

// whole is what readers lose with a rounded share that is withheld whole, if it can be.
func (s *system) whole(i int32) float64 {
	f := &s.figures[i]
	if !s.isRounded(f) || s.publication.Layers[f.layer].Cells[f.names[0]].Before.Rounded {
		return math.Inf(1)
	}
	return f.size * (1/roundedAlone - 1) * s.worth(f.slot)
}

// ofShare gives the counts of a share: who has what it counts, who has it not, and all cases.
func (s *system) ofShare(f *figure) [3]int32 {
	at, forms := s.index(f.place, f.slot), s.publication.Layers[f.layer].Counts
	of := func(form Form) int32 { return s.at[s.columns[form]][at] }
	return [3]int32{of(forms[0]), of(forms[1]), of(Form{forms[1].Column, -1})}
}

// somebodyIn gives the counts of a share that are not known to be nobody.
func (s *system) somebodyIn(figure int32) (counts []int32) {
	for _, at := range s.ofShare(&s.figures[figure]) {
		if at >= 0 {
			counts = append(counts, at)
		}
	}
	return counts
}

// tie adds to the bounds what a rounded share says of its counts together, once.
func (b *bounds) tie(i int32) {
	f := &b.figures[i]
	if !b.numbers || !b.isRounded(f) || b.tied[i] {
		return
	}
	b.tied[i] = true
	l := int32(len(b.lines))
	b.lines, b.queued = append(b.lines, line{equation: byShare(i)}), append(b.queued, false)
	for _, at := range b.somebodyIn(i) {
		b.shares[at] = append(b.shares[at], l)
	}
	b.enqueue(l)
}

// byShare is what stands for an equation where a rounded share narrowed a count; and
// shareOf gives its figure.
func byShare(figure int32) int32 { return -2 - figure }

func shareOf(e int32) (figure int32, ok bool) { return -2 - e, e < -1 }

// share narrows the counts of a rounded share by each other.
func (b *bounds) share(e int32) {
	i, _ := shareOf(e)
	f := &b.figures[i]
	if !b.isRounded(f) {
		return // any more
	}
	of := b.ofShare(f)
	for again := true; again; { // one inequality narrows what another is of
		again = false
		for _, q := range f.ratio.inequalities() {
			one := b.hold(e, of[q.one], of[q.other], q.factor, q.times, q.least)
			other := b.hold(e, of[q.other], of[q.one], q.times, q.factor, q.least)
			again = again || one || other
		}
	}
}

// hold narrows a count by what it and another, each times its factor, are together at least.
// One that is nobody stands for no count. It says whether anything changed.
func (b *bounds) hold(e, i, other int32, factor, times, least float64) (changed bool) {
	if i < 0 || factor == 0 {
		return false
	}
	most := 0.0 // of the other
	switch {
	case other < 0 || times == 0:
	case times > 0:
		most = times * b.high[other]
	default:
		most = times * b.low[other]
	}
	bound := (least - most) / factor
	if factor > 0 {
		return b.narrow(e, i, math.Ceil(bound-tiny), math.Inf(1))
	}
	return b.narrow(e, i, math.Inf(-1), math.Floor(bound+tiny))
}
