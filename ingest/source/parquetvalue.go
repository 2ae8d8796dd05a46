package source

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/extensions"
)

// cellValue appends the value of a row as text; a null is nothing.
type cellValue func(to []byte, row int) []byte

// readable says whether the values of a type can be written as text.
func readable(t arrow.DataType) bool {
	switch t := t.(type) {
	case *arrow.StringType, *arrow.LargeStringType, *arrow.BinaryType, *arrow.LargeBinaryType, *arrow.BooleanType,
		*arrow.Int8Type, *arrow.Int16Type, *arrow.Int32Type, *arrow.Int64Type,
		*arrow.Uint8Type, *arrow.Uint16Type, *arrow.Uint32Type, *arrow.Uint64Type,
		*arrow.Float32Type, *arrow.Float64Type, *arrow.Decimal128Type, *arrow.Decimal256Type,
		*arrow.Date32Type, *arrow.Date64Type, *arrow.TimestampType, *arrow.Time32Type, *arrow.Time64Type, *arrow.NullType:
		return true
	case *arrow.DictionaryType:
		return readable(t.ValueType)
	case *extensions.UUIDType:
		return true
	}
	return false
}

// valueOf gives the values of a column of a batch, which may lie in structs.
func valueOf(batch arrow.RecordBatch, path []string, moment func([]byte, Moment) []byte, decimal byte) (cellValue, error) {
	at := batch.Schema().FieldIndices(path[0])
	if len(at) != 1 {
		return nil, &FileError{Corrupt, fmt.Sprintf("has the column %q %d times", path[0], len(at))}
	}
	column := batch.Column(at[0])
	var above []arrow.Array
	for _, name := range path[1:] {
		group, ok := column.(*array.Struct)
		if !ok {
			return nil, &FileError{Corrupt, "has columns that are not those of its schema"}
		}
		i, ok := group.DataType().(*arrow.StructType).FieldIdx(name)
		if !ok {
			return nil, &FileError{Corrupt, "has columns that are not those of its schema"}
		}
		above, column = append(above, group), group.Field(i)
	}
	write, err := writer(column, moment, decimal)
	if err != nil {
		return nil, err
	}
	return func(to []byte, row int) []byte {
		for _, group := range above {
			if group.IsNull(row) {
				return to
			}
		}
		if column.IsNull(row) {
			return to
		}
		return write(to, row)
	}, nil
}

// writer gives what writes the values of a column, none of them null.
func writer(column arrow.Array, moment func([]byte, Moment) []byte, decimal byte) (cellValue, error) {
	if moment == nil {
		moment = AppendISO
	}
	switch a := column.(type) {
	case *array.String:
		return func(to []byte, row int) []byte { return append(to, a.Value(row)...) }, nil
	case *array.LargeString:
		return func(to []byte, row int) []byte { return append(to, a.Value(row)...) }, nil
	case *array.Binary:
		return func(to []byte, row int) []byte { return append(to, a.Value(row)...) }, nil
	case *array.LargeBinary:
		return func(to []byte, row int) []byte { return append(to, a.Value(row)...) }, nil
	case *array.Boolean:
		return func(to []byte, row int) []byte { return strconv.AppendBool(to, a.Value(row)) }, nil
	case *array.Float32:
		return func(to []byte, row int) []byte { return appendFloat(to, float64(a.Value(row)), 32, decimal) }, nil
	case *array.Float64:
		return func(to []byte, row int) []byte { return appendFloat(to, a.Value(row), 64, decimal) }, nil
	case *array.Dictionary:
		values, err := writer(a.Dictionary(), moment, decimal)
		return func(to []byte, row int) []byte { return values(to, a.GetValueIndex(row)) }, err
	case *array.Decimal128:
		scale := a.DataType().(*arrow.Decimal128Type).Scale
		return func(to []byte, row int) []byte { return appendDecimal(to, a.Value(row).ToString(scale), decimal) }, nil
	case *array.Decimal256:
		scale := a.DataType().(*arrow.Decimal256Type).Scale
		return func(to []byte, row int) []byte { return appendDecimal(to, a.Value(row).ToString(scale), decimal) }, nil
	case *extensions.UUIDArray:
		return func(to []byte, row int) []byte { return append(to, a.Value(row).String()...) }, nil
	case *array.Null:
		return func(to []byte, row int) []byte { return to }, nil
	}
	if whole := wholeNumbers(column); whole != nil {
		return whole, nil
	}
	if moments := momentsOf(column); moments != nil {
		return func(to []byte, row int) []byte { return moment(to, moments(row)) }, nil
	}
	return nil, &FileError{UnknownFormat, "has a column of the type " + column.DataType().String()}
}

func wholeNumbers(column arrow.Array) cellValue {
	switch a := column.(type) {
	case *array.Int8:
		return func(to []byte, row int) []byte { return strconv.AppendInt(to, int64(a.Value(row)), 10) }
	case *array.Int16:
		return func(to []byte, row int) []byte { return strconv.AppendInt(to, int64(a.Value(row)), 10) }
	case *array.Int32:
		return func(to []byte, row int) []byte { return strconv.AppendInt(to, int64(a.Value(row)), 10) }
	case *array.Int64:
		return func(to []byte, row int) []byte { return strconv.AppendInt(to, a.Value(row), 10) }
	case *array.Uint8:
		return func(to []byte, row int) []byte { return strconv.AppendUint(to, uint64(a.Value(row)), 10) }
	case *array.Uint16:
		return func(to []byte, row int) []byte { return strconv.AppendUint(to, uint64(a.Value(row)), 10) }
	case *array.Uint32:
		return func(to []byte, row int) []byte { return strconv.AppendUint(to, uint64(a.Value(row)), 10) }
	case *array.Uint64:
		return func(to []byte, row int) []byte { return strconv.AppendUint(to, a.Value(row), 10) }
	}
	return nil
}

// momentsOf gives the dates and times of a column.
func momentsOf(column arrow.Array) func(row int) Moment {
	switch a := column.(type) {
	case *array.Date32:
		return func(row int) Moment { return Moment{Time: a.Value(row).ToTime(), Day: true} }
	case *array.Date64:
		return func(row int) Moment { return Moment{Time: a.Value(row).ToTime(), Day: true} }
	case *array.Timestamp:
		t := a.DataType().(*arrow.TimestampType)
		return func(row int) Moment {
			return Moment{Time: a.Value(row).ToTime(t.Unit), Day: true, Clock: true, Zone: t.TimeZone != ""}
		}
	case *array.Time32:
		unit := a.DataType().(*arrow.Time32Type).Unit
		return func(row int) Moment { return Moment{Time: a.Value(row).ToTime(unit), Clock: true} }
	case *array.Time64:
		unit := a.DataType().(*arrow.Time64Type).Unit
		return func(row int) Moment { return Moment{Time: a.Value(row).ToTime(unit), Clock: true} }
	}
	return nil
}

func appendFloat(to []byte, value float64, bits int, decimal byte) []byte {
	from := len(to)
	to = strconv.AppendFloat(to, value, 'f', -1, bits)
	if at := bytes.IndexByte(to[from:], '.'); at >= 0 {
		to[from+at] = decimal
	}
	return to
}

func appendDecimal(to []byte, text string, decimal byte) []byte {
	from := len(to)
	to = append(to, text...)
	if at := bytes.IndexByte(to[from:], '.'); at >= 0 {
		to[from+at] = decimal
	}
	return to
}
