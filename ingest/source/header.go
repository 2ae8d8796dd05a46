package source

import (
	"bytes"
	"fmt"
	"strconv"
)

// layout says where the table of a file begins.
type layout struct {
	line   int      // physical line of the header; 0: there is none
	rows   int      // rows that make the header
	width  int      // fields of a record
	names  [][]byte // of the header, where it is written in another dialect than the records
	doubts []Ambiguity
}

// fewRows is how many rows must agree before they overrule the first one.
const fewRows = 3

// layoutOf finds the header among the rows of a sample: the first row that is
// as wide as the table, mostly filled, and holds names where the column below
// holds numbers, dates or codes. Where nothing tells names from values the
// first such row is the header.
func layoutOf(rows []row, d *dialect) layout {
	if len(rows) == 0 {
		return layout{line: 1, rows: 1} // there is nothing to pass over
	}
	width := widthOf(rows)
	var full []int
	for i := range rows {
		if rows[i].code == "" && len(rows[i].fields) == width {
			full = append(full, i)
		}
	}
	if len(full) == 0 {
		return layout{line: rows[0].line, rows: 1, width: width}
	}
	columns := columnsOf(bodyOf(rows, full), width)
	first := firstDense(rows, full, columns)
	l := layout{line: rows[first].line, rows: 1, width: width}
	switch verdict := verdictOf(rows[first].fields, columns); {
	case verdict < 0 && counts(rows[first].fields, columns):
		l.doubt("header", fmt.Sprintf("line %d is the header", l.line), "there is no header", fmt.Sprintf("header: %d", l.line), "header: 0")
	case verdict < 0:
		l.misfit(rows, first, d)
		return l
	}
	for i := range rows[:first] {
		if rows[i].code != "" {
			l.doubt("header", fmt.Sprintf("line %d is the header", l.line), fmt.Sprintf("line %d, which is broken", rows[i].line), fmt.Sprintf("header: %d", l.line), "")
			break
		}
	}
	l.extend(rows[first:], columns)
	return l
}

// widthOf gives the number of fields that most rows have; of equals, the first.
func widthOf(rows []row) int {
	counts, best := map[int]int{}, 0
	for i := range rows {
		if rows[i].code == "" {
			counts[len(rows[i].fields)]++
		}
	}
	for i := range rows {
		if n := len(rows[i].fields); rows[i].code == "" && counts[n] > counts[best] {
			best = n
		}
	}
	if n := len(rows[0].fields); counts[best] < fewRows && n > 1 {
		return n
	}
	return best
}

// bodyOf gives rows that are surely below the header, if there are enough.
func bodyOf(rows []row, full []int) []row {
	from := len(full) / 2
	if len(full) <= 4 {
		from = min(1, len(full))
	}
	var body []row
	for _, i := range full[from:] {
		body = append(body, rows[i])
	}
	return body
}

// firstDense gives the first row with values in half of the columns that have any.
func firstDense(rows []row, full []int, columns []column) int {
	used := 0
	for i := range columns {
		if columns[i].filled > 0 {
			used++
		}
	}
	for _, i := range full {
		filled := 0
		for _, field := range rows[i].fields {
			if len(bytes.TrimSpace(field)) > 0 {
				filled++
			}
		}
		if filled > 0 && filled*2 >= used && (filled > 1 || used < 2) {
			return i
		}
	}
	return full[0]
}

// verdictOf is above 0 for a row of names over the columns, below for one of their values.
func verdictOf(fields [][]byte, columns []column) int {
	votes := 0
	for i, field := range fields {
		votes += columns[i].vote(field)
	}
	return votes
}

// counts says whether the only values of a row are numbers that count up, as
// years do: then they may as well be names.
func counts(fields [][]byte, columns []column) bool {
	last, numbers, names := 0, 0, 0
	for i, field := range fields {
		switch {
		case columns[i].vote(field) < -1:
			n, err := strconv.Atoi(string(bytes.TrimSpace(field)))
			if err != nil || numbers > 0 && n != last+1 {
				return false
			}
			last = n
			numbers++
		case shapeOf(field) == shapeWords && columns[i].values[string(bytes.TrimSpace(field))] == 0:
			names++
		}
	}
	return numbers > 1 && names > 0
}

