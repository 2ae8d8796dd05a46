package source

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"tavolo/ingest/diagnostic"
)

// Record is one record of a source file. Its slices are valid until the next
// call of Next; what must outlive it is copied.
type Record struct {
	Fields   [][]byte // decoded to UTF-8, quotes removed; with a Problem, what can be told of them, or nil
	Line     int      // physical line of its first byte, from 1
	LastLine int      // physical line of its last byte
	Offset   int64    // of its first byte in the (decompressed) file, from 0
	Raw      []byte   // its bytes, decoded to UTF-8, without the line end
	Problem  *Problem // nil, or why the record could not be read as such

	Delimiter byte // between the fields of Raw; 0 in a format that has none

	// Number is the place of the record among what [Lines] counts, from 1, where
	// that is no physical line: elements of a JSON array may share a line. 0: Line.
	Number int
}

// Position is the place of the record among what [Lines] counts: unique in its
// file, and ascending.
func (r *Record) Position() int {
	if r.Number > 0 {
		return r.Number
	}
	return r.Line
}

// Span is how many of the units that [Lines] counts the record takes.
func (r *Record) Span() int {
	if r.Number > 0 {
		return 1
	}
	return r.LastLine - r.Line + 1
}

// Problem says why a record could not be read.
type Problem struct {
	Code    string // one of the constants below: stable, for counting
	Message string // in words; quotes nothing of the record
}

// The codes of problems.
const (
	Ragged            = "ragged"             // more or fewer fields than the header
	UnterminatedQuote = "unterminated_quote" // a quoted field that is not closed
	StrayQuote        = "stray_quote"        // text between a closing quote and the next delimiter
	BadEncoding       = "bad_encoding"       // bytes that the file's encoding does not have
	NulByte           = "nul_byte"           // a byte 0, which no text has
	TooLong           = "too_long"           // longer than the limit; Raw holds its beginning
	TooManyColumns    = "too_many_columns"   // more fields than the limit
)

// Lines counts the physical lines of a file that are in no record, and all of
// them. A format without lines counts its own unit: the rows of a sheet or of a
// Parquet file, the elements of a JSON array.
type Lines struct {
	Unit     string // "" for physical lines, otherwise row or element
	Total    int    // all, also those in records
	Header   int    // of the header
	Preamble int    // before the header: a title, a "sep=" line
	Blank    int    // nothing but spaces, or nothing but spaces and delimiters
}

// Reader reads the records of one file in their order.
type Reader interface {
	// Header gives the names of the columns as the file has them. A file without
	// a header has the numbers "1", "2", … of its columns.
	Header() []string

	// Next gives the next record, or io.EOF after the last. The record is the
	// reader's own and changes with the next call. Any other error ends the file.
	Next() (*Record, error)

	// Lines gives the counts up to where the file has been read: at io.EOF, of all of it.
	Lines() Lines

	// Dialect gives the format with everything that was detected filled in.
	Dialect() Format

	// Close gives back the file.
	Close() error
}

func openError(path string, err error) error {
	var placed *diagnostic.Error
	if errors.As(err, &placed) {
		return err
	}
	hint := ""
	switch {
	case errors.Is(err, fs.ErrNotExist):
		hint = "a path is looked up from the project folder; check its spelling"
	case errors.Is(err, fs.ErrPermission):
		hint = "give the account that runs tavolo the right to read it"
	}
	if hint == "" {
		hint = advice(Code(err))
	}
	var failed *fs.PathError
	if errors.As(err, &failed) {
		err = failed.Err
	}
	return &diagnostic.Error{File: path, Err: err, Hint: hint}
}

// magics are the first bytes of what people send in the place of a text.
var magics = []struct{ prefix, what, hint string }{
	{"PK\x03\x04", "a ZIP archive or a spreadsheet (XLSX)", "save it as CSV UTF-8 from the spreadsheet program"},
	{"\xd0\xcf\x11\xe0", "an old spreadsheet (XLS)", "save it as CSV UTF-8 from the spreadsheet program"},
	{"\x1f\x8b", "compressed with gzip", "unpack it first"},
	{"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it first"},
	{"PAR1", "a Parquet file", "export it as CSV"},
	{"%PDF", "a PDF document", "ask its sender for the figures as CSV"},
	{"\xff\xfe", "text in UTF-16", "save it as UTF-8"},
	{"\xfe\xff", "text in UTF-16", "save it as UTF-8"},
}

func recognise(name string, sample []byte) error {
	if len(sample) == 0 {
		return refuse(name, Empty, "the file is empty",
			"a file without rows still has its header; ask its sender to send it again")
	}
	for _, magic := range magics {
		if bytes.HasPrefix(sample, []byte(magic.prefix)) {
			return &diagnostic.Error{File: name, Msg: fmt.Sprintf("is %s, not CSV", magic.what), Hint: magic.hint}
		}
	}
	return nil
}
