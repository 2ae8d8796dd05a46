package disclosure

import (
	"math/rand/v2"
	"testing"

	"tavolo/transform/result"
)

// everywhere says that a layer of one place has figures in the first n slots.
func everywhere(slots, n int) [][]bool {
	given := make([]bool, slots)
	for slot := range n {
		given[slot] = true
	}
	return [][]bool{given}
}

// What left is what came and was there before without what is there: three persons
// whose ratio is withheld follow from two stocks and the arrivals, which other
// indicators show.
func TestAStockTellsNotWhatLeft(t *testing.T) {
	const stock, in, out = 0, 1, 2
	given := everywhere(2, 2)
	p := &Publication{
		Places: []Place{{Parent: -1}}, Slots: []Slot{{From: 0, To: 0}, {From: 1, To: 1}}, Months: 2, Columns: 3,
		Balances: []Balance{{Stock: stock, In: in, Out: out}},
		Layers: []Layer{
			{Counts: []Form{{stock, -1}}, Given: given, Cells: []Cell{{Slot: 0, Counts: [2]float64{10}}, {Slot: 1, Counts: [2]float64{19}}}},
			{Counts: []Form{{in, -1}}, Given: given, Cells: []Cell{{Slot: 0, Counts: [2]float64{30}}, {Slot: 1, Counts: [2]float64{12}}}},
			{Counts: []Form{{out, -1}, {in, -1}}, Given: given, Cells: []Cell{{Slot: 0, Counts: [2]float64{20, 30}}, {Slot: 1, Counts: [2]float64{3, 12}}}},
		},
	}
	if o := control(t, 5).Protect(p); o.Unproven != 0 || o.Primary != 1 {
		t.Errorf("%+v", o)
	}
	if p.Layers[2].Cells[1].Reason != result.Few {
		t.Errorf("three that left are withheld as %q", p.Layers[2].Cells[1].Reason)
	}
	shown := func(layer, cell int) bool { return p.Layers[layer].Cells[cell].Reason == result.Shown }
	if shown(0, 0) && shown(0, 1) && shown(1, 1) {
		t.Error("both stocks and the arrivals are shown: 10 + 12 − 19 = 3 left")
	}
}

// Before the first month of the logs there was nobody: three that left follow from the
// arrivals and the stock of that month. Where the figures begin later than the logs,
// somebody was there, and nothing follows.
func TestTheFirstStockTellsNotWhatLeft(t *testing.T) {
	for _, test := range []struct {
		stock float64
		shown bool
	}{{9, false}, {14, true}} {
		given := everywhere(1, 1)
		p := &Publication{
			Places: []Place{{Parent: -1}}, Slots: []Slot{{From: 0, To: 0}}, Months: 1, Columns: 3,
			Balances: []Balance{{Stock: 0, In: 1, Out: 2}},
			Layers: []Layer{
				{Counts: []Form{{0, -1}}, Given: given, Cells: []Cell{{Counts: [2]float64{test.stock}}}},
				{Counts: []Form{{1, -1}}, Given: given, Cells: []Cell{{Counts: [2]float64{12}}}},
				{Counts: []Form{{2, -1}, {1, -1}}, Given: given, Cells: []Cell{{Counts: [2]float64{3, 12}}}},
			},
		}
		if o := control(t, 5).Protect(p); o.Unproven != 0 {
			t.Errorf("stock %v: %+v", test.stock, o)
		}
		if both := p.Layers[0].Cells[0].Reason == result.Shown && p.Layers[1].Cells[0].Reason == result.Shown; both != test.shown {
			t.Errorf("stock %v: both are shown: %v", test.stock, both)
		}
	}
}

