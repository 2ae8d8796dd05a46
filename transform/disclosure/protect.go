package disclosure

import (
	"math"
	"slices"

	"tavolo/transform/result"
)

// Outcome counts what Protect did.
type Outcome struct {
	Figures   int // that count somebody
	Primary   int // withheld for their own sake
	Secondary int // withheld for the sake of others
	Counts    int // of these, those that lose their count alone
	Rounded   int // and the shares that are rounded
	// Known is the number of figures among these that an earlier publication showed as they
	// are: nothing else was left to withhold, and who has it is not kept from anything by them.
	Known int
	// Unproven is the number of small counts that follow although all is withheld
	// that might help.
	Unproven int
}

// Protect withholds: it fills the reasons of the cells. It is deterministic: the
// same publication in the same order is withheld alike.
func (c *Control) Protect(p *Publication) Outcome {
	s := newSystem(c, p)
	s.withholdPrimary()
	w := &work{system: s, few: s.few(), tried: map[int32]int{}, widened: map[int32]int{}}
	w.reasons = s.hush(w.few)
	o := Outcome{Unproven: w.protect()}
	for i := range s.figures {
		f := &s.figures[i]
		for _, name := range f.names {
			cell := &p.Layers[f.layer].Cells[name]
			cell.Reason, cell.Alone = f.reason, f.apart && f.hidden()
			o.count(f)
		}
	}
	return o
}

// work is the protection of a system under way. What is withheld is never shown again, so
// that a count which is not narrowed to one number, and one that does not follow, are looked
// at no more.
type work struct {
	*system
	few      map[int32][]int32 // of each small count, the figures that are withheld for it
	reasons  *bounds           // that the reasons leave by themselves
	bounds   *bounds           // that all leaves
	solved   bool
	narrowed []int32       // small counts that are known to one number, as the bounds were last
	fixed    []int32       // small counts that follow, as the equations were when last solved
	tried    map[int32]int // by count that follows: how often more was withheld around it
	widened  map[int32]int // by equation: how often more was withheld in it
}

// protect withholds until no small count follows, and says how many do all the same.
func (w *work) protect() (unproven int) {
	for again := true; again; {
		w.reveal()
		w.keepCompany()
		if again, unproven = w.widen(); again {
			continue
		}
		var left int
		again, left = w.free()
		unproven += left
	}
	return unproven
}

func (o *Outcome) count(f *figure) {
	o.Figures++
	if f.known && f.hidden() {
		o.Known++
	}
	switch f.reason {
	case result.Shown:
	case result.Few, result.AllButFew:
		o.Primary++
	default:
		o.Secondary++
		switch {
		case !f.apart:
		case f.ratio.parts > 0:
			o.Rounded++
		default:
			o.Counts++
		}
	}
}

// reveal finds the small counts that figures of other indicators show, and
// withholds these.
func (s *system) reveal() {
	for _, t := range s.targets {
		if s.unknown(t.count) {
			continue
		}
		c := &s.counts[t.count]
		best := t.count
		if c.terms[0] >= 0 {
			best = c.terms[0]
			if c.terms[1] >= 0 && s.price(c.terms[1]) < s.price(best) {
				best = c.terms[1]
			}
		}
		s.obscure(best, result.ByIndicator)
	}
}

// keepCompany sees to it that no equation has a single unknown, and that no run of
// months that overlaps with others is known longer than its months.
func (s *system) keepCompany() {
	for len(s.queue) > 0 {
		e := s.queue[0]
		s.queue, s.queued[e] = s.queue[1:], false
		if s.overtaken(e) {
			s.obscure(s.equations[e].total, result.ByPeriod)
		}
		if s.equations[e].implied || s.isHalf(e) || s.unknowns(e) != 1 {
			continue
		}
		if best, _ := s.cheapest(e); best >= 0 {
			s.obscure(best, s.equations[e].reason)
		}
	}
}

// widen looks for small counts that are narrowed to one number, and withholds more
// in the equations that narrow them, once in each before it looks again. Where all is
// withheld there, and what is known is who counts nobody, reasons tell the number, and
// are not said any more.
func (w *work) widen() (again bool, left int) {
	w.look()
	touched := map[int32]bool{}
	var told []int32
	for _, i := range w.narrowed {
		e, best := w.cause(i)
		switch {
		case best < 0:
			told = append(told, i)
		case touched[e]:
			again = true
		case e < 0:
			w.withholdWhole(best)
			touched[e], again = true, true
		default:
			w.obscure(best, w.equations[e].reason)
			w.widened[e]++
			touched[e], again = true, true
		}
	}
	if again {
		return true, 0
	}
	for _, i := range told {
		switch {
		case w.bounds.untell(w.few, i) || !again && w.unsay(w.few[i], result.ByIndicator):
			again = true
		default:
			left++
		}
	}
	if again {
		w.bounds = nil // they were of other reasons
	}
	return again, left
}

