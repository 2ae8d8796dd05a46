package lake

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// visits is the table of most tests: filed by month.
func visits() Schema {
	return Schema{
		Table: "visits", Partition: "month",
		Columns: []Column{
			{Name: "visit_id", Type: Text, Required: true, HighCardinality: true},
			{Name: "minutes", Type: Integer},
			{Name: "month", Type: Date, Required: true},
		},
	}
}

// visit is a row of visits; month counts from January 2024.
type visit struct {
	id    string
	month int
}

// day gives the first day of the month.
func (v visit) day() arrow.Date32 {
	return arrow.Date32FromTime(time.Date(2024, time.Month(1+v.month), 1, 0, 0, 0, 0, time.UTC))
}

// batchOf makes a record batch of visits: minutes are null where the id is empty.
func batchOf(rows ...visit) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, visits().Arrow())
	defer b.Release()
	for i, row := range rows {
		b.Field(0).(*array.StringBuilder).Append(row.id)
		if row.id == "" {
			b.Field(1).AppendNull()
		} else {
			b.Field(1).(*array.Int64Builder).Append(int64(i))
		}
		b.Field(2).(*array.Date32Builder).Append(row.day())
	}
	return b.NewRecordBatch()
}

// newLake makes a lake in a fresh folder.
func newLake(t *testing.T, o Options) (*Lake, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "lake")
	if err := Create(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	return openLake(t, dir, o), dir
}

func openLake(t *testing.T, dir string, o Options) *Lake {
	t.Helper()
	l, err := Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// add commits visits and gives the snapshot, as it is read back.
func add(t *testing.T, l *Lake, summary map[string]string, rows ...visit) *Snapshot {
	t.Helper()
	snapshot, err := tryAdd(t.Context(), l, summary, rows...)
	if err != nil {
		t.Fatal(err)
	}
	return readBack(t, l, snapshot)
}

// readBack plans the version that a commit gave.
func readBack(t *testing.T, l *Lake, committed *Snapshot) *Snapshot {
	t.Helper()
	s, err := l.Snapshot(t.Context(), committed.Table)
	if err != nil {
		t.Fatal(err)
	}
	if s.ID != committed.ID || s.Rows != committed.Rows || s.Sequence != committed.Sequence {
		t.Fatalf("committed %+v, read back %+v", committed, s)
	}
	return s
}

func tryAdd(ctx context.Context, l *Lake, summary map[string]string, rows ...visit) (*Snapshot, error) {
	a, err := l.Append(ctx, visits())
	if err != nil {
		return nil, err
	}
	rec := batchOf(rows...)
	defer rec.Release()
	if err := a.Write(rec); err != nil {
		return nil, fmt.Errorf("write: %w, abort: %v", err, a.Abort())
	}
	return a.Commit(ctx, summary)
}

// ids reads the visit ids of a snapshot back from its files, in file order.
func ids(t *testing.T, s *Snapshot) []string {
	t.Helper()
	var out []string
	for _, f := range s.Files {
		tbl := readTable(t, f.Path)
		column := tbl.Column(0).Data()
		for _, chunk := range column.Chunks() {
			for i := range chunk.Len() {
				out = append(out, chunk.(*array.String).Value(i))
			}
		}
		tbl.Release()
	}
	return out
}

func readTable(t *testing.T, path string) arrow.Table {
	t.Helper()
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	reader, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	tbl, err := reader.ReadTable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return tbl
}

// tree gives every file under dir with its size, to compare folders before and after.
func tree(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		out[rel] = info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
