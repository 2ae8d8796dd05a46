package transform

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tavolo/ingest/lake"
	"tavolo/transform/duckdb"
)

// previous is the last run that stored all its results.
type previous struct {
	run       runRow
	snapshots map[string]int64  // log → the version that it read
	checked   map[string]string // by the name of the property: what each check was run over
	followed  map[string]string // likewise: what the figures of each mart followed from
}

// previousRun finds the last run, nil when there is none whose results this program
// can read. A run that was stopped while it stored them is none either: each mart
// says which run it is of.
func (r *run) previousRun(ctx context.Context) (*previous, error) {
	rows, _, err := runTable.load(ctx, r.job.Lake)
	if err != nil || len(rows) != 1 {
		return nil, ctx.Err()
	}
	versions, snapshot, err := snapshotTable.load(ctx, r.job.Lake)
	if err != nil || snapshot.Summary[runKey] != rows[0].ID {
		return nil, ctx.Err()
	}
	p := &previous{run: rows[0], snapshots: map[string]int64{}}
	if p.checked, err = r.propertiesOf(ctx, checkTable.name, p.run.ID); err != nil {
		return nil, err
	}
	if p.followed, err = r.propertiesOf(ctx, cellTable.name, p.run.ID); err != nil {
		return nil, err
	}
	for _, version := range versions {
		p.snapshots[version.Table] = version.ID
	}
	return p, nil
}

// propertiesOf gives the properties of a table's snapshot; none when it is not of the run.
func (r *run) propertiesOf(ctx context.Context, table, run string) (map[string]string, error) {
	snapshot, err := r.job.Lake.Snapshot(ctx, table)
	switch {
	case errors.Is(err, lake.ErrNoTable):
		return nil, nil
	case err != nil:
		return nil, err
	case snapshot.Summary[runKey] != run:
		return nil, nil
	}
	return snapshot.Summary, nil
}

// arrival is what has come to a log since the run before. The engine knows its rows
// by the name arrivedName, when there are any.
type arrival struct {
	known bool // false when it cannot be told, or files that the run before read are gone
	files []string
}

// arrivedName is the relation of the rows of a log that have come.
func arrivedName(log string) string { return "arrived_" + log }

// arrived finds out what has come to a log, once for all marts.
func (r *run) arrived(ctx context.Context, log string) (*arrival, error) {
	if a, ok := r.arrivals[log]; ok {
		return a, nil
	}
	files, known, err := r.newFiles(ctx, log)
	if err != nil {
		return nil, err
	}
	if known && len(files) > 0 {
		columns, err := r.engine.Columns(ctx, log)
		if err != nil {
			return nil, err
		}
		if err := r.engine.Register(ctx, duckdb.Relation{Name: arrivedName(log), Columns: columns, Files: files}); err != nil {
			return nil, err
		}
	}
	r.arrivals[log] = &arrival{known, files}
	return r.arrivals[log], nil
}

func (r *run) newFiles(ctx context.Context, log string) (files []string, known bool, err error) {
	id, ok := r.before.snapshots[log]
	if !ok {
		return nil, false, nil
	}
	old, err := r.job.Lake.FilesAt(ctx, log, id)
	switch {
	case errors.Is(err, lake.ErrNoVersion), errors.Is(err, lake.ErrNoTable):
		return nil, false, nil
	case err != nil:
		return nil, false, err
	}
	byPath := func(file lake.File, path string) int { return strings.Compare(file.Path, path) }
	for _, file := range r.inputs.files[log] {
		if _, read := slices.BinarySearchFunc(old, file.Path, byPath); !read {
			files = append(files, file.Path)
		}
	}
	return files, len(files)+len(old) == len(r.inputs.files[log]), nil
}
