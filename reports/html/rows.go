package html

import (
	"html/template"
	"strconv"
	"strings"
	"sync"
)

// rowsWriter writes the rows of tables. They are most of a site's bytes, a hundred
// thousand rows, and a template takes ten times as long for each. Every text goes
// through the escaper of html/template, and an address that is not one of the site's
// own is left out; see the package comment on security.
//
// HTML lets the end of a cell go unsaid where another cell or the row's end follows, and
// quotes around a plain word: that is a thirtieth of the longest pages.
type rowsWriter struct {
	mark  func(*Mark) (template.HTML, error) // what the template of marks gives
	known sync.Map                           // Mark → template.HTML: there are a few dozen
}

// rows are the rows of a table, as the template "table" shows them.
func (w *rowsWriter) rows(t *Table) (template.HTML, error) {
	var out strings.Builder
	for _, row := range t.Rows {
		if row.Group != "" {
			out.WriteString(`<tr class="group"><th scope="colgroup" colspan="` + strconv.Itoa(len(t.Columns)) + `">`)
			escape(&out, row.Group)
			out.WriteString("</th></tr>\n")
			continue
		}
		out.WriteString("<tr")
		attribute(&out, "id", row.ID)
		out.WriteByte('>')
		for n := range row.Cells {
			if err := w.cell(&out, &row.Cells[n], n == 0, t.Columns[n].Numeric); err != nil {
				return "", err
			}
		}
		out.WriteString("</tr>\n")
	}
	return template.HTML(out.String()), nil
}

func (w *rowsWriter) cell(out *strings.Builder, c *Cell, heads, numeric bool) error {
	if heads {
		out.WriteString(`<th scope=row>`)
	} else {
		out.WriteString("<td")
		bareAttribute(out, "class", cellClass(c, numeric))
		if (!numeric || !isWholeNumber(c)) && !isMoment(c.Sort) {
			bareAttribute(out, "data-sort", c.Sort)
		}
		out.WriteByte('>')
	}
	switch {
	case isWithin(c.Href):
		element(out, "a", "href", c.Href, c.Text)
	case isMoment(c.Sort):
		element(out, "time", "datetime", c.Sort, c.Text)
	case c.Lang != "":
		element(out, "span", "lang", c.Lang, c.Text)
	default:
		escape(out, c.Text)
	}
	out.WriteString(string(c.Draw))
	if c.Sub != "" {
		out.WriteString("<small>")
		escape(out, c.Sub)
		out.WriteString("</small>")
	}
	if c.Mark != nil {
		drawn, err := w.marked(c.Mark)
		if err != nil {
			return err
		}
		out.WriteString(string(drawn))
	}
	return nil
}

// isWholeNumber tells of a cell whose digits are its key of order, as the script knows:
// thousands of such keys are some kilobytes of a page.
func isWholeNumber(c *Cell) bool {
	return c.Text != "" && c.Sort == digitsOf(c.Text) && strings.Trim(c.Text, "0123456789.,") == ""
}

// isMoment tells of a key of order that is a moment.
func isMoment(key string) bool {
	return len(key) == len(momentLayout) && key[len("2006-01-02")] == 'T' && key[len(key)-1] == 'Z'
}

func cellClass(c *Cell, numeric bool) string {
	class := ""
	if numeric {
		class = "num"
		if c.Class != "" && c.Class != "ok" {
			class += " class-" + c.Class
		}
	}
	if c.Heat != "" {
		class = strings.TrimSpace(class + " heat " + c.Heat)
	}
	return class
}

func (w *rowsWriter) marked(m *Mark) (template.HTML, error) {
	if drawn, ok := w.known.Load(*m); ok {
		return drawn.(template.HTML), nil
	}
	drawn, err := w.mark(m)
	if err == nil {
		w.known.Store(*m, drawn)
	}
	return drawn, err
}

// element writes an element with an attribute and a text.
func element(out *strings.Builder, name, attributeName, value, text string) {
	out.WriteString("<" + name)
	attribute(out, attributeName, value)
	out.WriteByte('>')
	escape(out, text)
	out.WriteString("</" + name + ">")
}

// attribute writes an attribute; none when its value is "".
func attribute(out *strings.Builder, name, value string) {
	if value == "" {
		return
	}
	out.WriteString(" " + name + `="`)
	escape(out, value)
	out.WriteByte('"')
}

// bareAttribute is attribute in an element of HTML that does not end with a slash: a value
// that needs no quotes has none.
func bareAttribute(out *strings.Builder, name, value string) {
	if value == "" || strings.ContainsFunc(value, func(r rune) bool { return !isPlain(r) }) {
		attribute(out, name, value)
		return
	}
	out.WriteString(" " + name + "=" + value)
}

// isPlain tells of what neither HTML nor html/template takes for anything but itself.
func isPlain(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '-' || r == '.' || r == '_'
}

func escape(out *strings.Builder, text string) {
	if !strings.ContainsAny(text, "<>&'\"\x00") { // hardly any text needs it
		out.WriteString(text)
		return
	}
	out.WriteString(template.HTMLEscapeString(text))
}

// isWithin tells of an address within the site: a path or a fragment, and nothing with
// a scheme or a host.
func isWithin(href string) bool {
	path, _, _ := strings.Cut(href, "#")
	return href != "" && !strings.HasPrefix(path, "/") && !strings.ContainsAny(path, ":\\?")
}
