package disclosure

import (
	"math/rand/v2"
	"testing"
)

// How many items each of the two breakdowns of a crossed sample has.
const (
	crossedRows    = 5
	crossedColumns = 4
)

// crossedSample counts persons of one country by two breakdowns and by both at
// once, over two periods of which one is part of the other.
func crossedSample(random *rand.Rand) *sample {
	p := &sample{}
	p.Places, p.Months, p.Columns = []Place{{Parent: -1}}, 6, 1
	p.Crossed = map[int]Crossed{3: make(Crossed, crossedRows*crossedColumns)}
	layer := Layer{Counts: []Form{{0, -1}}, Given: make([][]bool, 3)}
	add := func(s Slot, count int) named {
		p.Slots = append(p.Slots, s)
		for level := range layer.Given {
			layer.Given[level] = append(layer.Given[level], level == 0)
		}
		layer.Cells = append(layer.Cells, Cell{Slot: len(p.Slots) - 1, Counts: [2]float64{float64(count)}})
		return named{0, 0, len(p.Slots) - 1}
	}
	busy := 2 + random.IntN(8)
	for _, r := range []run{{0, 5}, {3, 5}} {
		var counts [crossedRows][crossedColumns]int
		for row := range counts {
			for column := range counts[row] {
				counts[row][column] = random.IntN(1 + random.IntN(3)*busy)
			}
		}
		var all []named
		rows, columns := make([][]named, crossedRows), make([][]named, crossedColumns)
		whole := 0
		for row := range counts {
			for column, count := range counts[row] {
				item := row*crossedColumns + column
				p.Crossed[3][item] = []Item{{1, row}, {2, column}}
				at := add(Slot{r.from, r.to, 3, item}, count)
				all, rows[row], columns[column] = append(all, at), append(rows[row], at), append(columns[column], at)
				whole += count
			}
		}
		total := add(Slot{From: r.from, To: r.to}, whole)
		byRow, byColumn := []named{total}, []named{total}
		for row := range counts {
			sum := 0
			for _, count := range counts[row] {
				sum += count
			}
			at := add(Slot{r.from, r.to, 1, row}, sum)
			byRow, p.sums = append(byRow, at), append(p.sums, append([]named{at}, rows[row]...))
		}
		for column := range counts[0] {
			sum := 0
			for row := range counts {
				sum += counts[row][column]
			}
			at := add(Slot{r.from, r.to, 2, column}, sum)
			byColumn, p.sums = append(byColumn, at), append(p.sums, append([]named{at}, columns[column]...))
		}
		p.sums = append(p.sums, byRow, byColumn, append([]named{total}, all...))
	}
	p.Layers = []Layer{layer}
	return p
}

// No small count of a table with both its margins follows. Left without what
// crosses what, control protects each row of totals for itself, and the table gives
// many of them away.
func TestNothingFollowsFromACrossedTable(t *testing.T) {
	random := rand.New(rand.NewPCG(41, 42))
	tried, hidden, figures, open := 0, 0, 0, 0
	for round := range 100 {
		c, p := control(t, 5), crossedSample(random)
		crossed := p.Crossed
		p.Crossed = nil
		c.Protect(&p.Publication)
		solved, _ := p.solved(c)
		pinned, _, _ := p.pinned(c, false)
		open += len(solved) + len(pinned)
		for i := range p.Layers[0].Cells {
			p.Layers[0].Cells[i].Reason = ""
		}
		p.Crossed = crossed
		outcome, n := p.protected(t, round, c)
		tried, hidden, figures = tried+n, hidden+outcome.Primary+outcome.Secondary, figures+outcome.Figures
	}
	t.Logf("%d small counts; %d of %d figures withheld; %d counts follow without what crosses what", tried, hidden, figures, open)
	if tried < 500 || open < 20 {
		t.Error("too few to tell, or the proof is blind")
	}
}
