package svg

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
)

// canvas is a drawing in the making.
type canvas struct {
	out   bytes.Buffer
	id    string
	area  area
	x, y  scale
	texts []text // labels of marks, which are drawn last
	clips int    // clipping areas so far
}

func (c *canvas) writef(format string, arguments ...any) { fmt.Fprintf(&c.out, format, arguments...) }

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
	a := c.area
	c.split(c.y, func(at string) string { return "M" + pixels(a.left) + " " + at + "H" + pixels(a.right) })
	c.split(c.x, func(at string) string { return "M" + at + " " + pixels(a.top) + "V" + pixels(a.bottom) })
	if line := c.x.Line; line.Show {
		c.path("M"+pixels(a.left)+" "+pixels(crisp(c.y.zero()))+"H"+pixels(a.right), line.Style)
	}
	if line := c.y.Line; line.Show {
		c.path("M"+pixels(crisp(c.x.zero()))+" "+pixels(a.top)+"V"+pixels(a.bottom), line.Style)
	}
	c.group(c.x.Label.Color, c.x.Label.FontSize, "middle")
	for _, t := range c.x.ticks() {
		c.text(t.at, a.bottom+labelGap+c.x.Label.FontSize*(0.5+lower), t.text)
	}
	c.writef(`</g>`)
	c.group(c.y.Label.Color, c.y.Label.FontSize, "end")
	for _, t := range c.y.ticks() {
		c.text(a.left-labelGap, t.at+c.y.Label.FontSize*lower, t.text)
	}
	c.writef(`</g>`)
	if c.x.Name != "" {
		c.group(c.x.NameStyle.Color, c.x.NameStyle.FontSize, "middle")
		c.text((a.left+a.right)/2, a.bottom+c.x.gap()+c.x.NameStyle.FontSize*(0.5+lower), c.x.Name)
		c.writef(`</g>`)
	}
	if c.y.Name != "" {
		c.group(c.y.NameStyle.Color, c.y.NameStyle.FontSize, anchor(c.y.NameStyle.Align))
		c.text(a.left, a.top-c.y.gap()-c.y.NameStyle.FontSize*(0.5-lower), c.y.Name)
		c.writef(`</g>`)
	}
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
		d.WriteString(line(pixels(crisp(at))))
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

// group opens a group of texts.
func (c *canvas) group(colour string, size float64, anchor string) {
	c.writef(`<g fill="%s" font-size="%s" text-anchor="%s">`, html.EscapeString(colour), pixels(size), anchor)
}

func (c *canvas) text(x, baseline float64, text string) {
	if text != "" {
		c.writef(`<text x="%s" y="%s">%s</text>`, pixels(x), pixels(baseline), html.EscapeString(text))
	}
}
