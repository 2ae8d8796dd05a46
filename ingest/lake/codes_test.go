package lake

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// calls is a table with a column of codes and one in which all is null.
func calls() Schema {
	return Schema{Table: "calls", Partition: "month", Columns: []Column{
		{Name: "channel", Type: Text},
		{Name: "minutes", Type: Integer},
		{Name: "month", Type: Date, Required: true},
	}}
}

// codedBatch makes n rows of calls: row i has the text i%len(texts) of its own
// dictionary, every seventh none, and is of one of three months.
func codedBatch(n int, texts ...string) arrow.RecordBatch {
	dictionary := array.NewStringBuilder(memory.DefaultAllocator)
	dictionary.AppendValues(texts, nil)
	codes, months := array.NewInt32Builder(memory.DefaultAllocator), array.NewDate32Builder(memory.DefaultAllocator)
	for i := range n {
		if i%7 == 6 {
			codes.AppendNull()
		} else {
			codes.Append(int32(i % len(texts)))
		}
		months.Append(visit{month: i % 3}.day())
	}
	fields := calls().Arrow().Fields()
	fields[0].Type, fields[1].Type = codeType(), arrow.Null
	columns := []arrow.Array{
		array.NewDictionaryArray(codeType(), codes.NewArray(), dictionary.NewArray()), array.NewNull(n), months.NewArray(),
	}
	return array.NewRecordBatch(arrow.NewSchema(fields, nil), columns, int64(n))
}

// Codes of dictionaries that differ from batch to batch come out as their texts,
// of the rows that were chosen and no others, in their order.
func TestCodesComeOutAsTexts(t *testing.T) {
	l, _ := newLake(t, Options{BufferBytes: 4 << 10})
	a, err := l.Append(t.Context(), calls())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	for round := range 20 {
		texts := []string{"pec", fmt.Sprint("app ", round), "sportello"}[round%2:]
		var rows []int32
		for i := range 300 {
			if i%5 == round%5 {
				continue
			}
			rows = append(rows, int32(i))
			text := texts[i%len(texts)]
			if i%7 == 6 {
				text = null
			}
			day := visit{month: i % 3}.day().FormattedString()
			want[day] = append(want[day], text)
		}
		if err := a.WriteRows(codedBatch(300, texts...), rows); err != nil {
			t.Fatal(err)
		}
	}
	s, err := a.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range readBack(t, l, s).Files {
		var got []string
		tbl := readTable(t, f.Path)
		for _, chunk := range tbl.Column(0).Data().Chunks() {
			for i := range chunk.Len() {
				if chunk.IsNull(i) {
					got = append(got, null)
				} else {
					got = append(got, chunk.(*array.String).Value(i))
				}
			}
		}
		if !slices.Equal(got, want[f.Partition]) {
			t.Errorf("%s: %d rows, want %d: %.80q", f.Partition, len(got), len(want[f.Partition]), got)
		}
		if nulls := tbl.Column(1).NullN(); nulls != len(got) {
			t.Errorf("%s: %d nulls of %d", f.Partition, nulls, len(got))
		}
		tbl.Release()
	}
}

// A column of codes has the page statistics that it would have as texts, also
// when it takes several pages.
func TestLongColumnsOfCodes(t *testing.T) {
	l, _ := newLake(t, Options{})
	a, err := l.Append(t.Context(), calls())
	if err != nil {
		t.Fatal(err)
	}
	const batches, rows = 60, 7000
	for range batches {
		if err := a.Write(codedBatch(rows, "pec", "app")); err != nil {
			t.Fatal(err)
		}
	}
	s, err := a.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	total, nulls := 0, 0
	for _, f := range readBack(t, l, s).Files {
		tbl := readTable(t, f.Path)
		total += int(tbl.NumRows())
		nulls += tbl.Column(0).Data().NullN()
		tbl.Release()
	}
	if total != batches*rows || nulls != batches*rows/7 {
		t.Errorf("%d rows with %d nulls", total, nulls)
	}
}

// The same rows give the same bytes, however many goroutines write them.
func TestSameRowsSameBytes(t *testing.T) {
	var files [2][]string
	for i := range files {
		l, _ := newLake(t, Options{BufferBytes: 16 << 10})
		a, err := l.Append(t.Context(), calls())
		if err != nil {
			t.Fatal(err)
		}
		for round := range 10 {
			if err := a.Write(codedBatch(1000, "pec", "app", fmt.Sprint(round))); err != nil {
				t.Fatal(err)
			}
		}
		s, err := a.Commit(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range readBack(t, l, s).Files {
			text, err := os.ReadFile(f.Path)
			if err != nil {
				t.Fatal(err)
			}
			files[i] = append(files[i], f.Partition+string(text))
		}
	}
	if !slices.Equal(files[0], files[1]) {
		t.Error("two writings of the same rows differ")
	}
}

func TestColumnsOfAnotherTypeAreRefused(t *testing.T) {
	l, _ := newLake(t, Options{})
	required := calls()
	required.Columns[1].Required = true
	a, err := l.Append(t.Context(), required)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Write(codedBatch(10, "pec")); err == nil {
		t.Error("a required column of nulls was taken")
	}
	if err := a.Abort(); err != nil {
		t.Error(err)
	}
}
