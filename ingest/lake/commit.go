package lake

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"

	"github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/catalog"
	"github.com/apache/iceberg-go/table"
)

// stampKey is the summary property with the time of the commit by the lake's
// clock; Iceberg's own timestamp is always the machine's.
const stampKey = "tavolo.committed-at"

// tableProperties keep a table small over many commits. Each commit writes the
// metadata anew with all its snapshots, so old versions go; manifests are merged
// as soon as there are some, because planning reads each of them.
func tableProperties() iceberg.Properties {
	return iceberg.Properties{
		table.PropertyFormatVersion:               "2",
		table.MetadataDeleteAfterCommitEnabledKey: "true",
		table.MetadataPreviousVersionsMaxKey:      "10",
		table.ManifestMergeEnabledKey:             "true",
		table.ManifestMinMergeCountKey:            "20",
		table.ParquetCompressionKey:               "zstd",
	}
}

// outcomeUnknown wraps an error after which the commit may have happened.
type outcomeUnknown struct{ err error }

func (e *outcomeUnknown) Error() string { return e.err.Error() + " (it may have been committed)" }
func (e *outcomeUnknown) Unwrap() error { return e.err }

// commit makes one Iceberg commit to the table of s, created where absent:
// change stages it. An error other than *outcomeUnknown means that the table is
// as it was.
func (l *Lake) commit(ctx context.Context, s Schema, summary map[string]string,
	change func(*table.Transaction, *table.Table, map[string]string) error,
) (*Snapshot, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	tbl, err := l.loadOrCreate(ctx, s)
	if err != nil {
		return nil, err
	}
	properties := maps.Clone(summary)
	if properties == nil {
		properties = map[string]string{}
	}
	properties[stampKey] = l.stamp()
	tx := tbl.NewTransaction()
	if err := change(tx, tbl, properties); err != nil {
		l.dirty = true // manifests may have been written
		return nil, fmt.Errorf("table %q: %w", s.Table, err)
	}
	after, err := tx.Commit(ctx)
	if err != nil {
		l.dirty = true
		l.current.Delete(s.Table)
		return nil, l.outcome(s.Table, tbl.Metadata().LastSequenceNumber(), fmt.Errorf("table %q: %w", s.Table, err))
	}
	l.current.Store(s.Table, after)
	return versionOf(s.Table, after), nil
}

// outcome finds out whether a commit that gave an error happened all the same;
// also when the commit's own context has been cancelled.
func (l *Lake) outcome(name string, sequence int64, cause error) error {
	now, err := l.load(context.Background(), name)
	if err == nil && now.Metadata().LastSequenceNumber() == sequence {
		return cause
	}
	return &outcomeUnknown{errors.Join(cause, err)}
}

func (l *Lake) loadOrCreate(ctx context.Context, s Schema) (*table.Table, error) {
	tbl, err := l.load(ctx, s.Table)
	if !errors.Is(err, ErrNoTable) {
		return tbl, err
	}
	sc := s.iceberg()
	spec, err := s.spec(sc)
	if err != nil {
		return nil, err
	}
	tbl, err = l.catalog.CreateTable(ctx, table.Identifier{namespace, s.Table}, sc,
		catalog.WithPartitionSpec(spec), catalog.WithProperties(tableProperties()))
	if err != nil {
		l.dirty = true
		return nil, fmt.Errorf("create table %q: %w", s.Table, err)
	}
	l.current.Store(s.Table, tbl)
	return tbl, nil
}

// addFiles stages Parquet files that are in the table's folder already. An
// append of none is a commit too: it carries its summary.
func addFiles(ctx context.Context, files *rooted, tx *table.Transaction, tbl *table.Table, paths []string, summary map[string]string) error {
	if len(paths) == 0 {
		return tx.AddFiles(ctx, nil, summary, true)
	}
	added, err := describeFiles(ctx, files, tbl.Schema(), tbl.Spec(), tbl.Properties(), paths)
	if err != nil {
		return err
	}
	// Their names are new: there is no need to search the table for them.
	return tx.AddDataFiles(ctx, added, summary, table.WithoutDuplicateCheck())
}

// describeFiles reads the footers: rows, sizes, bounds and partition.
func describeFiles(ctx context.Context, files *rooted, sc *iceberg.Schema, spec iceberg.PartitionSpec,
	properties iceberg.Properties, paths []string,
) ([]iceberg.DataFile, error) {
	described := make([]iceberg.DataFile, len(paths))
	for i, path := range paths {
		name, err := files.name(path)
		if err != nil {
			return nil, err
		}
		described[i], err = table.FileToDataFile(ctx, files, name, sc, spec, 0, properties)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
	}
	return described, nil
}

// note remembers that something could not be cleaned up, so that the next
// opening does it.
func (l *Lake) note(err error) error {
	if err != nil {
		l.mu.Lock()
		l.dirty = true
		l.mu.Unlock()
	}
	return err
}

// dataDir is where the files of a table are.
func (l *Lake) dataDir(name string) string {
	return filepath.Join(l.dir, namespace, name, "data")
}
