package reference

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"tavolo/ingest/diagnostic"
)

const (
	isoDate = "2006-01-02"
	// maxComplaints bounds what is told about one file: who saved it in the
	// wrong form needs to know it once, not in every row.
	maxComplaints = 20
)

// sheet is one table as it stands in its file: text, checked by kind.
type sheet struct {
	layout  *layout
	file    string // as messages name it
	builtin bool
	rows    [][]string // in the order of layout.columns
	places  []place    // of rows
}

// place is where a row's fields begin: the line of the first and, in the order
// of layout.columns, line and column of each.
type place struct {
	line   int
	fields [][2]int
}

// get gives a field by the name of its column.
func (s *sheet) get(row int, name string) string { return s.rows[row][s.layout.at(name)] }

func (s *sheet) complain(row int, name, format string, args ...any) *diagnostic.Error {
	at := s.places[row].fields[s.layout.at(name)]
	return &diagnostic.Error{File: s.file, Line: at[0], Col: at[1], Msg: fmt.Sprintf(format, args...)}
}

// readSheets reads every table, the project's where it has one.
func readSheets(seeds, overrides fs.FS) (map[string]*sheet, error) {
	own, err := overridden(overrides)
	if err != nil {
		return nil, err
	}
	sheets := map[string]*sheet{}
	var errs []error
	for i := range layouts {
		layout := &layouts[i]
		folder, shown, builtin := seeds, "sql/seeds/", true
		if own[layout.name] {
			folder, shown, builtin = overrides, "reference/", false
		}
		sheet := &sheet{layout: layout, file: shown + layout.name + ".csv", builtin: builtin}
		text, err := fs.ReadFile(folder, layout.name+".csv")
		if err != nil {
			errs = append(errs, &diagnostic.Error{File: sheet.file, Msg: "cannot be read", Err: err})
			continue
		}
		errs = append(errs, sheet.read(text)...)
		sheets[layout.name] = sheet
	}
	return sheets, errors.Join(errs...)
}

// overridden gives the tables that the project supplies, and refuses a CSV
// file that is none, because a misspelt name would silently change nothing.
func overridden(overrides fs.FS) (map[string]bool, error) {
	own := map[string]bool{}
	if overrides == nil {
		return own, nil
	}
	entries, err := fs.ReadDir(overrides, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return own, nil
	}
	if err != nil {
		return nil, &diagnostic.Error{File: "reference", Msg: "cannot be read", Err: err}
	}
	known := make([]string, len(layouts))
	for i := range layouts {
		known[i] = layouts[i].name
	}
	for _, entry := range entries {
		name, isCSV := strings.CutSuffix(entry.Name(), ".csv")
		if !isCSV || entry.IsDir() {
			continue
		}
		if !slices.Contains(known, name) {
			hint := diagnostic.DidYouMean(name, known)
			if hint == "" {
				hint = "known tables: " + strings.Join(known, ", ")
			}
			return nil, &diagnostic.Error{File: path.Join("reference", entry.Name()), Msg: "no such reference table", Hint: hint}
		}
		own[name] = true
	}
	return own, nil
}

// read parses text into rows; a row with a complaint is left out.
func (s *sheet) read(text []byte) []error {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(text))
	if header, _, _ := bytes.Cut(text, []byte("\n")); !bytes.ContainsRune(header, ',') {
		r.Comma = ';' // as an Italian spreadsheet saves it
	}
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return []error{&diagnostic.Error{File: s.file, Msg: "empty file", Hint: "a table without rows still has its header"}}
	}
	if err != nil {
		return []error{s.malformed(err)}
	}
	order, errs := s.bind(header, r)
	if len(errs) > 0 {
		return errs
	}
	for len(errs) < maxComplaints {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return append(errs, s.malformed(err))
		}
		errs = append(errs, s.add(record, order, r)...)
	}
	return errs
}

// bind finds each column of the layout in the header: order[i] is where column i is.
func (s *sheet) bind(header []string, r *csv.Reader) (order []int, errs []error) {
	names := make([]string, len(s.layout.columns))
	order = make([]int, len(s.layout.columns))
	for i := range s.layout.columns {
		names[i], order[i] = s.layout.columns[i].name, -1
	}
	for i, name := range header {
		line, col := r.FieldPos(i)
		complaint := &diagnostic.Error{File: s.file, Line: line, Col: col}
		switch at := slices.Index(names, strings.TrimSpace(name)); {
		case at < 0:
			complaint.Msg, complaint.Hint = fmt.Sprintf("unknown column %q", name), diagnostic.DidYouMean(name, names)
			errs = append(errs, complaint)
		case order[at] >= 0:
			complaint.Msg = fmt.Sprintf("column %q is given twice", name)
			errs = append(errs, complaint)
		default:
			order[at] = i
		}
	}
	for i, at := range order {
		if at < 0 {
			errs = append(errs, &diagnostic.Error{File: s.file, Line: 1, Msg: fmt.Sprintf("column %q is missing", names[i])})
		}
	}
	return order, errs
}

// add checks one record by itself and keeps it when it is sound.
func (s *sheet) add(record []string, order []int, r *csv.Reader) (errs []error) {
	line, _ := r.FieldPos(0)
	if len(record) != len(order) {
		return []error{&diagnostic.Error{File: s.file, Line: line,
			Msg: fmt.Sprintf("%d fields, and the header has %d", len(record), len(order))}}
	}
	row := make([]string, len(order))
	at := place{line, make([][2]int, len(order))}
	for i, from := range order {
		row[i] = strings.TrimSpace(record[from])
		at.fields[i][0], at.fields[i][1] = r.FieldPos(from)
		if cause := s.layout.columns[i].refuse(row[i]); cause != "" {
			errs = append(errs, &diagnostic.Error{File: s.file, Line: at.fields[i][0], Col: at.fields[i][1],
				Msg: s.layout.columns[i].name + " " + cause})
		}
	}
	if len(errs) == 0 {
		s.rows, s.places = append(s.rows, row), append(s.places, at)
	}
	return errs
}

// refuse says what is wrong with a value by itself, or "".
func (c *column) refuse(value string) string {
	if value == "" {
		if c.required {
			return "is empty"
		}
		return ""
	}
	var err error
	wanted := ""
	switch c.kind {
	case "bigint":
		_, err = strconv.ParseUint(value, 10, 63)
		wanted = "a whole number of 0 or more"
	case "double":
		_, err = strconv.ParseFloat(value, 64)
		wanted = "a number"
	case "date":
		_, err = time.Parse(isoDate, value)
		wanted = "a date of the form yyyy-MM-dd"
	case "boolean":
		if value != "true" && value != "false" {
			return fmt.Sprintf("%q is not true or false", value)
		}
	}
	if err != nil {
		return fmt.Sprintf("%q is not %s", value, wanted)
	}
	return ""
}

// malformed puts an error of encoding/csv in the common form.
func (s *sheet) malformed(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &diagnostic.Error{File: s.file, Line: parse.Line, Col: parse.Column, Err: parse.Err}
	}
	return &diagnostic.Error{File: s.file, Err: err}
}
