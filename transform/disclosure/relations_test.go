package disclosure

import (
	"math"
	"math/rand/v2"
	"testing"

	"tavolo/transform/result"
)

// country is a publication of one place in one month, of which each layer counts one column:
// all together, then the items of a breakdown.
func country(columns ...[]float64) *Publication {
	p := &Publication{Places: []Place{{Parent: -1}}, Months: 1, Columns: len(columns)}
	for item := -1; item < 3; item++ {
		slot := Slot{}
		if item >= 0 {
			slot = Slot{Breakdown: 1, Item: item}
		}
		p.Slots = append(p.Slots, slot)
	}
	for column, counts := range columns {
		l := Layer{Counts: []Form{{column, -1}}, Given: everywhere(len(p.Slots), len(counts))}
		for slot, n := range counts {
			l.Cells = append(l.Cells, Cell{Slot: slot, Counts: [2]float64{n}})
		}
		p.Layers = append(p.Layers, l)
	}
	return p
}

// hiddenBeside says whether something is withheld of the figures named by layer and slot.
func hiddenBeside(p *Publication, cells ...[2]int) bool {
	for _, at := range cells {
		for _, cell := range p.Layers[at[0]].Cells {
			if cell.Slot == at[1] && cell.Reason != result.Shown {
				return true
			}
		}
	}
	return false
}

// Contacts are those given up and those with an answer: three given up follow from the
// other two, in whatever tables these stand. Where the numbers do not add up, nothing follows.
func TestAColumnThatIsTheRestOfTwoOthers(t *testing.T) {
	for _, test := range []struct {
		answered float64
		told     bool
	}{{37, true}, {36, false}} {
		p := country([]float64{40}, []float64{3}, []float64{test.answered})
		p.Relations = []Relation{{Total: Term{Column: 0}, Parts: []Term{{Column: 1}, {Column: 2}}}}
		if o := control(t, 5).Protect(p); o.Unproven != 0 || o.Primary != 1 {
			t.Errorf("answered %v: %+v", test.answered, o)
		}
		if got := hiddenBeside(p, [2]int{0, 0}, [2]int{2, 0}); got != test.told {
			t.Errorf("answered %v: something else is withheld: %v", test.answered, got)
		}
	}
}

// Contacts on dedicated channels are two of the three channels of another table: of the
// two, three are withheld, with the channel that is not dedicated as company, and would
// follow from the sum of the dedicated ones.
func TestAColumnThatIsSomeItemsOfAnother(t *testing.T) {
	p := country([]float64{60, 3, 37, 20}, []float64{40})
	p.Relations = []Relation{{Total: Term{Column: 1}, Parts: []Term{{0, 1, 0}, {0, 1, 1}}}}
	if o := control(t, 5).Protect(p); o.Unproven != 0 {
		t.Errorf("%+v", o)
	}
	if !hiddenBeside(p, [2]int{0, 2}, [2]int{1, 0}) {
		t.Error("37 on one dedicated channel and 40 on both are shown: 3 are on the other")
	}
}

// What is open at the end is what is open of each month: of twelve, nine are of the second,
// and three, withheld, of the first.
func TestAStockIsWhatIsLeftOfAllMonths(t *testing.T) {
	given := everywhere(2, 2)
	p := &Publication{
		Places: []Place{{Parent: -1}}, Slots: []Slot{{From: 0, To: 0}, {From: 1, To: 1}}, Months: 2, Columns: 2,
		Remainders: []Remainder{{Stock: 0, Open: 1}},
		Layers: []Layer{
			{Counts: []Form{{0, -1}}, Given: given, Cells: []Cell{{Slot: 0, Counts: [2]float64{20}}, {Slot: 1, Counts: [2]float64{12}}}},
			{Counts: []Form{{1, -1}}, Given: given, Cells: []Cell{{Slot: 0, Counts: [2]float64{3}}, {Slot: 1, Counts: [2]float64{9}}}},
		},
	}
	if o := control(t, 5).Protect(p); o.Unproven != 0 {
		t.Errorf("%+v", o)
	}
	if !hiddenBeside(p, [2]int{0, 1}, [2]int{1, 1}) {
		t.Error("12 of the stock and 9 of the last month are shown: 3 are of the first")
	}
}

