package transform

import (
	"math"
	"slices"
)

// expect fills the expected numerators of the cells that are not broken down:
// what the numerator would be if each stratum had the national rate of the period.
// They are whole numbers: with more digits, one would tell how many of few persons
// are in which stratum. What is judged by them allows for the half event that they
// may be off: of few expected events that is as much as chance moves them.
func (f *figures) expect(t *tally, periods []period, members map[string][]string) {
	local := f.stratified(t)
	for _, p := range periods {
		first, end := p.within(t.spans)
		expected := expectedIn(local, len(t.items), first, end)
		for i := range f.refs.Territories() {
			territory := f.refs.Territories()[i].Code
			cell := f.cell(key{territory: territory, grain: p.grain, start: p.start.Unix()})
			if cell == nil {
				continue
			}
			sum, known := 0.0, false
			for _, member := range members[territory] {
				if one, ok := expected[member]; ok {
					sum, known = sum+one, true
				}
			}
			if known {
				cell.Expected = math.Round(sum)
			}
		}
	}
}

// halfEvent is how far an expected numerator may be from the exact one.
const halfEvent = 0.5

// stratum is the counts of one territory in one stratum: running totals, so that
// those of the spans i to before j are at j less those at i.
type stratum struct {
	place
	numerators, denominators []float64
}

func (f *figures) stratified(t *tally) []stratum {
	columns := t.columnsOf(f.k)
	x, n := columns[0], columns[1]
	strata := make([]stratum, 0, len(t.places))
	for at, entries := range t.places {
		s := stratum{at, make([]float64, len(t.spans)+1), make([]float64, len(t.spans)+1)}
		for _, one := range entries {
			s.numerators[one.span+1] += float64(t.numbers[int(one.at)+x]) / t.columns[x].scale
			s.denominators[one.span+1] += float64(t.numbers[int(one.at)+n]) / t.columns[n].scale
		}
		for i := range t.spans {
			s.numerators[i+1] += s.numerators[i]
			s.denominators[i+1] += s.denominators[i]
		}
		strata = append(strata, s)
	}
	// Sums of doubles depend on their order.
	slices.SortFunc(strata, func(a, b stratum) int { return a.compare(b.place) })
	return strata
}

// expectedIn gives the expected numerator of each territory that has a
// denominator in the spans, from the national rate of each stratum.
func expectedIn(strata []stratum, items, first, end int) map[string]float64 {
	x, n := make([]float64, items), make([]float64, items)
	for _, s := range strata {
		x[s.item] += s.numerators[end] - s.numerators[first]
		n[s.item] += s.denominators[end] - s.denominators[first]
	}
	expected := map[string]float64{}
	for _, s := range strata {
		if own := s.denominators[end] - s.denominators[first]; own > 0 {
			expected[s.territory] += own * x[s.item] / n[s.item]
		}
	}
	return expected
}
