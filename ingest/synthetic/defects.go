package synthetic

import "strings"

// defect spoils a good row so that exactly one rule refuses it.
type defect struct {
	rule   string // as the contract or the reader calls it
	column string // of the contract; "" when the record cannot be read
	fields func(row []string)
	text   func(line, delimiter string) string // in place of fields: spoils the whole line
}

// set puts a value into a field.
func set(rule, column string, field int, value string) defect {
	return defect{rule: rule, column: column, fields: func(row []string) { row[field] = value }}
}

// dayThatIsNone is 31 February.
func dayThatIsNone(field int, column string) defect {
	return set("not_a_timestamp", column, field, "31/02/2024 09:00")
}

// springGap is half past two on the night of 31 March 2024, which no clock in Italy showed.
func springGap(field int, column string) defect {
	return defect{rule: "gap_in_local_time", column: column, fields: func(row []string) {
		row[field] = "31/03/2024 02:30"
		if strings.Contains(row[field+1], "-") {
			row[field] = "2024-03-31T02:30:00"
		}
	}}
}

var (
	// tooFew loses the last field, tooMany has one more.
	tooFew = defect{rule: "ragged", text: func(line, delimiter string) string {
		return line[:strings.LastIndex(line, delimiter)]
	}}
	tooMany = defect{rule: "ragged", text: func(line, delimiter string) string { return line + delimiter + "di troppo" }}
	// unterminated opens a quote in the second field that nothing closes. It is
	// only for files that have no other quotes, where it is sure to stay open.
	unterminated = defect{rule: "unterminated_quote", text: func(line, delimiter string) string {
		return strings.Replace(line, delimiter, delimiter+`"`, 1)
	}}
)

// plan says which bad rows the n-th file of a source has, and after how many of
// its rows: of each defect about one in 50,000 rows of the country, at most
// twelve and at least one, in different files, so that a file has few.
func (w *writer) plan(s *source, n, rows int) []planned {
	if n < 0 {
		return nil
	}
	files := (w.country.Months + s.every - 1) / s.every
	var here []planned
	for i, d := range s.defects {
		copies := min(max(w.country.Rows/50_000, 1), 12)
		if d.rule == unterminated.rule {
			copies = min(copies, files) // two open quotes in a file would close each other
		}
		for k := range copies {
			if (5*i+k)%files == n {
				here = append(here, planned{defect: d})
			}
		}
	}
	for k := range here {
		here[k].after = (k + 1) * rows / (len(here) + 1)
	}
	return here
}
