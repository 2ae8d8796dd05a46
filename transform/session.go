package transform

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"tavolo/ingest/lake"
	"tavolo/ingest/reference"
	"tavolo/transform/duckdb"
)

// SessionOptions says what a session holds beside the lake. The zero value
// leaves out what it does not name.
type SessionOptions struct {
	SQL        fs.FS            // its staging models become views: stg_bookings …
	Quarantine string           // folder of the refused rows, which become the relation quarantine
	Parameters Parameters       // as of the job
	Clock      func() time.Time // time.Now when nil
	Engine     duckdb.Options
}

// Session opens an engine in which everything can be asked for by name: the logs
// (all versions of every row), the newest versions as stg_<log>, the marts and
// results of the last run, the reference tables, ledger, batches and quarantine.
// The caller closes it, and seals it before anybody's query runs.
func Session(ctx context.Context, l *lake.Lake, refs *reference.Tables, o SessionOptions) (*duckdb.Engine, error) {
	e, err := duckdb.Open(o.Engine)
	if err != nil {
		return nil, err
	}
	if err := fillSession(ctx, e, l, refs, o); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

func fillSession(ctx context.Context, e *duckdb.Engine, l *lake.Lake, refs *reference.Tables, o SessionOptions) error {
	in, err := registerInputs(ctx, e, l, refs)
	if err != nil {
		return err
	}
	if err := registerQuarantine(ctx, e, o.Quarantine, in.entries); err != nil {
		return err
	}
	if err := registerResults(ctx, e, l); err != nil {
		return err
	}
	return stagingViews(ctx, e, o, in)
}

// registerResults registers the tables of the last run. A mart that the project
// has taken away since stays in the lake; it is not computed any more, and not
// to be asked.
func registerResults(ctx context.Context, e *duckdb.Engine, l *lake.Lake) error {
	tables, err := l.Tables(ctx)
	if err != nil {
		return err
	}
	computed := resultTables()
	if slices.Contains(tables, modelTable.name) {
		models, _, err := modelTable.load(ctx, l)
		if err != nil {
			return err
		}
		for _, model := range models {
			computed = append(computed, model.Name)
		}
	}
	for _, name := range tables {
		if !slices.Contains(computed, name) {
			continue
		}
		snapshot, err := l.Snapshot(ctx, name)
		if err != nil {
			return err
		}
		if err := registerSnapshot(ctx, e, snapshot); err != nil {
			return err
		}
	}
	return nil
}

// stagingViews makes the newest versions of the logs known, and the parameters
// that they read. An empty lake has neither.
func stagingViews(ctx context.Context, e *duckdb.Engine, o SessionOptions, in inputs) error {
	bound := o.Parameters.AsOf
	if bound.IsZero() {
		bound = time.Now()
		if o.Clock != nil {
			bound = o.Clock()
		}
	}
	at, err := findHorizon(ctx, e, o.Parameters, bound, in.months)
	if errors.Is(err, ErrEmpty) || o.SQL == nil {
		return nil
	}
	if err != nil {
		return err
	}
	if err := e.Create(ctx, o.Parameters.table(at)); err != nil {
		return err
	}
	models, err := readModels(o.SQL, stagingFolder)
	if err != nil {
		return err
	}
	if models, err = ordered(ctx, e, models); err != nil {
		return err
	}
	for _, model := range models {
		if err := e.View(ctx, model); err != nil {
			return err
		}
	}
	return nil
}
