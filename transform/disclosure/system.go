package disclosure

import (
	"math"

	"tavolo/transform/result"
)

// system is the counts of a publication and all equations between them. Everything
// in it is known by its index.
type system struct {
	control     *Control
	publication *Publication
	figures     []figure
	grids       []grid

	columns   map[Form]int
	at        [][]int32 // column → place × slot → count; notGiven, nobody
	counts    []count
	equations []equation
	targets   []target

	lost   []int32 // counts that became unknown since the bounds were worked out
	queue  []int32 // equations to be looked at
	queued []bool
}

// count is one number that can be published: of a column, or of what one column
// leaves of another, in a place and slot. One that is known to be nobody is none.
type count struct {
	column      int32
	place, slot int32
	value       float64
	figures     []int32  // that show it
	shown       int      // of them, those that are shown
	terms       [2]int32 // it is the first without the second; −1 for a column of a mart
	equations   []int32
}

// equation says that a count is the sum of others.
type equation struct {
	total  int32
	parts  []int32
	reason result.Reason // of a figure that is withheld for its sake
	// implied says that it follows from others: it only helps to see how far a count
	// is known, not whether.
	implied bool
	// link says that it is between counts of different columns.
	link bool
}

// isSum says whether an equation is one of a table, and follows from no others.
func (e *equation) isSum() bool { return !e.implied && !e.link }

// target is a small count that must not follow from what is published.
type target struct{ figure, count int32 }

func newSystem(c *Control, p *Publication) *system {
	s := &system{control: c, publication: p, columns: map[Form]int{}}
	s.lay(p)
	s.addColumns()
	s.addEquations()
	s.stand()
	s.addTargets()
	return s
}

// addColumns makes the counts: first those of the columns, then what is left.
func (s *system) addColumns() {
	p := s.publication
	column := func(f Form) {
		if _, ok := s.columns[f]; !ok {
			s.columns[f] = len(s.columns)
		}
	}
	for number := range p.Columns {
		column(Form{number, -1})
	}
	for l := range p.Layers {
		for _, form := range p.Layers[l].Counts {
			column(form)
		}
	}
	for range s.columns {
		grid := make([]int32, len(p.Places)*len(p.Slots))
		for i := range grid {
			grid[i] = notGiven
		}
		s.at = append(s.at, grid)
	}
	for l := range p.Layers {
		for _, form := range p.Layers[l].Counts {
			s.addCounts(l, form)
		}
	}
	for l := range p.Layers {
		for _, form := range p.Layers[l].Counts {
			if form.Without >= 0 {
				s.addRests(l, form)
			}
		}
	}
}

// addCounts adds the counts of the columns that a form of a layer shows.
func (s *system) addCounts(l int, form Form) {
	layer := &s.publication.Layers[l]
	add := func(column int, value func(*figure) float64) {
		grid := s.at[column]
		for i, at := range s.grids[l].at {
			switch {
			case at == notGiven:
			case at == nobody || grid[i] == nobody:
				grid[i] = nobody
			case grid[i] == notGiven:
				f := &s.figures[at]
				grid[i] = int32(len(s.counts))
				s.counts = append(s.counts, count{column: int32(column), place: f.place, slot: f.slot, value: value(f), figures: []int32{at}, terms: [2]int32{-1, -1}})
			default:
				c := &s.counts[grid[i]]
				if len(c.figures) == 0 || c.figures[len(c.figures)-1] != at {
					c.figures = append(c.figures, at)
				}
			}
		}
	}
	which := 0
	if len(layer.Counts) > 1 && layer.Counts[1] == form {
		which = 1
	}
	if form.Without < 0 {
		add(form.Column, func(f *figure) float64 { return f.count[which] })
		return
	}
	// The part that is left out is the other count of the layer.
	add(form.Column, func(f *figure) float64 { return f.count[0] + f.count[1] })
}

// addRests adds what one column leaves of another.
func (s *system) addRests(l int, form Form) {
	grid := s.at[s.columns[form]]
	whole, part := s.at[form.Column], s.at[form.Without]
	for i, at := range s.grids[l].at {
		if at == notGiven || grid[i] != notGiven {
			continue
		}
		if whole[i] == nobody || at == nobody {
			grid[i] = nobody
			continue
		}
		f := &s.figures[at]
		c := count{column: int32(s.columns[form]), place: f.place, slot: f.slot, value: s.counts[whole[i]].value, terms: [2]int32{whole[i], -1}}
		if part[i] >= 0 {
			c.terms[1] = part[i]
			c.value -= s.counts[part[i]].value
		}
		grid[i] = int32(len(s.counts))
		s.counts = append(s.counts, c)
	}
}

// unknown says whether no figure that is shown tells a count.
func (s *system) unknown(i int32) bool {
	c := &s.counts[i]
	if c.terms[0] < 0 {
		return c.shown == 0
	}
	return s.unknown(c.terms[0]) || c.terms[1] >= 0 && s.unknown(c.terms[1])
}