// randomStocks is a country of regions with what came, what left, and what waits at the end of
// each month, of which some regions have few.
func randomStocks(random *rand.Rand) *Publication {
	const regions, months = 8, 6
	p := &Publication{Places: []Place{{Parent: -1}}, Months: months, Columns: 3, Balances: []Balance{{Stock: 0, In: 1, Out: 2}}}
	for month := range months {
		p.Slots = append(p.Slots, Slot{From: month, To: month})
	}
	p.Slots = append(p.Slots, Slot{From: 0, To: 2}, Slot{From: 3, To: 5}, Slot{From: 0, To: 5})
	stocks, flows := make([]bool, len(p.Slots)), make([]bool, len(p.Slots))
	for slot := range p.Slots {
		stocks[slot], flows[slot] = slot < months, true
	}
	p.Layers = []Layer{
		{Counts: []Form{{0, -1}}, Given: [][]bool{stocks, stocks}},
		{Counts: []Form{{1, -1}}, Given: [][]bool{flows, flows}},
		{Counts: []Form{{2, -1}, {1, -1}}, Given: [][]bool{flows, flows}},
	}
	counts := make([][][3]float64, regions+1) // of each place and slot
	counts[0] = make([][3]float64, len(p.Slots))
	for region := 1; region <= regions; region++ {
		p.Places = append(p.Places, Place{Parent: 0, Level: 1})
		counts[region] = make([][3]float64, len(p.Slots))
		before, size := 0.0, 1<<region
		for month := range months {
			stock, left := float64(1+random.IntN(size)), float64(1+random.IntN(4*size))
			counts[region][month] = [3]float64{stock, stock + left - before, left}
			if came := stock + left - before; came < 0 {
				counts[region][month] = [3]float64{stock, 0, before - stock}
			}
			before = stock
			for slot, of := range p.Slots {
				if of.To > of.From && of.From <= month && month <= of.To {
					counts[region][slot][1] += counts[region][month][1]
					counts[region][slot][2] += counts[region][month][2]
				}
			}
		}
		for slot := range p.Slots {
			for i, count := range counts[region][slot] {
				counts[0][slot][i] += count
			}
		}
	}
	for place := range counts {
		for slot, c := range counts[place] {
			for layer, of := range [][2]float64{{c[0]}, {c[1]}, {c[2], c[1]}} {
				if stocks[slot] || layer > 0 {
					p.Layers[layer].Cells = append(p.Layers[layer].Cells, Cell{Place: place, Slot: slot, Counts: of})
				}
			}
		}
	}
	return p
}

// What waits in a region follows from what came and what left there, so that to withhold it
// keeps nothing from anybody while these are shown. Whoever withholds it all the same goes on
// to the country, for nothing.
func TestTheStockOfTheCountryIsNotWithheldForNothing(t *testing.T) {
	for seed := range uint64(200) {
		p := randomStocks(rand.New(rand.NewPCG(seed, 1)))
		if o := control(t, 5).Protect(p); o.Unproven != 0 {
			t.Errorf("seed %d: %+v", seed, o)
		}
		for layer := range p.Layers {
			for _, cell := range p.Layers[layer].Cells {
				if cell.Place == 0 && cell.Reason != result.Shown {
					t.Errorf("seed %d: layer %d of the country, slot %d: %s", seed, layer, cell.Slot, cell.Reason)
				}
			}
		}
	}
}

// Two halves of 4, each withheld as few, are pinned by a whole of 8. A run of five
// months that another column has divides no whole of this one, and hides no half.
func TestRunsOfAnotherColumnDivideNothing(t *testing.T) {
	p := &Publication{
		Places: []Place{{Parent: -1}}, Months: 6, Columns: 2,
		Slots: []Slot{{From: 0, To: 0}, {From: 1, To: 1}, {From: 2, To: 2}, {From: 3, To: 3}, {From: 4, To: 4}, {From: 5, To: 5},
			{From: 0, To: 2}, {From: 3, To: 5}, {From: 0, To: 5}, {From: 0, To: 4}},
	}
	halves := Layer{Counts: []Form{{0, -1}}, Given: everywhere(10, 9)}
	for slot, n := range []float64{2, 2, 0, 2, 2, 0, 4, 4, 8} {
		halves.Cells = append(halves.Cells, Cell{Slot: slot, Counts: [2]float64{n}})
	}
	longer := Layer{Counts: []Form{{1, -1}}, Given: everywhere(10, 10), Cells: []Cell{{Slot: 9, Counts: [2]float64{50}}}}
	p.Layers = []Layer{halves, longer}
	if o := control(t, 5).Protect(p); o.Unproven != 0 {
		t.Errorf("%+v", o)
	}
	if p.Layers[0].Cells[8].Reason == result.Shown {
		t.Error("8 is shown: both halves are 4")
	}
}
