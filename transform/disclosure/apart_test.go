package disclosure

import (
	"math/rand/v2"
	"testing"

	"tavolo/transform/result"
)

// The minimum of a sample's medians: those of fewer are published as of few.
const sampleMinimum = 20

// randomMedians counts persons who came, of them some who gave up, and of the others a
// median that stands without its count; and that these are the two parts of the first.
func randomMedians(random *rand.Rand) *sample {
	p, given := randomCountry(random)
	p.Columns = 3
	for column := range p.Columns {
		p.Layers = append(p.Layers, Layer{Counts: []Form{{column, -1}}, Given: given})
	}
	p.Relations = []Relation{{Total: Term{Column: 0}, Parts: []Term{{Column: 1}, {Column: 2}}}}
	persons := p.persons(random, 6+random.IntN(12), func(random *rand.Rand, n int) int { return binomial(random, n) / 3 })
	for place := range p.Places {
		for slot := range p.Slots {
			all, gone := persons[[3]int{place, slot, 0}], persons[[3]int{place, slot, 1}]
			for column, n := range []int{all, gone, all - gone} {
				if n == 0 || !given[p.Places[place].Level][slot] {
					continue
				}
				cell := Cell{Place: place, Slot: slot, Counts: [2]float64{float64(n)}}
				if column == 2 {
					cell.Least = sampleMinimum
					if n < sampleMinimum {
						cell.Least, cell.Most = 0, sampleMinimum-1
					}
				}
				p.Layers[column].Cells = append(p.Layers[column].Cells, cell)
			}
		}
	}
	p.Layers[2].Apart = true
	p.addUpMedians()
	return p
}

// addUpMedians writes down the sums: those of each table, and of each place and slot that
// of the three.
func (p *sample) addUpMedians() {
	p.addUp()
	for place := range p.Places {
		for slot := range p.Slots {
			p.sums = append(p.sums, []named{{0, place, slot}, {1, place, slot}, {2, place, slot}})
		}
	}
}

// tied gives the figures that are the sum of small ones alone.
func (p *sample) tied(c *Control) map[named]bool {
	value := map[named]float64{}
	for l := range p.Layers {
		for _, cell := range p.Layers[l].Cells {
			value[named{l, cell.Place, cell.Slot}] = cell.Counts[0]
		}
	}
	tied := map[named]bool{}
	for _, sum := range p.sums {
		small, whole := true, 0.0
		for _, part := range sum[1:] {
			small = small && (value[part] == 0 || c.Small(value[part]))
			whole += value[part]
		}
		if small && whole > 0 && whole == value[sum[0]] {
			tied[sum[0]] = true
		}
	}
	return tied
}

// Medians stand without their counts, and no small count follows, be it their own, of
// which the sum with another is published, or that other.
func TestMediansStandWithoutTheirCounts(t *testing.T) {
	random := rand.New(rand.NewPCG(41, 42))
	tried, proven, whole, alone, unproven := 0, 0, 0, 0, 0
	for round := range 60 {
		c := control(t, []int{3, 5}[round%2])
		p := randomMedians(random)
		outcome, n := p.protected(t, round, c)
		if outcome.Unproven == 0 {
			proven++
		}
		for i := range p.Layers[2].Cells {
			cell := &p.Layers[2].Cells[i]
			switch few := c.Small(cell.Counts[0]); {
			case few && cell.Reason == result.Shown:
				t.Errorf("round %d: %v is shown", round, cell.Counts[0])
			case cell.Reason == result.Shown:
			case cell.Alone:
				alone++
				if few || cell.Reason == result.Few || cell.Reason == result.AllButFew {
					t.Errorf("round %d: %v stands alone, %s", round, cell.Counts[0], cell.Reason)
				}
			default:
				whole++
			}
		}
		tried, unproven = tried+n, unproven+outcome.Unproven
	}
	t.Logf("%d small counts, %d unproven; %d publications proven; %d medians withheld whole, %d without their count", tried, unproven, proven, whole, alone)
	if tried < 1000 || proven < 30 || alone < 500 || 100*unproven > tried {
		t.Error("too few to tell, or too many unproven")
	}
}

