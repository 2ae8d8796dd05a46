package reports

import (
	"html/template"
	"math"
	"strconv"

	"tavolo/reports/html"
	"tavolo/transform/result"
)

// Small drawings that stand beside their numbers in a row of a table. They add
// a picture and no fact, so they are hidden from those who listen, and cost a
// hundredth of what the chart library would take for the same.

// bar draws a share of the greatest one, beside the same share elsewhere.
func (b *builder) bar(part, elsewhere, most float64) template.HTML {
	if !known(part) || !(most > 0) {
		return ""
	}
	view := html.Bar{Part: coordinate(part / most * 100)}
	if known(elsewhere) {
		view.Mark = coordinate(elsewhere / most * 100)
	}
	return view.Draw()
}

// strip draws a figure and its interval about that of Italy, which stands in the
// middle: the drawing's half is as wide as it needs to be, so that rows of
// different units look alike and none can be ranked against another.
func (b *builder) strip(c result.Cell, italy float64) template.HTML {
	if !known(c.Value) || !known(italy) {
		return ""
	}
	low, high := c.Value, c.Value
	if known(c.Lower) && known(c.Upper) {
		low, high = math.Min(low, c.Lower), math.Max(high, c.Upper)
	}
	half := math.Max(math.Abs(low-italy), math.Abs(high-italy)) * 1.08
	if half == 0 {
		half = 1
	}
	x := func(value float64) string { return coordinate(120 + (value-italy)/half*112) }
	view := html.Strip{Reference: "M120 1V19", Dot: "M" + x(c.Value) + " 10h0"}
	if high > low {
		view.Whisker = "M" + x(low) + " 10H" + x(high)
	}
	if c.Class == result.Small || c.Class == result.Immature {
		view.Class = "immature"
	}
	return view.Draw()
}

func (b *builder) drawn(name string, view any) template.HTML {
	drawing, err := b.site.pages.Drawing(b.lang, name, view)
	if err != nil {
		b.fail(err)
	}
	return drawing
}

// drawnLater is drawn when the page is written.
func (b *builder) drawnLater(name string, view any) *html.Drawing {
	drawing := &html.Drawing{Inputs: html.Digest(view)}
	b.later = append(b.later, func() (err error) {
		drawing.HTML, err = b.site.pages.Drawing(b.lang, name, view)
		return err
	})
	return drawing
}

// coordinate writes a place in a drawing to a tenth.
func coordinate(value float64) string { return strconv.FormatFloat(value, 'f', 1, 64) }
