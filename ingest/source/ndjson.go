package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// jsonReader is what the two readers of JSON have in common: the columns, which
// are paths, and the present record.
type jsonReader struct {
	name   string
	format Format
	limits Limits
	window window
	lines  Lines

	scanner jsonScanner
	header  []string
	wanted  *jsonNode

	record  Record
	problem Problem
}

func newJSONReader(name string, stream io.Reader, f Format, limits Limits) (*jsonReader, error) {
	r := &jsonReader{name: name, format: f, limits: limits, window: window{stream: stream, line: 1}}
	r.scanner.limits, r.scanner.decimal = limits, '.'
	if f.Decimal != "" {
		r.scanner.decimal = f.Decimal[0]
	}
	r.format.Encoding, r.format.Delimiter, r.format.Quote, r.format.Header = utf8Name, "", "", nil
	for !r.window.whole && r.window.to < sampleBytes {
		if err := r.window.more(); err != nil {
			return nil, openError(name, err)
		}
	}
	if bytes.HasPrefix(r.window.text(), []byte("\ufeff")) {
		r.window.take(len("\ufeff"), 0)
	}
	if r.window.whole && len(bytes.TrimSpace(r.window.text())) == 0 {
		return nil, refuse(name, Empty, "the file is empty", "ask its sender to send it again")
	}
	return r, nil
}

// learn takes the columns from records of the sample.
func (r *jsonReader) learn(records [][]byte) error {
	root := newJSONNode("", nil)
	r.scanner.growing = true
	for _, record := range records {
		r.scanner.scan(record, root, 0) // a bad record is told where it is read
	}
	r.scanner.growing = false
	columns := root.columns(r.limits.Columns)
	selected := make([]Selected, len(columns))
	for i, column := range columns {
		selected[i].Name = column
	}
	return r.Select(selected)
}

func (r *jsonReader) Select(columns []Selected) error {
	var errs []error
	r.header, r.wanted = nil, newJSONNode("", nil)
	for i, column := range columns {
		errs = append(errs, r.wanted.parsePath(column.Name, i))
		r.header = append(r.header, column.Name)
	}
	return errors.Join(errs...)
}

func (r *jsonReader) Sparse() bool     { return true }
func (r *jsonReader) Header() []string { return r.header }
func (r *jsonReader) Dialect() Format {
	f := r.format
	if f.Decimal == "" {
		f.Decimal = "."
	}
	return f
}

func (r *jsonReader) Close() error {
	if closer, ok := r.window.stream.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

// read fills the fields of the record from its text.
func (r *jsonReader) read(raw []byte) {
	r.record.Raw = raw
	fields, problem := r.scanner.scan(raw, r.wanted, len(r.header))
	r.record.Fields = fields
	if problem != nil {
		r.complain(problem.Code, problem.Message)
		r.record.Raw = bytes.ToValidUTF8(raw, []byte("\ufffd"))
	}
}

func (r *jsonReader) complain(code, message string) {
	r.problem = Problem{code, message}
	r.record.Problem, r.record.Fields = &r.problem, nil
}

// place gives the path of a field from its record on.
func (r *jsonReader) place(field int) string {
	if field >= 0 && field < len(r.header) {
		return r.header[field]
	}
	return r.scanner.failed
}

// ndjsonReader reads one object a line. Each line stands for itself, so one that
// is broken costs itself and no other.
type ndjsonReader struct{ jsonReader }

func newNDJSON(name string, stream io.Reader, f Format, limits Limits) (*ndjsonReader, error) {
	base, err := newJSONReader(name, stream, f, limits)
	if err != nil {
		return nil, err
	}
	r := &ndjsonReader{*base}
	r.format.Type = typeNDJSON
	var sample [][]byte
	for text := r.window.text(); len(text) > 0 && len(sample) < sampleRecords; {
		end, next, ok := lineEnd(text, r.window.whole)
		if !ok {
			break
		}
		if len(bytes.TrimSpace(text[:end])) > 0 {
			sample = append(sample, text[:end])
		}
		text = text[next:]
	}
	if len(sample) > 0 && allUnfinished(sample) {
		return nil, refuse(name, NotRecords, "is one JSON object over several lines, and no list of records",
			"a file of JSON holds one object a line, or a list of objects")
	}
	return r, r.learn(sample)
}

// allUnfinished says whether the first line only begins an object that goes on
// in the lines after it.
func allUnfinished(sample [][]byte) bool {
	first := bytes.TrimSpace(sample[0])
	return len(sample) > 1 && len(first) > 0 && (bytes.Equal(first, []byte("{")) || first[0] == '{' && first[len(first)-1] == ',' || first[0] == '{' && first[len(first)-1] == '[')
}

func (r *ndjsonReader) Lines() Lines {
	lines := r.lines
	lines.Total = r.window.line - 1
	return lines
}

// Place gives the path of a field in its object.
func (r *ndjsonReader) Place(field int) string { return r.place(field) }

func (r *ndjsonReader) Next() (*Record, error) {
	for {
		text := r.window.text()
		if r.window.whole && len(text) == 0 {
			return nil, io.EOF
		}
		end, next, ok := lineEnd(text, r.window.whole)
		if !ok && len(text) <= r.limits.RecordBytes+2 {
			if err := r.window.more(); err != nil {
				return nil, openError(r.name, err)
			}
			continue
		}
		if ok && len(bytes.TrimSpace(text[:end])) == 0 {
			r.lines.Blank++
			r.window.take(next, 1)
			continue
		}
		r.record = Record{Line: r.window.line, LastLine: r.window.line, Offset: r.window.offset}
		if !ok || end > r.limits.RecordBytes {
			return r.tooLong(text)
		}
		r.read(text[:end])
		r.window.take(next, 1)
		return &r.record, nil
	}
}

// tooLong passes over a line beyond the limit.
func (r *ndjsonReader) tooLong(text []byte) (*Record, error) {
	r.record.Raw = bytes.ToValidUTF8(bytes.Clone(text[:min(len(text), keptOfTooLong)]), []byte("\ufffd"))
	r.scanner.failed = ""
	r.complain(TooLong, fmt.Sprintf("a record longer than %d bytes", r.limits.RecordBytes))
	if err := r.window.skipLine(); err != nil {
		return nil, openError(r.name, err)
	}
	return &r.record, nil
}
