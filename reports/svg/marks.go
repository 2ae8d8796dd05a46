package svg

import (
	"errors"
	"fmt"
	"html"
	"math"
	"strings"
)

// marks draws all series, from the lowest to the uppermost, the straight lines
// over them and the labels over everything.
func (c *canvas) marks(o *option) error {
	for s := range o.inOrder() {
		if err := c.series(s); err != nil {
			return err
		}
	}
	if err := c.rules(o); err != nil {
		return err
	}
	if c.y.Type == "category" {
		c.names("names") // a narrow screen shows them on the plot
	}
	c.labels()
	return nil
}

func (c *canvas) series(s *series) error {
	switch s.Type {
	case "line":
		return c.curve(s)
	case "bar":
		return c.bars(s)
	case "scatter":
		return c.points(s)
	}
	return fmt.Errorf("options: a series of type %q cannot be drawn", s.Type)
}

// curve joins points by straight lines, with a gap where one is missing. What
// lies beyond the plot is cut off.
func (c *canvas) curve(s *series) error {
	if s.Symbol != "none" {
		return errors.New("options: a line with symbols cannot be drawn")
	}
	var d strings.Builder
	command, last, beyond := "M", "", false
	for i := range s.Data {
		x, y, err := s.Data[i].pair()
		if err != nil {
			return err
		}
		if math.IsNaN(x) || math.IsNaN(y) {
			command, last = "M", ""
			continue
		}
		beyond = beyond || !c.x.holds(x) || !c.y.holds(y)
		if at := tenths(c.x.at(x)) + " " + tenths(c.y.at(y)); at != last {
			d.WriteString(command + at)
			command, last = "L", at
		}
	}
	class := "lines"
	if beyond {
		class = "lines cut"
	}
	c.open(class)
	c.path(d.String(), s.Line, ` stroke-linejoin="round"`)
	c.writef(`</svg>`)
	return nil
}

// pair gives the two coordinates of a datum.
func (d datum) pair() (x, y float64, err error) {
	if len(d.at) != 2 && len(d.at) != 3 {
		return 0, 0, fmt.Errorf("options: a point with %d coordinates", len(d.at))
	}
	return d.at[0], d.at[1], nil
}

// bars draws one level bar for each name of the y axis.
func (c *canvas) bars(s *series) error {
	if c.y.Type != "category" || c.x.Type != "value" {
		return errors.New("options: only bars of named rows can be drawn")
	}
	const part = 0.8 // of a row's room, at most
	thick := math.Min(s.thickest(), c.y.band()*part)
	c.writef(`<g transform="translate(0 %s)">`, pixels(-thick/2))
	for i, bar := range s.Data {
		if len(bar.at) != 1 {
			return fmt.Errorf("options: a bar with %d values", len(bar.at))
		}
		if math.IsNaN(bar.at[0]) {
			continue
		}
		colour := bar.item.Color
		if colour == "" {
			colour = s.Item.Color
		}
		from, to := c.x.zero(), c.x.at(bar.at[0])
		c.writef(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`, c.across(math.Min(from, to)),
			c.down(c.y.at(float64(i))), c.across(math.Abs(to-from)), pixels(thick), html.EscapeString(colour))
	}
	c.writef(`</g>`)
	return nil
}

// points draws the symbols of a scatter; those beyond the plot are left out, as
// in the browser. Their labels come last, above everything: see labels.
func (c *canvas) points(s *series) error {
	if len(s.Data) == 0 {
		return nil
	}
	if s.Rotate != 0 && s.Rotate != 180 {
		return fmt.Errorf("options: a symbol turned by %v degrees cannot be drawn", s.Rotate)
	}
	mark, err := c.symbol(s)
	if err != nil {
		return err
	}
	c.writef(`<g fill="%s" stroke="%s" stroke-width="%s"`, html.EscapeString(s.Item.Color),
		html.EscapeString(s.Item.BorderColor), pixels(s.Item.BorderWidth))
	if o := s.Item.Opacity; o != nil && *o != 1 {
		c.writef(` opacity="%s"`, pixels(*o))
	}
	c.writef(`>`)
	for i := range s.Data {
		x, y, err := s.Data[i].pair()
		if err != nil {
			return err
		}
		if math.IsNaN(x) || math.IsNaN(y) || !c.x.holds(x) || !c.y.holds(y) {
			continue
		}
		x, y = c.x.at(x), c.y.at(y)
		c.writef(mark, c.across(x), c.down(y))
		if s.Data[i].label.Show {
			c.beside(s, s.Data[i].label, x, y)
		}
	}
	c.writef(`</g>`)
	return nil
}

// symbol gives the element that draws a series' symbol at two coordinates. A path has no
// place of its own: it is drawn once, of no series, and used.
func (c *canvas) symbol(s *series) (element string, err error) {
	r := s.Size / 2
	up := -r
	if s.Rotate == 180 {
		up = r
	}
	d := ""
	switch s.Symbol {
	case "circle":
		return `<circle cx="%s" cy="%s" r="` + pixels(r) + `"/>`, nil
	case "triangle":
		d = fmt.Sprintf("M0 %sl%s %sh%sz", pixels(up), pixels(r), pixels(-2*up), pixels(-2*r))
	case "diamond":
		d = fmt.Sprintf("M0-%[1]sl%[1]s %[1]s-%[1]s %[1]s-%[1]s-%[1]sz", pixels(r))
	case "rect":
		d = fmt.Sprintf("M-%[1]s-%[1]sh%[2]sv%[2]sh-%[2]sz", pixels(r), pixels(2*r))
	default:
		return "", fmt.Errorf("options: a symbol %q cannot be drawn", s.Symbol)
	}
	c.symbols++
	id := fmt.Sprintf("%s-s%d", html.EscapeString(c.id), c.symbols)
	c.writef(`<defs><path id="%s" d="%s"/></defs>`, id, d)
	return `<use href="#` + strings.ReplaceAll(id, "%", "%%") + `" x="%s" y="%s"/>`, nil
}