// look works out what is narrowed to one number.
func (w *work) look() {
	if w.bounds == nil {
		w.bounds, w.narrowed = w.newBounds(true), w.small()
	} else {
		w.bounds.loosen(w.lost)
	}
	w.lost = w.lost[:0]
	w.narrowed = slices.DeleteFunc(w.narrowed, func(i int32) bool { return !w.bounds.tight(w.reasons, i) })
}

// tight says whether a count is narrowed to one number, or to half a unit of those
// that are not whole, and not by what is published beside withheld figures already.
func (b *bounds) tight(reasons *bounds, i int32) bool {
	return b.high[i]-b.low[i] < 0.5 && reasons.high[i]-reasons.low[i] > 0.5
}

// causeAmong gives an equation and what choose gives of it, to be withheld so that a count is
// not narrowed any more, −1 for nothing: one that narrowed it, else one that narrowed another
// count of that, and so on; or, see byShare, a rounded share among these, or one step farther,
// that is better withheld whole. What is left of a column is told by two columns: to withhold
// one of these is the last resort, as other indicators are made from it.
func (b *bounds) causeAmong(i int32, choose func(e int32) (int32, float64)) (e, best int32) {
	last, lastBest, dearest := int32(-1), int32(-1), math.Inf(1)
	seen := map[int32]bool{}
	e, best, price := int32(-1), int32(-1), math.Inf(1)
	for level, found := []int32{i}, false; len(level) > 0 && !found; {
		found = best >= 0
		var next []int32
		for _, i := range level {
			for _, by := range b.by[i] {
				if by == -1 || seen[by] {
					continue
				}
				seen[by] = true
				if share, ok := shareOf(by); ok {
					if p := b.whole(share); p < price {
						e, best, price = by, share, p
					}
					next = append(next, b.somebodyIn(share)...)
					continue
				}
				if found {
					continue
				}
				switch one, p := choose(by); {
				case b.isRest(by) && p < dearest:
					last, lastBest, dearest = by, one, p
				case !b.isRest(by) && p < price:
					e, best, price = by, one, p
				}
				next = append(append(next, b.equations[by].total), b.equations[by].parts...)
			}
		}
		level = next
	}
	if best >= 0 {
		return e, best
	}
	return last, lastBest
}

// free looks for small counts that follow from the equations, and makes an
// exchange possible that changes each. Where that is possible already, what
// other columns tell is against it: then another is made possible of what tells, or more
// is withheld in the equations around, and at last all of it.
func (w *work) free() (again bool, left int) {
	fixed := w.solve()
	touched := map[int32]bool{}
	for _, i := range w.fixed {
		if w.exchangeAny(i, fixed) {
			again = true
			continue
		}
		if w.open(i, touched) {
			again = true
		} else {
			left++
		}
	}
	return again, left
}

// open withholds more around a count, in twice as many equations each time that it follows all
// the same: one by one it would be a long way in the few places where nothing near helps. It
// says whether there was anything left to withhold.
func (w *work) open(i int32, touched map[int32]bool) (found bool) {
	for range 1 << min(w.tried[i], 6) {
		e, best := w.around(i)
		switch {
		case best < 0:
			return found
		case w.tried[i] > 2:
			w.obscureAll(e)
		case !touched[e]:
			w.obscure(best, w.equations[e].reason)
		}
		touched[e], found = true, true
	}
	w.tried[i]++
	return found
}

// solve finds the small counts that follow; fixed is nil when none is left that might.
func (w *work) solve() (fixed []bool) {
	if !w.solved {
		w.fixed, w.solved = w.small(), true
	}
	if len(w.fixed) == 0 {
		return nil
	}
	fixed = w.determined()
	w.fixed = slices.DeleteFunc(w.fixed, func(i int32) bool { return !fixed[i] })
	return fixed
}

// exchangeAny makes an exchange possible of a count or, when it follows from what a link
// tells, of what follows there with it.
func (s *system) exchangeAny(i int32, fixed []bool) bool {
	c := &s.counts[i]
	of := []int32{i}
	if c.terms[0] >= 0 {
		of = []int32{c.terms[1], c.terms[0]}
	}
	for _, e := range c.equations {
		if s.equations[e].link && !s.isRest(e) {
			of = append(append(of, s.equations[e].total), s.equations[e].parts...)
		}
	}
	for n, other := range of {
		if other >= 0 && s.unknown(other) && (n == 0 || c.terms[0] >= 0 || fixed[other]) && s.counts[other].terms[0] < 0 && s.exchange(other) {
			return true
		}
	}
	return false
}

