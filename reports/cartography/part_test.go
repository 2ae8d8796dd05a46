package cartography

import (
	"strings"
	"testing"

	"tavolo/ingest/boundary"
)

// TestPart: a province in the middle of others fills the frame but for a margin; the
// others end a little beyond it, and share their border with it.
func TestPart(t *testing.T) {
	m := &boundary.Map{Projected: true, Shapes: []boundary.Shape{
		{Code: "east", Rings: []boundary.Ring{box(100, -1000, 5000, 3000)}},
		{Code: "far", Rings: []boundary.Ring{box(90000, 0, 100, 100)}},
		{Code: "own", Rings: []boundary.Ring{box(0, 0, 100, 100)}},
	}}
	part := DrawPart(m, func(code string) bool { return code == "own" })
	if part.ViewBox != "0 0 800 800" || len(part.Paths) != 1 {
		t.Fatalf("viewBox %q, shapes %v", part.ViewBox, part.Paths)
	}
	if low, high := rings(t, part.Paths["own"])[0].box(); low != (point{44, 44}) || high != (point{756, 756}) {
		t.Errorf("it lies from %v to %v", low, high)
	}
	if n := strings.Count(part.Around, "M"); n != 1 {
		t.Fatalf("%d rings around it, want that of the east", n)
	}
	if low, high := rings(t, part.Around)[0].box(); low != (point{756, -4}) || high != (point{804, 804}) {
		t.Errorf("the east lies from %v to %v", low, high)
	}
	if none := DrawPart(m, func(string) bool { return false }); none.ViewBox != "0 0 0 0" || none.Around != "" {
		t.Errorf("a part of nothing is %+v", none)
	}
}

// TestPartSharesBorders: a border with the neighbour has the same points on both sides,
// although the neighbour is cut off.
func TestPartSharesBorders(t *testing.T) {
	border := boundary.Ring{{X: 100, Y: 0}, {X: 103, Y: 20}, {X: 97, Y: 45}, {X: 104, Y: 71}, {X: 100, Y: 100}}
	own := append(boundary.Ring{{X: 0, Y: 100}, {X: 0, Y: 0}}, border...)
	east := append(reversed(border), boundary.Point{X: 900, Y: -500}, boundary.Point{X: 900, Y: 800})
	part := DrawPart(&boundary.Map{Projected: true, Shapes: []boundary.Shape{{Code: "east", Rings: []boundary.Ring{east}}, {Code: "own", Rings: []boundary.Ring{own}}}},
		func(code string) bool { return code == "own" })
	beside := map[point]bool{}
	for _, p := range rings(t, part.Around)[0] {
		beside[p] = true
	}
	shared := 0
	for _, p := range rings(t, part.Paths["own"])[0] {
		if beside[p] {
			shared++
		}
	}
	if shared != len(border) {
		t.Errorf("of %d points of the border both sides have %d", len(border), shared)
	}
}
