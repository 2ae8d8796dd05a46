package cartography

import (
	"fmt"
	"slices"
	"strings"

	"tavolo/ingest/boundary"
)

// surroundings is how much of what lies around a part of a map is shown on each side,
// in units.
const surroundings = 44

// Part is some territories of a map, as large as fits, and what lies around them.
type Part struct {
	Drawing        // of the territories themselves
	Around  string // path data of the others as far as they are in the frame; to be filled by the even-odd rule
}

// DrawPart draws the shapes of a map that are wanted, and the others around them without
// telling them apart. The others are cut off at the edge of the frame, as they may be
// many times as large; borders that they share with a wanted one are drawn the same. A map
// of which no shape is wanted gives an empty drawing.
func DrawPart(m *boundary.Map, wanted func(code string) bool) Part {
	own := m.Of(wanted)
	part := Part{Drawing: Drawing{ViewBox: "0 0 0 0", Paths: map[string]string{}}}
	if len(own.Shapes) == 0 {
		return part
	}
	f := fit(own, surroundings)
	lines := newLines()
	placed := f.placeAll(own, lines)
	var around []line
	for _, shape := range m.Shapes {
		if wanted(shape.Code) {
			continue
		}
		for _, ring := range shape.Rings {
			if cut := f.cut(f.place(ring)); len(cut) > 2 {
				around = append(around, cut)
			}
		}
	}
	lines.add(around)
	for n, shape := range own.Shapes {
		part.Paths[shape.Code] = lines.path(placed[n])
	}
	part.Around = lines.background(around)
	part.ViewBox = fmt.Sprintf("0 0 %d %d", f.width, f.height)
	return part
}

// background writes rings that are no territories of their own: none is kept for being
// the largest.
func (l lines) background(rings []line) string {
	var out strings.Builder
	for _, ring := range rings {
		if whole := rounded(l.simplify(ring)); ring.size() >= smallest && whole.isArea() {
			whole.write(&out)
		}
	}
	return out.String()
}

// cut gives the part of a ring that lies in the frame and a little beyond, so that the
// stroke along the cut is out of sight. It goes along the four edges in turn (Sutherland
// and Hodgman, "Reentrant polygon clipping", Communications of the ACM 17, 1974): what
// falls apart stays joined by lines along an edge, which are out of sight too.
func (f frame) cut(ring line) line {
	const beyond = 4 * grain
	right, bottom := f.width*grain+beyond, f.height*grain+beyond
	for _, edge := range []func(p point) int{ // how far inside a point lies
		func(p point) int { return p.x + beyond }, func(p point) int { return right - p.x },
		func(p point) int { return p.y + beyond }, func(p point) int { return bottom - p.y },
	} {
		ring = ring.within(edge)
	}
	return slices.Compact(ring)
}

// within keeps what lies on the inner side of an edge.
func (r line) within(inside func(p point) int) line {
	if !slices.ContainsFunc(r, func(p point) bool { return inside(p) < 0 }) {
		return r
	}
	var kept line
	for n, p := range r {
		before := r[(n+len(r)-1)%len(r)]
		if (inside(before) < 0) != (inside(p) < 0) {
			kept = append(kept, crossing(before, p, inside(before), inside(p)))
		}
		if inside(p) >= 0 {
			kept = append(kept, p)
		}
	}
	return kept
}

// crossing is where the way from a point to another comes to an edge that the one is so
// far within and the other so far beyond, the same both ways.
func crossing(a, b point, atA, atB int) point {
	if b.before(a) {
		a, b, atA, atB = b, a, atB, atA
	}
	share := float64(atA) / float64(atA-atB)
	return point{a.x + int(share*float64(b.x-a.x)), a.y + int(share*float64(b.y-a.y))}
}
