package lake

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAppendFilesRowsByMonth(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	l, _ := newLake(t, Options{Clock: func() time.Time { return noon }})
	add(t, l, map[string]string{"note": "one"}, visit{"a", 0}, visit{"b", 2}, visit{"c", 0}, visit{"", 2})
	s := add(t, l, map[string]string{"note": "two"}, visit{"d", 1})
	if s.Rows != 5 || s.Sequence != 2 || !s.At.Equal(noon) || s.Summary["note"] != "two" {
		t.Errorf("snapshot is %+v", s)
	}
	if difference := s.Schema.difference(visits()); difference != "" {
		t.Error(difference)
	}
	var months []string
	for _, f := range s.Files {
		months = append(months, f.Partition)
		if !filepath.IsAbs(f.Path) || f.Bytes == 0 {
			t.Errorf("file is %+v", f)
		}
	}
	if want := []string{"2024-01-01", "2024-02-01", "2024-03-01"}; !slices.Equal(months, want) {
		t.Errorf("months are %v, want %v", months, want)
	}
	if got, want := ids(t, s), []string{"a", "c", "d", "b", ""}; !slices.Equal(got, want) {
		t.Errorf("ids are %q, want %q: rows keep their order within a month", got, want)
	}
}

func TestAppendOfNothingKeepsItsSummary(t *testing.T) {
	l, _ := newLake(t, Options{})
	for i := range 2 {
		s := add(t, l, map[string]string{"batch": fmt.Sprint(i)})
		if len(s.Files) != 0 || s.Rows != 0 || s.Summary["batch"] != fmt.Sprint(i) {
			t.Errorf("snapshot is %+v", s)
		}
	}
	add(t, l, nil, visit{"a", 0})
	s := add(t, l, nil)
	if s.Rows != 1 || len(s.Files) != 1 {
		t.Errorf("an empty append changed the content: %+v", s)
	}
}

func TestHistoryIsInTheOrderOfCommits(t *testing.T) {
	l, _ := newLake(t, Options{})
	for i := range 25 {
		add(t, l, map[string]string{"n": fmt.Sprint(i)}, visit{fmt.Sprint(i), i % 3})
	}
	history, err := l.History(t.Context(), "visits")
	if err != nil {
		t.Fatal(err)
	}
	if len(history) != 25 {
		t.Fatalf("%d versions", len(history))
	}
	for i, s := range history {
		if s.Summary["n"] != fmt.Sprint(i) || s.Rows != int64(i+1) || s.Files != nil {
			t.Errorf("version %d is %+v", i, s)
		}
	}
	s, err := l.Snapshot(t.Context(), "visits")
	if err != nil || len(s.Files) != 25 || s.Rows != 25 {
		t.Errorf("snapshot %+v, %v", s, err)
	}
}

func TestMemoryIsBoundedByRowGroupsAndFiles(t *testing.T) {
	l, _ := newLake(t, Options{BufferBytes: 1 << 12, FileBytes: 1 << 12})
	a, err := l.Append(t.Context(), visits())
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 60 {
		var rows []visit
		for j := range 100 {
			rows = append(rows, visit{fmt.Sprintf("visit-%02d-%03d", i, j), j % 4})
			want = append(want, rows[j].id)
		}
		rec := batchOf(rows...)
		if err := a.Write(rec); err != nil {
			t.Fatal(err)
		}
		rec.Release()
		if a.buffered > 1<<12 {
			t.Fatalf("%d bytes are held", a.buffered)
		}
	}
	s, err := a.Commit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s = readBack(t, l, s)
	if len(s.Files) <= 4 {
		t.Errorf("%d files: large ones are not ended", len(s.Files))
	}
	for _, f := range s.Files {
		if f.Partition == "" || f.Rows == 0 {
			t.Errorf("file is %+v", f)
		}
	}
	got := ids(t, s)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Error("rows went in and others came out")
	}
}

func TestAbortLeavesNothing(t *testing.T) {
	l, dir := newLake(t, Options{BufferBytes: 1})
	before := tree(t, dir)
	a, err := l.Append(t.Context(), visits())
	if err != nil {
		t.Fatal(err)
	}
	rec := batchOf(visit{"a", 0}, visit{"b", 1})
	defer rec.Release()
	if err := a.Write(rec); err != nil {
		t.Fatal(err)
	}
	if err := a.Abort(); err != nil {
		t.Fatal(err)
	}
	if after := tree(t, dir); !maps.Equal(before, after) {
		t.Errorf("before %v, after %v", before, after)
	}
	if _, err := l.Snapshot(t.Context(), "visits"); !errors.Is(err, ErrNoTable) {
		t.Errorf("got %v, want ErrNoTable", err)
	}
	if _, err := a.Commit(t.Context(), nil); err == nil {
		t.Error("an aborted append was committed")
	}
}

func TestCancelledAppendLeavesTheLakeWhole(t *testing.T) {
	l, dir := newLake(t, Options{})
	add(t, l, nil, visit{"a", 0})
	before := tree(t, filepath.Join(dir, namespace))
	ctx, cancel := context.WithCancel(t.Context())
	a, err := l.Append(ctx, visits())
	if err != nil {
		t.Fatal(err)
	}
	rec := batchOf(visit{"b", 0})
	defer rec.Release()
	if err := a.Write(rec); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := a.Write(rec); !errors.Is(err, context.Canceled) {
		t.Errorf("write after cancel gave %v", err)
	}
	if _, err := a.Commit(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("commit after cancel gave %v", err)
	}
	if after := tree(t, filepath.Join(dir, namespace)); !maps.Equal(before, after) {
		t.Errorf("before %v, after %v", before, after)
	}
}

func TestAppendRefusesRowsOfAnotherShape(t *testing.T) {
	l, _ := newLake(t, Options{})
	add(t, l, nil, visit{"a", 0})
	other := visits()
	other.Columns[1].Type = Double
	if _, err := l.Append(t.Context(), other); err == nil || !strings.Contains(err.Error(), "minutes integer") {
		t.Errorf("got %v", err)
	}
	for name, s := range map[string]Schema{
		"no columns":         {Table: "x"},
		"unknown type":       {Table: "x", Columns: []Column{{Name: "a", Type: "money"}}},
		"twice":              {Table: "x", Columns: []Column{{Name: "a", Type: Text}, {Name: "a", Type: Text}}},
		"nullable partition": {Table: "x", Partition: "a", Columns: []Column{{Name: "a", Type: Date}}},
	} {
		if _, err := l.Append(t.Context(), s); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
