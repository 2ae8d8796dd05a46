// Package export writes the tables of a page as files: CSV and XLSX in the
// page's language, Parquet for machines.
//
// All three are made of one Table, and that is made of the html.Table that the
// page shows, so a figure, or a figure that is withheld, cannot differ between
// them. Numbers are those of the page, 7.9 for 7.9%, before it rounded them; those of Italy
// and of the region that stand beside a territory's own are as the page writes them.
package export

import (
	"strconv"
	"strings"
	"unicode"

	"tavolo/reports/html"
)

// Table is a table of a page as all exports hold it. What a cell shows beside
// its figure (limits, number of cases, class, mark) is a column of its own, and
// a heading over rows is a column that repeats it.
type Table struct {
	Name    string // within its page, in every language: territories
	Caption string
	Columns []Column
	Rows    [][]*Value // each as long as Columns; tables may have values in common
	Notes   []string

	digest string // see Digest
}

// Column is a column of a Table.
type Column struct {
	Key   string // unique in the table, the same in every language
	Title string // with the unit, where the column has one
	Base  string // without it
	Kind  html.Kind
	Dated bool      // a column of numbers, some of whose rows are days
	Unit  html.Unit // of all its numbers; zero where they have none or several
}

// Value is one cell of a Table. A number or date that is absent has the text
// that the page shows in its place.
type Value struct {
	html.Datum
	Class string // result.Class of a figure; ""
}

// Of makes the table of a page ready for export. A drawing is left out. The
// messages are those of the page's language.
func Of(name string, t *html.Table, m *html.Messages) *Table {
	out := &columns{Table: Table{Name: name, Caption: t.Caption, Notes: t.Notes}, m: m}
	rows, groups := make([]*html.Row, 0, len(t.Rows)), make([]Value, 0, len(t.Rows))
	group, grouped := "", false
	for n := range t.Rows {
		row := &t.Rows[n]
		if row.Group != "" {
			group, grouped = row.Group, true
			continue
		}
		rows = append(rows, row)
		groups = append(groups, Value{Datum: html.Datum{Text: group}})
	}
	if grouped {
		out.add(html.Column{Key: "group", Title: m.T("export.group")}, groups)
	}
	cells, none := make([]*html.Cell, len(rows)), &html.Cell{}
	for n, column := range t.Columns {
		for r, row := range rows {
			cells[r] = none
			if n < len(row.Cells) {
				cells[r] = &row.Cells[n]
			}
		}
		out.addCells(column, cells)
	}
	out.turn(len(rows))
	return &out.Table
}

// columns is a table while its columns are made.
type columns struct {
	Table
	values [][]Value // of each column
	m      *html.Messages
}

// turn makes rows of the columns.
func (t *columns) turn(rows int) {
	width := len(t.Columns)
	all := make([]*Value, rows*width)
	t.Rows = make([][]*Value, rows)
	for r := range rows {
		t.Rows[r] = all[r*width : (r+1)*width : (r+1)*width]
		for n := range width {
			t.Rows[r][n] = &t.values[n][r]
		}
	}
}

// addCells adds what a column of the page shows.
func (t *columns) addCells(column html.Column, cells []*html.Cell) {
	if column.Key == "" {
		column.Key = keyOf(column.Title, t.m)
	}
	main := make([]Value, len(cells))
	empty, apart := true, column.Numeric
	for r, cell := range cells {
		main[r] = Value{Datum: cell.Plain, Class: cell.Class}
		main[r].Text = textOf(cell)
		isPlain := cell.Plain == html.Datum{}
		empty = empty && main[r].Text == "" && isPlain
		apart = apart && isPlain
	}
	parts := partsOf(cells, t.m)
	if !empty && !(apart && len(parts) > 0) {
		t.add(column, main)
		if several(main) {
			t.add(t.under(column, "unit", t.m.T("export.unit")), unitsOf(main))
		}
	}
	for _, p := range parts {
		t.add(t.under(column, p.key, p.title), p.values)
	}
	if !column.Judged && column.Numeric {
		if classes := classesOf(cells, t.m); classes != nil {
			t.add(t.under(column, "class", t.m.T("export.class")), classes)
		}
	}
}

// textOf is what a cell shows, as text.
func textOf(cell *html.Cell) string {
	switch {
	case cell.Plain.Text != "":
		return cell.Plain.Text
	case cell.Text == "" && cell.Mark != nil:
		return cell.Mark.Text
	}
	return cell.Text
}

// under is the column of a part.
func (t *columns) under(column html.Column, key, title string) html.Column {
	return html.Column{Key: column.Key + "_" + key, Title: t.m.T("export.column", "column", column.Title, "part", title)}
}

// add adds one column; it finds out what the values are and gives those that
// are not there the same kind.
func (t *columns) add(column html.Column, values []Value) {
	c := Column{Key: t.free(column.Key), Title: column.Title, Base: column.Title}
	c.Kind, c.Dated = kindOf(values)
	for r := range values {
		v := &values[r]
		if c.Kind.IsNumber() && v.Kind.IsNumber() && !v.Absent() {
			c.Unit = v.Unit
		}
		if c.Kind != html.Shown && v.Kind == html.Shown {
			v.Kind = c.Kind
			if c.Kind.IsNumber() {
				v.Number = absent
			}
		}
	}
	if several(values) {
		c.Unit = html.Unit{}
	}
	if c.Unit.Name != "" {
		c.Title = t.m.T("export.with_unit", "column", c.Title, "unit", c.Unit.Name)
	}
	t.Columns = append(t.Columns, c)
	t.values = append(t.values, values)
}

