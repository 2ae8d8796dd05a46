package source

import (
	"errors"
	"fmt"
	"io"
	"strconv"
)

// headerRows is how far down a header is looked for.
const headerRows = 30

// xlsxReader reads a sheet of a workbook. Its unit is the row of the sheet; rows
// that the file leaves out are blank. The sheet is read as a stream; only the
// texts that cells share are in memory.
//
// Cells are read as what they hold, not as what they show: a number without its
// format, the value that a formula had when the workbook was saved, of merged
// cells the first. A date is a number here; whether a number is a date is said by
// the column that asks for it ([Selected]), not by the cell's format.
type xlsxReader struct {
	name   string
	format Format
	limits Limits
	book   *workbook
	sheet  *sheetEntry
	rows   *sheetRows
	owner  io.Closer

	header   []string
	columns  []xlsxColumn
	ahead    []xlsxRow // read when the header was looked for
	lines    Lines
	last     int // number of the row that was given last
	columnOf int // of the problem of the present record; -1: none

	record  Record
	problem Problem
	fields  [][]byte
	raw     []byte
	moments []byte
}

// xlsxColumn is what is known of a column of the header.
type xlsxColumn struct {
	asked  bool
	moment func(to []byte, m Moment) []byte
	field  int
}

func newXLSX(name string, at io.ReaderAt, size int64, owner io.Closer, f Format, limits Limits) (Reader, error) {
	book, err := openWorkbook(at, size, limits)
	if err != nil {
		return nil, err
	}
	r := &xlsxReader{name: name, format: f, limits: limits, book: book, owner: owner, columnOf: -1}
	r.lines.Unit = "row"
	if r.sheet, err = book.choose(name, f.Sheet); err != nil {
		return nil, err
	}
	if r.rows, err = newSheetRows(book, r.sheet.part); err != nil {
		return nil, err
	}
	r.format.Type, r.format.Sheet = typeXLSX, r.sheet.name
	r.format.Delimiter, r.format.Quote, r.format.Encoding = "", "", ""
	if r.format.Decimal == "" {
		r.format.Decimal = "."
	}
	if err := r.readHeader(); err != nil {
		return nil, errors.Join(err, r.rows.close())
	}
	return r, nil
}

// readHeader finds the row of the header: the one that is pinned, or of the first
// rows the one with the most cells, when all its cells are text and none comes
// twice; of equals the first.
func (r *xlsxReader) readHeader() error {
	most := headerRows
	if r.format.Header != nil {
		most = max(*r.format.Header, 1)
	}
	for len(r.ahead) == 0 || r.ahead[len(r.ahead)-1].number < most {
		row, err := r.rows.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if r.format.Header == nil || row.number >= *r.format.Header {
			r.ahead = append(r.ahead, row.clone())
		}
	}
	if r.format.Header != nil && *r.format.Header == 0 {
		return r.numberColumns()
	}
	at := r.headerAmong(r.ahead)
	if at < 0 {
		return refuse(r.name, Empty, "the sheet "+strconv.Quote(r.sheet.name)+" has no header where it should be",
			"format.header is the row of the header, counted from 1")
	}
	head := r.ahead[at]
	r.lines.Header, r.lines.Preamble = 1, head.number-1
	r.last, r.ahead = head.number, r.ahead[at+1:]
	r.format.Header = &head.number
	for _, cell := range head.cells {
		for len(r.header) < cell.column {
			r.header = append(r.header, "")
		}
		r.header = append(r.header, string(cell.value))
	}
	return r.askAll()
}

func (r *xlsxReader) headerAmong(rows []xlsxRow) int {
	best := -1
	for i := range rows {
		if r.format.Header != nil {
			if rows[i].number == *r.format.Header && len(rows[i].cells) > 0 {
				return i
			}
			continue
		}
		if rows[i].names() && (best < 0 || len(rows[i].cells) > len(rows[best].cells)) {
			best = i
		}
	}
	return best
}

// numberColumns names the columns of a sheet without a header by the rows that
// were read ahead.
func (r *xlsxReader) numberColumns() error {
	columns := 0
	for _, row := range r.ahead {
		if n := len(row.cells); n > 0 {
			columns = max(columns, row.cells[n-1].column+1)
		}
	}
	for i := range columns {
		r.header = append(r.header, strconv.Itoa(i+1))
	}
	return r.askAll()
}

func (r *xlsxReader) askAll() error {
	if len(r.header) > r.limits.Columns {
		return &FileError{TooManyColumns, fmt.Sprintf("has a header of more than %d columns", r.limits.Columns)}
	}
	r.columns = make([]xlsxColumn, len(r.header))
	for i := range r.columns {
		r.columns[i] = xlsxColumn{asked: true, field: i}
	}
	r.fields = make([][]byte, len(r.header))
	return nil
}

