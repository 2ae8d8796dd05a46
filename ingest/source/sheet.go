package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
)

// The codes of rows of a sheet that cannot be read.
const (
	CellError = "cell_error" // a cell shows #N/A or the like
	NoValue   = "no_value"   // a formula that was never computed
	BadCell   = "bad_cell"   // a cell that is not well formed
)

// xlsxRow is a row with the cells that have something in them.
type xlsxRow struct {
	number  int // from 1
	cells   []xlsxCell
	problem string // a code, where the row is not well formed
	why     string
}

// xlsxCell is a cell. Its value is the row's.
type xlsxCell struct {
	column int // from 0
	kind   xlsxKind
	value  []byte
}

// xlsxKind is what a cell holds.
type xlsxKind byte

const (
	xlsxText xlsxKind = iota
	xlsxNumber
	xlsxBoolean
	xlsxDate // in ISO 8601, which the format allows and few write
	xlsxError
	xlsxNoValue
	xlsxBadCell
)

func (row *xlsxRow) blank() bool {
	for i := range row.cells {
		if cell := &row.cells[i]; cell.kind >= xlsxError || len(bytes.TrimSpace(cell.value)) > 0 {
			return false
		}
	}
	return row.problem == ""
}

// names says whether the row could be a header: all its cells are text, and no
// two are the same.
func (row *xlsxRow) names() bool {
	seen := map[string]bool{}
	for i := range row.cells {
		cell := &row.cells[i]
		name := string(bytes.TrimSpace(cell.value))
		if cell.kind != xlsxText || name == "" || seen[name] {
			return false
		}
		seen[name] = true
	}
	return len(row.cells) > 0 && row.problem == ""
}

func (row *xlsxRow) clone() xlsxRow {
	copied := *row
	copied.cells = make([]xlsxCell, len(row.cells))
	for i, cell := range row.cells {
		cell.value = bytes.Clone(cell.value)
		copied.cells[i] = cell
	}
	return copied
}

// sheetRows reads the rows of a sheet in their order.
type sheetRows struct {
	book   *workbook
	xml    *xmlReader
	stream io.Closer
	row    xlsxRow
	room   []byte // of the values of the row
	cells  int64
	inData bool
	ended  bool
}

func newSheetRows(book *workbook, part string) (*sheetRows, error) {
	x, closer, err := book.open(part)
	if err != nil {
		return nil, err
	}
	return &sheetRows{book: book, xml: x, stream: closer}, nil
}

func (s *sheetRows) close() error { return s.stream.Close() }

// next gives the next row that the file has, which is valid until the next call.
func (s *sheetRows) next() (*xlsxRow, error) {
	for !s.ended {
		kind, err := s.xml.next()
		if err != nil {
			return nil, cutOff(err)
		}
		switch name := string(s.xml.name); {
		case kind == xmlText:
		case name == "sheetData" && kind == xmlStart:
			s.inData = true
		case name == "sheetData":
			return nil, s.end()
		case name == "row" && kind == xmlStart && s.inData:
			return s.readRow()
		}
	}
	return nil, io.EOF
}

// end reads what follows the rows, so that a file that is cut off is found out.
func (s *sheetRows) end() error {
	s.ended = true
	if _, err := io.Copy(io.Discard, s.xml.from); err != nil {
		return err
	}
	return io.EOF
}

func (s *sheetRows) readRow() (*xlsxRow, error) {
	before := s.row.number
	s.row = xlsxRow{number: before + 1, cells: s.row.cells[:0]}
	s.room = s.room[:0]
	given, err := s.xml.attribute("r")
	if err != nil {
		return nil, err
	}
	if given != nil {
		number, err := strconv.Atoi(string(given))
		if err != nil || number <= before {
			return nil, &FileError{Corrupt, fmt.Sprintf("has a row after row %d that does not follow it", before)}
		}
		s.row.number = number
	}
	if s.row.number > s.book.limits.Rows {
		return nil, &FileError{TooManyCells, fmt.Sprintf("has a sheet of more than %d rows", s.book.limits.Rows)}
	}
	for {
		kind, err := s.xml.next()
		if err != nil {
			return nil, cutOff(err)
		}
		name := string(s.xml.name)
		switch {
		case kind == xmlEnd && name == "row":
			return &s.row, nil
		case kind == xmlStart && name == "c":
			if err := s.readCell(); err != nil {
				return nil, err
			}
		}
	}
}

// readCell reads a cell and keeps it when there is something in it.
func (s *sheetRows) readCell() error {
	column, kind, err := s.cellHead()
	if err != nil {
		return err
	}
	if s.cells++; s.cells > s.book.limits.Cells {
		return &FileError{TooManyCells, fmt.Sprintf("has a sheet of more than %d cells", s.book.limits.Cells)}
	}
	from := len(s.room)
	valued, formula, err := s.cellBody()
	if err != nil {
		return err
	}
	cell := xlsxCell{column: column, value: s.room[from:len(s.room):len(s.room)]}
	cell.kind, cell.value = s.meaning(kind, cell.value, valued, formula)
	if len(cell.value) > 0 || cell.kind >= xlsxError {
		s.keep(cell)
	}
	return nil
}

