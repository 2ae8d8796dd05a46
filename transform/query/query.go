// Package query is the guarded session for SQL that a person types: it answers
// questions over the published relations and changes nothing.
//
// A question is exactly one SELECT. It may name relations of the session and
// call ordinary functions; functions that give tables are refused but for a few
// that only count and unpack, because the others read files and settings. The engine is sealed
// besides (see [duckdb.Engine.Seal]), the answer is cut at a number of rows and
// bytes, and says so, and time is limited.
//
// What this does not do: it does not bound memory, and it runs in the same
// process. A server for strangers asks from a process of its own.
package query

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tavolo/ingest/diagnostic"
	"tavolo/transform/duckdb"
)

// Limits bounds an answer. The zero value is for a person at a terminal.
type Limits struct {
	Rows  int           // 1,000 when 0; none when negative
	Bytes int64         // of text in the values, 64 MiB when 0; none when negative
	Time  time.Duration // from question to last row, a minute when 0; none when negative
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

// Ask answers one question. Mistakes in it are *diagnostic.Error, with line and
// column where the engine knows them.
func (s *Session) Ask(ctx context.Context, text string) (*Answer, error) {
	if limit := orDefault(s.limits.Time, DefaultTime); limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, fmt.Errorf("%w (%s)", ErrTime, limit))
		defer cancel()
	}
	question := duckdb.Model{SQL: text}
	if err := s.admit(ctx, question); err != nil {
		return nil, err
	}
	var described duckdb.Result
	answer := &Answer{}
	rows, bytes := orDefault(s.limits.Rows, DefaultRows), orDefault(s.limits.Bytes, DefaultBytes)
	var size int64
	for row, err := range s.engine.Stream(ctx, question, &described) {
		if err != nil {
			return nil, err
		}
		if rows > 0 && len(answer.Rows) == rows {
			answer.Cut = fmt.Sprintf("only the first %d rows are shown", rows)
			break
		}
		if size += sizeOf(row); bytes > 0 && size > bytes {
			answer.Cut = fmt.Sprintf("only the first %d rows are shown: the answer is larger than %d bytes", len(answer.Rows), bytes)
			break
		}
		answer.Rows = append(answer.Rows, append([]any(nil), row...))
	}
	answer.Columns = described.Columns
	return answer, nil
}

// Relations gives the names of everything that a question may read, sorted.
func (s *Session) Relations(ctx context.Context) ([]string, error) { return s.engine.Relations(ctx) }

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
