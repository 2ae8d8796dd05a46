package disclosure

import (
	"math"
	"slices"

	"tavolo/transform/result"
)

// An attacker who knows everything that is published, and nothing of how it was
// made: all numbers that are shown, all sums, that a count is a whole number and
// not below zero, the threshold, and the reason of everything that is withheld.
// It finds out by search whether a withheld count can be a certain value.

// unknown is one count, between two bounds.
type unknown struct {
	least, most int
	is          int // the truth, near which the search begins; it decides nothing
}

// relation says that the counts, each times its factor, add up to nothing.
type relation struct {
	counts  []int
	factors []int
}

// attack is the unknowns and what holds between them.
type attack struct {
	unknowns  []unknown
	equations []relation
	of        [][]int // equations of each unknown
	hidden    []bool  // of the unknowns, those that are withheld
}

// plenty stands for no bound.
const plenty = 1 << 20

func (a *attack) add(u unknown, hidden bool) int {
	a.hidden = append(a.hidden, hidden)
	a.unknowns = append(a.unknowns, u)
	a.of = append(a.of, nil)
	return len(a.unknowns) - 1
}

// sum says that a count is the sum of others.
func (a *attack) sum(total int, parts []int) {
	e := relation{[]int{total}, []int{-1}}
	for _, part := range parts {
		e.counts, e.factors = append(e.counts, part), append(e.factors, 1)
	}
	a.hold(e)
}

func (a *attack) hold(e relation) {
	for _, count := range e.counts {
		a.of[count] = append(a.of[count], len(a.equations))
	}
	a.equations = append(a.equations, e)
}

// share says that part of some cases, which are part and rest, is nearest to step of so many
// parts: 2 × parts × part is from (2 × step − 1) × cases up to, without it, (2 × step + 1) × cases.
func (a *attack) share(part, rest, parts, step int) {
	low, high := 2*step-1, 2*step+1
	above := a.add(unknown{0, 4 * parts * plenty, 0}, false)
	a.hold(relation{[]int{part, rest, above}, []int{2*parts - low, -low, -1}})
	if step < parts {
		below := a.add(unknown{1, 4 * parts * plenty, 1}, false)
		a.hold(relation{[]int{part, rest, below}, []int{2*parts - high, -high, 1}})
	}
}

// can says whether a count can be a value; sure is false when the search was
// given up.
func (a *attack) can(count, value int) (possible, sure bool) {
	if value < a.unknowns[count].least || value > a.unknowns[count].most {
		return false, true
	}
	s := &narrowing{attack: a, u: slices.Clone(a.unknowns), waits: make([]bool, len(a.equations)), left: plentySteps}
	s.set(count, value, value)
	s.u[count].is = value
	possible = s.search(a.of[count])
	return possible, possible || s.left > 0
}

// tighten narrows bounds by each equation of a queue alone, and by those of what that
// narrows, until nothing changes; it says whether anything is left.
func (a *attack) tighten(u []unknown, queue []int) bool {
	s := &narrowing{attack: a, u: u, waits: make([]bool, len(a.equations))}
	return s.tighten(queue)
}

// plentySteps is how far a search goes. What can be ruled out is so well before, in under 2,000
// steps here; what is given up is taken to be possible.
const plentySteps = 5_000

// narrowing is a search under way: bounds that are narrowed in place, and all that was
// narrowed, so that a way that leads nowhere is gone back.
type narrowing struct {
	*attack
	u      []unknown
	before []narrowed
	queue  []int  // equations to look at
	waits  []bool // of the equations, those in the queue
	left   int    // how many more steps the search may take
}

// narrowed is what an unknown was.
type narrowed struct {
	count int
	was   unknown
}

func (s *narrowing) set(count, least, most int) {
	s.before = append(s.before, narrowed{count, s.u[count]})
	s.u[count].least, s.u[count].most = least, most
}

// back undoes all that was narrowed since so much had been.
func (s *narrowing) back(to int) {
	for i := len(s.before) - 1; i >= to; i-- {
		s.u[s.before[i].count] = s.before[i].was
	}
	s.before = s.before[:to]
}

// search looks for whole numbers within the bounds that satisfy all equations.
func (s *narrowing) search(changed []int) bool {
	if s.left--; s.left <= 0 || !s.tighten(changed) {
		return false
	}
	next, width := -1, math.MaxInt
	for i := range s.u {
		if w := s.u[i].most - s.u[i].least; w > 0 && w < width {
			next, width = i, w
		}
	}
	if next < 0 {
		return true
	}
	// Near the truth first.
	least, most, mark := s.u[next].least, s.u[next].most, len(s.before)
	near := min(max(s.u[next].is, least), most)
	for distance := 0; near-distance >= least || near+distance <= most; distance++ {
		for _, value := range []int{near + distance, near - distance} {
			if value < least || value > most || distance == 0 && value != near {
				continue
			}
			s.set(next, value, value)
			if s.search(s.of[next]) {
				return true
			}
			s.back(mark)
			if distance == 0 {
				break
			}
		}
		if s.left <= 0 {
			return false
		}
	}
	return false
}

// tighten is [attack.tighten] of the search.
func (s *narrowing) tighten(changed []int) bool {
	s.await(changed)
	for at := 0; at < len(s.queue); at++ {
		e := s.queue[at]
		s.waits[e] = false
		if !s.narrow(&s.equations[e]) {
			for _, e := range s.queue[at:] {
				s.waits[e] = false
			}
			s.queue = s.queue[:0]
			return false
		}
	}
	s.queue = s.queue[:0]
	return true
}