// A region of four provinces, of which three say that they are few and one counts nobody
// though it has figures: that the sum is few too would tell that each is one. It is withheld
// for another reason.
func TestReasonsAndWhoCountsNobodyTellNothing(t *testing.T) {
	p := &Publication{Places: []Place{{Parent: -1}}, Slots: []Slot{{}}, Months: 1, Columns: 2}
	l := Layer{Counts: []Form{{0, -1}, {1, 0}}, Given: [][]bool{{true}, {true}}}
	for place, counts := range [][2]float64{{3, 60}, {1, 20}, {1, 20}, {1, 12}, {0, 8}} {
		if place > 0 {
			p.Places = append(p.Places, Place{Parent: 0, Level: 1})
		}
		l.Cells = append(l.Cells, Cell{Place: place, Counts: counts})
	}
	p.Layers = []Layer{l}
	if o := control(t, 4).Protect(p); o.Unproven != 0 {
		t.Errorf("%+v", o)
	}
	if reason := p.Layers[0].Cells[0].Reason; reason == result.Few || reason == result.Shown {
		t.Errorf("the region is withheld as %q", reason)
	}
}

// What has been narrowed with the help of a count is narrowed anew when it is not known any
// more: bounds that are kept up are those that are worked out from nothing.
func TestBoundsThatAreKeptUp(t *testing.T) {
	for round := range 20 {
		p := randomSample(rand.New(rand.NewPCG(uint64(round), 77)))
		c := control(t, 5)
		s := newSystem(c, &p.Publication)
		s.withholdPrimary()
		kept := s.newBounds(true)
		s.lost = nil
		for i := range s.figures {
			if !s.figures[i].hidden() && i%7 == round%7 {
				s.withhold(int32(i), result.ByItem)
			}
		}
		kept.loosen(s.lost)
		anew := s.newBounds(true)
		for i := range s.counts {
			if math.Abs(kept.low[i]-anew.low[i]) > 0.5 || kept.high[i] != anew.high[i] && !(math.Abs(kept.high[i]-anew.high[i]) <= 0.5) {
				t.Fatalf("round %d: count %d is kept from %v to %v, worked out from %v to %v", round, i, kept.low[i], kept.high[i], anew.low[i], anew.high[i])
			}
		}
	}
}

// An item that two columns count alike is one number, though they differ of other items:
// where that is so in many places. In few it may be chance, and nothing is told by it.
func TestAnItemThatTwoColumnsCountAlike(t *testing.T) {
	for _, test := range []struct {
		places int
		told   bool
	}{{manyAlike, true}, {manyAlike - 1, false}} {
		p := &Publication{Months: 1, Columns: 2, Slots: []Slot{{Breakdown: 1, Item: 0}, {Breakdown: 1, Item: 1}}}
		given := everywhere(2, 2)
		contacts, byPatronati := Layer{Counts: []Form{{0, -1}}, Given: given}, Layer{Counts: []Form{{1, -1}}, Given: given}
		for place := range test.places {
			p.Places = append(p.Places, Place{Parent: -1})
			for slot, n := range []float64{3 + float64(place), 60} {
				contacts.Cells = append(contacts.Cells, Cell{Place: place, Slot: slot, Counts: [2]float64{n}})
				byPatronati.Cells = append(byPatronati.Cells, Cell{Place: place, Slot: slot, Counts: [2]float64{n - float64(20*slot)}})
			}
		}
		p.Layers = []Layer{contacts, byPatronati}
		c := control(t, 5)
		s := newSystem(c, p)
		links := 0
		for _, e := range s.equations {
			if e.link {
				links++
			}
		}
		if want := map[bool]int{true: test.places}[test.told]; links != want {
			t.Errorf("%d places: %d numbers are told to be one, want %d", test.places, links, want)
		}
	}
}
