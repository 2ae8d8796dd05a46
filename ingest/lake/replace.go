package lake

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// Replace makes files the whole content of the table in one commit; the table is
// created where absent and takes the columns of s where it had others. Files that
// the current version has may be among them, while its columns are those of s: they
// stay. The others must be in a folder from Staging and have the types of s exactly.
// A file needs no Iceberg field ids: its columns are found by name. Replace gives the
// new version without its files; the one before stays readable.
func (l *Lake) Replace(ctx context.Context, s Schema, files []string, summary map[string]string) (*Snapshot, error) {
	if err := l.writable(); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	var full, empty []string
	for _, path := range files {
		if !l.isStaged(path) { // of the current version, or an error at the commit
			full = append(full, path)
			continue
		}
		rows, err := l.checkStaged(s, path)
		if err != nil {
			return nil, fmt.Errorf("table %q: %w", s.Table, err)
		}
		if rows > 0 {
			full = append(full, path)
		} else { // no reader would ever open it
			empty = append(empty, path)
		}
	}
	if err := syncDirsOf(full); err != nil {
		return nil, err
	}
	snapshot, err := l.commit(ctx, s, summary, func(tx *table.Transaction, tbl *table.Table, props map[string]string) error {
		return l.replaceFiles(ctx, tx, tbl, s, full, props)
	})
	var unknown *outcomeUnknown
	if err != nil && !errors.As(err, &unknown) {
		return nil, err
	}
	l.takeOver(files, empty)
	return snapshot, err
}

// isStaged says whether a file is in a folder from Staging that is nobody's yet.
func (l *Lake) isStaged(path string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.staged[filepath.Dir(path)]
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
	removed, fresh, err := l.exchange(ctx, tbl, files)
	if err != nil {
		return err
	}
	if len(fresh) < len(files) && schemaOf(s.Table, tbl.Schema(), tbl.Spec()).difference(s) != "" {
		return errors.New("files of other columns cannot stay")
	}
	added, err := describeFiles(ctx, l.fs, relaxed(sc), tbl.Spec(), tbl.Properties(), fresh)
	if err != nil {
		return err
	}
	if len(removed) == 0 && len(added) == 0 {
		return tx.AddFiles(ctx, nil, summary, true)
	}
	return tx.ReplaceDataFilesWithDataFiles(ctx, removed, added, summary)
}

// exchange tells which of the table's files go when it is to have files, and which
// of those it does not have yet.
func (l *Lake) exchange(ctx context.Context, tbl *table.Table, files []string) (removed []iceberg.DataFile, fresh []string, err error) {
	stay := map[string]bool{}
	if tbl.CurrentSnapshot() != nil {
		tasks, err := tbl.Scan().PlanFiles(ctx)
		if err != nil {
			return nil, nil, err
		}
		for _, task := range tasks {
			path, err := l.fs.path("replace", task.File.FilePath())
			if err != nil {
				return nil, nil, err
			}
			if stay[path] = slices.Contains(files, path); !stay[path] {
				removed = append(removed, task.File)
			}
		}
	}
	for _, path := range files {
		switch {
		case stay[path]:
		case l.staged[filepath.Dir(path)]: // under the lock of the commit
			fresh = append(fresh, path)
		default:
			return nil, nil, fmt.Errorf("%s: neither staged nor in the table", path)
		}
	}
	return removed, fresh, nil
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
