// Package disclosure withholds the figures from which something about a single
// person could be learnt, and those from which a withheld figure could be
// computed.
//
// A count from 1 to k − 1 is small; 0 is not, it says that there is nobody.
// A figure is withheld
//
//   - as such (primary), when one of the counts that it reveals is small: of a
//     share its numerator and its denominator minus its numerator, of a median
//     the number of observations;
//   - for the sake of another (secondary), when it is published in one sum with
//     a withheld figure that could be had by subtraction: the smallest first,
//     until the withheld parts of every sum are two or more and together not small.
//
// The rule looks at one sum at a time, over and over until nothing changes. It
// proves that no withheld figure follows from one sum, not yet that none
// follows from several together.
//
// The floor of the threshold is Italy's: Regole deontologiche per trattamenti a
// fini statistici (SISTAN), GU 11 of 14 January 2019, art. 5: never below 3.
package disclosure

import "fmt"

// The thresholds k: counts from 1 to k − 1 are small.
const (
	Default = 5
	Floor   = 3
)

// Control applies one threshold. Make it with New.
type Control struct {
	threshold float64
}

// New gives the control with threshold k; 0 is the default, 5. A k below 3 is
// an error: the law allows none.
func New(k int) (*Control, error) {
	if k == 0 {
		k = Default
	}
	if k < Floor {
		return nil, fmt.Errorf("disclosure threshold %d: must be %d or more", k, Floor)
	}
	return &Control{threshold: float64(k)}, nil
}

// Threshold is k: a withheld count may be shown as "<k".
func (c *Control) Threshold() int { return int(c.threshold) }

// Small says whether a count is from 1 to k − 1.
func (c *Control) Small(count float64) bool { return count > 0 && count < c.threshold }

// Reason says why a figure is withheld.
type Reason string

// The reasons. The empty one is of a figure that is shown.
const (
	Shown     Reason = ""
	Primary   Reason = "primary"
	Secondary Reason = "secondary"
)

// Cell is one figure, by the counts of persons or events that it reveals. For a
// share of x in n these are x and n − x, for a plain count or the size of a
// distribution that count and 0.
type Cell struct {
	Counts [2]float64
}

func (c Cell) size() float64 { return c.Counts[0] + c.Counts[1] }

// Sum says that the counts of the parts add up to those of the total, each of
// them an index into the cells. Both are published.
type Sum struct {
	Total int
	Parts []int
}

// Protect gives the reason of each cell, in their order. It is deterministic:
// the same cells and sums in the same order are withheld alike.
func (c *Control) Protect(cells []Cell, sums []Sum) []Reason {
	p := &protection{control: c, cells: cells, sums: sums, reasons: make([]Reason, len(cells))}
	for i, cell := range cells {
		if c.Small(cell.Counts[0]) || c.Small(cell.Counts[1]) {
			p.reasons[i] = Primary
		}
	}
	p.run()
	return p.reasons
}

// protection is the state of one Protect: the sums that still have to be looked
// at, in a queue, and for each cell the sums in which it takes part.
type protection struct {
	control *Control
	cells   []Cell
	sums    []Sum
	reasons []Reason
	of      [][]int32
	queue   []int
	queued  []bool
}

func (p *protection) run() {
	p.of = make([][]int32, len(p.cells))
	p.queued = make([]bool, len(p.sums))
	for i, sum := range p.sums {
		p.of[sum.Total] = append(p.of[sum.Total], int32(i))
		for _, part := range sum.Parts {
			p.of[part] = append(p.of[part], int32(i))
		}
		p.enqueue(i)
	}
	for len(p.queue) > 0 {
		next := p.queue[0]
		p.queue, p.queued[next] = p.queue[1:], false
		for {
			cell, ok := p.needed(p.sums[next])
			if !ok {
				break
			}
			p.reasons[cell] = Secondary
			for _, sum := range p.of[cell] {
				if int(sum) != next {
					p.enqueue(int(sum))
				}
			}
		}
	}
}

func (p *protection) enqueue(sum int) {
	if !p.queued[sum] {
		p.queue, p.queued[sum] = append(p.queue, sum), true
	}
}

// needed gives the cell that must be withheld next so that the sum betrays
// none; ok is false when it betrays none already.
func (p *protection) needed(sum Sum) (cell int, ok bool) {
	var hidden Cell
	count, smallest := 0, -1
	for _, part := range sum.Parts {
		switch {
		case p.reasons[part] != Shown:
			count++
			hidden.Counts[0] += p.cells[part].Counts[0]
			hidden.Counts[1] += p.cells[part].Counts[1]
		case p.cells[part].size() > 0 && (smallest < 0 || p.cells[part].size() < p.cells[smallest].size()):
			smallest = part
		}
	}
	totalHidden := p.reasons[sum.Total] != Shown
	switch {
	case count == 0 && !totalHidden:
		return 0, false
	case totalHidden && count > 0:
		return 0, false
	case !totalHidden && count > 1 && !p.control.Small(hidden.Counts[0]) && !p.control.Small(hidden.Counts[1]):
		return 0, false
	case smallest >= 0:
		return smallest, true
	case !totalHidden:
		return sum.Total, true
	}
	return 0, false // the total alone, of parts that are all empty or absent
}
