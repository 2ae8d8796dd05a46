package ingest

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tavolo/ingest/contract"
)

// columnBuilder turns rows into Arrow batches, value by value into the memory
// that the lake then writes from. Enumerations and references keep the codes that
// the checker gave them; a column that nothing is bound to is one of nulls. It is
// for one goroutine.
type columnBuilder struct {
	schema       *arrow.Schema
	columns      []array.Builder // of the contract; nil: only nulls
	dictionaries []dictionary    // of the contract's columns of codes
	months       *array.Date32Builder
	lines        *array.Int64Builder
	batchID      arrow.Array // a dictionary of one
	memory       memory.Allocator
	rows         int
}

// dictionary is the texts of a column of codes, as many as the checker had last.
type dictionary struct {
	texts arrow.Array
	size  int
}

func newColumnBuilder(c *contract.Contract, b *contract.Binding, batchID string, m memory.Allocator) *columnBuilder {
	made := &columnBuilder{
		columns: make([]array.Builder, len(c.Columns)), dictionaries: make([]dictionary, len(c.Columns)),
		months: array.NewDate32Builder(m), lines: array.NewInt64Builder(m), memory: m,
	}
	made.batchID = dictionaryOf([][]byte{[]byte(batchID)})
	codes := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	fields := TableSchema(c).Arrow().Fields()
	for i := range c.Columns {
		column, bound := &c.Columns[i], b.Columns[i]
		switch {
		case len(bound.Fields) == 0 && bound.Constant == nil && !column.Required:
			fields[i].Type = arrow.Null
		case column.Type == contract.Enum || column.References != "":
			fields[i].Type = codes
			made.columns[i] = array.NewInt32Builder(m)
		default:
			made.columns[i] = array.NewBuilder(m, fields[i].Type)
		}
	}
	fields[len(c.Columns)+1].Type = codes
	made.schema = arrow.NewSchema(fields, nil)
	return made
}

// reserve makes room for so many rows.
func (b *columnBuilder) reserve(rows int) {
	for _, column := range b.columns {
		if column != nil {
			column.Reserve(rows)
		}
	}
	b.months.Reserve(rows)
	b.lines.Reserve(rows)
}

// append adds a row of a month, in days since 1970; row is not kept. There must
// be room for it.
func (b *columnBuilder) append(row contract.Row, month int64, line int) {
	for i := range row {
		if b.columns[i] != nil {
			appendValue(b.columns[i], &row[i])
		}
	}
	b.months.UnsafeAppend(arrow.Date32(month))
	b.lines.UnsafeAppend(int64(line))
	b.rows++
}

func appendValue(to array.Builder, v *contract.Value) {
	switch b := to.(type) {
	case *array.StringBuilder:
		if v.Null {
			b.AppendNull()
		} else {
			b.BinaryBuilder.Append(v.Text)
		}
	case *array.TimestampBuilder:
		if v.Null {
			b.UnsafeAppendBoolToBitmap(false)
		} else {
			b.UnsafeAppend(arrow.Timestamp(v.Int))
		}
	case *array.Int32Builder:
		if v.Null {
			b.UnsafeAppendBoolToBitmap(false)
		} else {
			b.UnsafeAppend(v.Code)
		}
	case *array.Int64Builder:
		if v.Null {
			b.UnsafeAppendBoolToBitmap(false)
		} else {
			b.UnsafeAppend(v.Int)
		}
	case *array.BooleanBuilder:
		if v.Null {
			b.UnsafeAppendBoolToBitmap(false)
		} else {
			b.UnsafeAppend(v.Int != 0)
		}
	case *array.Date32Builder:
		if v.Null {
			b.UnsafeAppendBoolToBitmap(false)
		} else {
			b.UnsafeAppend(arrow.Date32(v.Int))
		}
	case *array.Decimal128Builder:
		if v.Null {
			b.UnsafeAppendBoolToBitmap(false)
		} else {
			b.UnsafeAppend(decimal128.FromI64(v.Int))
		}
	default:
		panic(fmt.Sprintf("ingest: no encoding for a column of %s", to.Type()))
	}
}

// batch gives the rows that were appended, and begins anew.
func (b *columnBuilder) batch(checker *contract.Checker) arrow.RecordBatch {
	columns := make([]arrow.Array, 0, len(b.columns)+3)
	for i, builder := range b.columns {
		switch {
		case builder == nil:
			columns = append(columns, array.NewNull(b.rows))
		case b.schema.Field(i).Type.ID() == arrow.DICTIONARY:
			texts := checker.Dictionary(i)
			if d := &b.dictionaries[i]; d.texts == nil || d.size < len(texts) {
				*d = dictionary{dictionaryOf(texts), len(texts)}
			}
			codes := builder.NewArray()
			columns = append(columns, array.NewDictionaryArray(b.schema.Field(i).Type, codes, b.dictionaries[i].texts))
			codes.Release()
		default:
			columns = append(columns, builder.NewArray())
		}
	}
	columns = append(columns, b.months.NewArray(), b.sameBatch(), b.lines.NewArray())
	made := array.NewRecordBatch(b.schema, columns, int64(b.rows))
	for _, column := range columns {
		column.Release()
	}
	b.rows = 0
	return made
}

// sameBatch is the column of the batch's id.
func (b *columnBuilder) sameBatch() arrow.Array {
	zeros := array.NewInt32Builder(b.memory)
	defer zeros.Release()
	zeros.AppendEmptyValues(b.rows)
	codes := zeros.NewArray()
	defer codes.Release()
	return array.NewDictionaryArray(b.schema.Field(len(b.columns)+1).Type, codes, b.batchID)
}

// dictionaryOf gives texts as Arrow has them. It is shared by many batches, so
// it is left to the garbage collector.
func dictionaryOf(texts [][]byte) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	for _, text := range texts {
		b.BinaryBuilder.Append(text)
	}
	return b.NewStringArray()
}
