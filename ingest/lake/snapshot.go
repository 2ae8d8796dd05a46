package lake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/table"
)

// Snapshot is one version of a table.
type Snapshot struct {
	Table    string
	ID       int64 // Iceberg's, random; 0 for a table without a commit
	Sequence int64 // 1 for the table's first commit, then counting up
	At       time.Time
	Schema   Schema
	Files    []File // sorted by path; only Lake.Snapshot fills them, by reading the manifests
	Rows     int64
	Summary  map[string]string // what the commit was given, and Iceberg's own counts
}

// File is one Parquet file of a snapshot.
type File struct {
	Path      string // absolute, where it is on disk now
	Rows      int64
	Bytes     int64
	Partition string // the day, as 2024-03-01; "" where the table has no partition
}

// Snapshot gives the current version of a table with its files, or ErrNoTable.
func (l *Lake) Snapshot(ctx context.Context, name string) (*Snapshot, error) {
	tbl, err := l.load(ctx, name)
	if err != nil {
		return nil, err
	}
	s := versionOf(name, tbl)
	if s.ID == 0 {
		return s, nil
	}
	s.Files, err = l.plan(ctx, tbl, s.ID)
	if err != nil {
		return nil, fmt.Errorf("table %q: %w", name, err)
	}
	return s, nil
}

// SnapshotAt gives an earlier version of a table with its files, by its Iceberg id.
// The error is ErrNoTable, or ErrNoVersion when the table never had it, or has it no more.
func (l *Lake) SnapshotAt(ctx context.Context, name string, id int64) (*Snapshot, error) {
	tbl, err := l.load(ctx, name)
	if err != nil {
		return nil, err
	}
	found := tbl.SnapshotByID(id)
	if found == nil {
		return nil, fmt.Errorf("table %q: %d: %w", name, id, ErrNoVersion)
	}
	s := describeSnapshot(name, shapeAt(name, tbl, *found), *found)
	if s.Files, err = l.plan(ctx, tbl, id); err != nil {
		return nil, fmt.Errorf("table %q: %w", name, err)
	}
	return s, nil
}

// FilesAt gives the files of an earlier version alone; errors as of SnapshotAt.
func (l *Lake) FilesAt(ctx context.Context, name string, id int64) ([]File, error) {
	s, err := l.SnapshotAt(ctx, name, id)
	if err != nil {
		return nil, err
	}
	return s.Files, nil
}

// ErrNoVersion says that a table has no such version.
var ErrNoVersion = errors.New("no such version")

// plan reads the manifests of a version: its files, sorted by path.
func (l *Lake) plan(ctx context.Context, tbl *table.Table, id int64) ([]File, error) {
	tasks, err := tbl.Scan(table.WithSnapshotID(id)).PlanFiles(ctx)
	if err != nil {
		return nil, err
	}
	spec := tbl.Spec()
	files := make([]File, len(tasks))
	for i, task := range tasks {
		path, err := l.fs.path("plan", task.File.FilePath())
		if err != nil {
			return nil, err
		}
		files[i] = File{
			Path: path, Rows: task.File.Count(), Bytes: task.File.FileSizeBytes(),
			Partition: partitionOf(task.File, spec),
		}
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

// versionOf describes a table's current version, without its files.
func versionOf(name string, tbl *table.Table) *Snapshot {
	shape := schemaOf(name, tbl.Schema(), tbl.Spec())
	current := tbl.CurrentSnapshot()
	if current == nil {
		return &Snapshot{Table: name, Schema: shape, Summary: map[string]string{}}
	}
	return describeSnapshot(name, shape, *current)
}

// History gives the versions of a table, oldest first, without their files. It
// reads one metadata file, however many versions there are.
func (l *Lake) History(ctx context.Context, name string) ([]*Snapshot, error) {
	tbl, err := l.load(ctx, name)
	if err != nil {
		return nil, err
	}
	var out []*Snapshot
	for _, snapshot := range tbl.Metadata().Snapshots() {
		out = append(out, describeSnapshot(name, shapeAt(name, tbl, snapshot), snapshot))
	}
	slices.SortFunc(out, func(a, b *Snapshot) int { return int(a.Sequence - b.Sequence) })
	return out, nil
}

// shapeAt gives the columns that a table had in a version.
func shapeAt(name string, tbl *table.Table, version table.Snapshot) Schema {
	if version.SchemaID != nil {
		for _, sc := range tbl.Metadata().Schemas() {
			if sc.ID == *version.SchemaID {
				return schemaOf(name, sc, tbl.Spec())
			}
		}
	}
	return schemaOf(name, tbl.Schema(), tbl.Spec())
}

func describeSnapshot(name string, shape Schema, s table.Snapshot) *Snapshot {
	out := &Snapshot{
		Table: name, ID: s.SnapshotID, Sequence: s.SequenceNumber,
		At: time.UnixMilli(s.TimestampMs).UTC(), Schema: shape, Summary: map[string]string{},
	}
	if s.Summary == nil {
		return out
	}
	for key, value := range s.Summary.Properties {
		out.Summary[key] = value
	}
	if at, err := time.Parse(time.RFC3339Nano, out.Summary[stampKey]); err == nil {
		out.At = at
	}
	out.Rows, _ = strconv.ParseInt(out.Summary["total-records"], 10, 64)
	return out
}

// partitionOf writes the partition value of a file as a day.
func partitionOf(file iceberg.DataFile, spec iceberg.PartitionSpec) string {
	for _, field := range spec.Fields() {
		switch day := file.Partition()[field.FieldID].(type) {
		case iceberg.Date:
			return arrow.Date32(day).FormattedString()
		case int32:
			return arrow.Date32(day).FormattedString()
		case time.Time:
			return day.UTC().Format(time.DateOnly)
		}
	}
	return ""
}
