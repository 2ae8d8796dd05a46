package lake

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/iceberg-go/table"
)

// Defaults of Options.
const (
	defaultBufferBytes = 96 << 20
	defaultFileBytes   = 256 << 20
)

// Appender collects the rows of one commit. It is not for several goroutines;
// several appenders may be open at once.
type Appender struct {
	lake   *Lake
	ctx    context.Context
	schema Schema
	arrow  *arrow.Schema // with the field ids of the table
	prefix string        // of the file names: sorts by time, and no other appender has it
	column int           // of the partition, or -1

	open     map[arrow.Date32]*openPartition
	pending  []arrow.RecordBatch // that the rows of the open row groups are of
	buffered int64               // bytes of pending
	flushing chan error          // of the row groups that are being written; nil: none are
	files    []string            // closed, on disk, in no table yet
	count    int                 // files begun
	ended    bool
	failed   error
}

// openPartition is the file that the rows of one partition go to, and the rows of
// its next row group.
type openPartition struct {
	file *ParquetFile
	rows []selection
}

// Append begins a commit to the table of s, which Commit creates where absent.
// A table of another shape is refused. The context holds for Write too.
func (l *Lake) Append(ctx context.Context, s Schema) (*Appender, error) {
	if err := l.writable(); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	ids, sequence, err := l.shape(ctx, s)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	number := max(l.next[s.Table], sequence+1)
	l.next[s.Table] = number + 1
	l.mu.Unlock()
	return &Appender{
		lake: l, ctx: ctx, schema: s, arrow: s.arrowWithIDs(ids),
		prefix: fmt.Sprintf("%08d", number), column: s.Index(s.Partition),
		open: map[arrow.Date32]*openPartition{},
	}, nil
}

