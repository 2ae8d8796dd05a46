package disclosure

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func control(t *testing.T, k int) *Control {
	t.Helper()
	c, err := New(k)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func counts(values ...float64) []Cell {
	cells := make([]Cell, len(values))
	for i, value := range values {
		cells[i].Counts[0] = value
	}
	return cells
}

func TestThreshold(t *testing.T) {
	if k := control(t, 0).Threshold(); k != 5 {
		t.Errorf("default threshold %d", k)
	}
	for _, k := range []int{-1, 1, 2} {
		if _, err := New(k); err == nil {
			t.Errorf("threshold %d is accepted", k)
		}
	}
	c := control(t, 3)
	for count, want := range map[float64]bool{0: false, 1: true, 2: true, 3: false, math.NaN(): false} {
		if c.Small(count) != want {
			t.Errorf("small(%v) = %v", count, !want)
		}
	}
}

func TestProtect(t *testing.T) {
	row := []Sum{{Total: 0, Parts: []int{1, 2, 3}}}
	for _, test := range []struct {
		name  string
		cells []Cell
		sums  []Sum
		want  []Reason
	}{
		{"nothing small", counts(20, 9, 8, 5), row, []Reason{Shown, Shown, Shown, Shown}},
		{"20 = 9 + 8 + 3: hiding 3 alone is not enough", counts(20, 9, 8, 3), row,
			[]Reason{Shown, Shown, Secondary, Primary}},
		{"nobody is not small", counts(17, 9, 8, 0), row, []Reason{Shown, Shown, Shown, Shown}},
		{"nobody cannot hide anybody", counts(12, 9, 0, 3), row, []Reason{Shown, Secondary, Shown, Primary}},
		{"an only part takes its total along", counts(3, 3), []Sum{{Total: 0, Parts: []int{1}}},
			[]Reason{Primary, Primary}},
		{"two small ones that are small together", counts(20, 16, 1, 3), row,
			[]Reason{Shown, Secondary, Primary, Primary}},
		{"two small ones that are not", counts(20, 13, 4, 3), row, []Reason{Shown, Shown, Primary, Primary}},
		{"a share betrays those who have it not", []Cell{{[2]float64{27, 3}}, {[2]float64{18, 0}}, {[2]float64{9, 3}}},
			[]Sum{{Total: 0, Parts: []int{1, 2}}}, []Reason{Primary, Shown, Primary}},
		{"nothing but the total is left to hide", counts(6, 3, 0, 0), row, []Reason{Secondary, Primary, Shown, Shown}},
	} {
		got := control(t, 5).Protect(test.cells, test.sums)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// A region that must be hidden for its only province's sake makes the country
// hide another region.
func TestProtectReachesUpwards(t *testing.T) {
	cells := counts(103, 3, 60, 40, 3, 60, 40)
	sums := []Sum{
		{Total: 0, Parts: []int{1, 2, 3}},
		{Total: 1, Parts: []int{4}}, {Total: 2, Parts: []int{5}}, {Total: 3, Parts: []int{6}},
	}
	want := []Reason{Shown, Primary, Shown, Secondary, Primary, Shown, Secondary}
	if got := control(t, 5).Protect(cells, sums); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Over random trees of territories no hidden count follows from the equations
// that are published, by any combination of them.
func TestNothingFollows(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	c := control(t, 5)
	hidden := 0
	for range 300 {
		cells, sums := randomTree(random)
		reasons := c.Protect(cells, sums)
		for cell, value := range solve(cells, sums, reasons) {
			t.Fatalf("cell %d = %v follows, %v %v %q", cell, value, cells, sums, reasons)
		}
		for _, reason := range reasons {
			if reason != Shown {
				hidden++
			}
		}
	}
	if hidden == 0 {
		t.Error("nothing was hidden: the test proves nothing")
	}
}

func TestProtectIsDeterministicAndMonotone(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 14))
	for range 100 {
		cells, sums := randomTree(random)
		low, high := control(t, 3).Protect(cells, sums), control(t, 10).Protect(cells, sums)
		again := control(t, 3).Protect(cells, sums)
		for i := range cells {
			if low[i] != again[i] {
				t.Fatalf("cell %d is %q, then %q", i, low[i], again[i])
			}
			if low[i] == Primary && high[i] != Primary {
				t.Fatalf("cell %d is small at 3 and not at 10", i)
			}
		}
	}
}

// randomTree is a country of regions of provinces, with totals.
func randomTree(random *rand.Rand) ([]Cell, []Sum) {
	cells := []Cell{{}}
	sums := []Sum{{Total: 0}}
	for range 2 + random.IntN(4) {
		region := len(cells)
		cells = append(cells, Cell{})
		sums[0].Parts = append(sums[0].Parts, region)
		provinces := Sum{Total: region}
		for range 1 + random.IntN(5) {
			count := float64(random.IntN(30))
			provinces.Parts = append(provinces.Parts, len(cells))
			cells = append(cells, counts(count)...)
			cells[region].Counts[0] += count
			cells[0].Counts[0] += count
		}
		sums = append(sums, provinces)
	}
	return cells, sums
}

// solve gives the hidden cells whose count is determined by the sums, by
// Gauss–Jordan elimination over the hidden counts. Those of nobody need no hiding.
func solve(cells []Cell, sums []Sum, reasons []Reason) map[int]float64 {
	rows := make([][]float64, len(sums))
	for i, sum := range sums {
		row := make([]float64, len(cells)+1)
		add := func(cell int, sign float64) {
			if reasons[cell] == Shown {
				row[len(cells)] -= sign * cells[cell].Counts[0]
			} else {
				row[cell] += sign
			}
		}
		add(sum.Total, -1)
		for _, part := range sum.Parts {
			add(part, 1)
		}
		rows[i] = row
	}
	eliminate(rows, len(cells))
	found := map[int]float64{}
	for _, row := range rows {
		var unknown []int
		for cell := range cells {
			if math.Abs(row[cell]) > 1e-9 {
				unknown = append(unknown, cell)
			}
		}
		if len(unknown) == 1 && cells[unknown[0]].Counts[0] > 0 {
			found[unknown[0]] = row[len(cells)] / row[unknown[0]]
		}
	}
	return found
}

func eliminate(rows [][]float64, columns int) {
	pivot := 0
	for column := 0; column < columns && pivot < len(rows); column++ {
		best := slices.IndexFunc(rows[pivot:], func(row []float64) bool { return math.Abs(row[column]) > 1e-9 })
		if best < 0 {
			continue
		}
		rows[pivot], rows[pivot+best] = rows[pivot+best], rows[pivot]
		scale := rows[pivot][column]
		for i := range rows[pivot] {
			rows[pivot][i] /= scale
		}
		for other := range rows {
			if factor := rows[other][column]; other != pivot && factor != 0 {
				for i := range rows[other] {
					rows[other][i] -= factor * rows[pivot][i]
				}
			}
		}
		pivot++
	}
}
