package disclosure

import (
	"math"
	"slices"

	"tavolo/transform/result"
)

// An exchange is a change of counts that leaves all published sums as they are: in
// some places one month has more and another fewer, or one item more and another
// fewer, and in other places it is the contrary. Where all counts that it changes
// are unknown, none of them follows from the equations.
type exchange struct {
	*system
	column int32
	slots  []int32   // that change
	price  []float64 // of making them unknown in each place; +Inf where one counts nobody
	below  []float64 // of doing so in a place and in one place of each level beneath
	next   []int32   // that place; −1 at the end
}

// exchange makes the cheapest exchange that changes a count possible; ok is false
// when there is none.
func (s *system) exchange(i int32) (ok bool) {
	c := s.counts[i]
	best, price := []int32(nil), math.Inf(1)
	for _, slots := range s.shifts(c.column, c.place, c.slot) {
		x := exchange{system: s, column: c.column, slots: slots}
		x.weigh()
		if places, p := x.places(c.place); p < price {
			price, best = p, nil
			for _, place := range places {
				for _, slot := range slots {
					if at := s.at[c.column][s.index(place, slot)]; at >= 0 {
						best = append(best, at)
					}
				}
			}
		}
	}
	for _, at := range best {
		if !s.unknown(at) {
			s.obscure(at, s.kind(&c, &s.counts[at]))
			ok = true
		}
	}
	return ok
}

// kind says which sum would give a count away if another were shown.
func (s *system) kind(from, other *count) result.Reason {
	a, b := s.publication.Slots[from.slot], s.publication.Slots[other.slot]
	switch {
	case a.Breakdown != b.Breakdown || a.Item != b.Item:
		return result.ByItem
	case from.slot != other.slot:
		return result.ByPeriod
	}
	return result.ByTerritory
}

// shifts gives the sets of slots that change together with one within a place: for
// an item, it and another of the same breakdown; for all items together, every run
// of months that holds one of two months, of which the slot's own holds one. Where
// such a run is broken down, an item of each breakdown changes with it.
func (s *system) shifts(column, place, slot int32) [][]int32 {
	own := s.publication.Slots[slot]
	var shifts [][]int32
	if own.Breakdown != 0 {
		for i, other := range s.publication.Slots {
			if other.From == own.From && other.To == own.To && other.Breakdown == own.Breakdown && other.Item != own.Item {
				shifts = append(shifts, []int32{slot, int32(i)})
			}
		}
		return shifts
	}
	for one := own.From; one <= own.To; one++ {
		for other := range s.publication.Months {
			if other >= own.From && other <= own.To || s.nobodyIn(column, place, one) || s.nobodyIn(column, place, other) {
				continue
			}
			shifts = append(shifts, s.monthShift(column, place, one, other))
		}
	}
	return shifts
}

// nobodyIn says whether a place counts nobody in a month, or has no such figure.
func (s *system) nobodyIn(column, place int32, month int) bool {
	slot := slices.Index(s.publication.Slots, Slot{From: month, To: month})
	return slot < 0 || s.at[column][s.index(place, int32(slot))] < 0
}

// monthShift gives the slots that change when one month of a place has more and
// another fewer.
func (s *system) monthShift(column, place int32, one, other int) []int32 {
	var slots []int32
	item := map[[3]int]int32{} // run and breakdown → the cheapest item
	for i, slot := range s.publication.Slots {
		holds := func(month int) bool { return month >= slot.From && month <= slot.To }
		if holds(one) == holds(other) || s.passing(int32(i)) {
			continue
		}
		if slot.Breakdown == 0 {
			slots = append(slots, int32(i))
			continue
		}
		at := s.at[column][s.index(place, int32(i))]
		key := [3]int{slot.From, slot.To, slot.Breakdown}
		if best, ok := item[key]; at >= 0 && s.counts[at].value > 0 {
			if !ok || s.toll(at) < s.toll(s.at[column][s.index(place, best)]) {
				item[key] = int32(i)
			}
		}
	}
	for _, i := range item {
		slots = append(slots, i)
	}
	slices.Sort(slots)
	return slots
}

// toll is what readers lose with a count that is made unknown, and what follows it.
func (s *system) toll(i int32) float64 { return s.loss(i) + s.followed(i) }

// loss is what readers lose with a count that is made unknown, by itself.
func (s *system) loss(i int32) float64 {
	if s.unknown(i) {
		return 0
	}
	loss := 0.0
	for _, f := range s.counts[i].figures {
		if !s.figures[f].hidden() {
			loss += s.figures[f].size
		}
	}
	return loss
}

// weigh works out what the exchange takes in each place, from the smallest
// territories up.
func (x *exchange) weigh() {
	places := x.publication.Places
	x.price, x.below, x.next = make([]float64, len(places)), make([]float64, len(places)), make([]int32, len(places))
	for place := range places {
		for _, slot := range x.slots {
			switch at := x.at[x.column][x.index(int32(place), slot)]; {
			case at == notGiven:
			case at == nobody || !(x.counts[at].value > 0):
				x.price[place] = math.Inf(1)
			default:
				x.price[place] += x.toll(at)
			}
		}
	}
	for place := range slices.Backward(places) {
		x.below[place], x.next[place] = x.price[place], -1
	}
	for place, p := range slices.Backward(places) {
		// Its parts come after it, and are done.
		if x.next[place] >= 0 {
			x.below[place] += x.below[x.next[place]]
		} else if x.hasParts(int32(place)) {
			x.below[place] = math.Inf(1)
		}
		if p.Parent >= 0 && !math.IsInf(x.below[place], 1) {
			if best := x.next[p.Parent]; best < 0 || x.below[place] <= x.below[best] {
				x.next[p.Parent] = int32(place)
			}
		}
	}
}

func (x *exchange) hasParts(place int32) bool {
	return slices.ContainsFunc(x.publication.Places[place+1:], func(p Place) bool { return p.Parent == int(place) })
}

// places gives the places of the cheapest exchange that changes one of them: it
// and one place of each level beneath, some places above it, and beside the last of
// these another with one place of each level beneath.
func (x *exchange) places(place int32) (places []int32, price float64) {
	down := func(from int32) (path []int32) {
		for ; from >= 0; from = x.next[from] {
			path = append(path, from)
		}
		return path
	}
	price = math.Inf(1)
	path, cost := down(place), x.below[place]
	for top := place; ; {
		parent := x.publication.Places[top].Parent
		if parent < 0 {
			if cost < price {
				return path, cost
			}
			return places, price
		}
		for other, p := range x.publication.Places {
			if p.Parent == parent && int32(other) != top && cost+x.below[other] < price {
				price = cost + x.below[other]
				places = append(slices.Clone(path), down(int32(other))...)
			}
		}
		top = int32(parent)
		path, cost = append(path, top), cost+x.price[top]
	}
}
