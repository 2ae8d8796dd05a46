package cartography

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tavolo/ingest/boundary"
)

// rings reads path data back: the rings in units, as a browser would.
func rings(t *testing.T, path string) []line {
	t.Helper()
	var all []line
	for _, text := range strings.SplitAfter(path, "z") {
		if text == "" {
			continue
		}
		text = strings.NewReplacer("M", " ", "l", " ", "z", "", "-", " -").Replace(text)
		var numbers []int
		for _, field := range strings.Fields(text) {
			var n int
			if _, err := fmt.Sscanf(field, "%d", &n); err != nil {
				t.Fatalf("path %q: %v", path, err)
			}
			numbers = append(numbers, n)
		}
		var ring line
		var at point
		for n := 0; n+1 < len(numbers); n += 2 {
			at = point{at.x + numbers[n], at.y + numbers[n+1]}
			ring = append(ring, at)
		}
		all = append(all, ring)
	}
	return all
}

// area is what a ring surrounds, in square units.
func area(r line) float64 {
	twice := 0
	for n, p := range r {
		q := r[(n+1)%len(r)]
		twice += p.x*q.y - q.x*p.y
	}
	return math.Abs(float64(twice)) / 2
}

// box is a ring around a rectangle.
func box(x, y, width, height float64) boundary.Ring {
	return boundary.Ring{{X: x, Y: y}, {X: x + width, Y: y}, {X: x + width, Y: y + height}, {X: x, Y: y + height}}
}

func reversed(r boundary.Ring) boundary.Ring {
	r = slices.Clone(r)
	slices.Reverse(r)
	return r
}

func TestNorthIsUp(t *testing.T) {
	d := Draw(&boundary.Map{Projected: true, Shapes: []boundary.Shape{
		{Code: "n", Rings: []boundary.Ring{box(1000, 1100, 100, 100)}}, {Code: "s", Rings: []boundary.Ring{box(1000, 1000, 100, 100)}}}})
	if d.ViewBox != "0 0 402 800" {
		t.Errorf("viewBox %q", d.ViewBox)
	}
	north, south := rings(t, d.Paths["n"])[0], rings(t, d.Paths["s"])[0]
	if low, high := north.box(); low != (point{2, 2}) || high != (point{400, 400}) {
		t.Errorf("the north lies from %v to %v", low, high)
	}
	if low, high := south.box(); low != (point{2, 400}) || high != (point{400, 798}) {
		t.Errorf("the south lies from %v to %v", low, high)
	}
}

// TestDegreesAreTrueToScale: at 60° a degree of longitude is half as long as one of latitude.
func TestDegreesAreTrueToScale(t *testing.T) {
	d := Draw(&boundary.Map{Shapes: []boundary.Shape{{Code: "a", Rings: []boundary.Ring{box(10, 59, 4, 2)}}}})
	low, high := rings(t, d.Paths["a"])[0].box()
	if high.x-low.x != high.y-low.y {
		t.Errorf("four degrees by two at 60° north are %d by %d", high.x-low.x, high.y-low.y)
	}
}

// TestHolesAndIslands: by the even-odd rule it does not matter which way rings run.
func TestHolesAndIslands(t *testing.T) {
	outer, hole, island, rock := box(0, 0, 100, 100), box(20, 20, 30, 30), box(120, 0, 40, 40), box(170, 0, 0.1, 0.1)
	for _, shape := range [][]boundary.Ring{{outer, hole, island, rock}, {outer, reversed(hole), island, rock}, {reversed(outer), hole, reversed(island), rock}} {
		d := Draw(&boundary.Map{Projected: true, Shapes: []boundary.Shape{{Code: "a", Rings: shape}, {Code: "b", Rings: []boundary.Ring{hole}}}})
		drawn := rings(t, d.Paths["a"])
		if len(drawn) != 3 {
			t.Fatalf("%d rings are drawn, want the land, its hole and the island, and no rock", len(drawn))
		}
		scale := 796 / 170.1
		for n, want := range []float64{1e4, 900, 1600} {
			if got := area(drawn[n]) / (scale * scale); math.Abs(got-want) > want/50 {
				t.Errorf("ring %d surrounds %.0f, want %.0f", n, got, want)
			}
		}
		if enclave := rings(t, d.Paths["b"])[0]; !sameRing(enclave, drawn[1]) {
			t.Errorf("the enclave %v does not fill its hole %v", enclave, drawn[1])
		}
	}
}

// sameRing tells whether rings have the same points, wherever they begin and whichever way they run.
func sameRing(a, b line) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	order := func(p, q point) int { return cmp.Or(cmp.Compare(p.x, q.x), cmp.Compare(p.y, q.y)) }
	slices.SortFunc(a, order)
	slices.SortFunc(b, order)
	return slices.Equal(a, b)
}

// TestNoTerritoryVanishes: one too small for the drawing is a speck.
func TestNoTerritoryVanishes(t *testing.T) {
	d := Draw(&boundary.Map{Projected: true, Shapes: []boundary.Shape{
		{Code: "large", Rings: []boundary.Ring{box(0, 0, 1e6, 1e6)}}, {Code: "small", Rings: []boundary.Ring{box(5e5, 2e6, 1, 1), box(6e5, 2e6, 2, 2)}}}})
	if drawn := rings(t, d.Paths["small"]); len(drawn) != 1 || area(drawn[0]) != 4 {
		t.Errorf("a small territory is drawn as %v", drawn)
	}
	if d := Draw(&boundary.Map{}); len(d.Paths) != 0 {
		t.Errorf("a map of nothing: %v", d)
	}
}

