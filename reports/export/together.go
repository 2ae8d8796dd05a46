package export

import (
	"slices"

	"tavolo/reports/html"
)

// PageTable is the table of one page among those of the same name of its siblings.
type PageTable struct {
	Code  string // of what the page is about: 058, no_show_rate
	Title string // of the page
	Table *Table // in one language
}

// Together makes one table of those that the pages of one kind have under the same
// name, for those who would otherwise have to read a hundred files. Its first column,
// page, says whose a row is, under a title that says what the pages are about. What is the same on all pages stays a property of a
// column; a title, a unit or a caption that differs between them has a column of its
// own: value_unit, value_title, caption.
//
// A column that one page lacks has no value there. Where it is of different kinds, it
// has the one that kindOf would give to all its values.
func Together(title, called string, tables []PageTable, m *html.Messages) *Table {
	first := tables[0].Table
	t := &joined{Table{Name: first.Name, Caption: first.Caption, Columns: []Column{{Key: "page", Title: title}}}, tables, m}
	keys := keysOf(tables)
	for _, one := range tables {
		page := &Value{Datum: html.Datum{Code: one.Code, Text: one.Title}}
		for range one.Table.Rows {
			row := make([]*Value, 1, len(keys)+3) // the caption too, and a title or a unit
			row[0] = page
			t.Rows = append(t.Rows, row)
		}
	}
	if differ(tables, func(one *Table) string { return one.Caption }) {
		t.Caption = m.T("export.together", "table", called)
		t.append(Column{Key: "caption", Title: m.T("export.caption")}, "", func(one *Table, _, _ int) *Value { return &Value{Datum: html.Datum{Text: one.Caption}} })
	}
	for _, key := range keys {
		t.join(key)
	}
	return &t.Table
}

// joined is a table that is being put together.
type joined struct {
	Table
	tables []PageTable
	m      *html.Messages
}

// keysOf are the keys of the columns of all tables, each where it first occurs.
func keysOf(tables []PageTable) []string {
	var keys []string
	for _, one := range tables {
		at := 0
		for _, c := range one.Table.Columns {
			if n := slices.Index(keys, c.Key); n >= 0 {
				at = n + 1
				continue
			}
			keys = slices.Insert(keys, at, c.Key)
			at++
		}
	}
	return keys
}

// join adds the column that tables have under a key, and beside it what differs.
func (t *joined) join(key string) {
	c, titled, united := t.commonColumn(key)
	none := c.without(Value{}) // one for all rows of the tables without the column, which are most
	t.append(c, key, func(one *Table, n, r int) *Value {
		if n < 0 {
			return none
		}
		return one.valueAs(c, n, r)
	})
	if titled {
		t.append(Column{Key: key + "_title", Title: t.m.T("export.column", "column", c.Title, "part", t.m.T("export.title"))}, key, func(one *Table, n, _ int) *Value {
			v := &Value{}
			if n >= 0 {
				v.Text = one.Columns[n].Base
			}
			return v
		})
	}
	hasUnits := func(one PageTable) bool { return one.Table.column(key+"_unit") >= 0 }
	if united && !slices.ContainsFunc(t.tables, hasUnits) {
		t.append(Column{Key: key + "_unit", Title: t.m.T("export.column", "column", c.Title, "part", t.m.T("export.unit")), Kind: html.Term}, key,
			func(one *Table, n, r int) *Value { return one.unitAt(n, r) })
	}
}

// commonColumn is the column that holds what the tables have under a key, and whether
// its title, or its unit, differs between them.
func (t *joined) commonColumn(key string) (c Column, titled, united bool) {
	c.Key = key
	var has kinds
	for _, one := range t.tables {
		n := one.Table.column(key)
		if n < 0 {
			continue
		}
		own := one.Table.Columns[n]
		if c.Title == "" || c.Unit.Code == "" && own.Unit.Code != "" {
			c.Title, c.Base, c.Unit = own.Title, own.Base, own.Unit
		}
		c.Dated = c.Dated || own.Dated || own.Kind.IsTime()
		for _, row := range one.Table.Rows {
			if row[n].Text != "" || row[n].Kind != html.Shown {
				has[row[n].Kind] = true
			}
		}
	}
	var dated bool
	c.Kind, dated = has.common()
	c.Dated = c.Kind.IsNumber() && (c.Dated || dated)
	if c.Kind == html.Term && has[html.Verbatim] {
		c.Kind = html.Shown
	}
	of := func(what func(Column) string) bool {
		return differ(t.tables, func(one *Table) string {
			if n := one.column(key); n >= 0 {
				return what(one.Columns[n])
			}
			return ""
		})
	}
	titled, united = of(func(c Column) string { return c.Base }), of(func(c Column) string { return c.Unit.Code })
	if united {
		c.Title, c.Unit = c.Base, html.Unit{}
	}
	if titled {
		c.Title = key
	}
	return c, titled, united
}

// append adds a column with the value of every row of the tables. What gives it is told
// where the table has the column with the key; -1 when it has none.
func (t *joined) append(c Column, key string, value func(one *Table, n, r int) *Value) {
	t.Columns = append(t.Columns, c)
	at := 0
	for _, one := range t.tables {
		n := one.Table.column(key)
		for r := range one.Table.Rows {
			t.Rows[at] = append(t.Rows[at], value(one.Table, n, r))
			at++
		}
	}
}

// valueAs is the value in the n-th column of a row, as one of the kind of c.
func (t *Table) valueAs(c Column, n, r int) *Value {
	own := t.Rows[r][n]
	if own.Kind == c.Kind || c.Kind.IsNumber() && own.Kind.IsNumber() || own.Kind.IsTime() && (c.Dated || c.Kind.IsTime()) {
		return own
	}
	return c.without(*own)
}

// without is a value of another kind as one of the column's: what it says, and no number.
func (c Column) without(v Value) *Value {
	v.Kind = c.Kind
	if c.Kind.IsNumber() {
		v.Number = absent
	}
	return &v
}

// unitAt is the unit of the number in the n-th column of a row; nothing where there is
// none.
func (t *Table) unitAt(n, r int) *Value {
	v := &Value{Datum: html.Datum{Kind: html.Term}}
	if n < 0 {
		return v
	}
	if at := t.Rows[r][n]; at.Kind.IsNumber() && !at.Absent() {
		v.Code, v.Text = at.Unit.Code, at.Unit.Name
	}
	return v
}

// column finds a column by its key; -1 when there is none.
func (t *Table) column(key string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == key })
}

// differ tells whether something is not the same for all tables that have it.
func differ(tables []PageTable, what func(*Table) string) bool {
	first := ""
	for _, one := range tables {
		switch text := what(one.Table); {
		case text == "" || text == first:
		case first == "":
			first = text
		default:
			return true
		}
	}
	return false
}
