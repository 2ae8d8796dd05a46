// Package svg draws charts without a browser: from the options that ECharts
// gets in the page it makes the still drawing that stands there before ECharts
// runs, and where it never does: in print, in an e-mail, without JavaScript.
//
// It knows the part of ECharts' options that charts of ours use, and refuses
// every other: a drawing that left something out would be wrong, and nobody
// would see it. Where it places a mark is where ECharts places it; a test in
// the browser holds the two against each other.
//
// One drawing serves screens of every width. As it comes, it is as ECharts draws
// the chart, and scales. Where that would make its letters too small, the style sheet
// of the page lays the same drawing out anew, see narrow.go: all places within the
// plot are parts of it, so that the plot takes the width that there is while letters
// and marks keep their size.
//
// A drawing may stand in a page of strict security and of two colour schemes:
// it has no style attribute, ids begin with the chart's own id, colours are
// custom properties of the page's style sheet (`var(--accent)` in the options
// stays `var(--accent)` in the drawing), and a title and a description make it
// an image with a text alternative. The same options give the same bytes.
//
// Running ECharts itself in a JavaScript engine took some 60 ms for a chart,
// of which a report has hundreds; this takes less than one.
package svg

import (
	"encoding/json"
	"fmt"
	"html"
)

// Drawing says how a chart is to appear.
type Drawing struct {
	ID            string // unique in the page, fixed from run to run
	Title         string // its name, in the page's language
	Description   string // what it shows, in the page's language
	Lang          string // language of both: it, en
	Width, Height int    // in CSS pixels; the drawing scales with its container
}

// Draw draws the chart that the JSON of its options describes. Its margins are
// the options' grid: nothing is moved to make room for a label. The error
// names the chart, and what in its options cannot be drawn.
func Draw(options json.RawMessage, d Drawing) ([]byte, error) {
	o, err := readOption(options)
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", d.ID, err)
	}
	g := o.Grid
	c := &canvas{id: d.ID, width: float64(d.Width) - g.Left - g.Right, height: float64(d.Height) - g.Top - g.Bottom}
	c.x, c.y = newScale(o.X, 0, c.width), newScale(o.Y, c.height, 0)
	c.writef(`<svg viewBox="0 0 %d %d" height="%d" preserveAspectRatio="xMinYMin" role="img" lang="%s" aria-labelledby="%s-t %[5]s-d" class="chart-svg">`,
		d.Width, d.Height, d.Height+c.taller(), html.EscapeString(d.Lang), html.EscapeString(d.ID))
	c.writef(`<title id="%s-t">%s</title><desc id="%[1]s-d">%[3]s</desc>`,
		html.EscapeString(d.ID), html.EscapeString(d.Title), html.EscapeString(d.Description))
	c.writef(`<foreignObject class="%s" x="%s" y="%s" width="%s" height="%s"><svg width="100%%" height="100%%">`, c.class(), pixels(g.Left), pixels(g.Top), pixels(c.width), pixels(c.height))
	c.axes(o)
	if err := c.marks(o); err != nil {
		return nil, fmt.Errorf("chart %s: %w", d.ID, err)
	}
	c.writef(`</svg></foreignObject></svg>`)
	return c.out.Bytes(), nil
}
