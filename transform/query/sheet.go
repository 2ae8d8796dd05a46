package query

import (
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"tavolo/transform/duckdb"
)

// What one sheet of a workbook can hold.
const (
	sheetRows = 1<<20 - 1 // beside the header
	sheetText = 32_767    // characters in a cell
)

// sheetWriter writes rows as they come into a workbook of one sheet. Numbers are
// numbers as far as a spreadsheet keeps them exact, and days are days; everything
// else is text as CSV has it, so that nothing is taken for a formula.
type sheetWriter struct {
	book    *excelize.File
	stream  *excelize.StreamWriter
	columns []duckdb.Column
	day     int // the style of a date
	rows    int
}

func newSheetWriter(columns []duckdb.Column) (*sheetWriter, error) {
	s := &sheetWriter{book: excelize.NewFile(), columns: columns}
	form := "yyyy-mm-dd"
	var err error
	if s.day, err = s.book.NewStyle(&excelize.Style{CustomNumFmt: &form}); err != nil {
		return nil, err
	}
	bold, err := s.book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	if s.stream, err = s.book.NewStreamWriter(s.book.GetSheetName(0)); err != nil {
		return nil, err
	}
	if err := s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	header := make([]any, len(columns))
	for i, column := range columns {
		header[i] = excelize.Cell{StyleID: bold, Value: column.Name}
	}
	return s, s.stream.SetRow("A1", header)
}

func (s *sheetWriter) write(row []any) error {
	if s.rows++; s.rows > sheetRows {
		return complain(fmt.Sprintf("the answer has more rows than a sheet holds, which are %d", sheetRows), "--rows takes fewer of them, csv takes all")
	}
	cells := make([]any, len(row))
	for i, value := range row {
		cells[i] = s.cell(i, value)
		if text, ok := cells[i].(string); ok && utf8.RuneCountInString(text) > sheetText {
			return complain(fmt.Sprintf("a value of %s in row %d is longer than a cell holds", s.columns[i].Name, s.rows), "csv takes it")
		}
	}
	return s.stream.SetRow("A"+strconv.Itoa(s.rows+1), cells)
}

func (s *sheetWriter) cell(place int, value any) any {
	const exact = 1 << 53
	switch v := value.(type) {
	case nil, bool:
		return v
	case int64:
		if v > -exact && v < exact {
			return v
		}
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			return v
		}
	case duckdb.Decimal:
		if number, err := strconv.ParseFloat(string(v), 64); err == nil && len(v) <= 15 {
			return number
		}
	case time.Time:
		if s.columns[place].Type == "date" && v.Year() >= 1900 {
			return excelize.Cell{StyleID: s.day, Value: v}
		}
	}
	return textOf(s.columns[place], value)
}

// end writes the workbook and frees what it holds on the disk.
func (s *sheetWriter) end(w io.Writer) error {
	defer s.book.Close()
	if err := s.stream.Flush(); err != nil {
		return err
	}
	return s.book.Write(w)
}

// workbook writes rows as a workbook once the last of them has come.
func workbook(w io.Writer, rows iter.Seq2[[]any, error], described *duckdb.Result) error {
	var s *sheetWriter
	for row, err := range rows {
		if err == nil && s == nil {
			s, err = newSheetWriter(described.Columns)
		}
		if err == nil {
			err = s.write(row)
		}
		if err != nil {
			if s != nil {
				s.book.Close()
			}
			return err
		}
	}
	if s == nil {
		var err error
		if s, err = newSheetWriter(described.Columns); err != nil {
			return err
		}
	}
	return s.end(w)
}
