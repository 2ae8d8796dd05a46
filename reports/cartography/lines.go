package cartography

import (
	"math"
	"slices"
)

// point is a place on a drawing, in grains.
type point struct{ x, y int }

func (p point) before(q point) bool { return p.x < q.x || p.x == q.x && p.y < q.y }

// line is a row of points; as a ring, its last one leads to its first one.
type line []point

// lines are all lines of a map: where borders meet, and only there, a line must keep
// its point, and between two such places a border is simplified as a whole. As it is
// turned the same way first, both its sides get the same points.
type lines struct{ neighbours map[point][]point }

func newLines() lines { return lines{map[point][]point{}} }

// add makes the rings of a shape known.
func (l lines) add(rings []line) {
	for _, ring := range rings {
		for n, p := range ring {
			for _, q := range []point{ring[(n+1)%len(ring)], ring[(n+len(ring)-1)%len(ring)]} {
				if !slices.Contains(l.neighbours[p], q) {
					l.neighbours[p] = append(l.neighbours[p], q)
				}
			}
		}
	}
}

// isNode tells whether borders meet, part or touch in a point.
func (l lines) isNode(p point) bool { return len(l.neighbours[p]) != 2 }

// simplify gives a ring with fewer points.
func (l lines) simplify(ring line) line {
	first := slices.IndexFunc(ring, l.isNode)
	if first < 0 { // an island or an enclave: it begins at the same point from outside and from inside
		first = slices.Index(ring, slices.MinFunc(ring, func(a, b point) int {
			if a.before(b) {
				return -1
			}
			return 1
		}))
	}
	closed := append(append(append(line{}, ring[first:]...), ring[:first]...), ring[first])
	var simple line
	for from, n := 0, 1; n < len(closed); n++ {
		if n == len(closed)-1 || l.isNode(closed[n]) {
			simple = append(simple, border(closed[from:n+1])...)
			simple = simple[:len(simple)-1] // the next one begins with it
			from = n
		}
	}
	return simple
}

// border simplifies a line between two nodes, the same way in both directions.
func border(points line) line {
	turned := points
	backwards := points[len(points)-1].before(points[0]) ||
		points[0] == points[len(points)-1] && points[len(points)-2].before(points[1])
	if backwards {
		turned = slices.Clone(points)
		slices.Reverse(turned)
	}
	keep := make([]bool, len(turned))
	keep[0], keep[len(turned)-1] = true, true
	mark(turned, keep, 0, len(turned)-1)
	var simple line
	for n, p := range turned {
		if keep[n] {
			simple = append(simple, p)
		}
	}
	if backwards {
		slices.Reverse(simple)
	}
	return simple
}

// mark keeps the points between two kept ones without which the line would be out of
// tolerance. It has a stack of its own: a line may have a million points.
func mark(points line, keep []bool, from, to int) {
	stack := [][2]int{{from, to}}
	for len(stack) > 0 {
		from, to = stack[len(stack)-1][0], stack[len(stack)-1][1]
		stack = stack[:len(stack)-1]
		far, most := 0, tolerance*grain
		for n := from + 1; n < to; n++ {
			if d := distance(points[n], points[from], points[to]); d > most {
				far, most = n, d
			}
		}
		if far > 0 {
			keep[far] = true
			stack = append(stack, [2]int{from, far}, [2]int{far, to})
		}
	}
}

// distance is how far a point lies from the stretch between two others.
func distance(p, a, b point) float64 {
	dx, dy := float64(b.x-a.x), float64(b.y-a.y)
	px, py := float64(p.x-a.x), float64(p.y-a.y)
	if along := dx*dx + dy*dy; along > 0 {
		at := min(max((px*dx+py*dy)/along, 0), 1)
		px, py = px-at*dx, py-at*dy
	}
	return math.Hypot(px, py)
}
