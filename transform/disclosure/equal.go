package disclosure

import (
	"maps"
	"slices"
)

// addEqual adds that an item of a breakdown is the same of two columns: contacts
// through a patronato are, of each patronato, its contacts, and on a channel for patronati
// all contacts are theirs. That is so where in no place and no run of months the two
// differ; which is found in the numbers, as a reader of definitions knows it without them.
func (s *system) addEqual() {
	of := map[int][]int32{} // breakdown → its slots
	for i, slot := range s.publication.Slots {
		if slot.Breakdown != 0 {
			of[slot.Breakdown] = append(of[slot.Breakdown], int32(i))
		}
	}
	for _, breakdown := range slices.Sorted(maps.Keys(of)) {
		for one := range s.publication.Columns {
			for other := one + 1; other < s.publication.Columns; other++ {
				for _, pair := range s.equalItems(one, other, of[breakdown]) {
					s.link(pair[0], []int32{pair[1]})
				}
			}
		}
	}
}

// manyAlike is in how many places and runs an item must be one number where the columns
// differ in others: fewer are alike by chance.
const manyAlike = 20

// equalItems gives the counts of two columns that are one number, in the slots of a
// breakdown, of the items that differ nowhere.
func (s *system) equalItems(one, other int, slots []int32) (pairs [][2]int32) {
	a, b := s.column(one), s.column(other)
	value := func(at int32) float64 {
		if at < 0 {
			return 0
		}
		return s.counts[at].value
	}
	apart := false                // an item that both count differs somewhere
	differs := map[int]bool{}     // item → whether the two differ of it anywhere
	found := map[int][][2]int32{} // item → the pairs
	for _, slot := range slots {
		item := s.publication.Slots[slot].Item
		for place := range s.publication.Places {
			at := s.index(int32(place), slot)
			if a[at] == notGiven || b[at] == notGiven {
				continue
			}
			switch n, m := value(a[at]), value(b[at]); {
			case n != m:
				differs[item], apart = true, apart || n > 0 && m > 0
			case n > 0 && a[at] != b[at]:
				found[item] = append(found[item], [2]int32{a[at], b[at]})
			}
		}
	}
	for _, slot := range slots { // each item once, in their order
		item := s.publication.Slots[slot].Item
		if !differs[item] && (!apart || len(found[item]) >= manyAlike) {
			pairs = append(pairs, found[item]...)
		}
		delete(found, item)
	}
	return pairs
}
