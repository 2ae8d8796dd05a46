package source

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
)

// fuzzLimits keep what a file may cost small, so that a fuzzer sees what exceeds it.
var fuzzLimits = Limits{RecordBytes: 2000, Columns: 50, Depth: 5, ExpandedBytes: 1 << 20, Members: 20, Rows: 500, Cells: 5000, TextBytes: 1 << 16}

// mostAllocated is what may be allocated in all for each part of a file of the
// fuzzers, and so bounds what is held at once: the buffers of a reader of a stream,
// and of each column, are some 100 kB, and a stream of zstd, which is opened twice,
// says itself how large a window it needs.
const mostAllocated = 64<<20 + 2*maxWindow

// classified reads every part of a file to its end and holds it to what all readers
// promise: no panic, memory within a bound, each record in one class with its
// place after the last, and what is refused whole has a code.
func classified(t *testing.T, content []byte, f Format) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	parts := 1
	defer func() {
		if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > uint64(parts)*mostAllocated {
			t.Fatalf("%d bytes were allocated for a file of %d", after.TotalAlloc-before.TotalAlloc, len(content))
		}
	}()
	file, err := OpenStream("fuzz", bytes.NewReader(content), Options{Limits: fuzzLimits})
	if err != nil {
		refused(t, err)
		return
	}
	defer file.Close()
	parts = len(file.Parts())
	for _, part := range file.Parts() {
		if _, err := part.Hash(t.Context()); err != nil {
			refused(t, err)
			continue
		}
		r, err := part.Open(f)
		if err != nil {
			refused(t, err)
			continue
		}
		classifiedRecords(t, r)
		r.Close()
	}
}

func refused(t *testing.T, err error) {
	t.Helper()
	if Code(err) == "" && !onlyOfText(err) {
		t.Fatalf("refused without a code: %v", err)
	}
}

// onlyOfText says whether an error is about the header of a text, which has a line
// in place of a code.
func onlyOfText(err error) bool {
	for _, words := range []string{"header", "is not CSV", "not CSV"} {
		if bytes.Contains([]byte(err.Error()), []byte(words)) {
			return true
		}
	}
	return false
}

func classifiedRecords(t *testing.T, r Reader) {
	t.Helper()
	used, last := 0, 0
	for {
		record, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			refused(t, err)
			return
		}
		if record.Position() <= last {
			t.Fatalf("record %d after %d", record.Position(), last)
		}
		if last, used = record.Position(), used+record.Span(); record.Problem == nil && len(record.Fields) != len(r.Header()) {
			t.Fatalf("%d fields under a header of %d", len(record.Fields), len(r.Header()))
		}
		if len(record.Raw) > 4*fuzzLimits.RecordBytes {
			t.Fatalf("a record of %d bytes", len(record.Raw))
		}
	}
	if l := r.Lines(); l.Total != l.Header+l.Preamble+l.Blank+used {
		t.Fatalf("%+v, and %d in records", l, used)
	}
}

// corpus gives the files of testdata/corrupt with an ending.
func corpus(f *testing.F, ending string) [][]byte {
	paths, err := filepath.Glob(filepath.Join("..", "..", "testdata", "corrupt", "*."+ending))
	if err != nil || len(paths) == 0 {
		f.Fatalf("no *.%s in the corpus (%v)", ending, err)
	}
	var files [][]byte
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		files = append(files, content)
	}
	return files
}

// FuzzParquet changes files of several writers.
func FuzzParquet(f *testing.F) {
	person := arrow.StructOf(arrow.Field{Name: "cf", Type: arrow.BinaryTypes.String, Nullable: true}, arrow.Field{Name: "n", Type: arrow.PrimitiveTypes.Int32, Nullable: true})
	f.Add(parquetOf(f, []arrow.Field{
		{Name: "id", Type: arrow.PrimitiveTypes.Int64}, {Name: "tags", Type: arrow.ListOf(arrow.BinaryTypes.String), Nullable: true},
		{Name: "persona", Type: person, Nullable: true}, {Name: "on", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
	}, `[{"id": 1, "tags": ["a", "b"], "persona": {"cf": "X", "n": 1}, "on": "2024-03-01"}, {"id": 2}, {"id": 3, "persona": {"n": 3}}]`))
	for _, file := range corpus(f, "parquet") {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		classified(t, content, Format{Type: typeParquet})
	})
}

// FuzzPacked changes what is packed: gzip, zstd, archives, and workbooks in their
// own packing.
func FuzzPacked(f *testing.F) {
	text := []byte("a;b\n1;2\n3;4\n")
	f.Add(gzipOf(f, text))
	f.Add(append(gzipOf(f, text[:5]), gzipOf(f, text[5:])...))
	f.Add(zstdOf(f, text))
	f.Add(zipOf(f, map[string]string{"x.csv": string(text), "y/z.json": `[{"x":5}]`}))
	f.Add(zipOf(f, map[string]string{"x.csv.gz": string(gzipOf(f, text))}))
	f.Add(book(f, `<worksheet><sheetData><row><c t="str"><v>a</v></c></row><row><c><v>7</v></c></row></sheetData></worksheet>`, nil))
	for _, ending := range []string{"zip", "gz", "zst", "xlsx"} {
		for _, file := range corpus(f, ending) {
			f.Add(file)
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if wrappingOf(content) != bare {
			classified(t, content, Format{})
		}
	})
}
