package lake

import (
	"errors"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// codeType is the type of a text column whose values are in a dictionary.
func codeType() *arrow.DictionaryType {
	return &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
}

// isCodes says whether a column is of that type, whatever arrow calls it.
func isCodes(t arrow.DataType) bool { return arrow.TypeEqual(t, codeType()) }

// allCoded says whether a column has a dictionary in all the batches.
func allCoded(rows []selection, column int) bool {
	for _, s := range rows {
		if s.batch.Column(column).DataType().ID() != arrow.DICTIONARY {
			return false
		}
	}
	return true
}

// makeDictionaries has a batch make the arrays of its dictionaries. Arrow makes
// them when they are first asked for, without a lock, and the partitions of a
// batch are written by several goroutines.
func makeDictionaries(rec arrow.RecordBatch) {
	for _, column := range rec.Columns() {
		if d, ok := column.(*array.Dictionary); ok {
			d.Dictionary()
		}
	}
}

// codes is the dictionary of one column of a row group, put together from those
// of its batches: their texts in the order in which the rows have them.
type codes struct {
	places  map[string]int32
	texts   []string
	indices []int32
	valid   []byte // bitmap
	nulls   int
	place   []int32 // of each text of the batch's dictionary; -1: none yet
}

func (c *codes) reset(rows int) {
	clear(c.places)
	if c.places == nil {
		c.places = map[string]int32{}
	}
	c.texts, c.indices, c.nulls = c.texts[:0], c.indices[:0], 0
	size := int(bitutil.BytesForBits(int64(rows)))
	if cap(c.valid) < size {
		c.valid = make([]byte, size)
	}
	c.valid = c.valid[:size]
	clear(c.valid)
}

// add takes over the values of some rows of a batch.
func (c *codes) add(from *array.Dictionary, rows []int32, n int) {
	dictionary := from.Dictionary().(*array.String)
	c.place = c.place[:0]
	for range dictionary.Len() {
		c.place = append(c.place, -1)
	}
	indices := from.Indices().(*array.Int32)
	values, nullable := indices.Int32Values(), indices.NullN() > 0
	for i := range n {
		row := i
		if rows != nil {
			row = int(rows[i])
		}
		if nullable && indices.IsNull(row) {
			c.indices = append(c.indices, 0)
			c.nulls++
			continue
		}
		bitutil.SetBit(c.valid, len(c.indices))
		code := values[row]
		if c.place[code] < 0 {
			c.place[code] = c.placeOf(dictionary.Value(int(code)))
		}
		c.indices = append(c.indices, c.place[code])
	}
}

func (c *codes) placeOf(text string) int32 {
	place, ok := c.places[text]
	if !ok {
		place = int32(len(c.texts))
		c.texts = append(c.texts, text)
		c.places[text] = place
	}
	return place
}

// dictionaryWriter is what a column writer has inside when it writes a dictionary.
type dictionaryWriter interface {
	PutDictionary(arrow.Array) error
}

// codedColumn writes a column of codes without a look at the texts of its rows.
func (g *rowGroupWriter) codedColumn(to file.ColumnChunkWriter, column int, rows []selection) error {
	total := 0
	for _, s := range rows {
		total += s.len()
	}
	c := &g.codes
	c.reset(total)
	for _, s := range rows {
		c.add(s.batch.Column(column).(*array.Dictionary), s.rows, s.len())
	}
	encoder, ok := to.CurrentEncoder().(dictionaryWriter)
	if !ok {
		return errors.New("is written without a dictionary")
	}
	texts := array.NewStringBuilder(memory.DefaultAllocator)
	defer texts.Release()
	texts.AppendValues(c.texts, nil)
	dictionary := texts.NewStringArray()
	defer dictionary.Release()
	if err := encoder.PutDictionary(dictionary); err != nil {
		return err
	}
	for from := 0; from < total; from += pageRows {
		if err := g.page(to, column, dictionary, from, min(total, from+pageRows)); err != nil {
			return err
		}
	}
	return nil
}

// pageRows is how many codes make a page: its statistics must be known before it
// is written, so that its end is ours to choose.
const pageRows = 1 << 17

// page writes the codes from some place on. The bounds in its statistics are
// those of the whole dictionary.
func (g *rowGroupWriter) page(to file.ColumnChunkWriter, column int, dictionary arrow.Array, from, end int) error {
	indices := g.codes.array(from, end)
	defer indices.Release()
	var levels []int16
	if !g.schema.Columns[column].Required {
		g.levels = g.codes.levels(g.levels[:0], from, end)
		levels = g.levels
	}
	if statistics := to.PageStatistics(); statistics != nil {
		statistics.IncNulls(int64(indices.NullN()))
		statistics.IncNumValues(int64(indices.Len() - indices.NullN()))
		if err := statistics.UpdateFromArrow(dictionary, false); err != nil {
			return err
		}
	}
	if err := to.WriteDictIndices(indices, levels, nil); err != nil {
		return err
	}
	if page, ok := to.(interface{ FlushCurrentPage() error }); ok && end < len(g.codes.indices) {
		return page.FlushCurrentPage()
	}
	return nil
}

func (c *codes) levels(to []int16, from, end int) []int16 {
	for i := from; i < end; i++ {
		level := int16(0)
		if bitutil.BitIsSet(c.valid, i) {
			level = 1
		}
		to = append(to, level)
	}
	return to
}

// array gives the codes from some place on as arrow has them.
func (c *codes) array(from, end int) arrow.Array {
	var valid *memory.Buffer
	nulls := 0
	if c.nulls > 0 {
		valid = memory.NewBufferBytes(c.valid)
		nulls = end - from - bitutil.CountSetBits(c.valid, from, end-from)
	}
	buffers := []*memory.Buffer{valid, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(c.indices))}
	made := array.NewData(arrow.PrimitiveTypes.Int32, end-from, buffers, nil, nulls, from)
	defer made.Release()
	return array.NewInt32Data(made)
}
