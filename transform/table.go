package transform

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"golang.org/x/sync/errgroup"

	"tavolo/ingest/lake"
)

// table ties a type of row to a table of the lake, for writing and reading.
type table[T any] struct {
	name    string
	columns []column[T]
}

// column is a column with the place of its value in a row: a *string, *float64,
// *int64, *bool or *time.Time. NaN and the zero time are null in the lake.
type column[T any] struct {
	lake.Column
	at func(*T) any
	// came says that tables which an earlier version of the program stored may lack it:
	// their rows have none then, as those of a null.
	came bool
}

// later is a column that has come to the table with a later version of the program.
func later[T any](c column[T]) column[T] {
	c.came = true
	return c
}

func text[T any](name, doc string, at func(*T) *string) column[T] {
	return column[T]{Column: lake.Column{Name: name, Type: lake.Text, Required: true, Doc: doc}, at: func(row *T) any { return at(row) }}
}

func double[T any](name, doc string, at func(*T) *float64) column[T] {
	return column[T]{Column: lake.Column{Name: name, Type: lake.Double, Doc: doc, HighCardinality: true}, at: func(row *T) any { return at(row) }}
}

func integer[T any](name, doc string, at func(*T) *int64) column[T] {
	return column[T]{Column: lake.Column{Name: name, Type: lake.Integer, Required: true, Doc: doc}, at: func(row *T) any { return at(row) }}
}

func flag[T any](name, doc string, at func(*T) *bool) column[T] {
	return column[T]{Column: lake.Column{Name: name, Type: lake.Boolean, Required: true, Doc: doc}, at: func(row *T) any { return at(row) }}
}

func day[T any](name, doc string, at func(*T) *time.Time) column[T] {
	return column[T]{Column: lake.Column{Name: name, Type: lake.Date, Doc: doc}, at: func(row *T) any { return at(row) }}
}

func moment[T any](name, doc string, at func(*T) *time.Time) column[T] {
	return column[T]{Column: lake.Column{Name: name, Type: lake.Timestamp, Doc: doc}, at: func(row *T) any { return at(row) }}
}

func (t table[T]) schema() lake.Schema {
	s := lake.Schema{Table: t.name}
	for _, column := range t.columns {
		s.Columns = append(s.Columns, column.Column)
	}
	return s
}

// written is the rows of a table in a file that is not the table's yet.
type written struct {
	schema  lake.Schema
	file    string
	summary map[string]string // properties of its snapshot
}

// commit makes the rows the whole content of the table.
func (w written) commit(ctx context.Context, l *lake.Lake) error {
	_, err := l.Replace(ctx, w.schema, []string{w.file}, w.summary)
	return err
}

// writing is what writes rows, in their order, to a file that the table can have.
func (t table[T]) writing(l *lake.Lake, rows []T, summary map[string]string) func() (written, error) {
	return func() (written, error) {
		folder, err := l.Staging(t.name)
		if err != nil {
			return written{}, err
		}
		w := written{t.schema(), filepath.Join(folder, t.name+".parquet"), summary}
		return w, t.create(w.file, rows)
	}
}

// create writes rows to a new Parquet file, which is not there on an error.
func (t table[T]) create(path string, rows []T) error {
	schema := t.schema()
	out, err := lake.CreateParquet(path, schema, 0o644)
	if err != nil {
		return fmt.Errorf("table %q: %w", t.name, err)
	}
	builder := array.NewRecordBuilder(memory.DefaultAllocator, schema.Arrow())
	defer builder.Release()
	for start := 0; start < len(rows); start += batchRows {
		if err := t.write(out, builder, rows[start:min(start+batchRows, len(rows))]); err != nil {
			return fmt.Errorf("table %q: %w", t.name, closing(err, out.Abort()))
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("table %q: %w", t.name, err)
	}
	return nil
}

func closing(err, second error) error {
	if second != nil {
		return fmt.Errorf("%w (and %w)", err, second)
	}
	return err
}

func (t table[T]) write(out *lake.ParquetFile, builder *array.RecordBuilder, rows []T) error {
	for i, column := range t.columns {
		field := builder.Field(i)
		for r := range rows {
			appendTo(field, column.at(&rows[r]))
		}
	}
	batch := builder.NewRecordBatch()
	defer batch.Release()
	return out.Write(batch)
}

// appendTo adds the value that place points to.
func appendTo(builder array.Builder, place any) {
	switch v := place.(type) {
	case *string:
		builder.(*array.StringBuilder).Append(*v)
	case *int64:
		builder.(*array.Int64Builder).Append(*v)
	case *bool:
		builder.(*array.BooleanBuilder).Append(*v)
	case *float64:
		if math.IsNaN(*v) {
			builder.AppendNull()
			return
		}
		builder.(*array.Float64Builder).Append(*v)
	case *time.Time:
		appendTime(builder, *v)
	}
}

func appendTime(builder array.Builder, at time.Time) {
	if at.IsZero() {
		builder.AppendNull()
		return
	}
	switch b := builder.(type) {
	case *array.Date32Builder:
		b.Append(arrow.Date32FromTime(at))
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(at.UnixMicro()))
	}
}

// load reads the rows of the table's current version, in their order.
func (t table[T]) load(ctx context.Context, l *lake.Lake) ([]T, *lake.Snapshot, error) {
	return t.loadAt(ctx, l, nil)
}

// loadAt reads the rows of the version that versions names for the table; of the
// current one when it is nil.
func (t table[T]) loadAt(ctx context.Context, l *lake.Lake, versions map[string]int64) ([]T, *lake.Snapshot, error) {
	snapshot, err := version(ctx, l, t.name, versions)
	if err != nil {
		return nil, nil, err
	}
	rows, err := t.rowsOf(ctx, snapshot)
	return rows, snapshot, err
}

