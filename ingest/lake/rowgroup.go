package lake

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// selection is some rows of a batch, in their order; all of them when rows is nil.
type selection struct {
	batch arrow.RecordBatch
	rows  []int32
}

func (s selection) len() int {
	if s.rows == nil {
		return int(s.batch.NumRows())
	}
	return len(s.rows)
}

// rowGroupWriter writes selections as row groups, column by column, straight
// from the batches that they are of: the rows are gathered a piece at a time, and
// never copied into a batch of their own. It is for one goroutine.
type rowGroupWriter struct {
	schema Schema

	// Room for the values of a piece.
	levels   []int16
	longs    []int64
	ints     []int32
	doubles  []float64
	booleans []bool
	texts    []parquet.ByteArray
	every    []int32 // 0, 1, 2, …
	codes    codes
}

// pieceRows is how many rows are gathered at once: their values stay in the cache.
const pieceRows = 4096

// write writes one row group.
func (g *rowGroupWriter) write(to *file.Writer, rows []selection) error {
	group, err := to.AppendRowGroupChecked()
	if err != nil {
		return err
	}
	for i, column := range g.schema.Columns {
		chunk, err := group.NextColumn()
		if err == nil {
			err = g.column(chunk, i, rows)
		}
		if err == nil {
			err = chunk.Close()
		}
		if err != nil {
			return fmt.Errorf("column %q: %w", column.Name, err)
		}
	}
	return group.Close()
}

// column writes one column of the row group.
func (g *rowGroupWriter) column(to file.ColumnChunkWriter, i int, rows []selection) error {
	if g.schema.Columns[i].Type == Text && allCoded(rows, i) {
		return g.codedColumn(to, i, rows)
	}
	for _, s := range rows {
		selected := s.rows
		if selected == nil {
			selected = g.all(s.len())
		}
		for len(selected) > 0 {
			n := min(len(selected), pieceRows)
			if err := g.piece(to, s.batch.Column(i), g.schema.Columns[i], selected[:n]); err != nil {
				return err
			}
			selected = selected[n:]
		}
	}
	return nil
}

// all gives the numbers of n rows.
func (g *rowGroupWriter) all(n int) []int32 {
	for i := len(g.every); i < n; i++ {
		g.every = append(g.every, int32(i))
	}
	return g.every[:n]
}

// piece writes some values of a column.
func (g *rowGroupWriter) piece(to file.ColumnChunkWriter, from arrow.Array, column Column, rows []int32) error {
	var levels []int16
	present := rows // the rows with a value
	if !column.Required {
		levels, present = g.present(from, rows)
	}
	var err error
	switch to := to.(type) {
	case *file.Int64ColumnChunkWriter:
		g.longs = gather(g.longs[:0], longsOf(from), present)
		_, err = to.WriteBatch(g.longs, levels, nil)
	case *file.Int32ColumnChunkWriter:
		if values, ok := from.(*array.Decimal128); ok {
			g.ints = g.ints[:0]
			for _, row := range present {
				g.ints = append(g.ints, int32(values.Value(int(row)).LowBits())) // of 9 digits at most
			}
		} else {
			g.ints = gather(g.ints[:0], datesOf(from), present)
		}
		_, err = to.WriteBatch(g.ints, levels, nil)
	case *file.Float64ColumnChunkWriter:
		g.doubles = g.doubles[:0]
		if values, ok := from.(*array.Float64); ok {
			g.doubles = gather(g.doubles, values.Float64Values(), present)
		}
		_, err = to.WriteBatch(g.doubles, levels, nil)
	case *file.BooleanColumnChunkWriter:
		g.booleans = g.booleans[:0]
		for _, row := range present {
			g.booleans = append(g.booleans, from.(*array.Boolean).Value(int(row)))
		}
		_, err = to.WriteBatch(g.booleans, levels, nil)
	case *file.ByteArrayColumnChunkWriter:
		g.gatherTexts(from, present)
		_, err = to.WriteBatch(g.texts, levels, nil)
	default:
		err = fmt.Errorf("no writing of %s", to.Type())
	}
	return err
}

// present gives the definition levels of some rows, 1 with a value and 0
// without, and the rows that have one; it reuses what it gave before.
func (g *rowGroupWriter) present(from arrow.Array, rows []int32) ([]int16, []int32) {
	g.levels = g.levels[:0]
	switch {
	case from.DataType().ID() == arrow.NULL:
		for range rows {
			g.levels = append(g.levels, 0)
		}
		return g.levels, nil
	case from.NullN() == 0:
		for range rows {
			g.levels = append(g.levels, 1)
		}
		return g.levels, rows
	}
	valid, offset := from.NullBitmapBytes(), from.Data().Offset()
	kept := g.codes.rows[:0]
	for _, row := range rows {
		if bitutil.BitIsSet(valid, offset+int(row)) {
			g.levels = append(g.levels, 1)
			kept = append(kept, row)
		} else {
			g.levels = append(g.levels, 0)
		}
	}
	g.codes.rows = kept
	return g.levels, kept
}

// longsOf gives the values of a column of 64 bits, none of a column of nulls.
func longsOf(from arrow.Array) []int64 {
	switch from := from.(type) {
	case *array.Int64:
		return from.Int64Values()
	case *array.Timestamp:
		return arrow.Int64Traits.CastFromBytes(arrow.TimestampTraits.CastToBytes(from.TimestampValues()))
	}
	return nil
}

// datesOf gives the values of a column of dates, none of a column of nulls.
func datesOf(from arrow.Array) []int32 {
	if from, ok := from.(*array.Date32); ok {
		return arrow.Int32Traits.CastFromBytes(arrow.Date32Traits.CastToBytes(from.Date32Values()))
	}
	return nil
}

func gather[N int32 | int64 | float64](to, from []N, rows []int32) []N {
	for _, row := range rows {
		to = append(to, from[row])
	}
	return to
}

// gatherTexts points at the texts of some rows, also of a coded column.
func (g *rowGroupWriter) gatherTexts(from arrow.Array, rows []int32) {
	g.texts = g.texts[:0]
	switch from := from.(type) {
	case *array.String:
		offsets, text := from.ValueOffsets(), textBytes(from)
		for _, row := range rows {
			g.texts = append(g.texts, text[offsets[row]:offsets[row+1]])
		}
	case *array.Dictionary:
		dictionary := from.Dictionary().(*array.String)
		offsets, text := dictionary.ValueOffsets(), textBytes(dictionary)
		for _, row := range rows {
			code := from.GetValueIndex(int(row))
			g.texts = append(g.texts, text[offsets[code]:offsets[code+1]])
		}
	}
}

// textBytes gives the bytes that the offsets of a column of texts count in.
func textBytes(from *array.String) []byte {
	if buffer := from.Data().Buffers()[2]; buffer != nil {
		return buffer.Bytes()
	}
	return nil
}
