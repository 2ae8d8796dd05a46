// Package cartography draws the boundaries of territories as SVG path data: small
// enough for a page, and with borders that two territories share drawn the same in
// both, so that nothing gapes between them.
//
// Longitudes and latitudes are projected to an equirectangular map that is true to
// scale along the mean latitude (x is the longitude times its cosine), on which Italy
// is distorted by less than a pixel wants. Lines are simplified after Douglas and
// Peucker ("Algorithms for the reduction of the number of points required to
// represent a digitized line or its caricature", Cartographica 10, 1973).
package cartography

import (
	"fmt"
	"math"

	"tavolo/ingest/boundary"
)

// side is the length of the longer side of a drawing in units, about pixels at the
// size at which a page shows it; points lie on whole units.
const side = 800

// margin is what a drawing leaves free around the territories, for the stroke.
const margin = 2

// grain is how many parts of a unit tell two points apart. Files that were rounded
// twice have the same point in two places; these are closer.
const grain = 64

// tolerance is how far a simplified line may be from the true one, in units.
const tolerance = 2.5

// smallest is the least size, in square units, of the box around an island or a hole
// that is drawn. The largest part of a territory is drawn however small it is.
const smallest = 6

// Drawing is a map as SVG path data.
type Drawing struct {
	ViewBox string            // "0 0 width height"
	Paths   map[string]string // by code; to be filled by the even-odd rule
}

// Draw draws the shapes of a map as large as fits. The same map gives the same bytes.
// A map without shapes gives an empty drawing.
func Draw(m *boundary.Map) Drawing {
	d := Drawing{ViewBox: "0 0 0 0", Paths: map[string]string{}}
	if len(m.Shapes) == 0 {
		return d
	}
	f := fit(m, margin)
	lines := newLines()
	placed := f.placeAll(m, lines)
	for n, shape := range m.Shapes {
		d.Paths[shape.Code] = lines.path(placed[n])
	}
	d.ViewBox = fmt.Sprintf("0 0 %d %d", f.width, f.height)
	return d
}

// frame is where on a drawing a point lies.
type frame struct {
	stretch       float64 // of x against y
	left, top     float64 // the corner of the map, after stretching
	scale         float64 // units a degree, or a metre
	free          int     // on each side, in units
	width, height int     // of the drawing, in units
}

// fit makes the frame that all shapes fit in, with so many units free on each side.
func fit(m *boundary.Map, free int) frame {
	low := boundary.Point{X: math.Inf(1), Y: math.Inf(1)}
	high := boundary.Point{X: math.Inf(-1), Y: math.Inf(-1)}
	for _, shape := range m.Shapes {
		for _, ring := range shape.Rings {
			for _, p := range ring {
				low.X, low.Y = min(low.X, p.X), min(low.Y, p.Y)
				high.X, high.Y = max(high.X, p.X), max(high.Y, p.Y)
			}
		}
	}
	f := frame{stretch: 1, top: high.Y}
	if !m.Projected {
		f.stretch = math.Cos((low.Y/2 + high.Y/2) * math.Pi / 180)
	}
	f.left = low.X * f.stretch
	width, height := high.X*f.stretch-f.left, high.Y-low.Y
	if longest := max(width, height); longest > 0 && !math.IsInf(longest, 1) {
		f.scale = float64(side-2*free) / longest
	}
	f.free = free
	f.width, f.height = int(math.Ceil(width*f.scale))+2*free, int(math.Ceil(height*f.scale))+2*free
	return f
}

// placeAll places the rings of each shape of a map, and makes them known to the lines.
func (f frame) placeAll(m *boundary.Map, lines lines) [][]line {
	placed := make([][]line, len(m.Shapes))
	for n, shape := range m.Shapes {
		for _, ring := range shape.Rings {
			placed[n] = append(placed[n], f.place(ring))
		}
		lines.add(placed[n])
	}
	return placed
}

// place gives the points of a ring on the drawing, in grains, y downwards, without
// those that fall together with the one before.
func (f frame) place(ring boundary.Ring) line {
	var placed line
	for _, p := range ring {
		at := point{int(math.Round(((p.X*f.stretch-f.left)*f.scale + float64(f.free)) * grain)),
			int(math.Round(((f.top-p.Y)*f.scale + float64(f.free)) * grain))}
		if len(placed) == 0 || placed[len(placed)-1] != at {
			placed = append(placed, at)
		}
	}
	if len(placed) > 1 && placed[0] == placed[len(placed)-1] {
		placed = placed[:len(placed)-1]
	}
	return placed
}
