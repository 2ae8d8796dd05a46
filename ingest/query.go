package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/ledger"
	"tavolo/ingest/mapping"
	"tavolo/ingest/postgres"
	"tavolo/ingest/source"
)

// IsQuery says that the rows are those of the query of the source. A file that is
// named is read as one, also for such a source: so corrected rows come back.
func (f File) IsQuery() bool { return f.Path == "" && f.Source.Postgres != nil }

// query ingests what the query of a source gives beyond its mark.
func (j *Job) query(ctx context.Context, file File, index, of int) Result {
	result := Result{File: file}
	rows, err := j.extract(ctx, file)
	if err != nil {
		result.Err = err
		return result
	}
	defer rows.Close()
	d := delivery{file: file, opened: rows, part: rows, index: index, of: of}
	result.Entry, result.Already, result.Err = j.part(ctx, d)
	if errors.Is(result.Err, postgres.ErrNothingNew) {
		result.Nothing, result.Err = true, nil
	}
	return result
}

// checkQuery is Check for the query of a source.
func (j *Job) checkQuery(ctx context.Context, file File, look func([]ledger.Refusal) error) ([]Checked, error) {
	checked := Checked{Result: Result{File: file}}
	if j.Lake != nil {
		var err error
		if j.entries, err = ledger.Read(ctx, j.Lake); err != nil {
			return nil, err
		}
	}
	rows, err := j.extract(ctx, file)
	if err == nil {
		err = j.check(ctx, delivery{file: file, opened: rows, part: rows}, &checked, look)
		err = errors.Join(err, rows.Close())
	}
	if err := stopped(ctx, err); err != nil {
		return nil, err
	}
	checked.Nothing = errors.Is(err, postgres.ErrNothingNew)
	if !checked.Nothing {
		checked.Err = err
	}
	return []Checked{checked}, nil
}

// Peek gives the rows of the query of a source, from the beginning, to be looked
// at. Done ends the query, and the reader with it.
func (j *Job) Peek(ctx context.Context, s *mapping.Source) (r source.Reader, done func() error, err error) {
	rows, err := j.extract(ctx, File{Source: s})
	if err != nil {
		return nil, nil, err
	}
	r, err = rows.Open(source.Format{})
	if err != nil {
		return nil, nil, errors.Join(err, rows.Close())
	}
	return r, rows.Close, nil
}

// extract asks the server of a source for the rows beyond its mark.
func (j *Job) extract(ctx context.Context, file File) (*postgres.Extraction, error) {
	s, from := file.Source, file.Source.Postgres
	q := postgres.Query{
		Name: file.Name(), SQL: from.Query.Text, Log: s.Log, HighWater: from.HighWater, From: from.From,
		Timeout: from.Limit(), TimeZone: j.Location.String(), Limits: j.Limits,
	}
	if from.URLEnv != "" {
		if j.Getenv != nil {
			q.URL = j.Getenv(from.URLEnv)
		}
		if q.URL == "" {
			return nil, &diagnostic.Error{File: j.Dir.Config(), Line: from.Line, Col: from.Col,
				Msg:  fmt.Sprintf("source %q: the variable %s, which holds the connection string, is not set", s.Name, from.URLEnv),
				Hint: "export " + from.URLEnv + "=postgres://user@host/database; the password may be in ~/.pgpass"}
		}
	}
	if mark := ledger.LastMark(j.entries, s.Name, s.Log, from.HighWater); mark != nil {
		q.Since = &postgres.Mark{Value: mark.Value, Rows: mark.Rows, Digest: mark.Digest}
	}
	rows, err := postgres.Begin(ctx, q)
	var wrong *postgres.QueryError
	if errors.As(err, &wrong) {
		config, _ := os.ReadFile(j.Dir.Config()) // without it the place is that of the query
		at := from.Query.At(config, wrong.Char)
		return nil, &diagnostic.Error{File: j.Dir.Config(), Line: at.Line, Col: at.Col,
			Msg: fmt.Sprintf("source %q", s.Name), Err: err, Hint: wrong.Hint}
	}
	return rows, err
}

// highWaterOf gives a mark as the ledger keeps it.
func highWaterOf(s *mapping.Source, mark *postgres.Mark) *ledger.HighWater {
	if mark == nil {
		return nil
	}
	return &ledger.HighWater{Column: s.Postgres.HighWater, Value: mark.Value, Rows: mark.Rows, Digest: mark.Digest}
}
