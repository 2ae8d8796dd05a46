// Package query is the guarded session for SQL that a person types: it answers
// questions over the published relations and changes nothing.
//
// A question is exactly one SELECT. It may name relations of the session and
// call ordinary functions; functions that give tables are refused but for a few
// that only count and unpack, because the others read files and settings. The engine is sealed
// besides (see [duckdb.Engine.Seal]), the answer is cut at a number of rows and
// bytes, and says so, and time is limited.
//
// An answer is bounded by the engine's memory limit, or spills, and is cut where
// it is shown; a single large value can pass that limit, and a question runs in
// the same process. A server for strangers asks from a process of its own.
package query

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"tavolo/ingest/diagnostic"
	"tavolo/transform/duckdb"
)

// Limits bounds an answer. The zero value is for a person at a terminal.
type Limits struct {
	Rows  int           // 1,000 when 0; none when negative
	Bytes int64         // of text in the values, 64 MiB when 0; none when negative
	Time  time.Duration // from question to first row, when the answer is computed; a minute when 0; none when negative
}

// The defaults of Limits.
const (
	DefaultRows  = 1000
	DefaultBytes = 64 << 20
	DefaultTime  = time.Minute
)

// Session answers questions over the relations of one engine.
type Session struct {
	engine *duckdb.Engine
	limits Limits
}

// Guard seals an engine, for good, and makes a session of it. The engine stays
// the caller's to close.
func Guard(ctx context.Context, engine *duckdb.Engine, limits Limits) (*Session, error) {
	if err := engine.Seal(ctx); err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	return &Session{engine, limits}, nil
}

// Answer is the answer to one question.
type Answer struct {
	Columns []duckdb.Column
	Rows    [][]any // as in duckdb.Result
	Cut     string  // why rows are missing, as a sentence; "" when none is
}

// ErrTime says that a question took longer than its limit.
var ErrTime = errors.New("the time for a question is over")

// Ask answers one question and keeps the answer; for one of any size use Write. Mistakes in it are *diagnostic.Error, with line and
// column where the engine knows them.
func (s *Session) Ask(ctx context.Context, text string) (*Answer, error) {
	answer := &Answer{}
	var described duckdb.Result
	for row, err := range s.rows(ctx, text, &described, &answer.Cut) {
		if err != nil {
			return nil, err
		}
		answer.Rows = append(answer.Rows, append([]any(nil), row...))
	}
	answer.Columns = described.Columns
	return answer, nil
}

// Write answers one question and writes the answer as it is fetched, so that its
// size costs no memory, but for a Table, whose widths every row decides. The
// sentence says why rows are missing, as Answer.Cut does.
func (s *Session) Write(ctx context.Context, text string, w io.Writer, format Format) (string, error) {
	if format == XLSX {
		var described duckdb.Result
		cut := ""
		err := workbook(w, s.rows(ctx, text, &described, &cut), &described)
		return cut, err
	}
	if format != CSV && format != JSON {
		answer, err := s.Ask(ctx, text)
		if err != nil {
			return "", err
		}
		return answer.Cut, answer.Write(w, format)
	}
	out, cut := bufio.NewWriter(w), ""
	var described duckdb.Result
	var lines *lineWriter
	for row, err := range s.rows(ctx, text, &described, &cut) {
		if err != nil {
			return "", err
		}
		if lines == nil {
			lines = newLineWriter(out, format, described.Columns)
		}
		if err := lines.write(row); err != nil {
			return "", err
		}
	}
	if lines == nil {
		newLineWriter(out, format, described.Columns)
	}
	return cut, out.Flush()
}

// rows yields the rows of the answer to a question, up to the limits; a row is
// valid until the next.
func (s *Session) rows(ctx context.Context, text string, described *duckdb.Result, cut *string) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		ctx, answered, end := s.timed(ctx)
		defer end()
		question := duckdb.Model{SQL: text}
		statement, err := s.admit(ctx, question)
		if err != nil {
			yield(nil, err)
			return
		}
		rows, bytes := orDefault(s.limits.Rows, DefaultRows), orDefault(s.limits.Bytes, DefaultBytes)
		given, size := 0, int64(0)
		for row, err := range s.answers(ctx, question, statement, rows, described) {
			answered()
			size += sizeOf(row)
			switch {
			case err != nil:
				err = advised(err)
			case rows > 0 && given == rows:
				*cut = fmt.Sprintf("only the first %d rows are shown", rows)
				return
			case bytes > 0 && size > bytes:
				*cut = fmt.Sprintf("only the first %d rows are shown: the answer is larger than %d bytes", given, bytes)
				return
			}
			if given++; !yield(row, err) {
				return
			}
		}
	}
}

// advised tells who asks for a relation that there is not where to find those
// that there are.
func advised(err error) error {
	var e *diagnostic.Error
	if errors.As(err, &e) && e.Hint == "" && strings.HasPrefix(e.Msg, "table with name ") {
		e.Hint = "`show tables` lists what there is"
	}
	return err
}

// timed limits the time until answered is called; end frees what the clock holds.
func (s *Session) timed(ctx context.Context) (_ context.Context, answered, end func()) {
	limit := orDefault(s.limits.Time, DefaultTime)
	if limit < 0 {
		return ctx, func() {}, func() {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	clock := time.AfterFunc(limit, func() { cancel(fmt.Errorf("%w (%s)", ErrTime, limit)) })
	stop := func() { clock.Stop() }
	return ctx, stop, func() { stop(); cancel(nil) }
}

// answers yields one row more than most, where there is one.
func (s *Session) answers(ctx context.Context, question duckdb.Model, statement any, most int, described *duckdb.Result) iter.Seq2[[]any, error] {
	if describes(statement) { // a small answer, of a statement that is a SELECT to the parser alone
		return s.engine.Stream(ctx, question, described)
	}
	if most > 0 {
		most++
	}
	return s.engine.Spool(ctx, question, most, described)
}

// sizeOf is the size of a row: texts as they are, 8 bytes for anything else.
func sizeOf(row []any) int64 {
	var size int64
	for _, value := range row {
		switch v := value.(type) {
		case string:
			size += int64(len(v))
		default:
			size += 8
		}
	}
	return size
}

func orDefault[N int | int64 | time.Duration](value, otherwise N) N {
	if value == 0 {
		return otherwise
	}
	return value
}

func complain(msg, hint string) error {
	return &diagnostic.Error{File: "sql", Msg: msg, Hint: hint}
}
