package disclosure

import (
	"math"

	"tavolo/transform/result"
)

// Publication is all that is published of indicators that count the same
// things: the indicators of one mart, and of those that hold some of its counts. Everything in it is known by its index.
type Publication struct {
	Places []Place // parents before their parts
	Slots  []Slot  // no two alike
	// Passing says of each slot whether it is a run of months that overlaps with
	// others, like the twelve months that end with each month. Figures of it are
	// shown where all its months are, and so tell nothing new. Nil for none.
	Passing []bool
	Months  int // that the slots are made of
	Columns int // of counts, that the layers are made of
	Layers  []Layer
	// Crossed says of a breakdown that crosses others which of their items each of
	// its own is a part of. Nil for none.
	Crossed map[int]Crossed
	// Balances are the stocks that follow from what comes and what leaves.
	Balances []Balance
	// Remainders are the stocks that are, at the end, what is left of all months.
	Remainders []Remainder
	// Relations are the columns that count what others count together.
	Relations []Relation
}

// Balance names three columns of counts: a stock, which is that of the end of a run
// of months, and what came and what left in one. A stock and what came are what left
// and the stock afterwards; where the numbers say otherwise there is no balance.
type Balance struct{ Stock, In, Out int }

// Remainder names two columns of counts: a stock, and of those who came in a month the
// ones who are still there. That of the last month is the sum of all months' of these.
type Remainder struct{ Stock, Open int }

// Relation says that a column counts in each place what its parts count there together;
// where the numbers say otherwise, it says nothing.
type Relation struct {
	Total Term
	Parts []Term
}

// Term is a column as a relation counts it: of each run of months and item what it
// counts there; or, with a breakdown, of each run what it counts of one of its items.
type Term struct {
	Column    int
	Breakdown int // 0 for none
	Item      int
}

// Crossed is, by the number of an item, the items of other breakdowns that it is a
// part of: those add up from the items of the one that crosses them.
type Crossed [][]Item

// Item is an item of a breakdown, by their numbers.
type Item struct{ Breakdown, Item int }

// Place is a territory.
type Place struct {
	Parent int // -1 for the whole country
	Level  int // 0 for the whole country, its parts 1, theirs 2
}

// Slot is what one figure of a place can be about: a run of months, and of
// these all together or one item of a breakdown. Periods that are the same run
// of months are the same slot.
type Slot struct {
	From, To  int // months, both included
	Breakdown int // 0 for all together
	Item      int
}

// Layer is one indicator: what its figures count, and where it has figures.
type Layer struct {
	// Counts are the numbers of persons that a figure reveals, one or two.
	Counts []Form
	// Given says for each level and slot whether figures are published at all;
	// one that is given and has no cell is known to count nobody.
	Given [][]bool
	Cells []Cell
	// Apart says that a figure stands without its count, as a median does: withheld for
	// the sake of others it mostly loses that alone.
	Apart bool
	// Rounds says that a figure is a share, whose counts are of those who have what it counts
	// and of those who have it not, and stands rounded without them; see [Rounding].
	Rounds bool
}

// Form is a count as the catalogue forms it from the columns of a mart: a
// column, or a column without the part of it that another one counts.
type Form struct {
	Column  int
	Without int // -1 for nothing
}

// Cell is one figure, by the counts that it reveals.
//
// Grain: one per layer, place and slot; more of them are the same figure under
// several names, and withheld together.
type Cell struct {
	Place, Slot int
	Counts      [2]float64
	// Most and Least bound the first count by what else is published of the figure; where
	// that stands without it, as long as it does. Of a share that is rounded they bound the
	// two counts together. Most is 0 for no bound.
	Least, Most float64
	// Along names cells of other layers that are withheld when this one is.
	Along []Ref
	// Before is what is known of the figure from earlier publications.
	Before Before
	// Reason is what Protect fills.
	Reason result.Reason
	// Alone is what Protect fills: the count is withheld, and the rest of the figure stands;
	// of a share that rounds the counts are, and it is rounded.
	Alone bool
}