// shape gives the field ids of the table's columns, which are those of a new
// table when it does not exist, and the sequence number of its last commit.
func (l *Lake) shape(ctx context.Context, s Schema) (ids []int, sequence int64, err error) {
	tbl, err := l.load(ctx, s.Table)
	if errors.Is(err, ErrNoTable) {
		for i := range s.Columns {
			ids = append(ids, i+1)
		}
		return ids, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	have := schemaOf(s.Table, tbl.Schema(), tbl.Spec())
	if difference := have.difference(s); difference != "" {
		return nil, 0, fmt.Errorf("table %q: rows of another shape: %s", s.Table, difference)
	}
	for _, field := range tbl.Schema().Fields() {
		ids = append(ids, field.ID)
	}
	return ids, tbl.Metadata().LastSequenceNumber(), nil
}

// Write takes rows of the shape s.Arrow(). A text column may also be a
// dictionary of texts with codes of 32 bits, and a column that is not required
// may be one of nulls. What the batch holds must not change until Commit or
// Abort. After an error the appender can only be aborted.
func (a *Appender) Write(rec arrow.RecordBatch) error { return a.WriteRows(rec, nil) }

// WriteRows is Write for some rows of a batch, by their places, ascending; nil
// for all of them. It keeps rows too.
func (a *Appender) WriteRows(rec arrow.RecordBatch, rows []int32) error {
	if a.failed == nil {
		a.failed = a.write(rec, rows)
	}
	return a.failed
}

func (a *Appender) write(rec arrow.RecordBatch, rows []int32) error {
	if err := a.ctx.Err(); err != nil {
		return err
	}
	if err := a.checkBatch(rec); err != nil {
		return err
	}
	if rec.NumRows() == 0 || rows != nil && len(rows) == 0 {
		return nil
	}
	makeDictionaries(rec)
	rec.Retain()
	a.pending = append(a.pending, rec)
	for _, part := range split(rec, a.column, rows) {
		p := a.open[part.day]
		if p == nil {
			file, err := a.begin(part.day)
			if err != nil {
				return err
			}
			p = &openPartition{file: file}
			a.open[part.day] = p
		}
		p.rows = append(p.rows, part.selection)
	}
	a.buffered += bytesOf(rec)
	// As much again is being written.
	if a.buffered > orDefault(a.lake.options.BufferBytes, defaultBufferBytes)/2 {
		return a.flush()
	}
	return nil
}

// checkBatch refuses what Parquet would refuse later or, worse, not at all.
func (a *Appender) checkBatch(rec arrow.RecordBatch) error {
	if int(rec.NumCols()) != len(a.schema.Columns) {
		return fmt.Errorf("table %q: %d columns, not %d", a.schema.Table, rec.NumCols(), len(a.schema.Columns))
	}
	for i, c := range a.schema.Columns {
		column := rec.Column(i)
		if !c.takes(column.DataType()) {
			return fmt.Errorf("table %q: column %q is %s, not %s", a.schema.Table, c.Name, column.DataType(), c.Type.arrow())
		}
		if c.Required && column.NullN() > 0 {
			return fmt.Errorf("table %q: column %q is required and has %d nulls", a.schema.Table, c.Name, column.NullN())
		}
	}
	return nil
}

// begin opens the next file of a partition. Names are numbers, so that the same
// input gives the same folder.
func (a *Appender) begin(day arrow.Date32) (*ParquetFile, error) {
	dir := a.lake.dataDir(a.schema.Table)
	if a.column >= 0 {
		dir = filepath.Join(dir, a.schema.Partition+"="+day.FormattedString())
	}
	if err := mkdirAll(dir); err != nil {
		return nil, err
	}
	a.count++
	path := filepath.Join(dir, fmt.Sprintf("%s-%04d.parquet", a.prefix, a.count))
	if fault := a.lake.options.fault; fault != nil {
		if err := fault("create", path); err != nil {
			return nil, err
		}
	}
	return createParquet(path, a.schema, a.arrow, 0o644)
}

// Commit makes all rows part of the table in one Iceberg commit, with summary
// among the snapshot's properties; also when there are no rows. It gives the new
// version without its files. When it fails nothing was committed and nothing is
// left.
func (a *Appender) Commit(ctx context.Context, summary map[string]string) (*Snapshot, error) {
	if a.ended {
		return nil, fmt.Errorf("table %q: appender has ended", a.schema.Table)
	}
	if err := a.finish(ctx); err != nil {
		return nil, errors.Join(err, a.Abort())
	}
	snapshot, err := a.lake.commit(ctx, a.schema, summary, func(tx *table.Transaction, tbl *table.Table, props map[string]string) error {
		return addFiles(ctx, a.lake.fs, tx, tbl, a.files, props)
	})
	var unknown *outcomeUnknown
	switch {
	case errors.As(err, &unknown): // the files may be part of the table by now
		a.ended = true
		return nil, err
	case err != nil:
		return nil, errors.Join(err, a.Abort())
	}
	a.ended = true
	return snapshot, nil
}

// finish puts everything written on the disk.
func (a *Appender) finish(ctx context.Context) error {
	if a.failed != nil {
		return a.failed
	}
	if err := errors.Join(a.flush(), a.await()); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	var files []*ParquetFile
	for _, day := range slices.Sorted(maps.Keys(a.open)) {
		files = append(files, a.open[day].file)
	}
	a.open = nil
	if err := a.end(files); err != nil {
		return err
	}
	return syncDirsOf(a.files)
}

// Abort drops what was written. It may follow a Commit, and then does nothing.
func (a *Appender) Abort() error {
	if a.ended {
		return nil
	}
	a.ended = true
	_ = a.await() // whatever became of it, it goes
	var errs []error
	for _, p := range a.open {
		errs = append(errs, p.file.Abort())
	}
	for _, path := range a.files {
		errs = append(errs, os.Remove(path))
	}
	release(a.pending)
	a.open, a.files, a.pending = nil, nil, nil
	return a.lake.note(errors.Join(errs...))
}

// syncDirsOf makes the entries of files durable, each folder once.
func syncDirsOf(files []string) error {
	dirs := map[string]bool{}
	for _, path := range files {
		dirs[filepath.Dir(path)] = true
	}
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		if err := SyncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

func orDefault(value, fallback int64) int64 {
	if value == 0 {
		return fallback
	}
	return value
}

// stamp is when a commit was made, by the lake's clock.
func (l *Lake) stamp() string { return l.options.Clock().UTC().Format(time.RFC3339Nano) }
