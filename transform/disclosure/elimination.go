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

// determined gives the unknown counts that follow from the equations alone,
// whatever the bounds are. It solves the equations with nothing on their right
// side, with random numbers for what they leave free: a count that is 0 all the
// same is so in all solutions, and two publications never differ in it.
func (s *system) determined() []bool {
	if s.fixed == nil {
		s.fixed = make([]bool, len(s.counts))
	}
	random := rand.New(rand.NewPCG(1, 2))
	rows := map[int32][]row{} // by column
	columns := []int32{}
	for i := range s.equations {
		e := &s.equations[i]
		if e.implied || !s.dirty[s.counts[e.total].column] {
			continue
		}
		r := s.row(e)
		if len(r.counts) == 0 {
			continue
		}
		column := s.counts[e.total].column
		if rows[column] == nil {
			columns = append(columns, column)
		}
		rows[column] = append(rows[column], r)
	}
	slices.Sort(columns)
	clear(s.dirty)
	for _, column := range columns {
		for i, value := range solve(rows[column], random) {
			s.fixed[i] = value == 0
		}
	}
	return s.fixed
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

// solve gives a random solution of rows that are all 0. It eliminates the count
// that stands in the fewest rows first, by the shortest of them.
func solve(rows []row, random *rand.Rand) map[int32]uint64 {
	in := map[int32]map[int]bool{} // count → rows
	for i, r := range rows {
		for _, c := range r.counts {
			if in[c] == nil {
				in[c] = map[int]bool{}
			}
			in[c][i] = true
		}
	}
	byNumber := newBuckets(in)
	type pivot struct {
		count int32
		row   row
	}
	var pivots []pivot
	values := map[int32]uint64{}
	for {
		c, ok := byNumber.next(in)
		if !ok {
			break
		}
		best := -1
		for i := range in[c] {
			if best < 0 || len(rows[i].counts) < len(rows[best].counts) || len(rows[i].counts) == len(rows[best].counts) && i < best {
				best = i
			}
		}
		by := rows[best]
		for _, other := range by.counts {
			delete(in[other], best)
			byNumber.put(other, len(in[other]))
		}
		for _, i := range sortedRows(in[c]) {
			before := rows[i]
			rows[i] = eliminate(before, by, c)
			for _, count := range before.counts {
				if !slices.Contains(rows[i].counts, count) {
					delete(in[count], i)
					byNumber.put(count, len(in[count]))
				}
			}
			for _, count := range rows[i].counts {
				if !in[count][i] {
					in[count][i] = true
					byNumber.put(count, len(in[count]))
				}
			}
		}
		pivots = append(pivots, pivot{c, by})
	}
	for _, p := range slices.Backward(pivots) {
		var sum, own uint64
		for n, c := range p.row.counts {
			if c == p.count {
				own = p.row.factors[n]
				continue
			}
			value, ok := values[c]
			if !ok {
				value = random.Uint64N(prime-1) + 1
				values[c] = value
			}
			sum = (sum + p.row.factors[n]*value) % prime
		}
		values[p.count] = (prime - sum) % prime * inverse(own) % prime
	}
	return values
}

func sortedRows(set map[int]bool) []int {
	rows := make([]int, 0, len(set))
	for i := range set {
		rows = append(rows, i)
	}
	slices.Sort(rows)
	return rows
}

// eliminate takes a count out of a row with the help of another.
func eliminate(r, by row, c int32) row {
	at, of := slices.Index(r.counts, c), slices.Index(by.counts, c)
	times := (prime - r.factors[at]) * inverse(by.factors[of]) % prime
	var sum row
	for i, j := 0, 0; i < len(r.counts) || j < len(by.counts); {
		switch {
		case j == len(by.counts) || i < len(r.counts) && r.counts[i] < by.counts[j]:
			sum.counts, sum.factors = append(sum.counts, r.counts[i]), append(sum.factors, r.factors[i])
			i++
		case i == len(r.counts) || by.counts[j] < r.counts[i]:
			sum.counts, sum.factors = append(sum.counts, by.counts[j]), append(sum.factors, times*by.factors[j]%prime)
			j++
		default:
			if factor := (r.factors[i] + times*by.factors[j]) % prime; factor != 0 {
				sum.counts, sum.factors = append(sum.counts, r.counts[i]), append(sum.factors, factor)
			}
			i, j = i+1, j+1
		}
	}
	return sum
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

// buckets finds the count that stands in the fewest rows. Entries that are out of
// date are passed over.
type buckets struct {
	of  [][]int32
	low int
}

func newBuckets(in map[int32]map[int]bool) *buckets {
	b := &buckets{}
	counts := make([]int32, 0, len(in))
	for c := range in {
		counts = append(counts, c)
	}
	slices.Sort(counts)
	for _, c := range counts {
		b.put(c, len(in[c]))
	}
	return b
}

func (b *buckets) put(c int32, number int) {
	if number == 0 {
		return
	}
	for len(b.of) <= number {
		b.of = append(b.of, nil)
	}
	b.of[number] = append(b.of[number], c)
	b.low = min(b.low, number)
}

func (b *buckets) next(in map[int32]map[int]bool) (c int32, ok bool) {
	for b.low < len(b.of) {
		last := len(b.of[b.low]) - 1
		if last < 0 {
			b.low++
			continue
		}
		c := b.of[b.low][last]
		b.of[b.low] = b.of[b.low][:last]
		if len(in[c]) == b.low {
			return c, true
		}
	}
	return 0, false
}