// addTargets counts what is shown, and finds the small counts. Those of large
// territories come first: what is withheld for them serves the others as well.
func (s *system) addTargets() {
	for i := range s.counts {
		s.counts[i].shown = len(s.counts[i].figures)
	}
	for level := 0; ; level++ {
		any := false
		for i := range s.figures {
			f := &s.figures[i]
			if s.publication.Places[f.place].Level != level {
				continue
			}
			any = true
			for n, form := range s.publication.Layers[f.layer].Counts {
				at := s.at[s.columns[form]][s.index(f.place, f.slot)]
				if s.control.Small(f.count[n]) && at >= 0 {
					s.targets = append(s.targets, target{int32(i), at})
				}
			}
		}
		if !any {
			return
		}
	}
}

func (s *system) index(place, slot int32) int { return int(place)*len(s.publication.Slots) + int(slot) }

// withhold withholds a figure and those that go along, or its count alone, and notes the
// equations in which a count is not known any more.
func (s *system) withhold(i int32, reason result.Reason) {
	f := &s.figures[i]
	f.reason = reason
	layer := &s.publication.Layers[f.layer]
	s.conceal(i)
	if f.apart {
		return
	}
	other := reason // of what is withheld with it, which is not small itself
	if reason == result.Few || reason == result.AllButFew {
		other = result.ByIndicator
	}
	for _, name := range f.names {
		for _, ref := range layer.Cells[name].Along {
			cell := &s.publication.Layers[ref.Layer].Cells[ref.Cell]
			along := s.grids[ref.Layer].figure(int32(cell.Place), int32(cell.Slot))
			if along >= 0 && !s.figures[along].hidden() {
				s.withhold(along, other)
			}
		}
	}
}

// conceal takes a withheld figure off the counts that it shows.
func (s *system) conceal(i int32) {
	f := &s.figures[i]
	at := s.index(f.place, f.slot)
	done := [4]int32{-1, -1, -1, -1}
	n := 0
	conceal := func(column int) {
		c := s.at[column][at]
		if c < 0 || done[0] == c || done[1] == c || done[2] == c {
			return
		}
		done[n] = c
		n++
		count := &s.counts[c]
		if count.shown--; count.shown == 0 {
			s.lost = append(s.lost, c)
			for _, e := range count.equations {
				s.enqueue(e)
			}
		}
	}
	for _, form := range s.publication.Layers[f.layer].Counts {
		conceal(form.Column)
		if form.Without >= 0 {
			conceal(form.Without)
		}
	}
}

func (s *system) enqueue(e int32) {
	if !s.queued[e] {
		s.queue, s.queued[e] = append(s.queue, e), true
	}
}

// price is what readers lose with a count that is made unknown: how many the
// figures are about that show it, by what figures of their slots are worth.
// Counts that would be the only unknown of equations have others withheld with
// them; those that keep company to one that is alone spare others.
func (s *system) price(i int32) float64 {
	c := &s.counts[i]
	factor := 1.0
	for _, e := range c.equations {
		if !s.equations[e].isSum() {
			continue
		}
		switch s.unknowns(e) {
		case 0:
			factor++
		case 1:
			factor *= 0.75
		}
	}
	return (s.loss(i)*factor + s.followed(i)) * s.worth(c.slot)
}

// followed is what readers lose besides with a count that is made unknown: where a link
// tells it from others, one of these has to go too.
func (s *system) followed(i int32) (loss float64) {
	for _, e := range s.counts[i].equations {
		if !s.equations[e].link || s.isRest(e) || s.unknowns(e) > 0 {
			continue
		}
		least := math.Inf(1)
		for _, other := range append([]int32{s.equations[e].total}, s.equations[e].parts...) {
			if other != i {
				least = math.Min(least, s.loss(other))
			}
		}
		loss += least
	}
	return loss
}

// worth is what a figure is worth to readers beside others about as many.
func (s *system) worth(slot int32) float64 {
	if s.passing(slot) {
		return 0.02
	}
	return 1
}

func (s *system) passing(slot int32) bool {
	return len(s.publication.Passing) > 0 && s.publication.Passing[slot]
}

// unknowns counts the unknown counts of an equation: 0, 1, or 2 for more.
func (s *system) unknowns(e int32) int {
	n := 0
	if s.unknown(s.equations[e].total) {
		n++
	}
	for _, part := range s.equations[e].parts {
		if s.unknown(part) {
			if n++; n > 1 {
				return n
			}
		}
	}
	return n
}

// cheapest gives the count that costs least to make unknown so that an equation
// has an unknown more. What is left of a column is unknown when one of its terms is.
func (s *system) cheapest(e int32) (best int32, price float64) {
	return s.cheapestOf(e, func(int32) bool { return true })
}

func (s *system) cheapestOf(e int32, may func(i int32) bool) (best int32, price float64) {
	best, price = -1, math.Inf(1)
	try := func(i int32) {
		c := &s.counts[i]
		if !(c.value > 0) || s.unknown(i) {
			return
		}
		of := [2]int32{i, -1}
		if c.terms[0] >= 0 {
			of = c.terms
		}
		for _, i := range of {
			if i < 0 || s.counts[i].shown == 0 || !may(i) {
				continue
			}
			if p := s.price(i); p < price {
				best, price = i, p
			}
		}
	}
	for _, part := range s.equations[e].parts {
		try(part)
	}
	try(s.equations[e].total)
	return best, price
}

// obscure makes a count unknown: every figure that shows it is withheld.
func (s *system) obscure(i int32, reason result.Reason) {
	for _, f := range s.counts[i].figures {
		if !s.figures[f].hidden() {
			s.withhold(f, reason)
		}
	}
}
