package disclosure

import (
	"math/rand/v2"
	"testing"

	"tavolo/transform/result"
)

// arrive adds a few persons: most in the last month of one province, some late in another.
func (p *sample) arrive(random *rand.Rand) {
	var provinces []int
	for place := range p.Places {
		if p.Places[place].Level == 2 {
			provinces = append(provinces, place)
		}
	}
	p.admit(provinces[random.IntN(len(provinces))], p.Months-1, random.IntN(itemsEach), random, 1+random.IntN(6))
	p.admit(provinces[random.IntN(len(provinces))], random.IntN(p.Months), random.IntN(itemsEach), random, 1+random.IntN(3))
}

// admit counts n persons more in a month and an item of a province, and in all that holds it.
func (p *sample) admit(place, month, item int, random *rand.Rand, n int) {
	for l := range p.Layers {
		at := map[[2]int]int{}
		for i, cell := range p.Layers[l].Cells {
			at[[2]int{cell.Place, cell.Slot}] = i
		}
		x := binomial(random, n)
		for above := place; above >= 0; above = p.Places[above].Parent {
			for slot, s := range p.Slots {
				if month < s.From || month > s.To || s.Breakdown != 0 && s.Item != item || !p.Layers[l].Given[p.Places[above].Level][slot] {
					continue
				}
				i, ok := at[[2]int{above, slot}]
				if !ok {
					i = len(p.Layers[l].Cells)
					p.Layers[l].Cells = append(p.Layers[l].Cells, Cell{Place: above, Slot: slot})
				}
				counts := &p.Layers[l].Cells[i].Counts
				counts[0], counts[1] = counts[0]+float64(x), counts[1]+float64(n-x)
			}
		}
	}
}

// publish protects a publication that follows another, and gives the cells of both as they
// are known to somebody who has both.
func (p *sample) publish(c *Control, before map[named]Cell, remembers bool) Outcome {
	for l := range p.Layers {
		for i := range p.Layers[l].Cells {
			cell := &p.Layers[l].Cells[i]
			earlier, ok := before[named{l, cell.Place, cell.Slot}]
			if cell.Reason, cell.Before = result.Shown, (Before{}); ok && remembers && earlier.Counts == cell.Counts {
				cell.Before = Before{Told: earlier.Reason == result.Shown || earlier.Before.Told, Withheld: earlier.Reason}
			}
		}
	}
	return c.Protect(&p.Publication)
}

// cells gives the cells by what they are of.
func (p *sample) cells() map[named]Cell {
	all := map[named]Cell{}
	for l := range p.Layers {
		for _, cell := range p.Layers[l].Cells {
			all[named{l, cell.Place, cell.Slot}] = cell
		}
	}
	return all
}

// unveil shows the cells again that one of the earlier publications showed as they are, and
// says of how many it does.
func (p *sample) unveil(earlier []map[named]Cell) (shown int) {
	for l := range p.Layers {
		for i := range p.Layers[l].Cells {
			cell := &p.Layers[l].Cells[i]
			for _, cells := range earlier {
				before, ok := cells[named{l, cell.Place, cell.Slot}]
				if ok && before.Reason == result.Shown && before.Counts == cell.Counts && cell.Reason != result.Shown {
					cell.Reason = result.Shown
					shown++
				}
			}
		}
	}
	return shown
}

// Publications follow one another, of which each holds some more persons. What is withheld
// and has not changed stays withheld; and from all of them together nothing follows that does
// not follow from the last, but where the last had nothing else left to withhold. Without the
// memory of what was published much does.
func TestEarlierPublicationsTellNothing(t *testing.T) {
	c := control(t, 5)
	leaks, known, secondary := map[bool]int{}, map[bool]int{}, map[bool]int{}
	for _, remembers := range []bool{true, false} {
		random := rand.New(rand.NewPCG(31, 32))
		for round := range 60 {
			p := randomSample(random)
			var earlier []map[named]Cell
			before := map[named]Cell{}
			for night := range 4 {
				if night > 0 {
					p.arrive(random)
				}
				outcome := p.publish(c, before, remembers)
				after := p.cells()
				for name, cell := range before {
					if remembers && cell.Reason != result.Shown && after[name].Counts == cell.Counts && after[name].Reason == result.Shown {
						t.Errorf("round %d, night %d: %v was %s and is shown", round, night, name, cell.Reason)
					}
				}
				before = after
				if night < 3 {
					earlier = append(earlier, after)
					continue
				}
				secondary[remembers] += outcome.Secondary
				if own, _ := p.solved(c); len(own) > outcome.Unproven {
					t.Errorf("round %d: of the last publication alone %d counts follow, %d are said to", round, len(own), outcome.Unproven)
				}
				shown := p.unveil(earlier)
				if remembers && shown != outcome.Known {
					t.Errorf("round %d: %d figures are withheld that are known, %d are said to be", round, shown, outcome.Known)
				}
				together, _ := p.solved(c)
				if leaks[remembers] += len(together); remembers && len(together) > outcome.Unproven && shown == 0 {
					t.Errorf("round %d: %v", round, together)
				}
				known[remembers] += shown
			}
		}
	}
	t.Logf("of 60 series %d small counts follow from all their publications; without memory %d. Withheld though known %d, without %d; for others' sake %d, without %d",
		leaks[true], leaks[false], known[true], known[false], secondary[true], secondary[false])
	if 5*leaks[true] > leaks[false] || secondary[true] > 2*secondary[false] {
		t.Error("memory is of little use, or costs much")
	}
}

// What is published twice is withheld alike.
func TestPublishedAgainAlike(t *testing.T) {
	random := rand.New(rand.NewPCG(33, 34))
	c := control(t, 5)
	for round := range 30 {
		p := randomSample(random)
		c.Protect(&p.Publication)
		first := p.cells()
		outcome := p.publish(c, first, true)
		for name, cell := range p.cells() {
			if cell.Reason != first[name].Reason {
				t.Errorf("round %d: %v is %q, then %q", round, name, first[name].Reason, cell.Reason)
			}
		}
		if outcome.Known != 0 {
			t.Errorf("round %d: %d figures are withheld that were shown", round, outcome.Known)
		}
	}
}
