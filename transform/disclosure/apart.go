package disclosure

import "math"

// countAlone is what the count of a figure is worth to readers beside all of it.
const countAlone = 0.1

// stand finds the figures that stand without their count: those that are not small. Two
// kinds of them are withheld whole like one that is small itself:
//
//   - those whose rest would say the number, see [Cell];
//   - those that count fewer than 2k, of parts that are small all of them. Else a figure of
//     which nothing is shown would say that it counts fewer than k, and its reason could not
//     be kept silent about: a region of fewer than five whose four provinces are few would
//     say that each of these is 1, see hush.
func (s *system) stand() {
	for i := range s.figures {
		f := &s.figures[i]
		layer := &s.publication.Layers[f.layer]
		if layer.Rounds {
			s.round(f, layer)
		}
		if !layer.Apart {
			continue
		}
		f.tied = s.isTied(s.at[s.columns[layer.Counts[0]]][s.index(f.place, f.slot)])
		cell, from := &layer.Cells[f.names[0]], s.control.threshold
		if f.tied {
			from = s.control.vague()
		}
		if f.apart = f.count[0] >= from && (cell.Most == 0 || math.Max(from, cell.Least) < cell.Most); f.apart {
			f.size *= countAlone
		}
		s.tell(f, cell)
	}
}

// vague is the number from which on a figure whose parts are all small stands without its
// count.
func (c *Control) vague() float64 { return 2 * c.threshold }

// isTied says whether a count is the sum of small ones alone.
func (s *system) isTied(i int32) bool {
	for _, e := range s.counts[i].equations {
		equation := &s.equations[e]
		if equation.total != i {
			continue
		}
		small := true
		for _, part := range equation.parts {
			small = small && s.control.Small(s.counts[part].value)
		}
		if small {
			return true
		}
	}
	return false
}

// tellApart notes what it says that a figure is withheld whole, or that it stands.
func (s *system) tellApart(f *figure) {
	k, vague := s.control.threshold, s.control.vague()
	switch {
	case f.apart && f.tied:
		f.least[0] = vague
	case f.apart:
		f.least[0] = k
	case f.tied:
		f.least[0], f.most[0] = 1, math.Max(vague-1, f.count[0])
	default:
		f.least[0], f.most[0] = 1, math.Max(k-1, f.count[0])
	}
}
