package source

import (
	"bytes"
	"fmt"
	"io"
)

// keptOfTooLong is how much of a record beyond the limit is kept, in bytes.
const keptOfTooLong = 1 << 10

// The most that is spent on mending lines for people to look at.
const (
	mendedBytes = 8 << 10 // longest line
	mendedLines = 10_000  // of a file
)

// csvReader reads delimited text. It holds one window on the file, whatever the
// size of the file, and allocates nothing for a record.
type csvReader struct {
	name    string
	format  Format
	limits  Limits
	closer  io.Closer // may be nil
	window  window
	dialect dialect
	decoder decoder
	header  []string
	columns int // that a record must have; 0: as many as the first record turns out to have
	lines   Lines
	doubts  []Ambiguity

	unproven Format // what of the dialect was taken without anything in the file that shows it

	again   []byte // the first row of the header as it stands: files that were joined have it again
	suspect int    // up to this physical line a lone quote may belong to a broken field before
	mended  int    // lines that were mended

	raw     []byte // the record as it stands in the window
	record  Record
	problem Problem
	fields  [][]byte
	decoded []byte // room for the record in UTF-8
	content []byte // room for the fields without their doubled quotes
}

func newCSV(name string, stream io.Reader, f Format, limits Limits) (*csvReader, error) {
	r := &csvReader{name: name, format: f, limits: limits, window: window{stream: stream, line: 1}}
	r.closer, _ = stream.(io.Closer)
	if err := r.fill(); err != nil {
		return nil, err
	}
	if err := otherUTF16(name, r.window.text(), canonicalEncoding(f.Encoding)); err != nil {
		return nil, err
	}
	if utf16 := guessUTF16(r.window.text(), canonicalEncoding(f.Encoding)); utf16 != "" {
		whole := io.MultiReader(bytes.NewReader(r.window.text()), stream)
		r.window = window{stream: utf16Reader(utf16, whole), line: 1, utf16: true}
		r.format.Encoding = utf16
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
	if err := recognise(name, r.window.text()); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(r.window.text(), []byte("\ufeff")) {
		r.window.take(len("\ufeff"), 0)
		if r.format.Encoding == "" {
			r.format.Encoding = utf8Name
		}
	}
	table, err := r.detect()
	if err == nil {
		err = r.readHeader(table)
	}
	if err != nil {
		return nil, err
	}
	if len(r.doubts) > 0 && !f.Guess {
		return nil, refuseAmbiguous(name, r.doubts)
	}
	return r, nil
}

// fill reads a sample.
func (r *csvReader) fill() error {
	for !r.window.whole && r.window.to < sampleBytes {
		if err := r.window.more(); err != nil {
			return openError(r.name, err)
		}
	}
	return nil
}

func (r *csvReader) ambiguities() []Ambiguity { return r.doubts }

func (r *csvReader) Header() []string { return r.header }

func (r *csvReader) Dialect() Format {
	f := r.format
	f.Encoding = r.decoder.name
	if f.Encoding == "" {
		f.Encoding = utf8Name // nothing but ASCII so far
	}
	return f
}

func (r *csvReader) Lines() Lines {
	lines := r.lines
	lines.Total = r.window.line - 1
	return lines
}

func (r *csvReader) Close() error {
	if r.closer == nil {
		return nil
	}
	return r.closer.Close()
}

// atEnd says whether the file has been read to its end.
func (r *csvReader) atEnd() bool { return r.window.whole && r.window.from == r.window.to }

func (r *csvReader) Next() (*Record, error) {
	record, err := r.next()
	if err != nil && err != io.EOF {
		return nil, openError(r.name, err)
	}
	return record, err
}

// next reads up to the next record that is not blank.
func (r *csvReader) next() (*Record, error) {
	for {
		if r.atEnd() {
			return nil, io.EOF
		}
		e, ok := r.dialect.split(r.window.text(), r.window.whole, r.limits.RecordBytes)
		if !ok {
			if err := r.window.more(); err != nil {
				return nil, err
			}
			continue
		}
		raw := r.window.text()[:e.end]
		if !e.quoted && e.code == "" && r.dialect.blank(raw) {
			r.lines.Blank++
			r.window.take(e.next, 1)
			continue
		}
		if len(raw) == len(r.again) && r.columns > 1 && bytes.Equal(raw, r.again) {
			r.lines.Header += e.lines
			r.window.take(e.next, e.lines)
			continue
		}
		r.raw = raw
		r.record = Record{Line: r.window.line, Offset: r.window.offset, Delimiter: r.dialect.delimiter}
		if err := r.read(raw, e); err != nil {
			return nil, err
		}
		return &r.record, nil
	}
}

// read fills the record from its bytes and moves past them.
func (r *csvReader) read(raw []byte, e extent) error {
	if e.code == TooLong {
		return r.readTooLong(raw)
	}
	if e.bare && r.record.Line <= r.suspect && e.lines == 1 {
		e.code = StrayQuote
	}
	if e.code == "" {
		r.tokenise(raw, e)
		if e.lines > 1 && r.joined(e) {
			r.suspect = max(r.suspect, r.record.Line+e.lines-1)
			e.end, e.next, _ = lineEnd(r.window.text(), r.window.whole)
			e.lines, e.code = 1, UnterminatedQuote
			raw = raw[:e.end]
		}
	}
	switch e.code {
	case UnterminatedQuote:
		r.complain(UnterminatedQuote, "a quoted field that begins in this line is not closed")
	case StrayQuote:
		r.complain(StrayQuote, "a quote stands where none may be")
		r.suspect = max(r.suspect, r.record.Line+lineEnds(r.window.text()[:e.reach]))
	}
	if e.code != "" {
		r.mend(raw)
	}
	r.record.Fields = r.fields
	r.record.LastLine = r.record.Line + e.lines - 1
	r.window.take(e.next, e.lines)
	return nil
}

// mend gives the fields of a broken line if there is one way to read them.
func (r *csvReader) mend(raw []byte) {
	r.fields = nil
	r.record.Raw, r.decoded, _ = r.decoder.decode(r.decoded, raw)
	if r.columns > 0 && r.mended < mendedLines && len(r.record.Raw) <= mendedBytes {
		r.mended++
		r.fields = r.dialect.recover(r.record.Raw, r.columns)
	}
}

// tokenise decodes a record and splits it into its fields.
func (r *csvReader) tokenise(raw []byte, e extent) {
	var problem *Problem
	raw, r.decoded, problem = r.decoder.decode(r.decoded, raw)
	r.record.Raw = raw
	if e.quoted {
		r.fields, r.content = r.dialect.quotedFields(r.fields[:0], r.content, raw, r.limits.Columns)
	} else {
		r.fields = r.dialect.fields(r.fields[:0], raw, r.limits.Columns)
	}
	if r.columns == 0 { // the header itself
		r.columns = len(r.fields)
	}
	switch {
	case problem != nil:
		r.complain(problem.Code, problem.Message)
	case bytes.IndexByte(raw, 0) >= 0:
		r.complain(NulByte, "a byte 0 is in the line")
	case len(r.fields) > r.limits.Columns:
		r.complain(TooManyColumns, fmt.Sprintf("more than %d fields", r.limits.Columns))
	case !e.quoted && r.otherwiseQuoted(raw):
		r.complain(StrayQuote, "a field is in other quotation marks than those of the file")
	case len(r.fields) != r.columns:
		r.complain(Ragged, fmt.Sprintf("%d fields where the header has %d", len(r.fields), r.columns))
	}
}

// otherwiseQuoted says whether a field of a record without quotes stands between apostrophes.
func (r *csvReader) otherwiseQuoted(raw []byte) bool {
	if r.dialect.quote != '"' || bytes.IndexByte(raw, '\'') < 0 {
		return false
	}
	for _, field := range r.fields {
		if n := len(field); n > 1 && field[0] == '\'' && field[n-1] == '\'' {
			return true
		}
	}
	return false
}

// joined says whether a record of several lines is more than one record, which a
// stray quote has joined: its second line would be a good record on its own, and
// either the whole has the wrong number of fields or the first line would be one too.
func (r *csvReader) joined(e extent) bool {
	text := r.window.text()
	first, second, _ := lineEnd(text, r.window.whole)
	if len(r.fields) == r.columns {
		end, _, _ := lineEnd(text[second:], r.window.whole)
		return r.columns > 1 && r.dialect.countOpen(text[:first]) == r.columns &&
			r.dialect.countOpen(text[second:second+end]) == r.columns
	}
	alone, ok := r.dialect.split(text[second:], r.window.whole, r.limits.RecordBytes)
	if !ok || alone.code != "" || alone.lines > 1 || alone.quoted && second+alone.next > e.next {
		return false
	}
	fields, _ := r.dialect.quotedFields(nil, nil, text[second:second+alone.end], r.limits.Columns)
	return len(fields) == r.columns
}

func (r *csvReader) readTooLong(raw []byte) error {
	r.complain(TooLong, fmt.Sprintf("a record longer than %d bytes", r.limits.RecordBytes))
	text, _, _ := r.decoder.decode(nil, bytes.Clone(raw[:min(len(raw), keptOfTooLong)]))
	r.record.Raw = text
	r.record.LastLine = r.record.Line
	return r.window.skipLine()
}

func (r *csvReader) complain(code, message string) {
	r.problem = Problem{code, message}
	r.record.Problem = &r.problem
}
