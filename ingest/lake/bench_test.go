package lake

import (
	"fmt"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// BenchmarkCommits makes commits of six months to one table, and reports how
// long the last one took, and a planning of them all, and what the metadata
// takes on disk.
func BenchmarkCommits(b *testing.B) {
	for _, commits := range []int{1, 200} {
		b.Run(fmt.Sprint(commits), func(b *testing.B) {
			for b.Loop() {
				dir := b.TempDir()
				if err := Create(b.Context(), dir); err != nil {
					b.Fatal(err)
				}
				l, err := Open(b.Context(), dir, Options{})
				if err != nil {
					b.Fatal(err)
				}
				var last time.Duration
				for i := range commits {
					start := time.Now()
					rows := []visit{{"a", 0}, {"b", 1}, {"c", 2}, {"d", 3}, {"e", 4}, {"f", 5}}
					if _, err := tryAdd(b.Context(), l, map[string]string{"n": fmt.Sprint(i)}, rows...); err != nil {
						b.Fatal(err)
					}
					last = time.Since(start)
				}
				start := time.Now()
				s, err := l.Snapshot(b.Context(), "visits")
				if err != nil || len(s.Files) != commits*6 {
					b.Fatal(s, err)
				}
				b.ReportMetric(float64(last.Microseconds())/1000, "ms/last-commit")
				b.ReportMetric(float64(time.Since(start).Microseconds())/1000, "ms/plan")
				start = time.Now()
				if _, err := l.History(b.Context(), "visits"); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(time.Since(start).Microseconds())/1000, "ms/history")
				if err := l.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAppend writes rows of every type, filed into 24 months.
func BenchmarkAppend(b *testing.B) {
	dir := b.TempDir()
	if err := Create(b.Context(), dir); err != nil {
		b.Fatal(err)
	}
	l, err := Open(b.Context(), dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	const rows = 1 << 16
	builder := array.NewRecordBuilder(memory.DefaultAllocator, visits().Arrow())
	for i := range rows {
		builder.Field(0).(*array.StringBuilder).Append(fmt.Sprintf("visit-%012d", i))
		builder.Field(1).(*array.Int64Builder).Append(int64(i % 600))
		builder.Field(2).(*array.Date32Builder).Append(visit{month: i % 24}.day())
	}
	rec := builder.NewRecordBatch()
	defer rec.Release()
	a, err := l.Append(b.Context(), visits())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if err := a.Write(rec); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(rows), "rows/op")
	if _, err := a.Commit(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
}