// 41 = 38 + 3, and the 38 are a median's: it stays, they do not. Of 13 = 10 + 3 the median
// goes whole where its class says that it is of 10, and where it says that it is of 9 or 10
// it stays. And 3 are withheld whole with the 3 that are the others.
func TestTheCountOfAMedianIsTheCheapest(t *testing.T) {
	few, by := result.Few, result.ByIndicator
	for _, test := range []struct {
		counts      [3]float64 // all, gave up, the median's
		least, most float64
		want        [3]result.Reason
		alone       bool
	}{
		{[3]float64{41, 3, 38}, 0, 0, [3]result.Reason{"", few, by}, true},
		{[3]float64{13, 3, 10}, 9, 10, [3]result.Reason{"", few, by}, true},
		{[3]float64{13, 3, 10}, 10, 10, [3]result.Reason{"", few, by}, false},
		{[3]float64{6, 3, 3}, 0, 0, [3]result.Reason{"", few, few}, false},
		{[3]float64{41, 0, 41}, 0, 0, [3]result.Reason{}, false},
	} {
		p := Publication{Places: []Place{{Parent: -1}}, Slots: []Slot{{}}, Months: 1, Columns: 3,
			Relations: []Relation{{Total: Term{Column: 0}, Parts: []Term{{Column: 1}, {Column: 2}}}}}
		for column, n := range test.counts {
			p.Layers = append(p.Layers, Layer{Counts: []Form{{column, -1}}, Given: [][]bool{{true}}, Cells: []Cell{{Counts: [2]float64{n}}}})
		}
		median := &p.Layers[2].Cells[0]
		p.Layers[2].Apart, median.Least, median.Most = true, test.least, test.most
		outcome := control(t, 5).Protect(&p)
		for l, want := range test.want {
			if got := p.Layers[l].Cells[0].Reason; got != want {
				t.Errorf("%v: %v is withheld by %q, want %q", test.counts, test.counts[l], got, want)
			}
		}
		if median.Alone != test.alone || outcome.Unproven > 0 {
			t.Errorf("%v: alone %v; %+v", test.counts, median.Alone, outcome)
		}
	}
}

// Four provinces of one each are few, and so is their region: that it is would say what each
// is, so it is not said. Nor does it say so that nothing of it is shown: so goes a region of
// six, of six provinces that are few. Of ten the median stands.
func TestNothingOfAMedianSaysNothing(t *testing.T) {
	for _, test := range []struct {
		each  float64
		parts int
		alone bool
	}{{1, 4, false}, {1, 6, false}, {2, 5, true}} {
		p := Publication{Places: []Place{{Parent: -1}}, Slots: []Slot{{}}, Months: 1, Columns: 1}
		layer := Layer{Counts: []Form{{0, -1}}, Given: [][]bool{{true}, {true}}, Apart: true}
		layer.Cells = []Cell{{Counts: [2]float64{test.each * float64(test.parts)}}}
		for place := range test.parts {
			p.Places = append(p.Places, Place{Parent: 0, Level: 1})
			layer.Cells = append(layer.Cells, Cell{Place: place + 1, Counts: [2]float64{test.each}})
		}
		p.Layers = []Layer{layer}
		outcome := control(t, 5).Protect(&p)
		whole := p.Layers[0].Cells[0]
		if test.parts*int(test.each) < 10 && (whole.Reason != result.ByTerritory || whole.Alone) || outcome.Unproven > 0 {
			t.Errorf("%d of %v each: %+v, %+v", test.parts, test.each, whole, outcome)
		}
		if whole.Alone && !test.alone {
			t.Errorf("%d of %v each: its median is shown", test.parts, test.each)
		}
	}
}

// The proof can fail: of medians whose sum with others nobody minded, it finds what follows.
func TestProofFindsTheSumOfColumns(t *testing.T) {
	manyFollow(t, rand.New(rand.NewPCG(43, 44)), randomMedians)
}
