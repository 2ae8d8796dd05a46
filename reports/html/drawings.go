package html

import (
	"html/template"
	"strconv"
	"strings"
)

// Small drawings that stand in the rows of tables: thousands in a site, so that a
// template, which takes ten times as long, is none for them. Paths and numbers are
// written by the program; every text goes through the escaper.

// Spark is the course of a figure's months. Paths are in the frame of Width × Height; the
// drawing is stretched to its place.
type Spark struct {
	Width, Height int
	Label         string
	Band          string   // between the control limits; "" for none
	Target        string   // ""
	Lines         []string // stretches without a gap
	Points        []SparkPoint
}

// SparkPoint is all dots of one class.
type SparkPoint struct{ Path, Class string }

// Dot adds a dot to those of its class: a page has forty sparklines, and an element
// for each dot would be a tenth of it.
func (s *Spark) Dot(path, class string) {
	for n := range s.Points {
		if s.Points[n].Class == class {
			s.Points[n].Path += path
			return
		}
	}
	s.Points = append(s.Points, SparkPoint{path, class})
}

// Draw draws it, as an image with a name.
func (s *Spark) Draw() template.HTML {
	var out strings.Builder
	out.WriteString(`<svg class="spark" viewBox="0 0 ` + strconv.Itoa(s.Width) + " " + strconv.Itoa(s.Height) + `" preserveAspectRatio="none" role="img"`)
	attribute(&out, "aria-label", s.Label)
	out.WriteByte('>')
	path(&out, "spark-band", s.Band)
	path(&out, "spark-target", s.Target)
	for _, line := range s.Lines {
		path(&out, "spark-line", line)
	}
	for _, point := range s.Points {
		path(&out, strings.TrimSpace("spark-point "+point.Class), point.Path)
	}
	out.WriteString("</svg>")
	return template.HTML(out.String())
}

// Bar is a bar from nothing to Part, with a tick at Mark; both in hundredths of the
// drawing's width, Mark "" for none.
type Bar struct{ Part, Mark string }

// Draw draws it, for the eyes alone: its figures stand beside it.
func (b Bar) Draw() template.HTML {
	var out strings.Builder
	out.WriteString(`<svg class="bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">` +
		`<path class="bar-ground" d="M0 6H100"/><rect class="bar-part" y="1" height="10"`)
	attribute(&out, "width", b.Part)
	out.WriteString("/>")
	if b.Mark != "" {
		path(&out, "bar-mark", "M"+b.Mark+" 0V12")
	}
	out.WriteString("</svg>")
	return template.HTML(out.String())
}

// Strip is a figure with its interval on a line: paths in a frame of 240 × 20.
type Strip struct{ Reference, Whisker, Dot, Class string }

// Draw draws it, for the eyes alone.
func (s Strip) Draw() template.HTML {
	var out strings.Builder
	out.WriteString(`<svg class="strip" viewBox="0 0 240 20" preserveAspectRatio="none" aria-hidden="true" focusable="false">`)
	path(&out, "strip-reference", s.Reference)
	path(&out, "strip-whisker", s.Whisker)
	path(&out, strings.TrimSpace("strip-dot "+s.Class), s.Dot)
	out.WriteString("</svg>")
	return template.HTML(out.String())
}

// path writes a path of a class; none without places.
func path(out *strings.Builder, class, places string) {
	if places == "" {
		return
	}
	out.WriteString("<path")
	attribute(out, "class", class)
	attribute(out, "d", places)
	out.WriteString("/>")
}
