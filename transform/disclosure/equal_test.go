package disclosure

import (
	"testing"

	"tavolo/transform/result"
)

// Who comes through a patronato is, of each patronato, who comes; who comes through none
// is in the first table alone. Three are withheld in both. In the second the 20 of the
// other patronato are withheld with them, and would be read in the first: 23 − 20 = 3.
// Where one item differs the columns are different things, and 19 is not told by 20.
func TestAnItemThatTwoColumnsCount(t *testing.T) {
	for _, test := range []struct {
		other float64 // through the other patronato, of 20
		told  bool
	}{{20, true}, {19, false}} {
		p := &Publication{
			Places: []Place{{Parent: -1}}, Months: 1, Columns: 2,
			Slots: []Slot{{}, {Breakdown: 1, Item: 0}, {Breakdown: 1, Item: 1}, {Breakdown: 1, Item: 2}},
			Layers: []Layer{
				{Counts: []Form{{0, -1}}, Given: everywhere(4, 4)},
				{Counts: []Form{{1, -1}}, Given: everywhere(4, 4)},
			},
		}
		reason := map[[2]int]*result.Reason{} // layer and slot
		for layer, counts := range [][]float64{{40, 17, 3, 20}, {3 + test.other, 0, 3, test.other}} {
			l := &p.Layers[layer]
			for slot, n := range counts {
				l.Cells = append(l.Cells, Cell{Slot: slot, Counts: [2]float64{n}})
			}
			for slot := range counts {
				reason[[2]int{layer, slot}] = &l.Cells[slot].Reason
			}
		}
		if o := control(t, 5).Protect(p); o.Unproven != 0 {
			t.Errorf("%+v", o)
		}
		shown := func(layer, slot int) bool { return *reason[[2]int{layer, slot}] == result.Shown }
		if shown(0, 2) || shown(1, 2) {
			t.Errorf("other %v: three are shown", test.other)
		}
		if both := shown(0, 3) && shown(1, 0) && !shown(1, 3); both == test.told {
			t.Errorf("other %v: 20 is shown of the first, the sum of the second: %v", test.other, both)
		}
	}
}
