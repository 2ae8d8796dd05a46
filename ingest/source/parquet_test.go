package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// parquetOf writes rows, given as JSON, in row groups of two.
func parquetOf(t testing.TB, fields []arrow.Field, rows string) []byte {
	t.Helper()
	schema := arrow.NewSchema(fields, nil)
	rec, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader(rows))
	if err != nil {
		t.Fatal(err)
	}
	defer rec.Release()
	var b bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &b, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd)), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		t.Fatal(err)
	}
	for from := int64(0); from < rec.NumRows(); from += 2 {
		piece := rec.NewSlice(from, min(from+2, rec.NumRows()))
		if err := w.Write(piece); err != nil {
			t.Fatal(err)
		}
		piece.Release()
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestParquet(t *testing.T) {
	person := arrow.StructOf(arrow.Field{Name: "cf", Type: arrow.BinaryTypes.String, Nullable: true}, arrow.Field{Name: "n", Type: arrow.PrimitiveTypes.Int32, Nullable: true})
	content := parquetOf(t, []arrow.Field{
		{Name: "id", Type: arrow.PrimitiveTypes.Int64},
		{Name: "tags", Type: arrow.ListOf(arrow.BinaryTypes.String), Nullable: true},
		{Name: "persona", Type: person, Nullable: true},
		{Name: "at", Type: &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}, Nullable: true},
		{Name: "local", Type: &arrow.TimestampType{Unit: arrow.Millisecond}, Nullable: true},
		{Name: "on", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
		{Name: "hours", Type: &arrow.Decimal128Type{Precision: 9, Scale: 2}, Nullable: true},
		{Name: "share", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "ok", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	}, `[
		{"id": 9007199254740993, "tags": ["a", "b"], "persona": {"cf": "X", "n": 1}, "at": "2024-03-01T10:30:00Z", "local": "2024-03-01T10:30:00.5", "on": "2024-03-01", "hours": "1.50", "share": 0.25, "ok": true},
		{"id": 2},
		{"id": 3, "persona": {"n": 3}, "tags": []}
	]`)
	r := openBytes(t, content, Format{Decimal: ","}, Limits{})
	if got := strings.Join(r.Header(), " "); got != "id persona.cf persona.n at local on hours share ok" {
		t.Errorf("columns %s", got)
	}
	equal(t, "all", told(t, r), []string{
		"1:1-1 9007199254740993|X|1|2024-03-01T10:30:00Z|2024-03-01T10:30:00.5|2024-03-01|1,50|0,25|true",
		"2:2-2 2||||||||",
		"3:3-3 3||3||||||",
	})
	if l := r.Lines(); l != (Lines{Unit: "row", Total: 3}) {
		t.Errorf("lines %+v", l)
	}
	r = openBytes(t, content, Format{}, Limits{})
	if err := r.(Selector).Select([]Selected{{Name: "hours"}, {Name: "persona.n"}, {Name: "id"}}); err != nil {
		t.Fatal(err)
	}
	equal(t, "some", told(t, r), []string{"1:1-1 1.50|1|9007199254740993", "2:2-2 ||2", "3:3-3 |3|3"})
	if err := r.(Selector).Select([]Selected{{Name: "tags"}}); err == nil {
		t.Error("a list is taken for a column")
	}
	if place := r.(Placer).Place(0); place != "" && !strings.HasSuffix(place, "row 3") {
		t.Errorf("place %s", place)
	}
}

// TestBrokenParquet changes every few bytes of a file: each time it is read or
// refused, and never ends the program.
func TestBrokenParquet(t *testing.T) {
	whole := parquetOf(t, []arrow.Field{{Name: "id", Type: arrow.PrimitiveTypes.Int64}, {Name: "s", Type: arrow.BinaryTypes.String, Nullable: true}},
		`[{"id": 1, "s": "a"}, {"id": 2, "s": "b"}, {"id": 3}]`)
	refused := 0
	for at := 0; at < len(whole); at += 3 {
		for _, bits := range []byte{0x01, 0x80, 0xff} {
			broken := bytes.Clone(whole)
			broken[at] ^= bits
			r, err := New("t.parquet", bytes.NewReader(broken), Format{}, Limits{})
			for err == nil {
				_, err = r.Next()
			}
			if Code(err) != "" {
				refused++
			}
		}
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
	for _, end := range []int{4, 20, len(whole) - 1} {
		if _, err := New("t.parquet", bytes.NewReader(whole[:end]), Format{}, Limits{}); Code(err) != Corrupt {
			t.Errorf("cut off at %d: %v", end, err)
		}
	}
}

// TestParquetNotesAreNotBelieved changes the schema in Arrow's own form that some
// writers put among the notes of a file: what is read comes from Parquet's.
func TestParquetNotesAreNotBelieved(t *testing.T) {
	content := parquetOf(t, []arrow.Field{{Name: "id", Type: arrow.PrimitiveTypes.Int64}, {Name: "s", Type: arrow.BinaryTypes.LargeString, Nullable: true}}, `[{"id": 1, "s": "a"}, {"id": 2}]`)
	from := bytes.Index(content, []byte("ARROW:schema")) + len("ARROW:schema") + 8
	if from < 100 {
		t.Fatal("the file has no such note")
	}
	for at := from; at < from+200; at++ {
		content[at] = 'f'
	}
	equal(t, "rows", told(t, openBytes(t, content, Format{}, Limits{})), []string{"1:1-1 1|a", "2:2-2 2|"})
}

// TestParquetColumnsStayInTheirPlaces reads what stands behind a type that is
// stored as another, and refuses a column that cannot be read when it is asked for.
func TestParquetColumnsStayInTheirPlaces(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("..", "..", "testdata", "corrupt", "parquet-uuid.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	r := openBytes(t, content, Format{}, Limits{})
	if got := strings.Join(r.Header(), " "); got != "id s st.a d ts tz u iv e" {
		t.Errorf("columns %s", got)
	}
	record, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if uuid := string(record.Fields[6]); len(uuid) != 36 || strings.Count(uuid, "-") != 4 {
		t.Errorf("a UUID is %q", uuid)
	}
	if got := string(record.Fields[7]) + "|" + string(record.Fields[8]); got != "|a" {
		t.Errorf("behind it are %q", got)
	}
	all := make([]Selected, len(r.Header()))
	for i, name := range r.Header() {
		all[i].Name = name
	}
	if err := r.(Selector).Select(all); err == nil || !strings.Contains(err.Error(), `the column "iv" cannot be read`) {
		t.Errorf("an interval was asked for: %v", err)
	}
}

// TestParquetBombs holds files of some kilobytes to what may become of them.
func TestParquetBombs(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "s", Type: arrow.BinaryTypes.String}}, nil)
	long := strings.Repeat("x", 1<<20)
	written := func(rows int, dictionary bool) []byte {
		var b bytes.Buffer
		w, err := pqarrow.NewFileWriter(schema, &b, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd),
			parquet.WithDictionaryDefault(dictionary), parquet.WithStats(false)), pqarrow.DefaultWriterProps())
		if err != nil {
			t.Fatal(err)
		}
		builder := array.NewRecordBuilder(memory.DefaultAllocator, schema)
		defer builder.Release()
		for range rows {
			builder.Field(0).(*array.StringBuilder).Append(long)
			batch := builder.NewRecordBatch()
			if err := w.WriteBuffered(batch); err != nil {
				t.Fatal(err)
			}
			batch.Release()
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for name, test := range map[string]struct {
		content []byte
		limits  Limits
		words   string
	}{
		"one long value, again and again":      {written(400, true), Limits{}, "unpacks to more"},
		"long values":                          {written(40, false), Limits{}, "unpacks to more"},
		"long values, and the ratio is raised": {written(400, true), Limits{Ratio: 1 << 40}, "at once"},
	} {
		r, err := New("t.parquet", bytes.NewReader(test.content), Format{}, test.limits)
		for err == nil {
			_, err = r.Next()
		}
		if Code(err) != TooLarge || !strings.Contains(err.Error(), test.words) {
			t.Errorf("%s (%d bytes): %v", name, len(test.content), err)
		}
	}
}
