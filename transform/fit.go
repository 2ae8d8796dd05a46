package transform

import (
	"math"
	"slices"
	"strings"

	"tavolo/transform/kpi"
)

// fit finds of which items of a breakdown a total is the sum: by least squares, of which a
// solution of zeros and ones that leaves no residue is the answer.
type fit struct {
	terms []term
	items [][]float64
	gram  [][]float64 // lower triangle of the Cholesky factor of the items' products
	whole []float64   // all items together
}

// fit prepares for the items of a column; nil where they cannot be told apart.
func (m *margins) fit(column string, by kpi.Breakdown) *fit {
	f := &fit{whole: make([]float64, len(m.rows))}
	for t := range m.of {
		if t.Column == column && t.Breakdown == by {
			f.terms = append(f.terms, t)
		}
	}
	slices.SortFunc(f.terms, func(a, b term) int { return strings.Compare(a.Item, b.Item) })
	for _, t := range f.terms {
		f.items = append(f.items, m.of[t])
		for i, n := range m.of[t] {
			f.whole[i] += n
		}
	}
	f.gram = make([][]float64, len(f.items))
	for i := range f.items {
		f.gram[i] = make([]float64, i+1)
		for j := range i + 1 {
			sum := dot(f.items[i], f.items[j])
			for k := range j {
				sum -= f.gram[i][k] * f.gram[j][k]
			}
			switch {
			case i != j:
				f.gram[i][j] = sum / f.gram[j][j]
			case sum <= 1e-9*dot(f.items[i], f.items[i]):
				return nil // the sum of others, by chance: which it is cannot be told
			default:
				f.gram[i][i] = math.Sqrt(sum)
			}
		}
	}
	return f
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// some gives the items of which a total is the sum; none where it is not, or is of all.
func (f *fit) some(total []float64) (items []term) {
	is, ok := f.solve(total)
	if !ok {
		return nil
	}
	for i := range is {
		if is[i] {
			items = append(items, f.terms[i])
		}
	}
	if len(items) == len(f.items) {
		return nil
	}
	return items
}

// mayBe says whether these rows leave it open that a total is the sum of some items, of
// which there may be others than those that count somebody here.
func (f *fit) mayBe(total []float64) bool {
	if total == nil {
		return true
	}
	_, ok := f.solve(total)
	return ok
}

// solve says of each item whether it is a part of a total; ok is false where the total is
// not a sum of items.
func (f *fit) solve(total []float64) (is []bool, ok bool) {
	for i, n := range total {
		if n > f.whole[i] {
			return nil, false
		}
	}
	left, is := slices.Clone(total), make([]bool, len(f.items))
	for i, x := range f.squares(total) {
		times := math.Round(x)
		if math.Abs(x-times) > 0.01 || times != 0 && times != 1 {
			return nil, false
		}
		if is[i] = times == 1; is[i] {
			for row, n := range f.items[i] {
				left[row] -= n
			}
		}
	}
	return is, !slices.ContainsFunc(left, func(n float64) bool { return math.Abs(n) > 1e-6 })
}

// squares gives how many times each item is in a total, by least squares.
func (f *fit) squares(total []float64) []float64 {
	x := make([]float64, len(f.items))
	for i := range x {
		x[i] = dot(f.items[i], total)
		for k := range i {
			x[i] -= f.gram[i][k] * x[k]
		}
		x[i] /= f.gram[i][i]
	}
	for i := len(x) - 1; i >= 0; i-- {
		for k := i + 1; k < len(x); k++ {
			x[i] -= f.gram[k][i] * x[k]
		}
		x[i] /= f.gram[i][i]
	}
	return x
}
