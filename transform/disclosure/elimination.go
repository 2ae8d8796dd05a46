package disclosure

import (
	"math/rand/v2"
	"slices"
)

// prime is the order of the field in which the equations are solved: no fractions,
// no rounding, and a count that is not determined is taken for one that is with
// a probability of one in two thousand million.
const prime = 1<<31 - 1

// row is an equation without its known counts: Σ factor × count = a known number.
type row struct {
	counts  []int32 // ascending
	factors []uint64
}

// determined gives the unknown counts that follow from the equations alone, of all columns
// together, whatever the bounds are. It solves the equations with nothing on their right
// side, with random numbers for what they leave free: a count that is 0 all the
// same is so in all solutions, and two publications never differ in it.
func (s *system) determined() []bool {
	var rows []row
	for i := range s.equations {
		if e := &s.equations[i]; !e.implied {
			if r := s.row(e); len(r.counts) > 0 {
				rows = append(rows, r)
			}
		}
	}
	x := solution{values: make([]uint64, len(s.counts)), given: make([]bool, len(s.counts)), random: rand.New(rand.NewPCG(1, 2))}
	core, peeled := peel(rows, len(s.counts))
	x.substitute(eliminateAll(core, len(s.counts)))
	x.substitute(peeled)
	for i := range x.given {
		x.given[i] = x.given[i] && x.values[i] == 0
	}
	return x.given
}

// pivot is a row, and the count that is computed from it.
type pivot struct {
	count int32
	row   row
}

// peel takes out the rows that have a count which stands in no other row, over and over:
// whatever the other counts are, that one makes up for them. What is left is the core.
func peel(rows []row, counts int) (core []row, peeled []pivot) {
	stands := make([]int32, counts) // in how many rows
	sum := make([]int32, counts)    // of the numbers of these rows: the number of the last that is left
	for i, r := range rows {
		for _, c := range r.counts {
			stands[c]++
			sum[c] += int32(i)
		}
	}
	var alone []int32
	for c := range stands {
		if stands[c] == 1 {
			alone = append(alone, int32(c))
		}
	}
	gone := make([]bool, len(rows))
	for len(alone) > 0 {
		c := alone[len(alone)-1]
		alone = alone[:len(alone)-1]
		if stands[c] != 1 {
			continue
		}
		i := sum[c]
		gone[i] = true
		peeled = append(peeled, pivot{c, rows[i]})
		for _, other := range rows[i].counts {
			sum[other] -= i
			if stands[other]--; stands[other] == 1 {
				alone = append(alone, other)
			}
		}
	}
	for i, r := range rows {
		if !gone[i] {
			core = append(core, r)
		}
	}
	return core, peeled
}

// solution is a random one of equations.
type solution struct {
	values []uint64
	given  []bool // of each count, whether it has a value
	random *rand.Rand
}

// substitute computes counts from their rows, the last first.
func (x *solution) substitute(pivots []pivot) {
	for _, p := range slices.Backward(pivots) {
		var sum, own uint64
		for n, c := range p.row.counts {
			if c == p.count {
				own = p.row.factors[n]
				continue
			}
			if !x.given[c] {
				x.values[c], x.given[c] = x.random.Uint64N(prime-1)+1, true
			}
			sum = (sum + p.row.factors[n]*x.values[c]) % prime
		}
		x.values[p.count], x.given[p.count] = (prime-sum)%prime*inverse(own)%prime, true
	}
}

// row takes the known counts out of an equation.
func (s *system) row(e *equation) row {
	type term struct {
		count  int32
		factor uint64
	}
	var terms []term
	if s.unknown(e.total) {
		terms = append(terms, term{e.total, prime - 1})
	}
	for _, part := range e.parts {
		if s.unknown(part) {
			terms = append(terms, term{part, 1})
		}
	}
	slices.SortFunc(terms, func(a, b term) int { return int(a.count - b.count) })
	var r row
	for _, t := range terms {
		r.counts, r.factors = append(r.counts, t.count), append(r.factors, t.factor)
	}
	return r
}

