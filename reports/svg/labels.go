package svg

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"unicode/utf8"
)

// text is the label of a mark.
type text struct {
	label
	x, y   float64 // where it begins or ends, and its middle line
	anchor string
	weight float64 // the size of its mark
}

// beside keeps the label of a mark until all marks are drawn.
func (c *canvas) beside(s *series, l label, x, y float64) {
	distance := s.Size/2 + markFrame + markGap
	t := text{label: l, x: x + distance, y: y, anchor: "start", weight: s.Size}
	if l.Position == "left" {
		t.x, t.anchor = x-distance, "end"
	}
	c.texts = append(c.texts, t)
}

// labels writes the labels of the marks, those of larger marks first, and leaves
// out each that would lie over one already written: its mark keeps its tooltip
// and its row in the table.
func (c *canvas) labels() {
	slices.SortStableFunc(c.texts, func(a, b text) int { return cmp.Compare(b.weight, a.weight) })
	var written []text
	for _, t := range c.texts {
		if slices.ContainsFunc(written, t.overlaps) {
			continue
		}
		written = append(written, t)
		c.writef(`<text x="%s" y="%s" font-size="%s" text-anchor="%s" fill="%s"`, pixels(t.x), pixels(t.y+t.FontSize*lower),
			pixels(t.FontSize), t.anchor, html.EscapeString(t.Color))
		if t.BorderWidth > 0 {
			c.writef(` stroke="%s" stroke-width="%s" stroke-linejoin="round" paint-order="stroke"`,
				html.EscapeString(t.BorderColor), pixels(t.BorderWidth))
		}
		c.writef(`>%s</text>`, html.EscapeString(t.Text))
	}
}

// letter is about the width of a letter, in parts of the size of the type:
// nothing can be measured here.
const letter = 0.56

func (t text) span() (from, to float64) {
	width := letter * t.FontSize * float64(utf8.RuneCountInString(t.Text))
	if t.anchor == "end" {
		return t.x - width, t.x
	}
	return t.x, t.x + width
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
			l, a := rule.Label, c.area
			above := "end"
			if c.y.Inverse {
				above = "start"
			}
			switch {
			case rule.Y != nil && l.Position != "end", rule.X != nil && l.Position != above:
				return fmt.Errorf("options: a label at the %s of a line across cannot be drawn", l.Position)
			case rule.Y != nil && c.y.holds(*rule.Y):
				at := c.y.at(*rule.Y)
				c.path("M"+pixels(a.left)+" "+pixels(crisp(at))+"H"+pixels(a.right), rule.Line)
				c.atEnd(l, a.right+markGap, at+l.Offset[1]+l.FontSize*lower, "start")
			case rule.X != nil && c.x.holds(*rule.X):
				at := c.x.at(*rule.X)
				c.path("M"+pixels(crisp(at))+" "+pixels(a.top)+"V"+pixels(a.bottom), rule.Line)
				c.atEnd(l, at, a.top-markGap-l.FontSize*(0.5-lower)+l.Offset[1], "middle")
			}
		}
	}
	return nil
}

func (c *canvas) atEnd(l label, x, baseline float64, anchor string) {
	if !l.Show || l.Text == "" {
		return
	}
	c.group(l.Color, l.FontSize, anchor)
	c.text(x, baseline, l.Text)
	c.writef(`</g>`)
}