func (s *narrowing) await(equations []int) {
	for _, e := range equations {
		if !s.waits[e] {
			s.waits[e] = true
			s.queue = append(s.queue, e)
		}
	}
}

// narrow narrows what is in an equation by the equation alone; false when it cannot hold.
func (s *narrowing) narrow(e *relation) bool {
	low, high := 0, 0
	for i, count := range e.counts {
		l, h := times(s.u[count], e.factors[i])
		low, high = low+l, high+h
	}
	if low > 0 || high < 0 {
		return false
	}
	for i, count := range e.counts {
		was := s.u[count]
		if was.least == was.most {
			continue // what the others leave is found out when they are narrowed
		}
		ol, oh := times(was, e.factors[i])
		l, h := within(max(ol, oh-high), min(oh, ol-low), e.factors[i])
		if l <= was.least && h >= was.most {
			continue
		}
		if l > h {
			return false
		}
		s.set(count, l, h)
		nl, nh := times(s.u[count], e.factors[i])
		low, high = low+nl-ol, high+nh-oh
		s.await(s.of[count])
	}
	return true
}

func times(u unknown, factor int) (low, high int) {
	if factor < 0 {
		return factor * u.most, factor * u.least
	}
	return factor * u.least, factor * u.most
}

// within gives the whole numbers that times a factor, which is not 0, are between two.
func within(low, high, factor int) (least, most int) {
	if factor < 0 {
		low, high, factor = -high, -low, -factor
	}
	least, most = low/factor, high/factor
	if low > 0 && low%factor != 0 {
		least++
	}
	if high < 0 && high%factor != 0 {
		most--
	}
	return least, most
}

// equal says that two pairs of counts have the same sum.
func (a *attack) equal(one, other [2]int) {
	e := relation{[]int{one[0], one[1], other[0], other[1]}, []int{1, 1, -1, -1}}
	a.hold(e)
}

// known gives what the attacker knows of a count at first: its value where it is
// shown and numbers are published, that it is small where the reason says so; and where a
// figure stands without its count, or does not, what that says; so of a share that is rounded.
func (c *Control) known(layer *Layer, cell Cell, tied bool, count int, value float64, numbers bool) unknown {
	is := int(value)
	switch {
	case count >= len(layer.Counts):
		return unknown{}
	case cell.Reason == result.Shown && numbers:
		return unknown{is, is, is}
	case layer.Apart && cell.Reason != result.Shown && cell.Reason != result.Few:
		least := c.Threshold() // of one that stands
		if tied {
			least = 2 * c.Threshold()
		}
		switch {
		case !cell.Alone:
			return unknown{1, max(least-1, is), is}
		case cell.Most > 0:
			return unknown{max(least, int(cell.Least)), int(cell.Most), is}
		}
		return unknown{max(least, int(cell.Least)), plenty, is}
	case layer.Rounds && cell.Alone:
		if step, parts := rounded(cell); count == 0 && step > 0 || count == 1 && step < parts {
			return unknown{c.Threshold(), plenty, is}
		}
		return unknown{0, plenty, is}
	case cell.Reason == result.Few && count == 0, cell.Reason == result.AllButFew && count == 1:
		return unknown{1, c.Threshold() - 1, is}
	}
	return unknown{0, plenty, is}
}

// readShare notes what a share tells that is rounded: which it is, and of how many cases by the
// step.
func (a *attack) readShare(cell Cell, counts [2]int) {
	step, parts := rounded(cell)
	a.share(counts[0], counts[1], parts, step)
	next := map[int]int{5: 10, 10: 20, 20: 50, 50: 100, 100: 200, 200: 500, 500: 1000, 1000: plenty}[parts]
	cases := a.add(unknown{parts, next - 1, int(cell.Counts[0] + cell.Counts[1])}, true)
	a.sum(cases, counts[:])
}

// rounded gives how a share is rounded, by the rule that is published.
func rounded(cell Cell) (step, parts int) {
	x, n := int(cell.Counts[0]), int(cell.Counts[0]+cell.Counts[1])
	parts = 5
	for _, finer := range []int{10, 20, 50, 100, 200, 500, 1000} {
		if n >= finer {
			parts = finer
		}
	}
	return (2*parts*x + n) / (2 * n), parts
}

// field is the order of the field in which the test computes: another than that of
// the program.
const field = 998244353

// jordan brings rows into reduced echelon form, and gives the columns that are
// alone in theirs.
func jordan(rows [][]int64, columns int) map[int]bool {
	pivots := []int{}
	for column := 0; column < columns && len(pivots) < len(rows); column++ {
		done := len(pivots)
		at := slices.IndexFunc(rows[done:], func(row []int64) bool { return row[column] != 0 })
		if at < 0 {
			continue
		}
		rows[done], rows[done+at] = rows[done+at], rows[done]
		pivot := rows[done]
		scale(pivot, power(pivot[column], field-2))
		for r, row := range rows {
			times := row[column]
			if r == done || times == 0 {
				continue
			}
			for i, x := range pivot {
				if x != 0 {
					row[i] = (row[i] + (field-times)*x) % field
				}
			}
		}
		pivots = append(pivots, column)
	}
	fixed := map[int]bool{}
	for r, column := range pivots {
		alone := true
		for i, x := range rows[r] {
			alone = alone && (i == column || x == 0)
		}
		if alone {
			fixed[column] = true
		}
	}
	return fixed
}

func scale(row []int64, by int64) {
	for i := range row {
		row[i] = row[i] * by % field
	}
}

func power(x int64, exponent int) int64 {
	result := int64(1)
	for ; exponent > 0; exponent >>= 1 {
		if exponent&1 == 1 {
			result = result * x % field
		}
		x = x * x % field
	}
	return result
}
