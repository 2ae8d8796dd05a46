package svg

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// rewrite makes ECharts' SVG fit to stand in a page: see the package comment.
func rewrite(drawn string, s *skeleton, p *palette, d Drawing) ([]byte, error) {
	w := &rewriter{skeleton: s, palette: p, drawing: d}
	tokens := xml.NewDecoder(strings.NewReader(drawn))
	for {
		token, err := tokens.RawToken()
		if errors.Is(err, io.EOF) {
			return w.out.Bytes(), nil
		}
		if err != nil {
			return nil, fmt.Errorf("the drawing is not XML: %w", err)
		}
		w.token(token)
	}
}

type rewriter struct {
	skeleton *skeleton
	palette  *palette
	drawing  Drawing
	out      bytes.Buffer
	skip     int      // depth inside an element that is left out
	depth    int      // of the elements that are written
	names    []string // of the elements that are open
	open     bool     // the last start tag still lacks its >
}

func (w *rewriter) token(token xml.Token) {
	switch t := token.(type) {
	case xml.StartElement:
		if w.skip > 0 || t.Name.Local == "style" {
			w.skip++
			return
		}
		w.start(t)
	case xml.EndElement:
		if w.skip > 0 {
			w.skip--
			return
		}
		w.depth--
		name := w.names[w.depth]
		w.names = w.names[:w.depth]
		if w.open {
			w.open = false
			w.out.WriteString("/>")
			return
		}
		w.out.WriteString("</" + name + ">")
	case xml.CharData:
		if text := strings.TrimSpace(string(t)); w.skip == 0 && text != "" {
			w.closeTag()
			w.out.WriteString(html.EscapeString(w.skeleton.fill(text)))
		}
	}
}

// closeTag ends a start tag, once it is known that its element has content.
func (w *rewriter) closeTag() {
	if w.open {
		w.open = false
		w.out.WriteString(">")
	}
}

func (w *rewriter) start(t xml.StartElement) {
	w.closeTag()
	if c, ok := asCircle(t); ok {
		t = c
	}
	w.names = append(w.names, t.Name.Local)
	w.out.WriteString("<" + t.Name.Local)
	root := w.depth == 0
	w.depth++
	if root {
		d := w.drawing
		fmt.Fprintf(&w.out, ` viewBox="0 0 %d %d" role="img" lang="%s" aria-labelledby="%s-t %[4]s-d" class="chart-svg"`,
			d.Width, d.Height, html.EscapeString(d.Lang), html.EscapeString(d.ID))
	}
	for _, attr := range t.Attr {
		if !root { // the size and the namespaces of the root are ours
			w.attribute(attr)
		}
	}
	w.open = true
	if root {
		w.closeTag()
		d := w.drawing
		fmt.Fprintf(&w.out, `<title id="%s-t">%s</title><desc id="%[1]s-d">%[3]s</desc>`,
			html.EscapeString(d.ID), html.EscapeString(d.Title), html.EscapeString(d.Description))
	}
}

// attribute writes one attribute, or several for a style, or none.
func (w *rewriter) attribute(attr xml.Attr) {
	name, value := attr.Name.Local, attr.Value
	if attr.Name.Space != "" {
		name = attr.Name.Space + ":" + name
	}
	switch {
	case strings.HasPrefix(name, "ecmeta_"), name == "class", name == "xmlns:xlink", name == "xml:space",
		name == "pointer-events", name == "stroke-linejoin", name == "stroke-miterlimit", name == "xmlns":
	case name == "style":
		for _, declaration := range strings.Split(value, ";") {
			property, of, ok := strings.Cut(declaration, ":")
			if property = strings.TrimSpace(property); ok && presentation[property] {
				w.write(property, strings.TrimSpace(of))
			}
		}
	default:
		w.write(name, value)
	}
}

// presentation lists the properties that ECharts puts into style attributes and
// that may stand as attributes. The family of the type is the page's business.
var presentation = map[string]bool{
	"font-size": true, "font-weight": true, "font-style": true, "visibility": true,
	"mix-blend-mode": false, "cursor": false, "font-family": false, "user-select": false,
}

var (
	ownID    = regexp.MustCompile(`\bzr[0-9]+-`)
	decimals = regexp.MustCompile(`-?[0-9]*\.[0-9]{3,}(?:e-?[0-9]+)?`)
)

func (w *rewriter) write(name, value string) {
	value = w.palette.restore(value)
	value = ownID.ReplaceAllString(value, w.drawing.ID+"-")
	switch name {
	case "d", "points", "transform", "stroke-width", "x", "y", "width", "height", "x1", "x2", "y1", "y2", "cx", "cy":
		value = decimals.ReplaceAllStringFunc(value, shorten)
	}
	fmt.Fprintf(&w.out, ` %s="%s"`, name, html.EscapeString(value))
}

// shorten rounds a coordinate to a hundredth of a pixel.
func shorten(number string) string {
	value, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return number
	}
	text := strconv.FormatFloat(value, 'f', 2, 64)
	text = strings.TrimRight(strings.TrimRight(text, "0"), ".") // there always is a point

	if text == "-0" {
		return "0"
	}
	return text
}

// unitCircle is the path that ECharts draws for every circle, to be scaled and moved.
const unitCircle = "M1 0A1 1 0 1 1 1 -0.1A1 1 0 0 1 1 0"

// asCircle turns such a path into a circle element, a third of its size. Charts
// have hundreds.
func asCircle(t xml.StartElement) (xml.StartElement, bool) {
	var scale, x, y float64
	circle := xml.StartElement{Name: xml.Name{Local: "circle"}}
	isCircle := false
	for _, attr := range t.Attr {
		switch attr.Name.Local {
		case "d":
			isCircle = attr.Value == unitCircle
		case "transform":
			var b, c, d float64
			n, _ := fmt.Sscanf(attr.Value, "matrix(%f,%f,%f,%f,%f,%f)", &scale, &b, &c, &d, &x, &y)
			if n != 6 || b != 0 || c != 0 || d != scale {
				return t, false
			}
		}
	}
	if !isCircle || scale == 0 {
		return t, false
	}
	number := func(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }
	circle.Attr = []xml.Attr{{Name: xml.Name{Local: "cx"}, Value: shorten(number(x))},
		{Name: xml.Name{Local: "cy"}, Value: shorten(number(y))}, {Name: xml.Name{Local: "r"}, Value: shorten(number(scale))}}
	for _, attr := range t.Attr {
		switch attr.Name.Local {
		case "d", "transform":
		case "stroke-width":
			width, _ := strconv.ParseFloat(attr.Value, 64)
			attr.Value = shorten(number(width * scale))
			circle.Attr = append(circle.Attr, attr)
		default:
			circle.Attr = append(circle.Attr, attr)
		}
	}
	return circle, true
}
