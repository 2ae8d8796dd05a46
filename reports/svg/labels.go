package svg

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf8"
)

// text is the label of a mark.
type text struct {
	label
	x, y     float64 // the middle of its mark
	isLeft   bool    // it stands at the left of it
	distance float64 // from the middle of the mark
}

// beside keeps the label of a mark until all marks are drawn.
func (c *canvas) beside(s *series, l label, x, y float64) {
	c.texts = append(c.texts, text{label: l, x: x, y: y, isLeft: l.Position == "left", distance: s.Size/2 + markFrame + markGap})
}

// labels writes the labels of the marks, those of larger marks first, and leaves
// out each that would lie over one already written: its mark keeps its tooltip
// and its row in the table.
func (c *canvas) labels() {
	slices.SortStableFunc(c.texts, func(a, b text) int { return cmp.Compare(b.distance, a.distance) })
	var written, narrow []text
	for _, t := range c.texts {
		if slices.ContainsFunc(written, t.overlaps) {
			continue
		}
		written = append(written, t)
		class, there := "", c.onNarrow(t)
		switch {
		case slices.ContainsFunc(narrow, there.overlaps) || !c.hasRoom(there):
			class = "no-room"
		case there.isLeft && !t.isLeft:
			class = "flip"
		}
		if class != "no-room" {
			narrow = append(narrow, there)
		}
		c.label(t, class)
	}
}

func (c *canvas) label(t text, class string) {
	away, anchor := t.distance, "start"
	if t.isLeft {
		away, anchor = -away, "end"
	}
	c.writef(`<text%s x="%s" y="%s" dx="%s" dy="%s" font-size="%s" text-anchor="%s" fill="%s"`, classed(class), c.across(t.x), c.down(t.y),
		pixels(away), pixels(t.FontSize*lower), pixels(t.FontSize), anchor, html.EscapeString(t.Color))
	if t.BorderWidth > 0 {
		c.writef(` stroke="%s" stroke-width="%s" stroke-linejoin="round" paint-order="stroke"`,
			html.EscapeString(t.BorderColor), pixels(t.BorderWidth))
	}
	c.writef(`>%s</text>`, html.EscapeString(t.Text))
}

// onNarrow is a label as a narrow screen shows it: at the left of its mark, where the
// right has no room.
func (c *canvas) onNarrow(t text) text {
	t.x *= c.narrow() / c.width
	t.isLeft = t.isLeft || !c.hasRoom(t)
	return t
}

func (c *canvas) hasRoom(there text) bool {
	left, right := c.sides()
	from, to := there.span()
	return from > -left && to < c.narrow()+right
}

// width is about that of a text: nothing can be measured here.
func width(text string, size float64) float64 {
	const letter = 0.56 // in parts of the size of the type
	return letter * size * float64(utf8.RuneCountInString(text))
}

func (t text) span() (from, to float64) {
	wide := width(t.Text, t.FontSize)
	if t.isLeft {
		return t.x - t.distance - wide, t.x - t.distance
	}
	return t.x + t.distance, t.x + t.distance + wide
}

func (t text) overlaps(other text) bool {
	from, to := t.span()
	otherFrom, otherTo := other.span()
	apart := max(t.FontSize, other.FontSize)
	return from < otherTo && otherFrom < to && t.y-other.y < apart && other.y-t.y < apart
}

// rules draws the straight lines across the plot. Level ones have their label at
// their right end, upright ones above.
func (c *canvas) rules(o *option) error {
	for i := range o.Series {
		for _, rule := range o.Series[i].MarkLine.Data {
			l := rule.Label
			above := "end"
			if c.y.Inverse {
				above = "start"
			}
			switch {
			case rule.Y != nil && l.Position != "end", rule.X != nil && l.Position != above:
				return fmt.Errorf("options: a label at the %s of a line across cannot be drawn", l.Position)
			case rule.Y != nil && c.y.holds(*rule.Y):
				at := c.y.at(*rule.Y)
				c.straight("M0 "+pixels(at)+"H"+pixels(c.width), rule.Line)
				class := "level"
				if at < l.FontSize/2 {
					class = "level under" // the line, where a narrow screen has nothing above
				}
				c.atEnd(l, class, "start", c.width, at, markGap, l.FontSize*lower)
			case rule.X != nil && c.x.holds(*rule.X):
				at := c.x.at(*rule.X)
				c.straight("M"+pixels(at)+" 0V"+pixels(c.height), rule.Line)
				class, _, _ := c.ends(l.Text, l.FontSize, at)
				c.atEnd(l, strings.TrimSpace("upright "+class), "middle", at, 0, 0, -markGap-l.FontSize*(0.5-lower))
			}
		}
	}
	return nil
}

func (c *canvas) straight(d string, style lineStyle) {
	c.open("lines straight")
	c.path(d, style)
	c.writef(`</svg>`)
}

func (c *canvas) atEnd(l label, class, anchor string, x, y, right, below float64) {
	if !l.Show || l.Text == "" {
		return
	}
	c.group(class, l.Color, l.FontSize, anchor, right, below)
	c.writef(`<text x="%s" y="%s"`, c.across(x), c.down(y))
	if l.Offset[1] != 0 {
		c.writef(` dy="%s"`, pixels(l.Offset[1]))
	}
	c.writef(`>%s</text></g>`, html.EscapeString(l.Text))
}
