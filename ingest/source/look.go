package source

import (
	"errors"
	"io"
	"slices"
)

// lookSamples is how many different values of a column are kept.
const lookSamples = 5

// Look is what the first values of a column look like. It decides nothing: types
// come from contracts, never from values.
type Look struct {
	Name    string
	Kind    string   // number, moment, code, text, mixed or empty
	Samples []string // the first different values that are not empty; they may name persons
	Filled  int      // values that are not empty
}

// Looks reads up to so many records and describes the columns. Refused counts
// the records that could not be read as such.
func Looks(r Reader, records int) (looks []Look, refused int, err error) {
	var rows []row
	width := len(r.Header())
	for len(rows)+refused < records {
		record, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, err
		}
		if record.Problem != nil || len(record.Fields) != width {
			refused++
			continue
		}
		kept := row{fields: make([][]byte, width)}
		for i, field := range record.Fields {
			kept.fields[i] = slices.Clone(field)
		}
		rows = append(rows, kept)
	}
	for i, column := range columnsOf(rows, width) {
		look := Look{Name: r.Header()[i], Kind: kindOfShape(&column), Filled: column.filled}
		for _, row := range rows {
			value := string(row.fields[i])
			if shapeOf(row.fields[i]) != shapeNone && len(look.Samples) < lookSamples && !slices.Contains(look.Samples, value) {
				look.Samples = append(look.Samples, value)
			}
		}
		looks = append(looks, look)
	}
	return looks, refused, nil
}

func kindOfShape(c *column) string {
	if c.filled == 0 {
		return "empty"
	}
	switch c.shape {
	case shapeNumber:
		return "number"
	case shapeMoment:
		return "moment"
	case shapeCode:
		return "code"
	case shapeWords:
		return "text"
	}
	return "mixed"
}
