package worklist

import (
	"slices"
	"strings"

	"tavolo/ingest/contract"
	"tavolo/ingest/ledger"
	"tavolo/ingest/mapping"
)

// FileColumns gives the columns of files that a source maps, in the order of its
// configuration, each once.
func FileColumns(s *mapping.Source) []string {
	type mapped struct {
		name   string
		column mapping.Column
	}
	var all []mapped
	for name, column := range s.Columns {
		all = append(all, mapped{name, column})
	}
	slices.SortFunc(all, func(a, b mapped) int {
		if a.column.Line != b.column.Line {
			return a.column.Line - b.column.Line
		}
		if a.column.Col != b.column.Col {
			return a.column.Col - b.column.Col
		}
		return strings.Compare(a.name, b.name)
	})
	var columns []string
	seen := map[string]bool{}
	for _, m := range all {
		for _, from := range m.column.From {
			if !seen[contract.Fold(from)] {
				seen[contract.Fold(from)] = true
				columns = append(columns, from)
			}
		}
	}
	return columns
}

// BoundColumns gives, for each field of a file, the column that its source reads
// there, as the source names it; "" for a field that it does not read. Names
// that are no part of the configuration, which might be anything, do not occur.
func BoundColumns(s *mapping.Source, c *contract.Contract, b *contract.Binding) []string {
	columns := make([]string, b.Fields)
	for i, bound := range b.Columns {
		from := s.Columns[c.Columns[i].Name].From
		for n, field := range bound.Fields {
			if n < len(from) && field >= 0 && field < len(columns) && columns[field] == "" {
				columns[field] = from[n]
			}
		}
	}
	return columns
}

// values gives what a refused record has in the columns of its file, by their
// names folded; nil when it could not be split.
func values(entry ledger.Entry, raw string) map[string]string {
	fields := split(raw, separator(entry))
	if len(entry.Columns) == 0 || len(fields) != len(entry.Columns) {
		return nil
	}
	found := map[string]string{}
	for i, name := range entry.Columns {
		if name != "" {
			found[contract.Fold(name)] = fields[i]
		}
	}
	return found
}

// separator gives the byte between the fields of a record in the quarantine.
func separator(entry ledger.Entry) byte {
	if entry.Delimiter == "" {
		return ';'
	}
	return entry.Delimiter[0]
}

// split takes a record as the quarantine keeps it apart: quotes are doubled in a
// quoted field, and any field that holds a separator or a line end is quoted.
func split(raw string, separator byte) []string {
	var fields []string
	var field strings.Builder
	quoted := false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case quoted && c == '"' && i+1 < len(raw) && raw[i+1] == '"':
			field.WriteByte('"')
			i++
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			fields = append(fields, field.String())
			field.Reset()
		default:
			field.WriteByte(c)
		}
	}
	return append(fields, field.String())
}

// defuse makes a text harmless to a spreadsheet program: what it could take for
// a formula, and what defuse itself makes, gets an apostrophe before it.
func defuse(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r'", rune(text[0])) {
		return "'" + text
	}
	return text
}

// fuse is the inverse of defuse. A text with an apostrophe of its own keeps it.
func fuse(text string) string {
	if len(text) > 1 && text[0] == '\'' && strings.ContainsRune("=+-@\t\r'", rune(text[1])) {
		return text[1:]
	}
	return text
}
