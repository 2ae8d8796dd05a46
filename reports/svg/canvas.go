package svg

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
)

// canvas is a drawing in the making. Its coordinates are pixels of the plot's area as a wide
// screen shows it; what is written are parts of the area, which a narrow one shows in
// another size, with letters and marks as large as they were.
type canvas struct {
	out           bytes.Buffer
	id            string
	width, height float64 // of the area
	x, y          scale
	texts         []text // labels of marks, which are drawn last
	symbols       int    // shapes of marks so far
}

func (c *canvas) writef(format string, arguments ...any) { fmt.Fprintf(&c.out, format, arguments...) }

// across and down write a coordinate as a part of the area.
func (c *canvas) across(x float64) string { return pixels(100*x/c.width) + "%" }
func (c *canvas) down(y float64) string   { return pixels(100*y/c.height) + "%" }

// pixels writes a coordinate to a hundredth of a pixel.
func pixels(value float64) string {
	written := strconv.FormatFloat(value, 'f', 2, 64)
	written = strings.TrimRight(strings.TrimRight(written, "0"), ".") // there always is a point
	if written == "-0" {
		return "0"
	}
	return written
}

// tenths writes one to a tenth, as a curve has many.
func tenths(value float64) string { return pixels(math.Round(value*10) / 10) }

// Distances in pixels, those of ECharts.
const (
	labelGap  = 8.0  // from an axis to the labels of its ticks
	nameGap   = 15.0 // from the end of an axis to its name
	markGap   = 5.0  // from a mark or the end of a line to its label
	markFrame = 0.75 // half the edge of a mark
)

// lower is how far below the middle of a line of text its baseline lies, in parts
// of the size of the type. Written into y, so that no program that shows the
// drawing needs to know dominant-baseline.
const lower = 0.35

// axes draws the lines across the plot, the lines of the axes, their labels and
// their names.
func (c *canvas) axes(o *option) {
	c.open("lines straight")
	c.split(c.y, func(at string) string { return "M0 " + at + "H" + pixels(c.width) })
	c.split(c.x, func(at string) string { return "M" + at + " 0V" + pixels(c.height) })
	if line := c.x.Line; line.Show {
		c.path("M0 "+pixels(c.y.zero())+"H"+pixels(c.width), line.Style)
	}
	if line := c.y.Line; line.Show {
		c.path("M"+pixels(c.x.zero())+" 0V"+pixels(c.height), line.Style)
	}
	c.writef(`</svg>`)
	size := c.x.Label.FontSize
	c.group("", c.x.Label.Color, size, "middle", 0, labelGap+size*(0.5+lower))
	c.ticks()
	c.writef(`</g>`)
	if c.y.Type != "category" {
		c.names("")
	}
	if c.x.Name != "" {
		size := c.x.NameStyle.FontSize
		c.group("", c.x.NameStyle.Color, size, "middle", 0, c.x.gap()+size*(0.5+lower))
		c.text(c.across(c.width/2), "100%", "", c.x.Name)
		c.writef(`</g>`)
	}
	if c.y.Name != "" {
		size := c.y.NameStyle.FontSize
		c.group("", c.y.NameStyle.Color, size, anchor(c.y.NameStyle.Align), 0, -c.y.gap()-size*(0.5-lower))
		c.text("0", "0", "", c.y.Name)
		c.writef(`</g>`)
	}
}

// ticks writes the labels below the plot. Where a narrow screen has no room for all, it
// shows every second one, or third.
func (c *canvas) ticks() {
	all := c.x.ticks()
	every := c.every(all)
	for n, t := range all {
		class, _, _ := c.ends(t.text, c.x.Label.FontSize, t.at)
		if n%every != 0 {
			class = "no-room"
		}
		c.text(c.across(t.at), "100%", class, t.text)
	}
}

// names writes the labels at the left of the plot.
func (c *canvas) names(class string) {
	size := c.y.Label.FontSize
	c.group(class, c.y.Label.Color, size, "end", -labelGap, size*lower)
	for _, t := range c.y.ticks() {
		c.text("0", c.down(t.at), "", t.text)
	}
	c.writef(`</g>`)
}

func (s scale) gap() float64 {
	if s.NameGap != nil {
		return *s.NameGap
	}
	return nameGap
}

func anchor(align string) string {
	switch align {
	case "left":
		return "start"
	case "right":
		return "end"
	}
	return "middle"
}

// split draws the lines that an axis throws across the plot.
func (c *canvas) split(s scale, line func(at string) string) {
	if !s.Split.Show || s.Type == "category" {
		return
	}
	var d strings.Builder
	for _, at := range s.splits() {
		d.WriteString(line(pixels(at)))
	}
	c.path(d.String(), s.Split.Style)
}

// path draws a line; nothing when it is empty.
func (c *canvas) path(d string, style lineStyle, more ...string) {
	if d == "" {
		return
	}
	c.writef(`<path d="%s" fill="none" stroke="%s"`, d, html.EscapeString(style.Color))
	width := style.Width
	if width == 0 {
		width = 1
	}
	if width != 1 {
		c.writef(` stroke-width="%s"`, pixels(width))
	}
	switch style.Type {
	case "dashed":
		c.writef(` stroke-dasharray="%s,%s"`, pixels(4*width), pixels(2*width))
	case "dotted":
		c.writef(` stroke-dasharray="%s"`, pixels(width))
	}
	c.writef(`%s/>`, strings.Join(more, ""))
}

// open begins lines, which are stretched with the area; their strokes keep their width.
func (c *canvas) open(class string) {
	c.writef(`<svg class="%s" viewBox="0 0 %s %s" preserveAspectRatio="none">`, class, pixels(c.width), pixels(c.height))
}

// group opens a group of texts, all by so much beside their places.
func (c *canvas) group(class, colour string, size float64, anchor string, right, below float64) {
	c.writef(`<g%s fill="%s" font-size="%s" text-anchor="%s" transform="translate(%s %s)">`, classed(class), html.EscapeString(colour), pixels(size),
		anchor, pixels(right), pixels(below))
}

// text writes one at a place of the area.
func (c *canvas) text(x, y, class, text string) {
	if text != "" {
		c.writef(`<text x="%s" y="%s"%s>%s</text>`, x, y, classed(class), html.EscapeString(text))
	}
}

// classed is the attribute of a class, nothing where there is none.
func classed(class string) string {
	if class == "" {
		return ""
	}
	return ` class="` + class + `"`
}