// eliminateAll brings rows that are all 0 into a form in which a count can be computed
// from each. It eliminates the count that stands in the fewest rows first, by the shortest of them.
func eliminateAll(rows []row, counts int) (pivots []pivot) {
	m := newMatrix(rows, counts)
	for {
		c, ok := m.next()
		if !ok {
			return pivots
		}
		standing := m.standing(c)
		best := standing[0]
		for _, i := range standing[1:] {
			if len(m.rows[i].counts) < len(m.rows[best].counts) {
				best = i
			}
		}
		by := m.rows[best]
		for _, other := range by.counts {
			m.fewer(other)
		}
		m.rows[best] = row{}
		over := inverse(by.factors[by.find(c)])
		for _, i := range standing {
			if i != best {
				m.eliminate(i, by, c, over)
			}
		}
		pivots = append(pivots, pivot{c, by})
	}
}

// find gives the place of a count in a row.
func (r *row) find(c int32) int {
	at, _ := slices.BinarySearch(r.counts, c)
	return at
}

// matrix is rows under elimination, with where each count stands.
type matrix struct {
	rows   []row
	in     [][]int32 // of each count, its rows, and some in which it stood
	number []int32   // of each count, in how many rows it stands
	queue  [][]int32 // counts by their number; some of a number that they had
	low    int
}

func newMatrix(rows []row, counts int) *matrix {
	m := &matrix{rows: rows, in: make([][]int32, counts), number: make([]int32, counts)}
	for i, r := range rows {
		for _, c := range r.counts {
			m.in[c] = append(m.in[c], int32(i))
			m.number[c]++
		}
	}
	for c := range m.number {
		m.put(int32(c))
	}
	return m
}

func (m *matrix) put(c int32) {
	number := int(m.number[c])
	if number == 0 {
		return
	}
	for len(m.queue) <= number {
		m.queue = append(m.queue, nil)
	}
	m.queue[number] = append(m.queue[number], c)
	m.low = min(m.low, number)
}

// next gives the count that stands in the fewest rows.
func (m *matrix) next() (c int32, ok bool) {
	for m.low < len(m.queue) {
		last := len(m.queue[m.low]) - 1
		if last < 0 {
			m.low++
			continue
		}
		c := m.queue[m.low][last]
		m.queue[m.low] = m.queue[m.low][:last]
		if int(m.number[c]) == m.low {
			return c, true
		}
	}
	return 0, false
}

// standing gives the rows in which a count stands, ascending.
func (m *matrix) standing(c int32) []int32 {
	slices.Sort(m.in[c])
	m.in[c] = slices.DeleteFunc(slices.Compact(m.in[c]), func(i int32) bool {
		at := m.rows[i].find(c)
		return at == len(m.rows[i].counts) || m.rows[i].counts[at] != c
	})
	return m.in[c]
}

func (m *matrix) fewer(c int32) {
	m.number[c]--
	m.put(c)
}

// eliminate takes a count out of a row with the help of another, of which one over its
// factor is given.
func (m *matrix) eliminate(number int32, by row, c int32, over uint64) {
	r := m.rows[number]
	times := (prime - r.factors[r.find(c)]) * over % prime
	sum := row{counts: make([]int32, 0, len(r.counts)+len(by.counts)-2), factors: make([]uint64, 0, len(r.counts)+len(by.counts)-2)}
	for i, j := 0, 0; i < len(r.counts) || j < len(by.counts); {
		switch {
		case j == len(by.counts) || i < len(r.counts) && r.counts[i] < by.counts[j]:
			sum.counts, sum.factors = append(sum.counts, r.counts[i]), append(sum.factors, r.factors[i])
			i++
		case i == len(r.counts) || by.counts[j] < r.counts[i]:
			sum.counts, sum.factors = append(sum.counts, by.counts[j]), append(sum.factors, times*by.factors[j]%prime)
			m.in[by.counts[j]] = append(m.in[by.counts[j]], number)
			m.number[by.counts[j]]++
			m.put(by.counts[j])
			j++
		default:
			if factor := (r.factors[i] + times*by.factors[j]) % prime; factor != 0 {
				sum.counts, sum.factors = append(sum.counts, r.counts[i]), append(sum.factors, factor)
			} else {
				m.fewer(r.counts[i])
			}
			i, j = i+1, j+1
		}
	}
	m.rows[number] = sum
}

// inverse is 1/x, by Fermat's little theorem.
func inverse(x uint64) uint64 {
	result, power := uint64(1), x%prime
	for exponent := uint64(prime - 2); exponent > 0; exponent >>= 1 {
		if exponent&1 == 1 {
			result = result * power % prime
		}
		power = power * power % prime
	}
	return result
}