// Select implements [Selector]. The header keeps all its columns.
func (r *xlsxReader) Select(columns []Selected) error {
	for i := range r.columns {
		r.columns[i].asked = false
	}
	var errs []error
	for _, column := range columns {
		found := false
		for i, name := range r.header {
			if name == column.Name {
				r.columns[i].asked, r.columns[i].moment, found = true, column.Moment, true
			}
		}
		if !found {
			errs = append(errs, fmt.Errorf("the sheet has no column %q", column.Name))
		}
	}
	return errors.Join(errs...)
}

func (r *xlsxReader) Sparse() bool     { return false }
func (r *xlsxReader) Header() []string { return r.header }
func (r *xlsxReader) Dialect() Format  { return r.format }
func (r *xlsxReader) Close() error     { return errors.Join(r.rows.close(), r.owner.Close()) }

func (r *xlsxReader) Lines() Lines {
	lines := r.lines
	lines.Total = r.last
	return lines
}

// Place gives the cell of a field: Foglio1!C7.
func (r *xlsxReader) Place(field int) string {
	if field < 0 {
		field = r.columnOf
	}
	if field < 0 {
		return fmt.Sprintf("%s!%d", r.sheet.name, r.record.Line)
	}
	return r.sheet.name + "!" + cellName(field, r.record.Line)
}

func (r *xlsxReader) Next() (*Record, error) {
	for {
		row, err := r.nextRow()
		if err == io.EOF {
			return nil, io.EOF
		}
		if err != nil {
			return nil, openError(r.name, err)
		}
		r.lines.Blank += row.number - r.last - 1
		r.last = row.number
		if row.blank() {
			r.lines.Blank++
			continue
		}
		r.read(row)
		return &r.record, nil
	}
}

func (r *xlsxReader) nextRow() (*xlsxRow, error) {
	if len(r.ahead) > 0 {
		row := &r.ahead[0]
		r.ahead = r.ahead[1:]
		return row, nil
	}
	return r.rows.next()
}

// read makes the record of a row.
func (r *xlsxReader) read(row *xlsxRow) {
	r.record = Record{Line: row.number, LastLine: row.number, Offset: int64(row.number - 1), Delimiter: '\t'}
	r.columnOf = -1
	r.raw, r.moments = r.raw[:0], r.moments[:0]
	clear(r.fields)
	for i := range row.cells {
		r.cell(&row.cells[i])
	}
	for i, cell := range row.cells {
		if i > 0 {
			r.raw = append(r.raw, '\t')
		}
		r.raw = append(r.raw, cell.value...)
	}
	r.record.Raw, r.record.Fields = r.raw, r.fields
	if row.problem != "" {
		r.complain(-1, row.problem, row.why)
	}
	if r.record.Problem != nil {
		r.record.Fields = nil
	}
}

// cell puts the value of a cell into its field.
func (r *xlsxReader) cell(cell *xlsxCell) {
	if cell.column >= len(r.columns) {
		if len(cell.value) > 0 {
			r.complain(cell.column, Ragged, fmt.Sprintf("a cell beyond the %d columns of the header", len(r.columns)))
		}
		return
	}
	column := &r.columns[cell.column]
	if !column.asked {
		return
	}
	switch cell.kind {
	case xlsxError:
		r.complain(cell.column, CellError, "a formula that gives an error")
	case xlsxNoValue:
		r.complain(cell.column, NoValue, "a formula without the value that it had when the workbook was saved")
	case xlsxBadCell:
		r.complain(cell.column, BadCell, "a cell that refers to a text that the workbook does not have")
	case xlsxDate:
		r.fields[cell.column] = cell.value
	case xlsxNumber:
		r.fields[cell.column] = r.number(cell.value, column)
	default:
		r.fields[cell.column] = cell.value
	}
}

// number writes a number as the column wants it: as a date or a time where that
// is what it stands for, and otherwise as digits.
func (r *xlsxReader) number(value []byte, column *xlsxColumn) []byte {
	if column.moment != nil {
		if m, ok := serialMoment(value, r.book.epoch); ok {
			from := len(r.moments)
			r.moments = column.moment(r.moments, m)
			return r.moments[from:len(r.moments):len(r.moments)]
		}
	}
	return plainNumber(value, r.format.Decimal[0])
}

func (r *xlsxReader) complain(column int, code, message string) {
	if r.record.Problem != nil {
		return
	}
	r.problem, r.columnOf = Problem{code, message}, column
	r.record.Problem = &r.problem
}
