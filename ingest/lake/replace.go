package lake

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/table"
)

// Staging makes a fresh folder among the table's data, for an engine to write
// Parquet files to that Replace then takes over. What is not taken over is
// removed when the lake is closed.
func (l *Lake) Staging(name string) (dir string, err error) {
	if err := l.writable(); err != nil {
		return "", err
	}
	if err := mkdirAll(l.dataDir(name)); err != nil {
		return "", err
	}
	dir, err = os.MkdirTemp(l.dataDir(name), "run-")
	if err != nil {
		return "", fmt.Errorf("table %q: %w", name, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.staged[dir] = true
	return dir, SyncDir(l.dataDir(name))
}

// Replace makes files, which must be in a folder from Staging and have the types
// of s exactly, the whole content of the table in one commit; the table is
// created where absent and takes the columns of s where it had others. It gives
// the new version without its files; the one before stays readable. A file needs no Iceberg field
// ids: its columns are found by name.
func (l *Lake) Replace(ctx context.Context, s Schema, files []string, summary map[string]string) (*Snapshot, error) {
	if err := l.writable(); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	var kept, empty []string
	for _, path := range files {
		rows, err := l.checkStaged(s, path)
		if err != nil {
			return nil, fmt.Errorf("table %q: %w", s.Table, err)
		}
		if rows > 0 {
			kept = append(kept, path)
		} else { // no reader would ever open it
			empty = append(empty, path)
		}
	}
	if err := syncDirsOf(kept); err != nil {
		return nil, err
	}
	snapshot, err := l.commit(ctx, s, summary, func(tx *table.Transaction, tbl *table.Table, props map[string]string) error {
		return l.replaceFiles(ctx, tx, tbl, s, kept, props)
	})
	var unknown *outcomeUnknown
	if err != nil && !errors.As(err, &unknown) {
		return nil, err
	}
	l.takeOver(files, empty)
	return snapshot, err
}

// takeOver takes the folders of files out of Close's hands: they are the table's now.
func (l *Lake) takeOver(files, empty []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, path := range files {
		delete(l.staged, filepath.Dir(path))
	}
	for _, path := range empty {
		if err := os.Remove(path); err != nil {
			l.dirty = true
		}
	}
}

// replaceFiles stages the new shape, then the exchange of the files.
func (l *Lake) replaceFiles(ctx context.Context, tx *table.Transaction, tbl *table.Table, s Schema, files []string, summary map[string]string) error {
	sc, err := reshape(tx, tbl, s)
	if err != nil {
		return err
	}
	spec := tbl.Spec()
	added, err := describeFiles(ctx, l.fs, relaxed(sc), spec, tbl.Properties(), files)
	if err != nil {
		return err
	}
	var removed []iceberg.DataFile
	if tbl.CurrentSnapshot() != nil {
		tasks, err := tbl.Scan().PlanFiles(ctx)
		if err != nil {
			return err
		}
		for _, task := range tasks {
			removed = append(removed, task.File)
		}
	}
	if len(removed) == 0 && len(added) == 0 {
		return tx.AddFiles(ctx, nil, summary, true)
	}
	return tx.ReplaceDataFilesWithDataFiles(ctx, removed, added, summary)
}

// reshape stages the change of the table's columns to those of s. From the first
// difference on all are new columns to Iceberg, with ids of their own: no file of
// the version before stays, so that nothing is lost, and the order is that of s.
func reshape(tx *table.Transaction, tbl *table.Table, s Schema) (*iceberg.Schema, error) {
	have := schemaOf(s.Table, tbl.Schema(), tbl.Spec())
	difference := have.difference(s)
	if difference == "" {
		return tbl.Schema(), nil
	}
	if have.Partition != s.Partition {
		return nil, errors.New(difference)
	}
	same := 0
	for same < min(len(have.Columns), len(s.Columns)) && describe(have.Columns[same]) == describe(s.Columns[same]) {
		same++
	}
	update := tx.UpdateSchema(true, true)
	for _, c := range have.Columns[same:] {
		update = update.DeleteColumn([]string{c.Name})
	}
	for _, c := range s.Columns[same:] {
		update = update.AddColumn([]string{c.Name}, c.Type.iceberg(), c.Doc, c.Required, nil)
	}
	if err := update.Commit(); err != nil {
		return nil, err
	}
	staged, err := tx.StagedTable()
	if err != nil {
		return nil, err
	}
	return staged.Schema(), nil
}

// relaxed is the same schema with columns that may be null, as an engine writes
// them all; checkStaged has looked for nulls.
func relaxed(sc *iceberg.Schema) *iceberg.Schema {
	fields := sc.Fields()
	for i := range fields {
		fields[i].Required = false
	}
	return iceberg.NewSchema(sc.ID, fields...)
}

// checkStaged refuses a file that is elsewhere, has other columns or a null where
// none may be, and syncs it.
func (l *Lake) checkStaged(s Schema, path string) (rows int64, err error) {
	if !strings.HasPrefix(path, l.dataDir(s.Table)+string(filepath.Separator)) {
		return 0, fmt.Errorf("%s: not in a staging folder of this table", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return 0, err
	}
	reader, err := file.NewParquetReader(f)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	have, err := pqarrow.FromParquet(reader.MetaData().Schema, nil, nil)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	want := s.Arrow()
	if have.NumFields() != want.NumFields() {
		return 0, fmt.Errorf("%s: %d columns, not %d", path, have.NumFields(), want.NumFields())
	}
	for i, field := range want.Fields() {
		if h := have.Field(i); h.Name != field.Name || !arrow.TypeEqual(h.Type, field.Type) {
			return 0, fmt.Errorf("%s: column %d is %s %s, not %s %s", path, i+1, h.Name, h.Type, field.Name, field.Type)
		}
	}
	return reader.NumRows(), checkNulls(s, reader.MetaData())
}

// checkNulls reads the counts in a file's footer.
func checkNulls(s Schema, meta *metadata.FileMetaData) error {
	for i, c := range s.Columns {
		for group := 0; c.Required && group < len(meta.RowGroups); group++ {
			chunk, err := meta.RowGroup(group).ColumnChunk(i)
			if err != nil {
				return err
			}
			stats, err := chunk.Statistics()
			if err != nil {
				return err
			}
			if stats == nil || !stats.HasNullCount() || stats.NullCount() > 0 {
				return fmt.Errorf("column %q is required and has nulls", c.Name)
			}
		}
	}
	return nil
}
