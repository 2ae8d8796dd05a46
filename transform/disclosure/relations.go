package disclosure

import (
	"math"

	"tavolo/transform/result"
)

// addRelations adds what a reader of definitions knows of different columns. Such
// equations are links: a figure is not withheld before something small follows from them.
func (s *system) addRelations() {
	known := s.numbers()
	for _, r := range s.publication.Relations {
		whole := r.Total.Breakdown != 0 // only of all items together, or of one item
		for _, part := range r.Parts {
			whole = whole || part.Breakdown != 0
		}
		for slot, of := range s.publication.Slots {
			if whole && of.Breakdown != 0 {
				continue
			}
			for place := range s.publication.Places {
				s.addRelation(&r, int32(place), int32(slot), known)
			}
		}
	}
	for _, r := range s.publication.Remainders {
		s.addRemainder(r, known)
	}
}

// numbers gives the numbers of the slots.
func (s *system) numbers() map[Slot]int32 {
	known := make(map[Slot]int32, len(s.publication.Slots))
	for i, slot := range s.publication.Slots {
		known[slot] = int32(i)
	}
	return known
}

// addRelation adds a relation in one place and slot, where all its terms are given.
func (s *system) addRelation(r *Relation, place, slot int32, known map[Slot]int32) {
	at := func(t Term) int32 {
		if t.Breakdown != 0 {
			of := s.publication.Slots[slot]
			item, ok := known[Slot{of.From, of.To, t.Breakdown, t.Item}]
			if !ok {
				return notGiven
			}
			return s.column(t.Column)[s.index(place, item)]
		}
		return s.column(t.Column)[s.index(place, slot)]
	}
	total := at(r.Total)
	if total == notGiven {
		return
	}
	parts := make([]int32, 0, len(r.Parts))
	for _, t := range r.Parts {
		part := at(t)
		if part == notGiven {
			return
		}
		parts = append(parts, part)
	}
	s.link(total, parts)
}

// addRemainder adds that the stock at the end of all months is what is left of each.
func (s *system) addRemainder(r Remainder, known map[Slot]int32) {
	last := s.publication.Months - 1
	end, ok := known[Slot{From: last, To: last}]
	if !ok {
		return
	}
	for place := range s.publication.Places {
		total := s.column(r.Stock)[s.index(int32(place), end)]
		var parts []int32
		for month := range s.publication.Months {
			part := int32(notGiven)
			if slot, ok := known[Slot{From: month, To: month}]; ok {
				part = s.column(r.Open)[s.index(int32(place), slot)]
			}
			if part == notGiven {
				total = notGiven
			}
			parts = append(parts, part)
		}
		if total != notGiven {
			s.link(total, parts)
		}
	}
}

// column gives the counts of a column of a mart.
func (s *system) column(number int) []int32 { return s.at[s.columns[Form{number, -1}]] }

// link adds an equation between counts of different columns, where it holds. A count of
// nobody is left out of it.
func (s *system) link(total int32, parts []int32) {
	if total < 0 {
		return
	}
	e := equation{total: total, reason: result.ByIndicator, link: true}
	sum := 0.0
	for _, part := range parts {
		if part >= 0 && part != total {
			e.parts = append(e.parts, part)
			sum += s.counts[part].value
		}
	}
	if len(e.parts) > 0 && math.Abs(sum-s.counts[total].value) <= 1e-6*math.Max(1, sum) {
		s.equations = append(s.equations, e)
	}
}
