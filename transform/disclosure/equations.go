package disclosure

import (
	"math"
	"slices"

	"tavolo/transform/result"
)

// run is a run of months, the first and the last.
type run struct{ from, to int }

// addEquations adds every equation that a reader can set up. One that does not
// hold, because some of the total belong to no part, is none.
func (s *system) addEquations() {
	parts := make([][]int32, len(s.publication.Places))
	for i, place := range s.publication.Places {
		if place.Parent >= 0 {
			parts[place.Parent] = append(parts[place.Parent], int32(i))
		}
	}
	items := s.dividedItems()
	for column := range s.at {
		months := map[int][][][]int32{} // by the level of the places
		for place := range s.publication.Places {
			level := s.publication.Places[place].Level
			if months[level] == nil {
				months[level] = s.dividedMonths(column, int32(place))
			}
			for slot := range s.publication.Slots {
				at := s.at[column][s.index(int32(place), int32(slot))]
				if at < 0 {
					continue
				}
				if territories, ok := s.territories(column, parts, int32(place), int32(slot), nil); ok {
					s.add(equation{total: at, parts: territories, reason: result.ByTerritory})
				}
				for _, of := range items[slot] {
					s.addOf(column, int32(place), at, of, result.ByItem, false)
				}
				for way, of := range months[level][slot] {
					s.addOf(column, int32(place), at, of, result.ByPeriod, way > 0)
				}
			}
		}
	}
	for i := range s.counts {
		if c := &s.counts[i]; c.terms[0] >= 0 {
			s.link(c.terms[0], []int32{c.terms[1], int32(i)})
		}
	}
	s.addBalances()
	s.addEqual()
	s.addRelations()
	for e := range s.equations {
		s.counts[s.equations[e].total].equations = append(s.counts[s.equations[e].total].equations, int32(e))
		for _, part := range s.equations[e].parts {
			s.counts[part].equations = append(s.counts[part].equations, int32(e))
		}
	}
	s.queued = make([]bool, len(s.equations))
}

// dividedItems gives for each slot its items, by breakdown: of all together, and of
// an item that another breakdown divides once more.
func (s *system) dividedItems() [][][]int32 {
	slots := s.publication.Slots
	items, known := make([][][]int32, len(slots)), make(map[Slot]int, len(slots))
	for i, slot := range slots {
		known[slot] = i
	}
	for i, slot := range slots {
		if slot.Breakdown == 0 {
			continue
		}
		wholes := []Item{{}}
		if crossed := s.publication.Crossed[slot.Breakdown]; crossed != nil {
			wholes = append(wholes, crossed[slot.Item]...)
		}
		for _, of := range wholes {
			whole, ok := known[Slot{slot.From, slot.To, of.Breakdown, of.Item}]
			if !ok {
				continue
			}
			for len(items[whole]) < slot.Breakdown {
				items[whole] = append(items[whole], nil)
			}
			items[whole][slot.Breakdown-1] = append(items[whole][slot.Breakdown-1], int32(i))
		}
	}
	return items
}

// dividedMonths gives for each slot of all items together the ways to divide its months
// among the runs that a column has in places of one level: those of another column,
// which may end earlier because its months mature later, divide nothing here.
func (s *system) dividedMonths(column int, place int32) [][][]int32 {
	slots := s.publication.Slots
	months, total := make([][][]int32, len(slots)), map[run]int{}
	for i, slot := range slots {
		if slot.Breakdown == 0 && s.at[column][s.index(place, int32(i))] != notGiven {
			total[run{slot.From, slot.To}] = i
		}
	}
	for i, slot := range slots {
		if slot.Breakdown == 0 && slot.To > slot.From {
			months[i] = ways(run{slot.From, slot.To}, total)
		}
	}
	return months
}