// keep adds a cell to the row.
func (s *sheetRows) keep(cell xlsxCell) {
	n := len(s.row.cells)
	if n > 0 && s.row.cells[n-1].column >= cell.column && s.row.problem == "" {
		s.row.problem, s.row.why = BadCell, "a cell that does not follow the one before it"
	}
	if len(s.room) > s.book.limits.RecordBytes && s.row.problem == "" {
		s.row.problem, s.row.why = TooLong, fmt.Sprintf("a record longer than %d bytes", s.book.limits.RecordBytes)
	}
	if n >= s.book.limits.Columns {
		s.row.problem, s.row.why = TooManyColumns, fmt.Sprintf("more than %d fields", s.book.limits.Columns)
	}
	if s.row.problem == "" {
		s.row.cells = append(s.row.cells, cell)
	}
}

// cellHead gives the column and the type of a cell. A cell without a reference
// follows the one before it.
func (s *sheetRows) cellHead() (column int, kind string, err error) {
	reference, err := s.xml.attribute("r")
	if err != nil {
		return 0, "", err
	}
	if reference == nil {
		if n := len(s.row.cells); n > 0 {
			column = s.row.cells[n-1].column + 1
		}
	} else if column = columnOf(reference); column < 0 {
		return 0, "", &FileError{Corrupt, "has a cell without a place"}
	}
	kind, err = s.xml.text1("t")
	return column, kind, err
}

// cellBody appends the text of a cell to the room.
func (s *sheetRows) cellBody() (valued, formula bool, err error) {
	inValue, phonetic := false, false
	for {
		kind, err := s.xml.next()
		if err != nil {
			return false, false, cutOff(err)
		}
		if kind == xmlText {
			if inValue && !phonetic && len(s.room) <= s.book.limits.RecordBytes {
				s.room = append(s.room, s.xml.text...)
			}
			continue
		}
		switch string(s.xml.name) {
		case "c":
			return valued, formula, nil
		case "v", "t":
			inValue = kind == xmlStart
			valued = true
		case "f":
			formula = true
		case "rPh":
			phonetic = kind == xmlStart
		}
	}
}

// meaning gives what a cell holds from its type and its text.
func (s *sheetRows) meaning(kind string, value []byte, valued, formula bool) (xlsxKind, []byte) {
	if !valued || len(value) == 0 && formula && kind != "str" {
		if formula {
			return xlsxNoValue, nil
		}
		return xlsxText, nil
	}
	switch kind {
	case "s":
		n, err := strconv.Atoi(string(bytes.TrimSpace(value)))
		text, ok := s.book.texts.at(n)
		if err != nil || !ok {
			return xlsxBadCell, nil
		}
		return xlsxText, text
	case "str", "inlineStr":
		if bytes.Contains(value, []byte("_x")) {
			value = unescapeXLSX(value)
		}
		return xlsxText, value
	case "b":
		if string(value) == "1" {
			return xlsxBoolean, []byte("true")
		}
		return xlsxBoolean, []byte("false")
	case "e":
		return xlsxError, value
	case "d":
		return xlsxDate, value
	}
	return xlsxNumber, bytes.TrimSpace(value)
}

// columnOf gives the column of a reference such as C7, from 0, or -1.
func columnOf(reference []byte) int {
	column, n := 0, 0
	for n < len(reference) && n < 4 && reference[n] >= 'A' && reference[n] <= 'Z' {
		column = column*26 + int(reference[n]-'A') + 1
		n++
	}
	if n == 0 || n > 3 {
		return -1
	}
	return column - 1
}

// cellName gives the reference of a cell; its column is from 0.
func cellName(column, row int) string {
	var letters []byte
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		letters = append([]byte{byte('A' + (n-1)%26)}, letters...)
	}
	return string(letters) + strconv.Itoa(row)
}

// plainNumber writes a number in digits, without an exponent, as exactly as
// spreadsheets keep it: to fifteen digits, beyond which there is only what binary
// fractions leave behind. Whole numbers in digits stay as they are.
func plainNumber(text []byte, decimal byte) []byte {
	if !bytes.ContainsAny(text, ".eE") {
		return text
	}
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.IsInf(value, 0) || math.IsNaN(value) || math.Abs(value) >= 1e18 {
		return text
	}
	if rounded, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 15, 64), 64); err == nil {
		value = rounded
	}
	plain := strconv.AppendFloat(nil, value, 'f', -1, 64)
	if at := bytes.IndexByte(plain, '.'); at >= 0 {
		plain[at] = decimal
	}
	return plain
}

// lastSerial is the serial number of 31 December 2199; what is above it, such as
// 20240301, is no date by its number but by its digits.
const lastSerial = 109_574

// serialMoment gives what a serial number stands for: a day by its whole part, a
// time of day by its fraction, rounded to a millisecond. A number below 1 is a
// time of day.
func serialMoment(text []byte, epoch int) (Moment, bool) {
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) || !(value >= 0 && value <= lastSerial) {
		return Moment{}, false
	}
	millis := int64(math.Round(value * 86_400_000))
	day, clock := millis/86_400_000, millis%86_400_000
	m := Moment{Day: value >= 1, Clock: clock != 0 || value < 1}
	if day > 0 && day < 60 && epoch == epoch1900 {
		day++ // before the day that never was
	}
	m.Time = time.UnixMilli((int64(epoch)+day)*86_400_000 + clock).UTC()
	return m, true
}