// patchwork is a map of n by n cells with ragged borders: points of the border between
// two cells are the same in both.
func patchwork(random *rand.Rand, n int) *boundary.Map {
	const steps = 40
	corner := map[[2]int]boundary.Point{}
	for x := 0; x <= n; x++ {
		for y := 0; y <= n; y++ {
			corner[[2]int{x, y}] = boundary.Point{X: 8 + float64(x) + random.Float64()/3, Y: 40 + float64(y) + random.Float64()/3}
		}
	}
	borders := map[[4]int]boundary.Ring{}
	border := func(ax, ay, bx, by int) boundary.Ring {
		if ax > bx || ay > by {
			return reversed(borders[[4]int{bx, by, ax, ay}])
		}
		key := [4]int{ax, ay, bx, by}
		if borders[key] == nil {
			a, b := corner[[2]int{ax, ay}], corner[[2]int{bx, by}]
			for s := 0; s <= steps; s++ {
				at := float64(s) / steps
				p := boundary.Point{X: a.X + at*(b.X-a.X), Y: a.Y + at*(b.Y-a.Y)}
				if s > 0 && s < steps {
					p.X, p.Y = p.X+(random.Float64()-0.5)/60, p.Y+(random.Float64()-0.5)/60
				}
				borders[key] = append(borders[key], p)
			}
		}
		return borders[key]
	}
	m := &boundary.Map{Level: "province"}
	for x := range n {
		for y := range n {
			border(x, y, x+1, y)
			border(x, y+1, x+1, y+1)
			border(x, y, x, y+1)
			border(x+1, y, x+1, y+1)
			var ring boundary.Ring
			for _, side := range []boundary.Ring{border(x, y, x+1, y), border(x+1, y, x+1, y+1), border(x+1, y+1, x, y+1), border(x, y+1, x, y)} {
				ring = append(ring, side[:len(side)-1]...)
			}
			if random.IntN(2) == 0 {
				ring = reversed(ring)
			}
			from := random.IntN(len(ring))
			ring = append(slices.Clone(ring[from:]), ring[:from]...)
			m.Shapes = append(m.Shapes, boundary.Shape{Code: fmt.Sprintf("%d-%d", x, y), Rings: []boundary.Ring{ring}})
		}
	}
	return m
}

// stretch is the line between two points that follow one another, in either direction.
func stretch(p, q point) [2]point {
	if q.before(p) {
		return [2]point{q, p}
	}
	return [2]point{p, q}
}

// edges gives the points of the stretches that only one of two sides has: the coast, and
// what gapes.
func edges(all []line) map[point]bool {
	count := map[[2]point]int{}
	for _, ring := range all {
		for n, p := range ring {
			count[stretch(p, ring[(n+1)%len(ring)])]++
		}
	}
	points := map[point]bool{}
	for ends, n := range count {
		if n%2 == 1 {
			points[ends[0]], points[ends[1]] = true, true
		}
	}
	return points
}

// TestSharedBordersDoNotGape: whichever way rings run and wherever they begin, only
// the coast has one side, as before; and fewer points are drawn than there were.
func TestSharedBordersDoNotGape(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		m := patchwork(random, 4)
		d, f := Draw(m), fit(m, margin)
		var before, after []line
		points, kept := 0, 0
		for _, shape := range m.Shapes {
			before = append(before, f.place(shape.Rings[0]))
			after = append(after, rings(t, d.Paths[shape.Code])...)
			points += len(shape.Rings[0])
		}
		for _, ring := range after {
			kept += len(ring)
		}
		coast := map[point]bool{}
		for p := range edges(before) {
			coast[rounded(line{p})[0]] = true
		}
		for p := range edges(after) {
			if !coast[p] {
				t.Errorf("a border gapes at %v", p)
			}
		}
		if kept >= points*2/3 {
			t.Errorf("%d points became %d", points, kept)
		}
		if again := Draw(m); !reflect.DeepEqual(d, again) {
			t.Error("the same map gives another drawing")
		}
	}
}

// TestSimplifiedLinesStayNear: no point of a border is farther from the drawing than
// the tolerance and the rounding to whole units allow.
func TestSimplifiedLinesStayNear(t *testing.T) {
	m := patchwork(rand.New(rand.NewPCG(3, 4)), 3)
	f := fit(m, margin)
	d := Draw(m)
	for _, shape := range m.Shapes {
		drawn := rings(t, d.Paths[shape.Code])[0]
		for _, p := range f.place(shape.Rings[0]) {
			nearest := math.Inf(1)
			for n, a := range drawn {
				b := drawn[(n+1)%len(drawn)]
				nearest = min(nearest, distance(p, point{a.x * grain, a.y * grain}, point{b.x * grain, b.y * grain})/grain)
			}
			if nearest > tolerance+math.Sqrt2/2+0.01 {
				t.Fatalf("%s: a point is %.2f units off its border", shape.Code, nearest)
			}
		}
	}
}