// kindOf is the kind that all values of a column can have.
func kindOf(values []Value) (kind html.Kind, dated bool) {
	var has kinds
	has.note(values)
	return has.common()
}

// kinds are those that values have.
type kinds [html.Instant + 1]bool

// note adds the kinds of some values.
func (has *kinds) note(values []Value) {
	for n := range values {
		if v := &values[n]; v.Kind != html.Shown || v.Datum != (html.Datum{}) { // a cell with nothing in it is of any kind
			has[v.Kind] = true
		}
	}
}

// common is the kind that values of all these kinds can have. Cells of plain text among
// numbers are the words for why there is none.
func (has *kinds) common() (kind html.Kind, dated bool) {
	times := has[html.Day] || has[html.Month] || has[html.Instant]
	switch {
	case has[html.Measure]:
		return html.Measure, times
	case has[html.Count]:
		return html.Count, times
	}
	for _, kind := range []html.Kind{html.Instant, html.Day, html.Month} {
		if has[kind] {
			return kind, false
		}
	}
	if has[html.Shown] || *has == (kinds{}) {
		return html.Shown, false
	}
	if has[html.Term] {
		return html.Term, false
	}
	return html.Verbatim, false
}

// several tells whether the numbers of a column have more than one unit.
func several(values []Value) bool {
	first, any := "", false
	for n := range values {
		v := &values[n]
		if !v.Kind.IsNumber() || v.Absent() {
			continue
		}
		if any && v.Unit.Code != first {
			return true
		}
		first, any = v.Unit.Code, true
	}
	return false
}

func unitsOf(values []Value) []Value {
	units := make([]Value, len(values))
	for r, v := range values {
		units[r].Kind = html.Term
		if v.Kind.IsNumber() && !v.Absent() {
			units[r].Code, units[r].Text = v.Unit.Code, v.Unit.Name
		}
	}
	return units
}

func classesOf(cells []*html.Cell, m *html.Messages) []Value {
	var classes []Value
	for r, cell := range cells {
		if cell.Class == "" {
			continue
		}
		if classes == nil {
			classes = make([]Value, len(cells))
			for k := range classes {
				classes[k].Kind = html.Term
			}
		}
		classes[r].Code, classes[r].Text = cell.Class, classText(cell.Class, m)
	}
	return classes
}

// classText is the word for a class.
func classText(class string, m *html.Messages) string {
	switch class {
	case "small":
		return m.T("class.small")
	case "immature":
		return m.T("class.immature")
	case "hidden":
		return m.T("class.hidden")
	case "no_data":
		return m.T("class.no_data")
	}
	return m.T("class.ok")
}

// part is a column of what stands beside figures.
type part struct {
	key, title string
	values     []Value
}

// partsOf collects what the cells of a column say beside their figures, in the
// order in which it first occurs. Where cells do not list it in Also, their
// second lines and marks are taken as they are shown.
func partsOf(cells []*html.Cell, m *html.Messages) []part {
	var parts []part
	set := func(r int, key, title string, d *html.Datum) {
		for k := range parts {
			if parts[k].key == key {
				parts[k].values[r].Datum = *d
				return
			}
		}
		parts = append(parts, part{key, title, make([]Value, len(cells))})
		parts[len(parts)-1].values[r].Datum = *d
	}
	listed := false
	for r, cell := range cells {
		for n := range cell.Also {
			listed = true
			set(r, cell.Also[n].Key, cell.Also[n].Title, &cell.Also[n].Datum)
		}
	}
	if listed {
		return parts
	}
	for r, cell := range cells {
		if cell.Sub != "" {
			set(r, "second", m.T("export.second"), &html.Datum{Text: cell.Sub})
		}
	}
	for r, cell := range cells {
		if cell.Mark != nil && (cell.Text != "" || cell.Plain.Kind.IsNumber()) {
			set(r, "mark", m.T("export.mark"), &html.Datum{Kind: html.Term, Code: cell.Mark.Kind, Text: cell.Mark.Text})
		}
	}
	return parts
}

// free gives the key, or the first of it with _2, _3 … that no column has.
func (t *Table) free(key string) string {
	for name, n := key, 2; ; name, n = key+"_"+strconv.Itoa(n), n+1 {
		taken := false
		for _, c := range t.Columns {
			taken = taken || c.Key == name
		}
		if !taken {
			return name
		}
	}
}

// keyOf names a column of which only the title is known: after the message that
// has it, whose key is the same in every language, else after the title itself.
func keyOf(title string, m *html.Messages) string {
	key := m.Key("col.", title)
	if key == "" {
		key = m.Key("", title)
	}
	if key == "" {
		key = title
	}
	return machineName(key[strings.LastIndexByte(key, '.')+1:])
}

// machineName makes a name of a title: lower case, with _ for what is no letter
// or digit.
func machineName(title string) string {
	var b strings.Builder
	for _, r := range title {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(unicode.ToLower(r))
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	if name := strings.TrimSuffix(b.String(), "_"); name != "" {
		return name
	}
	return "column"
}