// Before is what earlier publications made of a figure that counts what it counts now; the
// zero value of one that is new, or has changed.
type Before struct {
	Told     bool          // one of them showed it
	Withheld result.Reason // the last withheld it, and why; Shown for neither
	Rounded  bool          // one of them showed it rounded
}

// Ref names a cell: by layer and index.
type Ref struct{ Layer, Cell int }

// none and zero stand in the grid of a layer for a figure that is not given, and
// one that is given and counts nobody.
const (
	notGiven = -1
	nobody   = -2
)

// figure is a cell at work.
type figure struct {
	place, slot int32
	layer       int32
	count       [2]float64
	least, most [2]float64 // that the counts can be by the reason alone
	size        float64    // what readers lose with it
	apart, tied bool       // it stands without its count, or rounded; see stand
	ratio       ratio      // what it says when it is rounded
	reason      result.Reason
	known       bool    // to those who have an earlier publication
	names       []int32 // indices of its cells in its layer
}

func (f *figure) hidden() bool { return f.reason != result.Shown }

// grid finds the figures of a layer.
type grid struct {
	slots int
	at    []int32 // place × slot → figure, notGiven, nobody
}

func (g *grid) figure(place, slot int32) int32 { return g.at[int(place)*g.slots+int(slot)] }

// lay puts the cells of a publication into figures and grids.
func (s *system) lay(p *Publication) {
	for l := range p.Layers {
		layer := &p.Layers[l]
		g := grid{slots: len(p.Slots), at: make([]int32, len(p.Places)*len(p.Slots))}
		for place := range p.Places {
			given := layer.Given[p.Places[place].Level]
			for slot := range p.Slots {
				g.at[place*g.slots+slot] = notGiven
				if given[slot] {
					g.at[place*g.slots+slot] = nobody
				}
			}
		}
		for i := range layer.Cells {
			cell := &layer.Cells[i]
			if !(cell.Counts[0] > 0) && !(cell.Counts[1] > 0) {
				continue
			}
			at := &g.at[cell.Place*g.slots+cell.Slot]
			if *at < 0 {
				*at = int32(len(s.figures))
				s.figures = append(s.figures, s.figure(int32(l), cell))
			}
			f := &s.figures[*at]
			f.names = append(f.names, int32(i))
			f.remember(cell.Before)
			s.tell(f, &layer.Cells[f.names[0]])
		}
		s.grids = append(s.grids, g)
	}
}

func (s *system) figure(number int32, cell *Cell) figure {
	f := figure{place: int32(cell.Place), slot: int32(cell.Slot), layer: number, size: 1}
	f.reason = s.control.primary(cell)
	for i, count := range cell.Counts {
		f.count[i] = count
		f.size += count
	}
	return f
}

// knownTo is what it is worth to readers that a figure which they know stays, in figures that
// they do not: whoever has the earlier publication is not kept from it, so that nothing is
// protected by withholding it.
const knownTo = 1e6

// remember makes a figure again what it was. What was withheld stays so, and for the reason
// that was said: to show it now, and another figure in its place no more, would give away
// what the two protected. But it says of no count that it is small that is not, such as
// another one of the same figure.
func (f *figure) remember(b Before) {
	switch {
	case b.Withheld == result.Shown || b.Withheld == f.reason:
	case b.Withheld == result.Few || b.Withheld == result.AllButFew:
		f.reason = result.ByIndicator
	default:
		f.reason = b.Withheld
	}
	if b.Told && !f.known {
		f.known = true
		f.size *= knownTo
	}
}

// tell notes what the reason of a figure and what is published beside it say of its counts.
func (s *system) tell(f *figure, cell *Cell) {
	for i := range cell.Counts {
		f.least[i], f.most[i] = s.control.told(cell, i, f.reason)
	}
	if s.publication.Layers[f.layer].Rounds {
		s.tellRounded(f)
		return
	}
	if s.publication.Layers[f.layer].Apart && f.reason != result.Few {
		s.tellApart(f)
		if !f.apart {
			return
		}
	}
	f.least[0] = math.Max(f.least[0], cell.Least)
	if cell.Most > 0 {
		f.most[0] = math.Min(f.most[0], cell.Most)
	}
}
