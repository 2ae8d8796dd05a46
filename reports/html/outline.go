package html

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Outline is the shape of one region on the map of Italy.
type Outline struct {
	Name string // in English, lower case with hyphens: "aosta-valley"
	Path string // SVG path data in the frame that Outlines returns
}

// grainOfOutline is the least distance of two points that are kept, in units of
// the map's frame of about 600: about a pixel as it is shown.
const grainOfOutline = 1.3

// Outlines gives the shapes of the regions and the viewBox that they lie in.
// They are those of @svg-maps/italy (CC BY 4.0), to be credited where shown,
// with fewer points.
func Outlines() (shapes []Outline, viewBox string, err error) {
	text, err := asset("italy.svg")
	if err != nil {
		return nil, "", err
	}
	var drawing struct {
		ViewBox string `xml:"viewBox,attr"`
		Paths   []struct {
			ID string `xml:"id,attr"`
			D  string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(text, &drawing); err != nil {
		return nil, "", fmt.Errorf("italy.svg: %w", err)
	}
	for _, path := range drawing.Paths {
		simple, err := simplify(path.D)
		if err != nil {
			return nil, "", fmt.Errorf("italy.svg: %s: %w", path.ID, err)
		}
		shapes = append(shapes, Outline{path.ID, simple})
	}
	return shapes, drawing.ViewBox, nil
}

// simplify drops points of a path that hardly differ from the one before, and
// rounds the others to whole units, less than a pixel. It knows the commands that the map uses: moves
// and lines, absolute or relative, and the end of a contour. Errors do not add
// up, as differences are taken between rounded points.
func simplify(path string) (string, error) {
	var out strings.Builder
	var x, y, startX, startY float64 // where the pen is, where its contour began
	var lastX, lastY int             // what was written
	relative, moving, drawing := false, false, false
	for fields := strings.Fields(path); len(fields) > 0; fields = fields[1:] {
		switch field := fields[0]; field {
		case "m", "M", "l", "L":
			relative, moving = field == "m" || field == "l", field == "m" || field == "M"
			continue
		case "z", "Z":
			out.WriteByte('z')
			x, y = startX, startY
			continue
		}
		a, b, ok := strings.Cut(fields[0], ",")
		dx, errX := strconv.ParseFloat(a, 64)
		dy, errY := strconv.ParseFloat(b, 64)
		if !ok || errX != nil || errY != nil {
			return "", fmt.Errorf("path data %q is not understood", fields[0])
		}
		if relative {
			x, y = x+dx, y+dy
		} else {
			x, y = dx, dy
		}
		toX, toY := int(math.Round(x)), int(math.Round(y))
		switch {
		case moving:
			fmt.Fprintf(&out, "M%d %d", toX, toY)
			startX, startY, moving, drawing = x, y, false, false
		case math.Hypot(float64(toX-lastX), float64(toY-lastY)) < grainOfOutline:
			continue
		default:
			out.WriteString(step(toX-lastX, toY-lastY, drawing))
			drawing = true
		}
		lastX, lastY = toX, toY
	}
	return out.String(), nil
}

// step is a line by so much, as short as path data may be: the letter of a command need
// not be said again, nor a space before a sign.
func step(x, y int, again bool) string {
	text := strconv.Itoa(x)
	switch {
	case !again:
		text = "l" + text
	case x >= 0:
		text = " " + text
	}
	if y >= 0 {
		text += " "
	}
	return text + strconv.Itoa(y)
}
