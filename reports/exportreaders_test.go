package reports

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/xuri/excelize/v2"
)

func readCSV(t *testing.T, name, lang string) (titles []string, rows [][]string) {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	if lang == "it" {
		reader.Comma = ';'
	}
	all, err := reader.ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("%s: %v", name, err)
	}
	return all[0], all[1:]
}

// books keeps the workbook of the page that is being looked at.
var books = map[string]*excelize.File{}

// readSheet gives the rows of the sheet of a table, as they are and as they are shown.
func readSheet(t *testing.T, name, caption string, titles []string) (raw, formatted [][]string) {
	t.Helper()
	book, ok := books[name]
	if !ok {
		var err error
		if book, err = excelize.OpenFile(name); err != nil {
			t.Fatal(err)
		}
		clear(books)
		books[name] = book
	}
	for _, sheet := range book.GetSheetList()[1:] {
		if first, _ := book.GetCellValue(sheet, "A1"); first != caption {
			continue
		}
		raw, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		formatted, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for head, row := range raw {
			if len(row) == len(titles) && fmt.Sprint(row) == fmt.Sprint(titles) {
				return filled(raw[head+1:], len(titles)), filled(formatted[head+1:], len(titles))
			}
		}
		t.Fatalf("%s, sheet %s: no row has the names of the CSV file's columns", name, sheet)
	}
	t.Fatalf("%s: no sheet for %q", name, caption)
	return nil, nil
}

// filled gives every row the same length: a reader leaves empty cells at the end out.
func filled(rows [][]string, width int) [][]string {
	for r := range rows {
		rows[r] = append(rows[r], make([]string, width-len(rows[r]))...)
	}
	return rows
}

// readParquet gives the columns of a Parquet file in the order of some titles in
// a language: numbers, days as they are written, texts, codes as code, or nil.
func readParquet(t *testing.T, name, lang string, titles []string) [][]any {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := file.NewParquetReader(bytes.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	arrows, err := pqarrow.NewFileReader(reader, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	table, err := arrows.ReadTable(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer table.Release()
	about := reader.MetaData().KeyValueMetadata()
	keys := map[string][]string{}
	for n, key := range about.Keys() {
		if column, ok := strings.CutPrefix(key, "title_"+lang+"."); ok {
			keys[about.Values()[n]] = append(keys[about.Values()[n]], column)
		}
	}
	columns := make([][]any, len(titles))
	for n, title := range titles {
		if len(keys[title]) == 0 {
			t.Fatalf("%s: no column has the title %q", name, title)
		}
		columns[n] = readColumn(t, table, keys[title][0], lang)
		keys[title] = keys[title][1:] // two columns may have one title
	}
	return columns
}

func readColumn(t *testing.T, table arrow.Table, key, lang string) []any {
	t.Helper()
	find := func(key string) []any {
		at := table.Schema().FieldIndices(key)
		if len(at) == 0 {
			return nil
		}
		var all []any
		for _, chunk := range table.Column(at[0]).Data().Chunks() {
			all = append(all, valuesOf(chunk)...)
		}
		return all
	}
	if worded := find(key + "_" + lang); worded != nil {
		return worded
	}
	values := find(key)
	if days := find(key + "_on"); days != nil {
		for r := range values {
			if values[r] == nil {
				values[r] = days[r]
			}
		}
	}
	if values == nil {
		t.Fatalf("no column %s", key)
	}
	return values
}

func valuesOf(chunk arrow.Array) []any {
	all := make([]any, chunk.Len())
	for r := range all {
		if chunk.IsNull(r) {
			continue
		}
		switch column := chunk.(type) {
		case *array.Float64:
			all[r] = column.Value(r)
		case *array.Int64:
			all[r] = float64(column.Value(r))
		case *array.Date32:
			all[r] = column.Value(r).ToTime()
		case *array.Timestamp:
			all[r] = column.Value(r).ToTime(arrow.Microsecond)
		case *array.String:
			all[r] = column.Value(r)
		}
	}
	return all
}

// number reads a number of a CSV file.
func number(field, lang string) (float64, bool) {
	if lang == "it" {
		field = strings.Replace(field, ",", ".", 1)
	}
	value, err := strconv.ParseFloat(field, 64)
	return value, err == nil && !math.IsNaN(value) && !math.IsInf(value, 0)
}

// moment reads a date or a moment of a CSV file.
func moment(field string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "2006-01", time.RFC3339} {
		if at, err := time.Parse(layout, field); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