// obscureAll withholds all that an equation is of.
func (s *system) obscureAll(e int32) {
	for best, _ := s.cheapest(e); best >= 0; best, _ = s.cheapest(e) {
		s.obscure(best, s.equations[e].reason)
	}
}

// aroundAmong gives the nearest equation of a count, over unknown ones, of which choose gives
// something to withhold, and that; −1 for nothing.
func (s *system) aroundAmong(i int32, choose func(e int32) (int32, float64)) (at, best int32) {
	at, best, price := int32(-1), int32(-1), math.Inf(1)
	seen, seenCount := map[int32]bool{}, map[int32]bool{i: true}
	for level := []int32{i}; len(level) > 0 && best < 0; {
		var next []int32
		for _, i := range level {
			for _, e := range s.counts[i].equations {
				if seen[e] || s.equations[e].implied {
					continue
				}
				seen[e] = true
				if one, p := choose(e); p < price {
					at, best, price = e, one, p
				}
				for _, other := range append([]int32{s.equations[e].total}, s.equations[e].parts...) {
					if s.unknown(other) && !seenCount[other] {
						seenCount[other] = true
						next = append(next, other)
					}
				}
			}
		}
		level = next
	}
	return at, best
}

// isHalf says whether an equation is one of the two that make a balance, whose total
// nobody publishes.
func (s *system) isHalf(e int32) bool {
	total := &s.counts[s.equations[e].total]
	return total.terms[0] < 0 && len(total.figures) == 0
}

// isRest says whether an equation only says what is left of a column.
func (s *system) isRest(e int32) bool {
	parts := s.equations[e].parts
	return len(parts) == 2 && s.counts[parts[1]].terms[0] == s.equations[e].total
}

// withholdPrimary withholds what is withheld for its own sake, and what goes along.
func (s *system) withholdPrimary() {
	var primary []int32
	for i := range s.figures {
		if s.figures[i].hidden() {
			primary = append(primary, int32(i))
		}
	}
	for _, i := range primary {
		s.withhold(i, s.figures[i].reason)
	}
}

// small gives the counts that must not follow, each once.
func (s *system) small() (counts []int32) {
	seen := map[int32]bool{}
	for _, t := range s.targets {
		if !seen[t.count] {
			seen[t.count] = true
			counts = append(counts, t.count)
		}
	}
	return counts
}

// few gives of each small count the figures that are withheld for it.
func (s *system) few() map[int32][]int32 {
	few := map[int32][]int32{}
	for _, t := range s.targets {
		few[t.count] = append(few[t.count], t.figure)
	}
	return few
}

// hush gives figures that are withheld for their own sake another reason where the
// reasons alone would tell a number: a region that is few, of four provinces that are
// few, would say that each is 1. That it can be computed from others is as true of it.
// The bounds are those that the reasons then leave.
func (s *system) hush(few map[int32][]int32) *bounds {
	for {
		b, again := s.newBounds(false), false
		for _, t := range s.targets {
			if b.high[t.count]-b.low[t.count] > 0.5 {
				continue
			}
			if b.untell(few, t.count) || !again && b.unsay(few[t.count], result.ByIndicator) {
				again = true
			}
		}
		if !again {
			return b
		}
	}
}

// untell takes back the reasons of the sums from which a count is known.
func (b *bounds) untell(few map[int32][]int32, i int32) (changed bool) {
	for _, e := range b.by[i] {
		if e >= 0 && b.unsay(few[b.equations[e].total], b.equations[e].reason) {
			changed = true
		}
	}
	return changed
}

// unsay gives figures another reason, of which nothing follows, than that a count is
// small, and says whether any had that one.
func (s *system) unsay(figures []int32, reason result.Reason) (changed bool) {
	for _, i := range figures {
		if f := &s.figures[i]; f.reason == result.Few || f.reason == result.AllButFew {
			f.reason, changed = reason, true
			s.tell(f, &s.publication.Layers[f.layer].Cells[f.names[0]])
		}
	}
	return changed
}

// overtaken says whether an equation divides a passing run of months that is known
// and of which some are not.
func (s *system) overtaken(e int32) bool {
	equation := &s.equations[e]
	if equation.reason != result.ByPeriod || equation.implied || s.unknown(equation.total) || !s.passing(s.counts[equation.total].slot) {
		return false
	}
	return s.unknowns(e) > 0
}
