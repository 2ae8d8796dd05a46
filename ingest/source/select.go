package source

import "time"

// Selector is a [Reader] that does not read text alone: it wants to know which
// columns are asked for, and in which form to write what is no text in the file.
type Selector interface {
	Reader

	// Select makes the columns the header of the reader, before the first call of
	// Next. What is in no selected column is not read, and cannot be in the way.
	// A column that the file does not have is an error, except in JSON: there the
	// records need not have all keys, and a key that is missing is an empty value.
	Select(columns []Selected) error

	// Sparse says that records need not have all columns: the header then has
	// those that the beginning of the file has.
	Sparse() bool
}

// Selected is a column that is asked for.
type Selected struct {
	Name string // as Header gave it; in JSON any path

	// Moment writes a date or a time that the file has as such, and not as text:
	// a serial number of a spreadsheet, a timestamp of Parquet. It appends to the
	// slice. Nil: a number of a spreadsheet stays a number, and Parquet's are
	// written as ISO 8601.
	Moment func(to []byte, m Moment) []byte
}

// Moment is a date, a time of day, or both, as a file has it.
type Moment struct {
	Time  time.Time // in UTC, whose fields are those of the file
	Day   bool      // it has a date
	Clock bool      // it has a time of day
	Zone  bool      // Time is an instant, and not what some clock showed
}

// AppendISO writes a moment as ISO 8601, as precise as it is.
func AppendISO(to []byte, m Moment) []byte {
	layout := time.DateOnly
	switch {
	case m.Day && m.Clock:
		layout = "2006-01-02T15:04:05.999999999"
	case m.Clock:
		layout = "15:04:05.999999999"
	}
	to = m.Time.AppendFormat(to, layout)
	if m.Zone {
		to = append(to, 'Z')
	}
	return to
}

// Placer is a [Reader] that knows better than by line and column where a value is.
type Placer interface {
	Reader

	// Place says where a field of the present record is, in the words of the
	// format: a cell, "Foglio1!C7", or a path, "$[3].persona.cf". Field −1 is the
	// record, or what its problem is about.
	Place(field int) string
}
