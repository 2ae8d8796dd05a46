package source

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"tavolo/ingest/diagnostic"
)

// keptOfTooLong is how much of a record beyond the limit is kept, in bytes.
const keptOfTooLong = 1 << 10

// csvReader reads delimited text. It holds one window on the file, whatever the
// size of the file, and allocates nothing for a record.
type csvReader struct {
	name    string
	format  Format
	limits  Limits
	window  window
	dialect dialect
	decoder decoder
	header  []string
	columns int // that a record must have; 0: as many as the first record turns out to have
	lines   Lines

	record  Record
	problem Problem
	fields  [][]byte
	decoded []byte // room for the record in UTF-8
	content []byte // room for the fields without their doubled quotes
}

func newCSV(name string, stream io.Reader, f Format, limits Limits) (*csvReader, error) {
	r := &csvReader{name: name, format: f, limits: limits, window: window{stream: stream, line: 1}}
	for !r.window.whole && r.window.to < sampleBytes {
		if err := r.window.more(); err != nil {
			return nil, openError(name, err)
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
	if err := r.readPreamble(); err != nil {
		return nil, err
	}
	r.detect()
	if err := r.readHeader(); err != nil {
		return nil, err
	}
	return r, nil
}

// readPreamble passes over what stands before the header.
func (r *csvReader) readPreamble() error {
	if r.format.Header == nil {
		end, next, _ := lineEnd(r.window.text(), r.window.whole)
		if b := sepLine(r.window.text()[:end]); b != 0 {
			r.lines.Preamble++
			r.window.take(next, 1)
			if r.format.Delimiter == "" {
				r.format.Delimiter = delimiterName(b)
			}
		}
		return nil
	}
	for r.window.line < *r.format.Header {
		if len(r.window.text()) == 0 && !r.window.whole {
			if err := r.window.more(); err != nil {
				return openError(r.name, err)
			}
			continue
		}
		if r.atEnd() {
			return &diagnostic.Error{File: r.name, Line: r.window.line - 1,
				Msg:  fmt.Sprintf("the file ends before line %d, where its header should be", *r.format.Header),
				Hint: "format.header is the line of the header, counted from 1"}
		}
		if err := r.window.skipLine(); err != nil {
			return openError(r.name, err)
		}
		r.lines.Preamble++
	}
	return nil
}

// sepLine gives the delimiter that spreadsheets announce in a line "sep=;", or 0.
func sepLine(line []byte) byte {
	line = bytes.Trim(line, `" `)
	if len(line) == 5 && bytes.EqualFold(line[:4], []byte("sep=")) {
		return line[4]
	}
	return 0
}

// readHeader reads the names of the columns, or without a header the number of them.
func (r *csvReader) readHeader() error {
	if r.format.Header != nil && *r.format.Header == 0 {
		return r.numberColumns()
	}
	record, err := r.next()
	if err == io.EOF {
		return &diagnostic.Error{File: r.name, Msg: "the file has no header: all its lines are blank",
			Hint: "a file without rows still has its header; ask its sender to send it again"}
	}
	if err != nil {
		return openError(r.name, err)
	}
	if record.Problem != nil {
		return &diagnostic.Error{File: r.name, Line: record.Line, Msg: "the header cannot be read: " + record.Problem.Message,
			Hint: "where the header is not the first line, format.header says which it is"}
	}
	for _, name := range record.Fields {
		r.header = append(r.header, string(name))
	}
	r.columns = len(r.header)
	r.lines.Header = record.LastLine - record.Line + 1
	line := record.Line
	r.format.Header = &line
	return nil
}

// numberColumns names the columns of a file without a header by the first record.
func (r *csvReader) numberColumns() error {
	text := r.window.text()
	for len(text) > 0 {
		e, ok := r.dialect.split(text, r.window.whole, r.limits.RecordBytes)
		if !ok {
			break
		}
		if record := text[:e.end]; e.code == "" && !r.dialect.blank(record) {
			r.fields, _ = r.dialect.quotedFields(r.fields[:0], nil, record, r.limits.Columns)
			r.columns = len(r.fields)
			break
		}
		text = text[e.next:]
	}
	for i := range r.columns {
		r.header = append(r.header, strconv.Itoa(i+1))
	}
	return nil
}

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
	if closer, ok := r.window.stream.(io.Closer); ok {
		return closer.Close()
	}
	return nil
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
	if e.code == "" {
		r.tokenise(raw, e)
		if len(r.fields) != r.columns && e.lines > 1 && r.resumesAfter(e) {
			e.end, e.next, _ = lineEnd(r.window.text(), r.window.whole)
			e.lines, e.code = 1, UnterminatedQuote
			raw = raw[:e.end]
		}
	}
	switch e.code {
	case UnterminatedQuote:
		r.complain(UnterminatedQuote, "a quoted field that begins in this line is not closed")
	case StrayQuote:
		r.complain(StrayQuote, "text follows the closing quote of a field")
	}
	if e.code != "" {
		r.fields = nil
		r.record.Raw, r.decoded, _ = r.decoder.decode(r.decoded, raw)
	}
	r.record.Fields = r.fields
	r.record.LastLine = r.record.Line + e.lines - 1
	r.window.take(e.next, e.lines)
	return nil
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
	case len(r.fields) != r.columns:
		r.complain(Ragged, fmt.Sprintf("%d fields where the header has %d", len(r.fields), r.columns))
	}
}

// resumesAfter says whether the second line of a record of several lines is a
// good record on its own: then a stray quote in the first line has joined them.
func (r *csvReader) resumesAfter(e extent) bool {
	_, second, _ := lineEnd(r.window.text(), r.window.whole)
	text := r.window.text()[second:]
	alone, ok := r.dialect.split(text, r.window.whole, r.limits.RecordBytes)
	if !ok || alone.code != "" || alone.lines > 1 || alone.quoted && second+alone.next > e.next {
		return false
	}
	fields, _ := r.dialect.quotedFields(nil, nil, text[:alone.end], r.limits.Columns)
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
