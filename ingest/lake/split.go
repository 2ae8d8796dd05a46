package lake

import (
	"context"
	"maps"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/compute"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// slice is the rows of a batch that belong to one partition, in their order.
// The receiver releases rows.
type slice struct {
	day  arrow.Date32
	rows arrow.RecordBatch
}

// split files the rows of a batch by the value of a date column, days ascending.
// A batch of one day is not copied. Parts of a batch are, although a slice would
// do: a few rows of a quiet month would keep whole batches in memory.
func split(ctx context.Context, rec arrow.RecordBatch, column int) ([]slice, error) {
	days := rec.Column(column).(*array.Date32).Date32Values()
	rows := map[arrow.Date32][]int64{}
	for i, day := range days {
		rows[day] = append(rows[day], int64(i))
	}
	if len(rows) == 1 {
		rec.Retain()
		return []slice{{days[0], rec}}, nil
	}
	out := make([]slice, 0, len(rows))
	for _, day := range slices.Sorted(maps.Keys(rows)) {
		part, err := take(ctx, rec, rows[day])
		if err != nil {
			for _, s := range out {
				s.rows.Release()
			}
			return nil, err
		}
		out = append(out, slice{day, part})
	}
	return out, nil
}

// take copies some rows.
func take(ctx context.Context, rec arrow.RecordBatch, rows []int64) (arrow.RecordBatch, error) {
	builder := array.NewInt64Builder(memory.DefaultAllocator)
	defer builder.Release()
	builder.AppendValues(rows, nil)
	indices := builder.NewInt64Array()
	defer indices.Release()
	columns := make([]arrow.Array, rec.NumCols())
	defer func() {
		for _, column := range columns {
			if column != nil {
				column.Release()
			}
		}
	}()
	for i, column := range rec.Columns() {
		var err error
		if columns[i], err = compute.TakeArray(ctx, column, indices); err != nil {
			return nil, err
		}
	}
	return array.NewRecordBatch(rec.Schema(), columns, int64(len(rows))), nil
}

// bytesOf estimates what the rows of a batch take in memory.
func bytesOf(rec arrow.RecordBatch) int64 {
	var total int64
	for _, column := range rec.Columns() {
		rows := int64(column.Len())
		switch c := column.(type) {
		case *array.String:
			total += rows * 4
			if rows > 0 {
				total += int64(len(c.ValueBytes()))
			}
		default:
			if t, ok := column.DataType().(arrow.FixedWidthDataType); ok {
				total += rows * int64(t.BitWidth()) / 8
			}
		}
	}
	return total
}
