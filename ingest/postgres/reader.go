package postgres

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/source"
)

// reader gives the rows of an extraction as records, numbered in their order.
type reader struct {
	x      *Extraction
	rows   rows
	all    *tally // of what was read
	header []string
	chosen []int // the columns of the header
	write  []func([]byte, source.Moment) []byte
	row    int

	record  source.Record
	problem source.Problem
	fields  [][]byte
	ends    []int
	room    []byte
}

// Open gives the rows from the first, without those that are known to be in the
// last extraction. A format says nothing about a database.
func (x *Extraction) Open(source.Format) (source.Reader, error) {
	r := &reader{x: x, rows: rows{conn: x.conn, formats: x.formats}, all: x.newTally()}
	if err := r.rows.rewind(x.ctx); err != nil {
		return nil, x.query.failed(err)
	}
	x.consumed.Store(0)
	for i := range x.columns {
		r.choose(i, nil)
	}
	return r, nil
}

func (r *reader) choose(column int, write func([]byte, source.Moment) []byte) {
	r.header = append(r.header, r.x.columns[column].name)
	r.chosen = append(r.chosen, column)
	r.write = append(r.write, write)
	r.fields, r.ends = append(r.fields, nil), append(r.ends, 0)
}

// Select implements [source.Selector]: what nobody asks for is not looked at.
func (r *reader) Select(columns []source.Selected) error {
	var errs []error
	r.header, r.chosen, r.write, r.fields, r.ends = nil, nil, nil, nil, nil
	for _, asked := range columns {
		found := false
		for i, column := range r.x.columns {
			if found = column.name == asked.Name; !found {
				continue
			}
			if column.wrong != "" {
				errs = append(errs, &diagnostic.Error{Msg: fmt.Sprintf("the column %q cannot be read: %s", asked.Name, column.wrong),
					Hint: "let the query say which part of it is meant, as in address->>'city', or cast it to text"})
			}
			r.choose(i, asked.Moment)
			break
		}
		if !found {
			errs = append(errs, &diagnostic.Error{Msg: fmt.Sprintf("the query gives no column %q", asked.Name)})
		}
	}
	return errors.Join(errs...)
}

func (r *reader) Sparse() bool           { return false }
func (r *reader) Header() []string       { return r.header }
func (r *reader) Dialect() source.Format { return source.Format{Type: "postgres"} }
func (r *reader) Lines() source.Lines    { return source.Lines{Unit: "row", Total: r.row} }
func (r *reader) Close() error           { return nil } // the extraction has the connection

// Next implements [source.Reader].
func (r *reader) Next() (*source.Record, error) {
	for {
		values, err := r.rows.next(r.x.ctx)
		if errors.Is(err, io.EOF) {
			return nil, r.atEnd()
		}
		if err != nil {
			return nil, r.x.query.failed(err)
		}
		sum, size := r.rows.sum(values)
		r.all.all.add(sum)
		r.x.consumed.Add(size)
		if r.x.leaveOut {
			if p, ok := r.x.scale.point(values[r.x.high]); ok && p.compare(*r.x.since) == 0 {
				continue
			}
		}
		r.row++
		r.read(values)
		return &r.record, nil
	}
}

// atEnd holds the rows to those of the first reading, if there was one.
func (r *reader) atEnd() error {
	if first := r.x.measured; first != nil && first.all.text() != r.all.all.text() {
		return &diagnostic.Error{File: r.x.query.Name, Msg: "the query gave other rows when it was read again; nothing was ingested",
			Hint: "leave out of it what changes at each call, such as random() and clock_timestamp()"}
	}
	return io.EOF
}

// read makes the record of a row.
func (r *reader) read(values [][]byte) {
	r.record = source.Record{Line: r.row, LastLine: r.row, Offset: int64(r.row - 1), Delimiter: '\t'}
	r.room = r.room[:0]
	for i, column := range r.chosen {
		if i > 0 {
			r.room = append(r.room, '\t')
		}
		from := len(r.room)
		if value := values[column]; value != nil {
			r.room = r.x.columns[column].append(r.room, value, r.write[i])
		}
		r.ends[i] = len(r.room)
		if r.record.Problem == nil && !utf8.Valid(r.room[from:]) {
			r.complain(source.BadEncoding, fmt.Sprintf("the column %s has bytes that are not utf-8", r.header[i]))
		}
	}
	if most := r.x.query.Limits.RecordBytes; len(r.room) > most {
		r.complain(source.TooLong, fmt.Sprintf("a row longer than %d bytes", most))
		r.room = r.room[:min(len(r.room), keptOfTooLong)]
	}
	r.record.Raw = r.room
	if r.record.Problem != nil {
		r.record.Raw = bytes.ToValidUTF8(r.room, []byte("\ufffd"))
		return
	}
	for i, from := 0, 0; i < len(r.fields); i++ {
		r.fields[i] = r.room[from:r.ends[i]:r.ends[i]]
		from = r.ends[i] + 1
	}
	r.record.Fields = r.fields
}

// keptOfTooLong is how much of a row is kept that is too long to be kept.
const keptOfTooLong = 1 << 10

func (r *reader) complain(code, message string) {
	r.problem = source.Problem{Code: code, Message: message}
	r.record.Problem = &r.problem
}
