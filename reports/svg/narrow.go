package svg

import (
	"math"
	"unicode/utf8"
)

// What the style sheet of a page needs to know for a narrow screen. The classes of the
// area of a plot say how it is laid out there: rows have their names above them instead of
// at their left, and are higher for it; others keep the labels of their y axis, which
// are deep when they are long. Of texts, classes say which have no room there, and which end or
// begin at their place.

// rowTaller is by how much a row is higher with its name above it, in parts of its height.
const rowTaller = 2.0 / 3

// Widths in pixels on the narrowest screen that counts, of 320: of what a page leaves of it to a drawing, and
// of what the style sheet leaves at the sides of a plot in it.
const (
	narrowest  = 254.0
	rowSide    = 7.0
	shallow    = 44.0 // labels of up to shallowest letters at the left
	deep       = 64.0
	rightSide  = 12.0
	shallowest = 5
	unsure     = 3.0 // of an estimated place of the end of a text
)

func (c *canvas) class() string {
	switch left, _ := c.sides(); left {
	case rowSide:
		return "plot rows"
	case deep:
		return "plot deep"
	}
	return "plot"
}

// taller is by how much a narrow screen shows the drawing higher, in pixels.
func (c *canvas) taller() int {
	if c.y.Type != "category" {
		return 0
	}
	return int(math.Ceil(rowTaller * c.height))
}

// sides are what a narrow screen leaves beside the area.
func (c *canvas) sides() (left, right float64) {
	if c.y.Type == "category" {
		return rowSide, rowSide
	}
	for _, t := range c.y.ticks() {
		if utf8.RuneCountInString(t.text) > shallowest {
			return deep, rightSide
		}
	}
	return shallow, rightSide
}

// narrow is the width of the area on the narrowest screen.
func (c *canvas) narrow() float64 {
	left, right := c.sides()
	return narrowest - left - right
}

// ends gives the class of a text in the middle of a place, and where it begins and ends on
// the narrowest screen: one that would reach beyond it begins or ends at its place.
func (c *canvas) ends(text string, size, x float64) (class string, from, to float64) {
	wide, at := width(text, size), x/c.width*c.narrow()
	left, right := c.sides()
	switch {
	case at-wide/2-unsure < -left:
		return "at-start", at, at + wide
	case at+wide/2+unsure > c.narrow()+right:
		return "at-end", at - wide, at
	}
	return "", at - wide/2, at + wide/2
}

// every is how many of the labels below a plot the narrowest screen has room for: each, every
// second one, every third.
func (c *canvas) every(all []tick) int {
	for k := 1; k < len(all); k++ {
		fits, end := true, math.Inf(-1)
		for n := 0; n < len(all); n += k {
			_, from, to := c.ends(all[n].text, c.x.Label.FontSize, all[n].at)
			fits, end = fits && from > end+labelGap/2, to
		}
		if fits {
			return k
		}
	}
	return max(1, len(all))
}
