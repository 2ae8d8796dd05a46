package transform

import (
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

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
}

func text[T any](name, doc string, at func(*T) *string) column[T] {
	return column[T]{lake.Column{Name: name, Type: lake.Text, Required: true, Doc: doc}, func(row *T) any { return at(row) }}
}

func double[T any](name, doc string, at func(*T) *float64) column[T] {
	return column[T]{lake.Column{Name: name, Type: lake.Double, Doc: doc, HighCardinality: true}, func(row *T) any { return at(row) }}
}

func integer[T any](name, doc string, at func(*T) *int64) column[T] {
	return column[T]{lake.Column{Name: name, Type: lake.Integer, Required: true, Doc: doc}, func(row *T) any { return at(row) }}
}

func flag[T any](name, doc string, at func(*T) *bool) column[T] {
	return column[T]{lake.Column{Name: name, Type: lake.Boolean, Required: true, Doc: doc}, func(row *T) any { return at(row) }}
}

func day[T any](name, doc string, at func(*T) *time.Time) column[T] {
	return column[T]{lake.Column{Name: name, Type: lake.Date, Doc: doc}, func(row *T) any { return at(row) }}
}

func moment[T any](name, doc string, at func(*T) *time.Time) column[T] {
	return column[T]{lake.Column{Name: name, Type: lake.Timestamp, Doc: doc}, func(row *T) any { return at(row) }}
}

func (t table[T]) schema() lake.Schema {
	s := lake.Schema{Table: t.name}
	for _, column := range t.columns {
		s.Columns = append(s.Columns, column.Column)
	}
	return s
}

// tableRows is the number of rows of an Arrow batch.
const tableRows = 8192

// store makes rows the whole content of the table, in their order.
func (t table[T]) store(ctx context.Context, l *lake.Lake, rows []T, summary map[string]string) (*lake.Snapshot, error) {
	folder, err := l.Staging(t.name)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder, t.name+".parquet")
	if err := t.create(path, rows); err != nil {
		return nil, err
	}
	return l.Replace(ctx, t.schema(), []string{path}, summary)
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
	for start := 0; start < len(rows); start += tableRows {
		if err := t.write(out, builder, rows[start:min(start+tableRows, len(rows))]); err != nil {
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
	snapshot, err := t.version(ctx, l, versions)
	if err != nil {
		return nil, nil, err
	}
	rows := make([]T, 0, snapshot.Rows)
	for _, one := range snapshot.Files {
		if rows, err = t.read(ctx, one.Path, rows); err != nil {
			return nil, nil, fmt.Errorf("table %q: %w", t.name, err)
		}
	}
	return rows, snapshot, nil
}

func (t table[T]) version(ctx context.Context, l *lake.Lake, versions map[string]int64) (*lake.Snapshot, error) {
	if versions == nil {
		return l.Snapshot(ctx, t.name)
	}
	return l.SnapshotAt(ctx, t.name, versions[t.name])
}

func (t table[T]) read(ctx context.Context, path string, rows []T) ([]T, error) {
	in, err := file.OpenParquetFile(path, false)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	reader, err := pqarrow.NewFileReader(in, pqarrow.ArrowReadProperties{BatchSize: tableRows}, memory.DefaultAllocator)
	if err != nil {
		return nil, err
	}
	batches, err := reader.GetRecordReader(ctx, nil, nil)
	if err != nil {
		return nil, err
	}
	rows = slices.Grow(rows, int(in.NumRows())) // half a million figures are not to be moved again and again
	defer batches.Release()
	for {
		batch, err := batches.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		if rows, err = t.take(batch, rows); err != nil {
			return nil, err
		}
	}
}

// take adds the rows of a batch.
func (t table[T]) take(batch arrow.RecordBatch, rows []T) ([]T, error) {
	first := len(rows)
	rows = slices.Grow(rows, int(batch.NumRows()))[:first+int(batch.NumRows())]
	for _, column := range t.columns {
		found := batch.Schema().FieldIndices(column.Name)
		if len(found) != 1 {
			return nil, fmt.Errorf("column %q is missing: the results are of another version of the program", column.Name)
		}
		values := batch.Column(found[0])
		for r := range int(batch.NumRows()) {
			takeFrom(values, r, column.at(&rows[first+r]))
		}
	}
	return rows, nil
}

func takeFrom(values arrow.Array, r int, place any) {
	if number, ok := place.(*float64); ok && values.IsNull(r) {
		*number = math.NaN()
		return
	}
	if values.IsNull(r) {
		return
	}
	switch v := values.(type) {
	case *array.String:
		*place.(*string) = v.Value(r)
	case *array.Int64:
		*place.(*int64) = v.Value(r)
	case *array.Boolean:
		*place.(*bool) = v.Value(r)
	case *array.Float64:
		*place.(*float64) = v.Value(r)
	case *array.Date32:
		*place.(*time.Time) = v.Value(r).ToTime()
	case *array.Timestamp:
		*place.(*time.Time) = time.UnixMicro(int64(v.Value(r))).UTC()
	}
}