// rowsOf reads the rows of a version of the table.
func (t table[T]) rowsOf(ctx context.Context, snapshot *lake.Snapshot) ([]T, error) {
	rows := make([]T, 0, snapshot.Rows)
	var err error
	for _, one := range snapshot.Files {
		if rows, err = t.read(ctx, one.Path, rows); err != nil {
			return nil, fmt.Errorf("table %q: %w", t.name, err)
		}
	}
	return rows, nil
}

func version(ctx context.Context, l *lake.Lake, table string, versions map[string]int64) (*lake.Snapshot, error) {
	if versions == nil {
		return l.Snapshot(ctx, table)
	}
	return l.SnapshotAt(ctx, table, versions[table])
}

func (t table[T]) read(ctx context.Context, path string, rows []T) ([]T, error) {
	in, err := file.OpenParquetFile(path, false)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return t.readFrom(ctx, in, nil, rows)
}

// readFrom adds the rows of some row groups of a file, of all for nil; it reads the
// columns of the table alone.
func (t table[T]) readFrom(ctx context.Context, in *file.Reader, groups []int, rows []T) ([]T, error) {
	columns := make([]int, 0, len(t.columns))
	for _, column := range t.columns {
		at := in.MetaData().Schema.ColumnIndexByName(column.Name)
		switch {
		case at < 0 && column.came:
			continue
		case at < 0:
			return nil, fmt.Errorf("column %q is missing: the results are of another version of the program", column.Name)
		}
		columns = append(columns, at)
	}
	if groups == nil {
		rows = slices.Grow(rows, int(in.NumRows())) // half a million figures are not to be moved again and again
	}
	known := vocabulary{}
	read, reading := make(chan arrow.RecordBatch), errgroup.Group{}
	reading.Go(func() error { // the next batch, while the rows of one are filled
		defer close(read)
		for batch, err := range recordBatches(ctx, in, columns, groups) {
			if err != nil {
				return err
			}
			batch.Retain()
			read <- batch
		}
		return nil
	})
	for batch := range read {
		rows = t.take(batch, rows, known)
		batch.Release()
	}
	return rows, reading.Wait()
}

// take adds the rows of a batch that has the columns of the table.
func (t table[T]) take(batch arrow.RecordBatch, rows []T, known vocabulary) []T {
	first := len(rows)
	rows = slices.Grow(rows, int(batch.NumRows()))[:first+int(batch.NumRows())]
	clear(rows[first:]) // a page of memory that is looked at before it is written is given twice
	for _, column := range t.columns {
		if found := batch.Schema().FieldIndices(column.Name); len(found) > 0 {
			fill(rows[first:], column.at, batch.Column(found[0]), known)
		} else {
			leave(rows[first:], column.at)
		}
	}
	return rows
}

// vocabulary is the texts that were read, each once: of millions in the columns of a table
// a few hundred differ.
type vocabulary map[string]string

// of gives the texts of a dictionary.
func (w vocabulary) of(dictionary arrow.Array) []string {
	values := dictionary.(*array.String)
	all := make([]string, values.Len())
	for i := range all {
		text, ok := w[values.Value(i)]
		if !ok {
			text = strings.Clone(values.Value(i)) // not a part of the batch, which would stay for it
			w[text] = text
		}
		all[i] = text
	}
	return all
}

// fill puts the values of a column into its place of each row.
func fill[T any](rows []T, at func(*T) any, column arrow.Array, known vocabulary) {
	switch v := column.(type) {
	case *array.Dictionary:
		eachOf(rows, at, v, known.of(v.Dictionary()))
	case *array.Int64:
		each(rows, at, v, v.Int64Values(), 0)
	case *array.Boolean:
		flags := make([]bool, v.Len())
		for r := range flags {
			flags[r] = v.Value(r)
		}
		each(rows, at, v, flags, false)
	case *array.Float64:
		each(rows, at, v, v.Float64Values(), math.NaN())
	case *array.Date32:
		each(rows, at, v, instants(v.Date32Values(), arrow.Date32.ToTime), time.Time{})
	case *array.Timestamp:
		each(rows, at, v, instants(v.TimestampValues(), func(t arrow.Timestamp) time.Time { return time.UnixMicro(int64(t)).UTC() }), time.Time{})
	}
}

// leave says of rows that they have no value in a column; elsewhere than in a number that is
// what they begin with.
func leave[T any](rows []T, at func(*T) any) {
	for r := range rows {
		if number, ok := at(&rows[r]).(*float64); ok {
			*number = math.NaN()
		}
	}
}

// each puts a value into its place of each row, and absent where there is none.
func each[T, V any](rows []T, at func(*T) any, column arrow.Array, values []V, absent V) {
	allValid := column.NullN() == 0
	for r := range rows {
		if place := at(&rows[r]).(*V); allValid || column.IsValid(r) {
			*place = values[r]
		} else {
			*place = absent
		}
	}
}

// eachOf puts the text of a dictionary that a row has into its place.
func eachOf[T any](rows []T, at func(*T) any, column *array.Dictionary, texts []string) {
	codes, allValid := column.Indices().(*array.Int32).Int32Values(), column.NullN() == 0
	for r := range rows {
		place := at(&rows[r]).(*string)
		*place = ""
		if allValid || column.IsValid(r) {
			*place = texts[codes[r]]
		}
	}
}

// instants gives the instants that values stand for, of which neighbours are often the same.
func instants[V comparable](values []V, of func(V) time.Time) []time.Time {
	all := make([]time.Time, len(values))
	for r, value := range values {
		if r > 0 && value == values[r-1] {
			all[r] = all[r-1]
		} else {
			all[r] = of(value)
		}
	}
	return all
}
