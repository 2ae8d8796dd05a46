package reports

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path"
	"slices"
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

// parquets keeps the Parquet files that were read: one serves many pages.
var parquets = map[string]*parquetFile{}

type parquetFile struct {
	table arrow.Table
	about map[string]string
}

func openParquet(t *testing.T, name string) *parquetFile {
	t.Helper()
	if opened, ok := parquets[name]; ok {
		return opened
	}
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
	opened := &parquetFile{table: table, about: map[string]string{}}
	about := reader.MetaData().KeyValueMetadata()
	for n, key := range about.Keys() {
		opened.about[key] = about.Values()[n]
	}
	parquets[name] = opened
	return opened
}

// readParquet gives the columns of a page in a Parquet file, in the order of some
// titles in a language: numbers, days as they are written, texts, codes as code, or nil.
func readParquet(t *testing.T, name, page, lang string, titles []string) [][]any {
	t.Helper()
	in := openParquet(t, name)
	table := in.table
	from, to := 0, int(table.NumRows())
	if at := table.Schema().FieldIndices("page_code"); len(at) > 0 {
		from, to = rowsOfPage(readColumn(t, table, "page_code", lang), page)
	}
	keys := map[string][]string{}
	for key, title := range in.about {
		column, ok := strings.CutPrefix(key, "title_"+lang+".")
		if !ok {
			continue
		}
		if of := column + "_title_" + lang; from < to && len(table.Schema().FieldIndices(of)) > 0 { // it differs between pages
			title, _ = readColumn(t, table, column+"_title", lang)[from].(string)
		}
		keys[title] = append(keys[title], column)
	}
	order := func(column string) int {
		for n, field := range table.Schema().Fields() {
			if field.Name == column || strings.HasPrefix(field.Name, column+"_") {
				return n
			}
		}
		return -1
	}
	for _, some := range keys { // two columns may have one title
		slices.SortFunc(some, func(a, b string) int { return order(a) - order(b) })
	}
	columns := make([][]any, len(titles))
	for n, title := range titles {
		if len(keys[title]) == 0 { // with a unit on this page alone, or on all but this
			title = baseOf(title)
			for full := range keys {
				if len(keys[title]) == 0 && baseOf(full) == title && len(keys[full]) > 0 {
					title = full
				}
			}
		}
		if len(keys[title]) == 0 {
			t.Fatalf("%s: no column has the title %q", name, title)
		}
		columns[n] = readColumn(t, table, keys[title][0], lang)[from:to]
		keys[title] = keys[title][1:]
	}
	return columns
}

// baseOf is the title of a column without its unit.
func baseOf(title string) string {
	if at := strings.LastIndex(title, " ("); at > 0 {
		return title[:at]
	}
	return title
}

// rowsOfPage gives where the rows of a page stand. A page is named by a code that its
// file name begins with, or is.
func rowsOfPage(pages []any, page string) (from, to int) {
	page, _, _ = strings.Cut(path.Base(page), ".")
	from = -1
	for r, code := range pages {
		if name := slug(code.(string)); name == page || strings.HasPrefix(page, name+"-") && name[0] <= '9' || code == page {
			if from < 0 {
				from = r
			}
			to = r + 1
		}
	}
	return max(from, 0), to
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

// rowsOf calls f with all values of a Parquet file, written out.
func rowsOf(name string, text []byte, f func(name string, text []byte)) error {
	in, err := file.NewParquetReader(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer in.Close()
	reader, err := pqarrow.NewFileReader(in, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	table, err := reader.ReadTable(context.Background())
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer table.Release()
	var all bytes.Buffer
	for i := range int(table.NumCols()) {
		for _, chunk := range table.Column(i).Data().Chunks() {
			for row := range chunk.Len() {
				all.WriteString(plainNumber(chunk.ValueStr(row)) + "\n")
			}
		}
	}
	fmt.Fprintln(&all, in.MetaData().KeyValueMetadata(), table.Schema())
	f(name+"!rows", all.Bytes())
	return nil
}

// plainNumber writes a number without an exponent.
func plainNumber(text string) string {
	if value, err := strconv.ParseFloat(text, 64); err == nil {
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return text
}
