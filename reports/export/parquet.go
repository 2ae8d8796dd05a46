package export

import (
	"bytes"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"tavolo/reports/html"
)

// Parquet writes one table as the pages of several languages show it, given by
// language in the order of languages. The facts go into the file's metadata,
// and the captions, titles and units with them.
//
// Columns have the keys of the first table's columns: numbers are int64 or double,
// days date32, moments timestamps, a word of a list its code. Text that is
// written in a language has a column for each of them, value_it and value_en,
// and its code in value_code. A figure that is not there is null; the column
// value_class says why.
//
// It is an error when the languages differ in anything but words.
func Parquet(languages []string, tables []*Table, facts map[string]string) ([]byte, error) {
	if err := Agree(languages, tables); err != nil {
		return nil, err
	}
	var fields []arrow.Field
	var columns []arrow.Array
	defer func() {
		for _, column := range columns {
			column.Release()
		}
	}()
	add := func(name string, column arrow.Array) {
		fields = append(fields, arrow.Field{Name: name, Type: column.DataType(), Nullable: true})
		columns = append(columns, column)
	}
	first := tables[0]
	for n, c := range first.Columns {
		switch {
		case c.Kind == html.Shown:
			if first.has(n, func(v *Value) bool { return v.Code != "" }) {
				add(c.Key+"_code", first.texts(n, func(v *Value) string { return v.Code }))
			}
			for k, lang := range languages {
				add(c.Key+"_"+lang, tables[k].texts(n, func(v *Value) string { return v.Text }))
			}
		case c.Kind == html.Term:
			add(c.Key, first.texts(n, func(v *Value) string { return v.Code }))
		case c.Kind == html.Verbatim:
			add(c.Key, first.texts(n, func(v *Value) string { return v.Text }))
		case c.Kind == html.Instant:
			add(c.Key, first.instants(n))
		case c.Kind.IsTime():
			add(c.Key, first.days(n))
		case c.Kind == html.Count:
			add(c.Key, first.counts(n))
		default:
			add(c.Key, first.measures(n))
			if c.Dated {
				add(c.Key+"_on", first.days(n))
			}
		}
	}
	return writeParquet(fields, columns, int64(len(first.Rows)), describe(languages, tables, facts))
}

func writeParquet(fields []arrow.Field, columns []arrow.Array, rows int64, about arrow.Metadata) ([]byte, error) {
	schema := arrow.NewSchema(fields, &about)
	record := array.NewRecordBatch(schema, columns, rows)
	defer record.Release()
	var out bytes.Buffer
	properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCreatedBy("tavolo"),
		parquet.WithStats(false)) // a file has one row group: nothing would be skipped by them
	writer, err := pqarrow.NewFileWriter(schema, &out, properties, pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, err
	}
	if rows > 0 {
		if err := writer.Write(record); err != nil {
			return nil, err
		}
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// describe is the file's metadata.
func describe(languages []string, tables []*Table, facts map[string]string) arrow.Metadata {
	about := map[string]string{}
	for name, text := range facts {
		about[name] = text
	}
	for k, lang := range languages {
		about["caption_"+lang] = tables[k].Caption
		for n, c := range tables[k].Columns {
			about["title_"+lang+"."+tables[0].Columns[n].Key] = c.Title
		}
	}
	for _, c := range tables[0].Columns {
		if c.Unit.Code != "" {
			about["unit."+c.Key] = c.Unit.Code
		}
	}
	return arrow.MetadataFrom(about)
}

// Agree checks that the tables are the same but for their words.
func Agree(languages []string, tables []*Table) error {
	first := tables[0]
	for k, other := range tables[1:] {
		if len(other.Columns) != len(first.Columns) || len(other.Rows) != len(first.Rows) {
			return fmt.Errorf("table %s has %d columns and %d rows in %q, %d and %d in %q", first.Name, len(first.Columns), len(first.Rows),
				languages[0], len(other.Columns), len(other.Rows), languages[k+1])
		}
		for n, c := range first.Columns {
			if c.Kind != other.Columns[n].Kind {
				return fmt.Errorf("table %s, column %s: it is of another kind in %q", first.Name, c.Key, languages[k+1])
			}
			for r := range first.Rows {
				if !same(first.Rows[r][n], other.Rows[r][n]) {
					return fmt.Errorf("table %s, column %s, row %d: %q differs from %q in more than words",
						first.Name, c.Key, r+1, languages[k+1], languages[0])
				}
			}
		}
	}
	return nil
}

// same tells whether two values are one, said in two languages.
func same(v, w *Value) bool {
	if v.Kind != w.Kind || v.Code != w.Code || v.Class != w.Class || v.Absent() != w.Absent() {
		return false
	}
	switch {
	case v.Absent():
		return true
	case v.Kind.IsNumber():
		return v.Number == w.Number && v.Unit.Code == w.Unit.Code
	case v.Kind.IsTime():
		return v.At.Equal(w.At)
	case v.Kind == html.Verbatim:
		return v.Text == w.Text
	}
	return true
}

func (t *Table) has(n int, is func(*Value) bool) bool {
	for _, row := range t.Rows {
		if is(row[n]) {
			return true
		}
	}
	return false
}

// texts is a column of texts; an empty one is null.
func (t *Table) texts(n int, text func(*Value) string) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	for _, row := range t.Rows {
		if s := text(row[n]); s != "" {
			b.Append(s)
		} else {
			b.AppendNull()
		}
	}
	return b.NewArray()
}

func (t *Table) counts(n int) arrow.Array {
	b := array.NewInt64Builder(memory.DefaultAllocator)
	defer b.Release()
	for _, row := range t.Rows {
		if row[n].Absent() {
			b.AppendNull()
		} else {
			b.Append(int64(row[n].Number))
		}
	}
	return b.NewArray()
}

func (t *Table) measures(n int) arrow.Array {
	b := array.NewFloat64Builder(memory.DefaultAllocator)
	defer b.Release()
	for _, row := range t.Rows {
		if v := row[n]; !v.Kind.IsNumber() || v.Absent() {
			b.AppendNull()
		} else {
			b.Append(v.Number)
		}
	}
	return b.NewArray()
}

func (t *Table) days(n int) arrow.Array {
	b := array.NewDate32Builder(memory.DefaultAllocator)
	defer b.Release()
	for _, row := range t.Rows {
		if v := row[n]; !v.Kind.IsTime() || v.Absent() {
			b.AppendNull()
		} else {
			b.Append(arrow.Date32FromTime(v.At))
		}
	}
	return b.NewArray()
}

func (t *Table) instants(n int) arrow.Array {
	b := array.NewTimestampBuilder(memory.DefaultAllocator, &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"})
	defer b.Release()
	for _, row := range t.Rows {
		if v := row[n]; !v.Kind.IsTime() || v.Absent() {
			b.AppendNull()
		} else {
			b.Append(arrow.Timestamp(v.At.UnixMicro()))
		}
	}
	return b.NewArray()
}
