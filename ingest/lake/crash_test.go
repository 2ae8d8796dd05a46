package lake

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var errDisk = errors.New("disk is full")

// failAt makes the n-th operation that matches fail, and all after it where
// dead: then the program is as good as killed at that point.
func failAt(n int, dead bool, matches func(op, path string) bool) func(op, path string) error {
	seen := 0
	return func(op, path string) error {
		if !matches(op, path) {
			return nil
		}
		seen++
		if seen == n || dead && seen > n {
			return errDisk
		}
		return nil
	}
}

func changes(op, _ string) bool {
	return slices.Contains([]string{"create", "rename", "link", "mkdir", "remove"}, op)
}

// Whatever operation of an append fails, the table has all rows or none, and
// when the next writer has opened the lake, no file more than it needs.
func TestAppendIsWholeOrNotAtAll(t *testing.T) {
	for _, dead := range []bool{false, true} {
		for n := 1; ; n++ {
			l, dir := newLake(t, Options{})
			add(t, l, nil, visit{"a", 0}, visit{"b", 1})
			reached := false
			fault := failAt(n, dead, changes)
			l.options.fault = func(op, path string) error {
				err := fault(op, path)
				reached = reached || err != nil
				return err
			}
			l.fs.fault = l.options.fault
			_, err := tryAdd(t.Context(), l, nil, visit{"c", 0}, visit{"d", 2})
			l.fs.fault, l.options.fault = nil, nil
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			checkWhole(t, dir, fmt.Sprintf("operation %d, dead %v", n, dead), err == nil)
			if !reached {
				break
			}
		}
	}
}

func checkWhole(t *testing.T, dir, when string, committed bool) {
	t.Helper()
	l := openLake(t, dir, Options{})
	s, err := l.Snapshot(t.Context(), "visits")
	if err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	got := ids(t, s)
	slices.Sort(got)
	switch all, none := []string{"a", "b", "c", "d"}, []string{"a", "b"}; {
	case slices.Equal(got, all):
	case slices.Equal(got, none) && !committed:
	default:
		t.Errorf("%s: committed %v, ids are %q", when, committed, got)
	}
	known := map[string]bool{}
	for _, f := range s.Files {
		known[f.Path] = true
	}
	for rel := range tree(t, dir) {
		if strings.HasSuffix(rel, ".parquet") && !known[filepath.Join(dir, rel)] {
			t.Errorf("%s: %s is left", when, rel)
		}
	}
	if s := add(t, l, nil, visit{"e", 0}); s.Rows != int64(len(got)+1) {
		t.Errorf("%s: the next append gives %d rows", when, s.Rows)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// After a kill, the next writer removes what no version names, and only that.
func TestKilledWriterIsCleanedUpAfter(t *testing.T) {
	l, dir := newLake(t, Options{})
	s := add(t, l, nil, visit{"a", 0})
	staged, err := l.Staging("other")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(staged); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("closing left the staging folder: %v", err)
	}
	want := tree(t, filepath.Join(dir, namespace))
	half := filepath.Join(filepath.Dir(s.Files[0].Path), "00000099-0001.parquet")
	manifest := filepath.Join(dir, namespace, "visits", "metadata", "half.avro")
	unborn := filepath.Join(dir, namespace, "unborn", "data", "run-1", "x.parquet")
	if err := os.MkdirAll(filepath.Dir(unborn), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{half, manifest, unborn} {
		write(t, path, "half")
	}
	openLake(t, dir, Options{ReadOnly: true})
	if _, err := os.Stat(half); err != nil {
		t.Errorf("a reader cleaned up: %v", err)
	}
	write(t, filepath.Join(dir, lockFile), "process 1\n") // as the kill leaves it
	again := openLake(t, dir, Options{})
	if got := tree(t, filepath.Join(dir, namespace)); !maps.Equal(got, want) {
		t.Errorf("files are %v, want %v", got, want)
	}
	if s, err := again.Snapshot(t.Context(), "visits"); err != nil || !slices.Equal(ids(t, s), []string{"a"}) {
		t.Errorf("%+v, %v", s, err)
	}
}
