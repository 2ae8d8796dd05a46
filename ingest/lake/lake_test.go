package lake

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"tavolo/ingest/diagnostic"
)

func TestOpenWhereThereIsNoLake(t *testing.T) {
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "absent")} {
		_, err := Open(t.Context(), dir, Options{})
		if !errors.Is(err, ErrNoLake) || len(diagnostic.Hints(err)) == 0 {
			t.Errorf("%s: %v, hints %q", dir, err, diagnostic.Hints(err))
		}
	}
	broken := t.TempDir()
	write(t, filepath.Join(broken, locationFile), `{"format": 99, "location": "/x"}`)
	if _, err := Open(t.Context(), broken, Options{}); err == nil || !strings.Contains(err.Error(), "format 99") {
		t.Errorf("a lake of the future: %v", err)
	}
}

func TestCreateTwiceKeepsTheContent(t *testing.T) {
	l, dir := newLake(t, Options{})
	add(t, l, nil, visit{"a", 0})
	if err := Create(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if s, err := l.Snapshot(t.Context(), "visits"); err != nil || s.Rows != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	if names, err := l.Tables(t.Context()); err != nil || !slices.Equal(names, []string{"visits"}) {
		t.Errorf("tables are %v, %v", names, err)
	}
}

func TestOneWriterManyReaders(t *testing.T) {
	l, dir := newLake(t, Options{})
	add(t, l, nil, visit{"a", 0})
	_, err := Open(t.Context(), dir, Options{})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("second writer: %v", err)
	}
	reader := openLake(t, dir, Options{ReadOnly: true})
	if _, err := reader.Append(t.Context(), visits()); !errors.Is(err, ErrReadOnly) {
		t.Errorf("append by a reader: %v", err)
	}
	if _, err := reader.Staging("visits"); !errors.Is(err, ErrReadOnly) {
		t.Errorf("staging by a reader: %v", err)
	}
	before := tree(t, dir)
	if s, err := reader.Snapshot(t.Context(), "visits"); err != nil || s.Rows != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if after := tree(t, dir); !maps.Equal(before, after) {
		t.Error("reading changed the folder")
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	openLake(t, dir, Options{}) // the lock is free again
}

// A reader that works beside a writer sees versions whole and in their order.
func TestReaderDuringAppends(t *testing.T) {
	l, dir := newLake(t, Options{})
	add(t, l, nil, visit{"0", 0}, visit{"0", 1})
	reader := openLake(t, dir, Options{ReadOnly: true})
	var wait sync.WaitGroup
	done := make(chan struct{})
	wait.Go(func() {
		last := int64(0)
		for {
			s, err := reader.Snapshot(t.Context(), "visits")
			if err != nil || s.Rows < last || s.Rows%2 != 0 || len(s.Files) != int(s.Rows) {
				t.Errorf("after %d rows: %+v, %v", last, s, err)
				return
			}
			last = s.Rows
			select {
			case <-done:
				return
			default:
			}
		}
	})
	for i := range 30 {
		add(t, l, nil, visit{fmt.Sprint(i), 0}, visit{fmt.Sprint(i), 1})
	}
	close(done)
	wait.Wait()
}

// Several batches may be read at once; their commits come one after another.
func TestAppendersAtOnce(t *testing.T) {
	l, _ := newLake(t, Options{})
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			if _, err := tryAdd(t.Context(), l, map[string]string{"n": fmt.Sprint(i)}, visit{fmt.Sprint(i), i % 2}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	s, err := l.Snapshot(t.Context(), "visits")
	if err != nil {
		t.Fatal(err)
	}
	got := ids(t, s)
	slices.Sort(got)
	if want := []string{"0", "1", "2", "3", "4", "5", "6", "7"}; !slices.Equal(got, want) {
		t.Errorf("ids are %q", got)
	}
}

func TestMovedLakeOpens(t *testing.T) {
	l, dir := newLake(t, Options{})
	add(t, l, nil, visit{"a", 0}, visit{"b", 1})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	moved := filepath.Join(t.TempDir(), "somewhere else", "100%")
	if err := os.MkdirAll(filepath.Dir(moved), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	again := openLake(t, moved, Options{})
	s := add(t, again, nil, visit{"c", 0})
	for _, f := range s.Files {
		if !strings.HasPrefix(f.Path, moved) {
			t.Errorf("%s is not where the lake is", f.Path)
		}
	}
	if got := ids(t, s); !slices.Equal(got, []string{"a", "c", "b"}) {
		t.Errorf("ids are %q", got)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the old folder is back: %v", err)
	}
}

func TestCopyNeverTouchesItsOriginal(t *testing.T) {
	l, dir := newLake(t, Options{})
	add(t, l, nil, visit{"a", 0})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)
	copied := filepath.Join(filepath.Dir(dir), "copy")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	second := openLake(t, copied, Options{})
	for i := range 15 { // enough for old metadata to be removed
		add(t, second, nil, visit{fmt.Sprint(i), 0})
	}
	if after := tree(t, dir); !maps.Equal(before, after) {
		t.Errorf("the original changed from %v to %v", before, after)
	}
	original := openLake(t, dir, Options{}) // both are open at once
	if s := add(t, original, nil, visit{"b", 0}); !slices.Equal(ids(t, s), []string{"a", "b"}) {
		t.Error("the original has rows of the copy")
	}
	if s, err := second.Snapshot(t.Context(), "visits"); err != nil || s.Rows != 16 {
		t.Errorf("the copy is %+v, %v", s, err)
	}
}

func TestFoldersWithOddNames(t *testing.T) {
	for _, name := range []string{"due parole", "50%25 & più", "a?b#c", "città:nuova"} {
		dir := filepath.Join(t.TempDir(), name, "lake")
		if err := Create(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
		l := openLake(t, dir, Options{})
		add(t, l, nil, visit{"a", 0})
		if s := add(t, l, nil, visit{"b", 0}); !slices.Equal(ids(t, s), []string{"a", "b"}) {
			t.Errorf("%q: rows are lost", name)
		}
	}
}

func TestNamesOutsideTheLakeAreRefused(t *testing.T) {
	files := &rooted{location: "/original/lake", root: t.TempDir()}
	for _, name := range []string{"/etc/passwd", "/original/lake/../other/x", "/original/lakes/x", "relative", "file:///etc/x"} {
		if path, err := files.path("open", name); err == nil {
			t.Errorf("%s gives %s", name, path)
		}
	}
	path, err := files.path("open", "file:///original/lake/tavolo/x")
	if want := filepath.Join(files.root, "tavolo", "x"); err != nil || path != want {
		t.Errorf("got %s, %v, want %s", path, err, want)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
