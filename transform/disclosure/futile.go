package disclosure

import (
	"math"
	"slices"
)

// To withhold a figure where others tell it again keeps nothing from anybody, and whoever goes
// on so withholds a whole row, up to the country, for nothing. So it is the last resort.

// cause gives an equation and what is best withheld in it so that a count is not narrowed any
// more, see causeAmong. Where two figures of an equation have been withheld in vain, others
// tell what these are: the equations behind it are better.
func (w *work) cause(i int32) (e, best int32) {
	fresh := func(e int32) (int32, float64) {
		if w.widened[e] > 1 {
			return -1, math.Inf(1)
		}
		return w.lasting(e)
	}
	for _, choose := range []func(e int32) (int32, float64){fresh, w.lasting, w.cheapest} {
		if e, best = w.bounds.causeAmong(i, choose); best >= 0 {
			break
		}
	}
	return e, best
}

// around gives the nearest equation of a count, over unknown ones, in which something can be
// withheld, and what is best withheld there; −1 for nothing.
func (s *system) around(i int32) (e, best int32) {
	if e, best = s.aroundAmong(i, s.lasting); best < 0 {
		e, best = s.aroundAmong(i, s.cheapest)
	}
	return e, best
}

// lasting is cheapest of those that no balance tells again.
func (s *system) lasting(e int32) (best int32, price float64) {
	return s.cheapestOf(e, func(i int32) bool { return !s.isBalanced(i) })
}

// isBalanced says whether a balance tells a count from numbers that are all shown.
func (s *system) isBalanced(i int32) bool {
	for _, e := range s.counts[i].equations {
		if s.isHalf(e) && !slices.ContainsFunc(s.counts[s.equations[e].total].equations, func(half int32) bool {
			return slices.ContainsFunc(s.equations[half].parts, func(part int32) bool { return part != i && s.unknown(part) })
		}) {
			return true
		}
	}
	return false
}
