package transform

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"tavolo/ingest/contract"
	"tavolo/ingest/lake"
	"tavolo/transform/duckdb"
)

// inputsKey is the property of a snapshot that names all that a mart is computed
// from, the rows of the logs and the day of the run included: a run that finds the
// same keeps the mart. The table of checks has one for each check, after a dot.
const inputsKey = "tavolo.inputs"

// storedBefore gives a mart as the run before stored it; nil when it did not, or
// when nothing is to be kept.
func (r *run) storedBefore(ctx context.Context, mart string) (*lake.Snapshot, error) {
	if r.before == nil {
		return nil, nil
	}
	snapshot, err := r.job.Lake.Snapshot(ctx, mart)
	switch {
	case errors.Is(err, lake.ErrNoTable):
		return nil, nil
	case err != nil:
		return nil, err
	case snapshot.Summary[runKey] != r.before.run.ID:
		return nil, nil
	}
	return snapshot, nil
}

// inputsOf hashes all that a mart or a check is computed from: its SQL, the program,
// and what is in everything that it reads.
func (r *run) inputsOf(model duckdb.Model) string {
	return r.hash(func(put func(parts ...any)) {
		put(r.job.Program, duckdb.Version(), model.SQL)
		for _, read := range r.reads[model.Name] {
			// Staging orders the versions of a row by their batches, whose order only grows.
			if read != "batches" || !r.isStaging(model.Name) {
				put(read, r.contentOf(read))
			}
		}
	})
}

// contentOf names what is in a relation. Files of the lake never change and never
// have another's name, so a log or a mart is known by its files.
func (r *run) contentOf(name string) string {
	if known, ok := r.contents[name]; ok {
		return known
	}
	content := r.hash(func(put func(parts ...any)) {
		model, isModel := r.models[name]
		stored, isStored := r.stored[name]
		table, isTable := r.tables[name]
		switch {
		case isStored:
			for _, file := range slices.Sorted(slices.Values(stored.files)) {
				put(r.inLake(file))
			}
		case isModel && r.isStaging(name):
			put(r.inputsOf(model))
		case isTable:
			put(table.Columns, table.Rows)
		case slices.Contains(contract.Logs(), name):
			for _, file := range r.inputs.files[name] {
				put(r.inLake(file.Path))
			}
		default: // nothing that a later run could find unchanged
			put(r.job.RunID)
		}
	})
	r.contents[name] = content
	return content
}

// inLake gives a file's path within the lake, which may have been moved.
func (r *run) inLake(file string) string {
	if within, err := filepath.Rel(r.job.Lake.Dir(), file); err == nil {
		return within
	}
	return file
}

// hash hashes what write puts, each part apart.
func (r *run) hash(write func(put func(parts ...any))) string {
	sum := sha256.New()
	write(func(parts ...any) {
		for _, part := range parts {
			fmt.Fprintf(sum, "%q\n", part)
		}
	})
	return hex.EncodeToString(sum.Sum(nil))
}
