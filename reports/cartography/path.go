package cartography

import (
	"math"
	"strconv"
	"strings"
)

// path writes the rings of a shape as SVG path data.
func (l lines) path(rings []line) string {
	largest, most := 0, -1.0
	for n, ring := range rings {
		if size := ring.size(); size > most {
			largest, most = n, size
		}
	}
	var out strings.Builder
	for n, ring := range rings {
		whole := rounded(l.simplify(ring))
		switch {
		case n == largest && !whole.isArea():
			whole = speck(ring)
		case n != largest && (ring.size() < smallest || !whole.isArea()):
			continue
		}
		whole.write(&out)
	}
	return out.String()
}

// size is that of the box around a ring, in square units.
func (r line) size() float64 {
	low, high := r.box()
	return float64(high.x-low.x) * float64(high.y-low.y) / (grain * grain)
}

func (r line) box() (low, high point) {
	low, high = r[0], r[0]
	for _, p := range r {
		low, high = point{min(low.x, p.x), min(low.y, p.y)}, point{max(high.x, p.x), max(high.y, p.y)}
	}
	return low, high
}

// speck stands for a territory that is too small to have a form on the drawing.
func speck(ring line) line {
	p := rounded(ring[:1])[0]
	return line{p, {p.x + 2, p.y}, {p.x + 2, p.y + 2}, {p.x, p.y + 2}}
}

// rounded gives a ring in whole units, without points that fall together with the one
// before.
func rounded(ring line) line {
	var whole line
	for _, p := range ring {
		at := point{unit(p.x), unit(p.y)}
		if len(whole) == 0 || whole[len(whole)-1] != at {
			whole = append(whole, at)
		}
	}
	if len(whole) > 1 && whole[0] == whole[len(whole)-1] {
		whole = whole[:len(whole)-1]
	}
	return whole
}

// unit rounds grains to units.
func unit(grains int) int { return int(math.Floor(float64(grains)/grain + 0.5)) }

// isArea tells of a ring that surrounds something.
func (r line) isArea() bool {
	twice := 0
	for n, p := range r {
		q := r[(n+1)%len(r)]
		twice += p.x*q.y - q.x*p.y
	}
	return len(r) > 2 && twice != 0
}

// write adds a ring to path data, as short as that may be: the letter of a command is
// not said again, and a sign separates numbers.
func (r line) write(out *strings.Builder) {
	out.WriteString("M" + strconv.Itoa(r[0].x) + separated(r[0].y))
	for n := 1; n < len(r); n++ {
		x, y := r[n].x-r[n-1].x, r[n].y-r[n-1].y
		if n == 1 {
			out.WriteString("l" + strconv.Itoa(x) + separated(y))
		} else {
			out.WriteString(separated(x) + separated(y))
		}
	}
	out.WriteByte('z')
}

func separated(n int) string {
	if n < 0 {
		return strconv.Itoa(n)
	}
	return " " + strconv.Itoa(n)
}
