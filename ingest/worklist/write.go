package worklist

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"tavolo/ingest/contract"
	"tavolo/ingest/ledger"
	"tavolo/ingest/mapping"
)

// SheetName is the sheet that an office fills in.
const SheetName = "Da correggere"

// The columns before those of the file.
const (
	batchHeader  = "Lotto (non modificare)"
	lineHeader   = "Riga (non modificare)"
	fileHeader   = "File di origine"
	reasonHeader = "Motivi del rifiuto"
)

func ownHeaders() []string { return []string{batchHeader, lineHeader, fileHeader, reasonHeader} }

// batchShown is how much of a batch's id a work-list has: enough to be unique.
const batchShown = 16

// MaxRows is how many records one work-list takes: more than anybody corrects by
// hand, and less than a sheet can hold.
const MaxRows = 100_000

// List is what a work-list is made of.
type List struct {
	Contract   *contract.Contract // of the log of the source
	Source     *mapping.Source
	Entries    []ledger.Entry // of the source, in the order of the list
	Quarantine string         // folder of the refused rows
	Decisions  *ledger.Decisions
	Day        time.Time // of the list, which it says
	// Codes lists what a column may hold that refers to a kind of code, each as code
	// and name; nil, or none of a kind, leaves it out.
	Codes func(kind string) [][2]string
}

// Written is what became of the records that are open.
type Written struct {
	Rows    int // in the list
	Unsplit int // of Rows: those that could not be split, so that their cells are empty
	Left    int // left out because the list was full
	Held    int // left out because their file was held back whole: it must come again whole
}

// Write writes the work-list of a source to path: whole or not at all, readable
// by its owner alone. Where no record is open it writes no file.
func Write(ctx context.Context, path string, list List) (written Written, err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	s, err := newSheet(book, list)
	if err != nil {
		return written, err
	}
	for _, entry := range list.Entries {
		if err := s.batch(ctx, entry); err != nil {
			return written, err
		}
	}
	if s.written.Rows == 0 {
		return s.written, nil
	}
	if err := s.finish(); err != nil {
		return written, err
	}
	return s.written, save(book, path)
}

// save writes a workbook beside its place and renames it into it.
func save(book *excelize.File, path string) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	err = book.Write(file)
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// sheet is a work-list that is being written.
type sheet struct {
	List
	book    *excelize.File
	stream  *excelize.StreamWriter
	columns []string            // of the file
	marks   map[string][]string // column of the log → columns of the file, folded
	styles  styles
	written Written
}

func newSheet(book *excelize.File, list List) (*sheet, error) {
	s := &sheet{List: list, book: book, columns: FileColumns(list.Source), marks: map[string][]string{}}
	for name, column := range list.Source.Columns {
		for _, from := range column.From {
			s.marks[name] = append(s.marks[name], contract.Fold(from))
		}
	}
	var err error
	if s.styles, err = newStyles(book); err != nil {
		return nil, err
	}
	if err := book.SetSheetName(book.GetSheetName(0), SheetName); err != nil {
		return nil, err
	}
	if s.stream, err = book.NewStreamWriter(SheetName); err != nil {
		return nil, err
	}
	return s, s.head()
}

// head writes widths, the frozen header and nothing else.
func (s *sheet) head() error {
	last := len(ownHeaders()) + len(s.columns)
	err := errors.Join(
		s.stream.SetColWidth(1, 2, 12), s.stream.SetColWidth(3, 3, 28), s.stream.SetColWidth(4, 4, 60),
		s.stream.SetPanes(&excelize.Panes{Freeze: true, XSplit: 2, YSplit: 1, TopLeftCell: "C2", ActivePane: "bottomRight"}),
	)
	if len(s.columns) > 0 {
		err = errors.Join(err, s.stream.SetColWidth(5, last, 22))
	}
	if err != nil {
		return err
	}
	var row []any
	for _, name := range ownHeaders() {
		row = append(row, excelize.Cell{StyleID: s.styles.ownHeader, Value: name})
	}
	for _, name := range s.columns {
		row = append(row, excelize.Cell{StyleID: s.styles.header, Value: name})
	}
	return s.stream.SetRow("A1", row)
}

// batch adds the open records of one batch.
func (s *sheet) batch(ctx context.Context, entry ledger.Entry) error {
	return ledger.EachRecord(ctx, s.Quarantine, entry.BatchID, func(record []ledger.Refusal) error {
		switch {
		case s.Decisions.State(record[0].ID()) != ledger.Open:
			return nil
		case entry.Outcome == ledger.Held:
			s.written.Held++
			return nil
		case s.written.Rows == MaxRows:
			s.written.Left++
			return nil
		}
		s.written.Rows++
		return s.record(entry, record)
	})
}

// record adds the row of one refused record.
func (s *sheet) record(entry ledger.Entry, record []ledger.Refusal) error {
	var reasons []string
	wrong := map[string]bool{}
	for _, refusal := range record {
		reasons = append(reasons, Reason(s.Contract, refusal))
		for _, column := range s.marks[refusal.Column] {
			wrong[column] = true
		}
	}
	first := record[0]
	row := []any{
		excelize.Cell{StyleID: s.styles.own, Value: shown(first.BatchID)},
		excelize.Cell{StyleID: s.styles.number, Value: first.ID().Position},
		excelize.Cell{StyleID: s.styles.own, Value: defuse(first.File)},
		excelize.Cell{StyleID: s.styles.own, Value: defuse(strings.Join(reasons, "\n"))},
	}
	cells := Cells(s.columns, entry, first.Raw)
	if cells == nil {
		s.written.Unsplit++
		cells = make([]string, len(s.columns))
	}
	for i, value := range cells {
		style := s.styles.text
		if wrong[contract.Fold(s.columns[i])] {
			style = s.styles.wrong
		}
		row = append(row, excelize.Cell{StyleID: style, Value: defuse(value)})
	}
	at, err := excelize.CoordinatesToCellName(1, s.written.Rows+1)
	if err != nil {
		return err
	}
	return s.stream.SetRow(at, row)
}

// Cells gives what a refused record has in columns of its file, identifiers
// masked; nil when it could not be split.
func Cells(columns []string, entry ledger.Entry, raw string) []string {
	found := values(entry, raw)
	if found == nil {
		return nil
	}
	cells := make([]string, len(columns))
	for i, name := range columns {
		cells[i] = found[contract.Fold(name)]
	}
	return cells
}

// finish ends the sheet and adds the one that explains it.
func (s *sheet) finish() error {
	last, err := excelize.CoordinatesToCellName(len(ownHeaders())+len(s.columns), s.written.Rows+1)
	if err != nil {
		return err
	}
	if err := s.stream.Flush(); err != nil {
		return fmt.Errorf("work-list: %w", err)
	}
	if err := s.book.AutoFilter(SheetName, "A1:"+last, nil); err != nil {
		return fmt.Errorf("work-list: %w", err)
	}
	if err := s.explain(); err != nil {
		return err
	}
	return s.listCodes()
}

func shown(batchID string) string { return batchID[:min(batchShown, len(batchID))] }

// find gives the batch among entries whose id begins with prefix, or "".
func find(entries []ledger.Entry, prefix string) string {
	if len(prefix) < batchShown {
		return ""
	}
	at := slices.IndexFunc(entries, func(e ledger.Entry) bool { return strings.HasPrefix(e.BatchID, prefix) })
	if at < 0 {
		return ""
	}
	return entries[at].BatchID
}
