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

	held     int // rows of the piece that is being gathered, and their values:
	levels   []int16
	longs    []int64
	ints     []int32
	doubles  []float64
	booleans []bool
	texts    []parquet.ByteArray

	valued []int32 // rows that have a value
	every  []int32 // 0, 1, 2, …
	codes  codes
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
	column := g.schema.Columns[i]
	if column.Type == Text && allCoded(rows, i) {
		return g.codedColumn(to, i, rows)
	}
	g.empty()
	for _, s := range rows {
		selected := s.rows
		if selected == nil {
			selected = g.all(s.len())
		}
		for len(selected) > 0 {
			n := min(len(selected), pieceRows-g.held)
			if err := g.gather(s.batch.Column(i), column, selected[:n]); err != nil {
				return err
			}
			selected = selected[n:]
			if g.held == pieceRows {
				if err := g.piece(to, column); err != nil {
					return err
				}
			}
		}
	}
	if g.held == 0 {
		return nil
	}
	return g.piece(to, column)
}

// all gives the numbers of n rows.
func (g *rowGroupWriter) all(n int) []int32 {
	for i := len(g.every); i < n; i++ {
		g.every = append(g.every, int32(i))
	}
	return g.every[:n]
}

// empty forgets the piece that was written.
func (g *rowGroupWriter) empty() {
	g.held, g.levels, g.longs, g.ints = 0, g.levels[:0], g.longs[:0], g.ints[:0]
	g.doubles, g.booleans, g.texts = g.doubles[:0], g.booleans[:0], g.texts[:0]
}

// gather adds the values of some rows of a column to the piece.
func (g *rowGroupWriter) gather(from arrow.Array, column Column, rows []int32) error {
	g.held += len(rows)
	if !column.Required {
		rows = g.present(from, rows)
	}
	switch from := from.(type) {
	case *array.Null:
	case *array.Int64:
		g.longs = gather(g.longs, from.Int64Values(), rows)
	case *array.Timestamp:
		g.longs = gather(g.longs, arrow.Int64Traits.CastFromBytes(arrow.TimestampTraits.CastToBytes(from.TimestampValues())), rows)
	case *array.Date32:
		g.ints = gather(g.ints, arrow.Int32Traits.CastFromBytes(arrow.Date32Traits.CastToBytes(from.Date32Values())), rows)
	case *array.Decimal128:
		for _, row := range rows {
			g.ints = append(g.ints, int32(from.Value(int(row)).LowBits())) // of 9 digits at most
		}
	case *array.Float64:
		g.doubles = gather(g.doubles, from.Float64Values(), rows)
	case *array.Boolean:
		for _, row := range rows {
			g.booleans = append(g.booleans, from.Value(int(row)))
		}
	case *array.String, *array.Dictionary:
		g.gatherTexts(from, rows)
	default:
		return fmt.Errorf("no writing of %s", from.DataType())
	}
	return nil
}

// piece writes the values that were gathered.
func (g *rowGroupWriter) piece(to file.ColumnChunkWriter, column Column) error {
	defer g.empty()
	var levels []int16
	if !column.Required {
		levels = g.levels
	}
	var err error
	switch to := to.(type) {
	case *file.Int64ColumnChunkWriter:
		_, err = to.WriteBatch(g.longs, levels, nil)
	case *file.Int32ColumnChunkWriter:
		_, err = to.WriteBatch(g.ints, levels, nil)
	case *file.Float64ColumnChunkWriter:
		_, err = to.WriteBatch(g.doubles, levels, nil)
	case *file.BooleanColumnChunkWriter:
		_, err = to.WriteBatch(g.booleans, levels, nil)
	case *file.ByteArrayColumnChunkWriter:
		_, err = to.WriteBatch(g.texts, levels, nil)
	default:
		err = fmt.Errorf("no writing of %s", to.Type())
	}
	return err
}

// present adds the definition levels of some rows, 1 with a value and 0 without,
// and gives the rows that have one; it reuses what it gave before.
func (g *rowGroupWriter) present(from arrow.Array, rows []int32) []int32 {
	switch {
	case from.DataType().ID() == arrow.NULL:
		for range rows {
			g.levels = append(g.levels, 0)
		}
		return nil
	case from.NullN() == 0:
		for range rows {
			g.levels = append(g.levels, 1)
		}
		return rows
	}
	valid, offset := from.NullBitmapBytes(), from.Data().Offset()
	g.valued = g.valued[:0]
	for _, row := range rows {
		if bitutil.BitIsSet(valid, offset+int(row)) {
			g.levels = append(g.levels, 1)
			g.valued = append(g.valued, row)
		} else {
			g.levels = append(g.levels, 0)
		}
	}
	return g.valued
}

func gather[N int32 | int64 | float64](to, from []N, rows []int32) []N {
	for _, row := range rows {
		to = append(to, from[row])
	}
	return to
}

// gatherTexts adds pointers at the texts of some rows, also of a coded column.
func (g *rowGroupWriter) gatherTexts(from arrow.Array, rows []int32) {
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
