package worklist

import (
	"fmt"
	"slices"

	"github.com/xuri/excelize/v2"

	"tavolo/ingest/contract"
)

// codesName is the sheet that lists what the columns of codes may hold.
const codesName = "Codici"

// codes gives what a column may hold, where that is a code of a list.
func (s *sheet) codes(column *contract.Column) [][2]string {
	if column.References == "" || s.Codes == nil {
		return nil
	}
	return s.Codes(column.References)
}

// listCodes writes the third sheet, of the codes that the mapped columns refer to,
// each kind in two columns of its own. Without one there is no sheet.
func (s *sheet) listCodes() error {
	var kinds []string
	var lists [][][2]string
	rows := 0
	for i := range s.Contract.Columns {
		column := &s.Contract.Columns[i]
		list := s.codes(column)
		if len(list) == 0 || len(s.Source.Columns[column.Name].From) == 0 || slices.Contains(kinds, column.References) {
			continue
		}
		kinds = append(kinds, column.References)
		lists = append(lists, append([][2]string{{column.Title.IT, ""}}, list...))
		rows = max(rows, len(list)+1)
	}
	if len(lists) == 0 {
		return nil
	}
	if _, err := s.book.NewSheet(codesName); err != nil {
		return fmt.Errorf("work-list: %w", err)
	}
	stream, err := s.book.NewStreamWriter(codesName)
	if err != nil {
		return fmt.Errorf("work-list: %w", err)
	}
	for i := range lists {
		if err := stream.SetColWidth(2*i+1, 2*i+1, 22); err != nil {
			return err
		}
		if err := stream.SetColWidth(2*i+2, 2*i+2, 44); err != nil {
			return err
		}
	}
	for row := range rows {
		if err := stream.SetRow(fmt.Sprintf("A%d", row+1), s.codesRow(lists, row)); err != nil {
			return fmt.Errorf("work-list: %w", err)
		}
	}
	return stream.Flush()
}

// codesRow gives the cells of one row of the sheet; the first is the header.
func (s *sheet) codesRow(lists [][][2]string, row int) []any {
	style := s.styles.text
	if row == 0 {
		style = s.styles.header
	}
	var cells []any
	for _, list := range lists {
		var code [2]string
		if row < len(list) {
			code = list[row]
		}
		for _, text := range code {
			cells = append(cells, excelize.Cell{StyleID: style, Value: defuse(text)})
		}
	}
	return cells
}
