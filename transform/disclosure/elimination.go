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
	x.substitute(eliminateAll(core))
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
func eliminateAll(rows []row) (pivots []pivot) {
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
	return pivots
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
