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
	defaultBufferBytes = 64 << 20
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
	buffered int64
	files    []string // closed, on disk, in no table yet
	count    int      // files begun
	ended    bool
	failed   error
}

// openPartition is the file that the rows of one partition go to.
type openPartition struct {
	file     *ParquetFile
	buffered int64
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

// Write takes rows of the shape s.Arrow(). After an error the appender can only
// be aborted.
func (a *Appender) Write(rec arrow.RecordBatch) error {
	if a.failed == nil {
		a.failed = a.write(rec)
	}
	return a.failed
}

func (a *Appender) write(rec arrow.RecordBatch) error {
	if err := a.ctx.Err(); err != nil {
		return err
	}
	if err := a.checkBatch(rec); err != nil {
		return err
	}
	if rec.NumRows() == 0 {
		return nil
	}
	parts := []slice{{rows: rec}}
	if a.column >= 0 {
		var err error
		if parts, err = split(a.ctx, rec, a.column); err != nil {
			return err
		}
	} else {
		rec.Retain()
	}
	var err error
	for _, part := range parts {
		if err == nil {
			err = a.add(part)
		}
		part.rows.Release()
	}
	return err
}

// checkBatch refuses what Parquet would refuse later or, worse, not at all.
func (a *Appender) checkBatch(rec arrow.RecordBatch) error {
	if int(rec.NumCols()) != len(a.schema.Columns) {
		return fmt.Errorf("table %q: %d columns, not %d", a.schema.Table, rec.NumCols(), len(a.schema.Columns))
	}
	for i, c := range a.schema.Columns {
		column := rec.Column(i)
		if !arrow.TypeEqual(column.DataType(), c.Type.arrow()) {
			return fmt.Errorf("table %q: column %q is %s, not %s", a.schema.Table, c.Name, column.DataType(), c.Type.arrow())
		}
		if c.Required && column.NullN() > 0 {
			return fmt.Errorf("table %q: column %q is required and has %d nulls", a.schema.Table, c.Name, column.NullN())
		}
	}
	return nil
}

// add writes the rows of one partition, then makes room.
func (a *Appender) add(part slice) error {
	p := a.open[part.day]
	if p == nil {
		file, err := a.begin(part.day)
		if err != nil {
			return err
		}
		p = &openPartition{file: file}
		a.open[part.day] = p
	}
	if err := p.file.Write(part.rows); err != nil {
		return fmt.Errorf("table %q: %w", a.schema.Table, err)
	}
	size := bytesOf(part.rows)
	p.buffered += size
	a.buffered += size
	for a.buffered > orDefault(a.lake.options.BufferBytes, defaultBufferBytes) {
		if err := a.flushLargest(); err != nil {
			return fmt.Errorf("table %q: %w", a.schema.Table, err)
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

// flushLargest writes out the row group that frees most memory, and ends its
// file where it has become large.
func (a *Appender) flushLargest() error {
	if err := a.ctx.Err(); err != nil {
		return err
	}
	var day arrow.Date32
	var largest *openPartition
	for _, d := range slices.Sorted(maps.Keys(a.open)) {
		if p := a.open[d]; largest == nil || p.buffered > largest.buffered {
			day, largest = d, p
		}
	}
	a.buffered -= largest.buffered
	largest.buffered = 0
	if err := largest.file.Flush(); err != nil {
		return err
	}
	size, err := largest.file.Size()
	if err == nil && size >= orDefault(a.lake.options.FileBytes, defaultFileBytes) {
		err = a.end(day)
	}
	return err
}

// end closes the file of a partition.
func (a *Appender) end(day arrow.Date32) error {
	p := a.open[day]
	delete(a.open, day)
	a.files = append(a.files, p.file.file.Name())
	return p.file.Close()
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
	for _, day := range slices.Sorted(maps.Keys(a.open)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.end(day); err != nil {
			return fmt.Errorf("table %q: %w", a.schema.Table, err)
		}
	}
	return syncDirsOf(a.files)
}

// Abort drops what was written. It may follow a Commit, and then does nothing.
func (a *Appender) Abort() error {
	if a.ended {
		return nil
	}
	a.ended = true
	var errs []error
	for _, p := range a.open {
		errs = append(errs, p.file.Abort())
	}
	for _, path := range a.files {
		errs = append(errs, os.Remove(path))
	}
	a.open, a.files = nil, nil
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
