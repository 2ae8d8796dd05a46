package query

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tavolo/ingest/diagnostic"
	"tavolo/transform/duckdb"
)

// Format is a way to write an answer.
type Format string

// The formats.
const (
	Table Format = "table" // for eyes: aligned, numbers to the right, NULL written out
	CSV   Format = "csv"   // RFC 4180, "\n" at line ends; null is nothing, an empty text is ""
	JSON  Format = "json"  // one object a line, keys in the order of the columns
	XLSX  Format = "xlsx"  // a workbook of one sheet
)

// Formats gives the names of all formats.
func Formats() []Format { return []Format{Table, CSV, JSON, XLSX} }

// Write writes the answer. An unknown format is an error. Cut is not written:
// it belongs beside the answer, not into it.
func (a *Answer) Write(w io.Writer, format Format) error {
	out := bufio.NewWriter(w)
	switch format {
	case Table:
		a.writeTable(out)
	case CSV, JSON:
		lines := newLineWriter(out, format, a.Columns)
		for _, row := range a.Rows {
			if err := lines.write(row); err != nil {
				return err
			}
		}
	case XLSX:
		return workbook(w, func(yield func([]any, error) bool) {
			for _, row := range a.Rows {
				if !yield(row, nil) {
					return
				}
			}
		}, &duckdb.Result{Columns: a.Columns})
	default:
		return fmt.Errorf("format %q: there is none; there are table, csv, json and xlsx", format)
	}
	return out.Flush()
}

func (a *Answer) writeTable(out *bufio.Writer) {
	lines := make([][]string, 0, len(a.Rows)+2)
	head, rule := make([]string, len(a.Columns)), make([]string, len(a.Columns))
	for i, column := range a.Columns {
		head[i] = diagnostic.Visible(column.Name)
	}
	lines = append(lines, head, rule)
	right := make([]bool, len(a.Columns))
	for _, row := range a.Rows {
		line := make([]string, len(row))
		for i, value := range row {
			line[i] = diagnostic.Visible(textOf(a.Columns[i], value))
			if value == nil {
				line[i] = "NULL"
			}
			right[i] = right[i] || isNumber(value)
		}
		lines = append(lines, line)
	}
	widths := make([]int, len(a.Columns))
	for _, line := range lines {
		for i, text := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	for i := range rule {
		rule[i] = strings.Repeat("─", widths[i])
	}
	for _, line := range lines {
		var b strings.Builder
		for i, text := range line {
			if i > 0 {
				b.WriteString("  ")
			}
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
			if right[i] {
				b.WriteString(space + text)
			} else {
				b.WriteString(text + space)
			}
		}
		out.WriteString(strings.TrimRight(b.String(), " ") + "\n")
	}
}

// lineWriter writes rows as they come, as CSV or as JSON. Errors of out show when
// it is flushed.
type lineWriter struct {
	out     *bufio.Writer
	columns []duckdb.Column
	keys    [][]byte // of JSON, with their quotes; nil for CSV
}

// newLineWriter writes what comes before the rows.
func newLineWriter(out *bufio.Writer, format Format, columns []duckdb.Column) *lineWriter {
	l := &lineWriter{out: out, columns: columns}
	if format == JSON {
		l.keys = jsonKeys(columns)
		return l
	}
	for i, column := range columns {
		writeField(out, i, column.Name)
	}
	out.WriteByte('\n')
	return l
}

func (l *lineWriter) write(row []any) error {
	if l.keys != nil {
		return l.writeJSON(row)
	}
	for i, value := range row {
		if value == nil {
			if i > 0 {
				l.out.WriteByte(',')
			}
			continue
		}
		writeField(l.out, i, textOf(l.columns[i], value))
	}
	return l.out.WriteByte('\n')
}

func writeField(out *bufio.Writer, place int, text string) {
	if place > 0 {
		out.WriteByte(',')
	}
	if text == "" || strings.ContainsAny(text, ",\"\r\n") {
		text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	out.WriteString(text)
}

// jsonKeys gives the names of columns as JSON, each once, as an object wants it.
func jsonKeys(columns []duckdb.Column) [][]byte {
	keys := make([][]byte, len(columns))
	seen := map[string]int{}
	for i, column := range columns {
		name := column.Name
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s_%d", name, seen[name])
		}
		keys[i], _ = json.Marshal(name) // a text always can be
	}
	return keys
}

func (l *lineWriter) writeJSON(row []any) error {
	for i, value := range row {
		separator := byte(',')
		if i == 0 {
			separator = '{'
		}
		l.out.WriteByte(separator)
		l.out.Write(l.keys[i])
		l.out.WriteByte(':')
		text, err := json.Marshal(jsonValue(l.columns[i], value))
		if err != nil {
			return err
		}
		l.out.Write(text)
	}
	_, err := l.out.WriteString("}\n")
	return err
}

// jsonValue is a value as JSON has it: dates and instants are texts, what is
// not a finite number is null.
func jsonValue(column duckdb.Column, value any) any {
	switch v := value.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
	case duckdb.Decimal:
		return json.Number(v)
	case time.Time:
		return textOf(column, v)
	}
	return value
}

// textOf writes a value without its quotes: dates as 2006-01-02, instants in
// RFC 3339 (UTC), numbers in full.
func textOf(column duckdb.Column, value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case time.Time:
		switch column.Type {
		case "date":
			return v.Format(time.DateOnly)
		case "timestamp":
			return v.Format("2006-01-02T15:04:05.999999")
		}
		return v.Format("2006-01-02T15:04:05.999999Z07:00")
	case float64:
		if size := math.Abs(v); size != 0 && (size < 1e-6 || size >= 1e15) {
			return strconv.FormatFloat(v, 'g', -1, 64)
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

func isNumber(value any) bool {
	switch value.(type) {
	case int64, float64, duckdb.Decimal:
		return true
	}
	return false
}
