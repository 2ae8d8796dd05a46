package source

import (
	"fmt"
	"slices"
	"strconv"
)

// hiddenLike gives a hidden sheet that begins with the same row as the chosen one
// and goes on below it, or nil. Most hidden sheets hold lists for the cells of the
// others; one with the same header holds rows that somebody may be counting on.
func (w *workbook) hiddenLike(chosen *sheetEntry) (*sheetEntry, error) {
	var head []string
	for i := range w.sheets {
		sheet := &w.sheets[i]
		if !sheet.hidden {
			continue
		}
		if head == nil {
			var err error
			if head, _, err = w.begins(chosen); err != nil {
				return nil, err
			}
		}
		other, goesOn, err := w.begins(sheet)
		if err == nil && goesOn && len(head) > 1 && slices.Equal(head, other) { // one that is broken is not read, and no matter
			return sheet, nil
		}
	}
	return nil, nil
}

// begins gives the texts of the first row of a sheet that has any, and whether
// another one follows.
func (w *workbook) begins(sheet *sheetEntry) (texts []string, goesOn bool, err error) {
	rows, err := newSheetRows(w, sheet.part)
	if err != nil {
		return nil, false, err
	}
	defer rows.close()
	for len(texts) == 0 {
		row, err := rows.next()
		if err != nil {
			return nil, false, err
		}
		for _, cell := range row.cells {
			texts = append(texts, fmt.Sprint(cell.column, " ", string(cell.value)))
		}
	}
	_, err = rows.next()
	return texts, err == nil, nil
}

func ambiguousHidden(file string, chosen, hidden *sheetEntry) error {
	return refuse(file, AmbiguousSheet,
		fmt.Sprintf("has a hidden sheet with the same columns as %s: %s", strconv.Quote(chosen.name), strconv.Quote(hidden.name)),
		"say which is meant, as in format: {sheet: "+chosen.name+"}, or have the hidden one removed")
}