// ways divides a run of months into single ones; into each shorter run within and
// single months; and from the first on into the longest runs that are there.
func ways(whole run, total map[run]int) [][]int32 {
	single := func(from, to int) []int32 {
		var months []int32
		for month := from; month <= to; month++ {
			at, ok := total[run{month, month}]
			if !ok {
				return nil
			}
			months = append(months, int32(at))
		}
		return months
	}
	all := single(whole.from, whole.to)
	if all == nil {
		return nil
	}
	ways := [][]int32{all}
	var greedy []int32
	for from := whole.from; from <= whole.to; {
		to := whole.to
		for to > from {
			if _, ok := total[run{from, to}]; ok && (run{from, to}) != whole {
				break
			}
			to--
		}
		greedy = append(greedy, int32(total[run{from, to}]))
		from = to + 1
	}
	var shorter []run
	for r := range total {
		if r.from >= whole.from && r.to <= whole.to && r.to > r.from && r != whole {
			shorter = append(shorter, r)
		}
	}
	slices.SortFunc(shorter, func(a, b run) int { return 1000*(a.from-b.from) + a.to - b.to })
	for _, r := range shorter {
		way := append(single(whole.from, r.from-1), int32(total[r]))
		ways = append(ways, append(way, single(r.to+1, whole.to)...))
	}
	if len(shorter) > 1 {
		ways = append(ways, greedy)
	}
	return ways
}

// territories gives the parts of a place: those of the next level that the column
// has; ok is false where some have none.
func (s *system) territories(column int, parts [][]int32, place, slot int32, found []int32) (_ []int32, ok bool) {
	if len(parts[place]) == 0 {
		return nil, false
	}
	for _, part := range parts[place] {
		switch at := s.at[column][s.index(part, slot)]; {
		case at >= 0:
			found = append(found, at)
		case at == notGiven:
			if found, ok = s.territories(column, parts, part, slot, found); !ok {
				return nil, false
			}
		}
	}
	return found, true
}

// addOf adds the equation of a count and those of other slots of its place.
func (s *system) addOf(column int, place, total int32, slots []int32, reason result.Reason, implied bool) {
	e := equation{total: total, reason: reason, implied: implied}
	for _, slot := range slots {
		switch at := s.at[column][s.index(place, slot)]; {
		case at == notGiven:
			return
		case at >= 0:
			e.parts = append(e.parts, at)
		}
	}
	s.add(e)
}

func (s *system) add(e equation) {
	sum := 0.0
	for _, part := range e.parts {
		sum += s.counts[part].value
	}
	if len(e.parts) == 0 || math.Abs(sum-s.counts[e.total].value) > 1e-6*math.Max(1, sum) {
		return
	}
	e.parts = slices.Clip(e.parts)
	// What is left of a column follows from its terms.
	e.implied = e.implied || s.counts[e.total].terms[0] >= 0
	s.equations = append(s.equations, e)
}

// addBalances adds what a reader of a stock knows: what there was before and what
// came is what left and what there is. The two sums are one number that nobody
// publishes.
func (s *system) addBalances() {
	known := s.numbers()
	for _, b := range s.publication.Balances {
		for slot, of := range s.publication.Slots {
			end, ok := known[Slot{of.To, of.To, of.Breakdown, of.Item}]
			if !ok {
				continue
			}
			before, ok := known[Slot{of.From - 1, of.From - 1, of.Breakdown, of.Item}]
			switch {
			case of.From == 0:
				before = nothing
			case !ok:
				continue
			}
			for place := range s.publication.Places {
				s.addBalance(b, int32(place), int32(slot), before, end)
			}
		}
	}
}

// nothing is the slot of the stock before the first month of all: logs begin without one.
// Where the first month of the figures is not that of the logs, the numbers say so.
const nothing = -1

// addBalance adds the balance of a place and run of months; before and end are the
// slots of the stock. It is none where one of the four is not given.
func (s *system) addBalance(b Balance, place, slot, before, end int32) {
	there := func(column int, slot int32) (at int32) {
		if slot == nothing {
			return nobody
		}
		return s.column(column)[s.index(place, slot)]
	}
	had, came, left, has := there(b.Stock, before), there(b.In, slot), there(b.Out, slot), there(b.Stock, end)
	if had == notGiven || came == notGiven || left == notGiven || has == notGiven {
		return
	}
	sum := func(of ...int32) (parts []int32, value float64) {
		for _, at := range of {
			if at >= 0 {
				parts, value = append(parts, at), value+s.counts[at].value
			}
		}
		return parts, value
	}
	entered, value := sum(had, came)
	gone, other := sum(left, has)
	if len(entered) == 0 || len(gone) == 0 || math.Abs(value-other) > 1e-6*math.Max(1, value) {
		return
	}
	total := int32(len(s.counts))
	s.counts = append(s.counts, count{column: int32(s.columns[Form{b.Stock, -1}]), place: place, slot: slot, value: value, terms: [2]int32{-1, -1}})
	s.link(total, entered)
	s.link(total, gone)
}