// extend adds the rows that go on with the header: the same names again, or
// something in brackets, as units are. Other words over numbers are a doubt.
func (l *layout) extend(rows []row, columns []column) {
	for i := 1; i < len(rows) && rows[i].code == "" && len(rows[i].fields) == l.width; i++ {
		names, typed, brackets, filled := 0, 0, 0, 0
		for j, field := range rows[i].fields {
			field = bytes.TrimSpace(field)
			vote := columns[j].vote(field)
			if vote < 0 {
				return
			}
			if columns[j].typed() {
				typed++
			}
			if vote > 1 {
				names++
			}
			if len(field) > 0 {
				filled++
				if bytes.IndexByte([]byte("([{"), field[0]) >= 0 {
					brackets++
				}
			}
		}
		again := sameFields(rows[i].fields, rows[0].fields)
		switch {
		case names > 0 && (again || brackets == filled):
			l.rows++
		case names > 1 && names == typed:
			l.doubt("header", fmt.Sprintf("%d row(s) make the header", l.rows), fmt.Sprintf("%d rows do", l.rows+1),
				fmt.Sprintf("header: %d, header_rows: %d", l.line, l.rows), fmt.Sprintf("header: %d, header_rows: %d", l.line, l.rows+1))
			return
		default:
			return
		}
	}
}

// misfit looks for the header above the first row of a table that begins with
// values: a row of names that is wider or narrower than the table, or written
// with another delimiter. Either is a doubt. Otherwise there is no header.
func (l *layout) misfit(rows []row, first int, d *dialect) {
	l.line, l.rows = 0, 0
	for i := first - 1; i >= 0 && i >= first-50; i-- {
		if fields := d.recover(rows[i].raw, l.width); rows[i].code != "" && fields != nil && named(fields, l.width) {
			l.line, l.rows, l.names = rows[i].line, 1, fields
			l.doubt("header", "the header as it can be mended", "another one: a quote in it is misplaced", "names: […]", "")
			return
		}
		if fields := rows[i].fields; rows[i].code == "" && len(fields) > 1 && named(fields, l.width) {
			l.line, l.rows = rows[i].line, 1
			l.doubt("header", fmt.Sprintf("line %d is the header, with %d names over records of %d fields", l.line, len(fields), l.width),
				"any assignment of the names to the fields", "names: […]", "")
			return
		}
		for _, delimiter := range []byte(usual + unusual) {
			other := dialect{delimiter: delimiter, quote: d.quote}
			if e, _ := other.split(rows[i].raw, true, len(rows[i].raw)); e.code != "" {
				continue // a quote in it is not closed
			}
			fields, _ := other.quotedFields(nil, nil, rows[i].raw, len(rows[i].raw))
			if delimiter != d.delimiter && len(fields) == l.width && named(fields, l.width) {
				l.line, l.rows, l.names = rows[i].line, 1, fields
				l.doubt("header", fmt.Sprintf("line %d is the header, with the delimiter %s", l.line, quoted(delimiterName(&other))),
					"there is no header", "names: […]", "")
				return
			}
		}
	}
}

// named says whether at least half of so many fields are words.
func named(fields [][]byte, width int) bool {
	words := 0
	for _, field := range fields {
		if shapeOf(field) == shapeWords {
			words++
		}
	}
	return words*2 >= width && words > 0
}

func sameFields(a, b [][]byte) bool {
	for i := range a {
		if i >= len(b) || !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return len(a) == len(b)
}

func (l *layout) doubt(what, taken, other, pin, otherPin string) {
	l.doubts = append(l.doubts, Ambiguity{what, taken, other, pin, otherPin})
}
