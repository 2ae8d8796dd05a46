package duckdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	driver "github.com/duckdb/duckdb-go/v2"

	"tavolo/ingest/diagnostic"
)

// Model is one SQL file that holds one query.
type Model struct {
	Name string // of the table that it makes: the file's name without .sql
	File string // to be named in messages; "" when the SQL comes from no file
	SQL  string // one select, with or without a final semicolon
}

// Run makes the table m.Name from the model's query and gives its number of
// rows. An error is a *diagnostic.Error at the place in the file where the
// engine found it.
func (e *Engine) Run(ctx context.Context, m Model) (rows int64, err error) {
	head := "create table " + Name(m.Name) + " as\n"
	err = e.only(ctx, head+trimmed(m.SQL), func(*driver.Stmt) error { return nil })
	if err != nil {
		return 0, e.explain(ctx, err, m, len(head))
	}
	row := e.db.QueryRowContext(ctx, "select count(*) from "+Name(m.Name))
	if err := row.Scan(&rows); err != nil {
		return 0, e.explain(ctx, err, m, 0)
	}
	return rows, nil
}

// RunMonths makes a table of the rows of the model's query that are of some months,
// whose column month is the first day of one, or of all months where none are named.
// Relations that the query reads may be others for it: with defines them, as the with
// clause of a query does; "" for none. The rows lie in the order of all columns from left
// to right: where month is the first, the rows of a month lie together. Errors are as
// those of Run.
func (e *Engine) RunMonths(ctx context.Context, m Model, table, with string, months ...time.Time) error {
	where := ""
	if len(months) > 0 {
		days := make([]string, len(months))
		for i, month := range months {
			days[i] = Day(month)
		}
		where = " where month in (" + strings.Join(days, ", ") + ")"
	}
	head := "create table " + Name(table) + " as " + with + " select * from (\n"
	text := head + trimmed(m.SQL) + "\n) as whole" + where + " order by all"
	if err := e.only(ctx, text, func(*driver.Stmt) error { return nil }); err != nil {
		return e.explain(ctx, err, m, len(head))
	}
	return nil
}

// View makes m.Name stand for the model's query, which then runs with every query
// that reads it. Errors are as those of Run.
func (e *Engine) View(ctx context.Context, m Model) error {
	head := "create view " + Name(m.Name) + " as\n"
	if err := e.only(ctx, head+trimmed(m.SQL), func(*driver.Stmt) error { return nil }); err != nil {
		return e.explain(ctx, err, m, len(head))
	}
	return nil
}

// only runs text if it is one statement and accept does not object to it.
// database/sql and PrepareContext would run all but the last while preparing.
func (e *Engine) only(ctx context.Context, text string, accept func(*driver.Stmt) error) error {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(raw any) error {
		prepared, err := raw.(*driver.Conn).Prepare(text)
		if err != nil {
			return err
		}
		defer prepared.Close()
		statement := prepared.(*driver.Stmt)
		if err := accept(statement); err != nil {
			return err
		}
		_, err = statement.ExecContext(ctx, nil)
		return err
	})
}

// trimmed is a query without its final semicolon and the space around it.
func trimmed(text string) string {
	return strings.TrimRight(text, "; \t\r\n")
}

// fault is how DuckDB describes an error under the setting errors_as_json.
type fault struct {
	Type       string `json:"exception_type"`
	Message    string `json:"exception_message"`
	Position   string `json:"position"` // byte offset in the statement, in digits
	Name       string `json:"name"`     // what was not found
	Kind       string `json:"type"`     // of what was not found, such as Table
	Subtype    string `json:"error_subtype"`
	Candidates string `json:"candidates"` // names that there are, separated by commas
}

// ErrMemory says that the engine's memory was not enough; see [Options].
var ErrMemory = errors.New("out of memory")

func faultOf(err error) (fault, bool) {
	var f fault
	text := err.Error()
	start := strings.IndexByte(text, '{')
	if start < 0 || json.Unmarshal([]byte(text[start:]), &f) != nil || f.Message == "" {
		return f, false
	}
	return f, true
}

// plain is an engine's error as a sentence.
func plain(err error) error {
	if f, ok := faultOf(err); ok {
		return errors.New(f.sentence())
	}
	return err
}

// sentence is the message without DuckDB's habit of shouting and suggesting.
func (f fault) sentence() string {
	message, _, _ := strings.Cut(f.Message, "\nDid you mean")
	message, _, _ = strings.Cut(message, "\nCandidate bindings")
	message = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(message), "!"))
	message = strings.ReplaceAll(message, "\n", " ")
	first, size := utf8.DecodeRuneInString(message)
	if second, _ := utf8.DecodeRuneInString(message[size:]); first < utf8.RuneSelf && second > 'Z' {
		message = strings.ToLower(string(first)) + message[size:]
	}
	return message
}

// DamagedHint says what to do about a file of the lake that cannot be read.
const DamagedHint = "a file of the lake is damaged or gone: restore it from a backup"

// hint names what may have been meant: of tables one that is spelled nearly so,
// and no table of the engine's own; of columns also those that look otherwise.
func (f fault) hint() string {
	if strings.Contains(f.Message, ".parquet\"") || strings.Contains(f.Message, ".parquet'") {
		return DamagedHint
	}
	candidates := slices.DeleteFunc(strings.Split(f.Candidates, ","), func(name string) bool {
		prefix, _, _ := strings.Cut(name, "_")
		return name == "" || f.Kind == "Table" && slices.Contains([]string{"pg", "sqlite", "duckdb"}, prefix)
	})
	if near := diagnostic.DidYouMean(f.Name, candidates); near != "" || f.Subtype != "COLUMN_NOT_FOUND" || len(candidates) == 0 {
		return near
	}
	return "columns like it are " + strings.Join(candidates, ", ")
}

// explain gives an error of the engine its place in the model: head is the
// number of bytes that were put before the model's own text.
func (e *Engine) explain(ctx context.Context, err error, m Model, head int) error {
	if cause := context.Cause(ctx); cause != nil {
		return fmt.Errorf("%s: %w", m.label(), cause)
	}
	f, ok := faultOf(err)
	if !ok {
		if m.File == "" {
			return err
		}
		return &diagnostic.Error{File: m.File, Err: err}
	}
	placed := &diagnostic.Error{File: m.label(), Msg: f.sentence()}
	if f.Type == "Out of Memory" {
		placed.Msg, placed.Err = "", ErrMemory // its advice is to change settings
		placed.Hint = "ask for less at a time, or raise memory under engine in tavolo.yaml"
	}
	if placed.Hint == "" {
		placed.Hint = f.hint()
	}
	var offset int
	if _, err := fmt.Sscan(f.Position, &offset); err == nil {
		placed.Line, placed.Col = m.Place(offset - head)
	}
	return placed
}

// Place gives the line and column, both from 1 and the column in characters, of
// an offset in bytes; zeros when there is no such place.
func (m Model) Place(offset int) (line, col int) {
	if offset < 0 || offset > len(m.SQL) {
		return 0, 0
	}
	before := m.SQL[:offset]
	return 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}

func (m Model) label() string {
	switch {
	case m.File != "":
		return m.File
	case m.Name != "":
		return m.Name
	}
	return "sql"
}
