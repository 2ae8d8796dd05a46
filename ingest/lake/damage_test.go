package lake

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tavolo/ingest/diagnostic"
)

// Without its metadata a table's rows are still there. A lake that took it for
// absent would answer that there are none, and a writer after a crash would
// remove them as what a first commit had left.
func TestATableWithoutItsMetadataIsDamaged(t *testing.T) {
	l, dir := newLake(t, Options{})
	add(t, l, nil, visit{"a", 0})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	versions, err := filepath.Glob(filepath.Join(dir, namespace, "visits", "metadata", "*.metadata.json"))
	if err != nil || len(versions) == 0 {
		t.Fatal(versions, err)
	}
	for _, path := range versions {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(dir, lockFile), "99999999\n") // the last writer did not come to its end
	before := tree(t, dir)
	reader := openLake(t, dir, Options{ReadOnly: true})
	if names, err := reader.Tables(t.Context()); !errors.Is(err, ErrDamaged) || len(diagnostic.Hints(err)) == 0 {
		t.Errorf("tables: %v, %v", names, err)
	}
	if _, err := reader.Snapshot(t.Context(), "visits"); !errors.Is(err, ErrDamaged) {
		t.Errorf("snapshot: %v", err)
	}
	if _, err := Open(t.Context(), dir, Options{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("a writer: %v", err)
	}
	after := tree(t, dir)
	for path := range before {
		if _, ok := after[path]; !ok {
			t.Errorf("%s was removed", path)
		}
	}
}

func TestALakeIsBoundToOneKey(t *testing.T) {
	l, dir := newLake(t, Options{})
	for _, key := range []string{"mistaken", "first", "first"} { // until there are rows
		if err := l.BindKey(t.Context(), key); err != nil {
			t.Error(key, err)
		}
	}
	add(t, l, nil, visit{"a", 0})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l = openLake(t, dir, Options{})
	if err := l.BindKey(t.Context(), "other"); !errors.Is(err, ErrOtherKey) {
		t.Errorf("another key: %v", err)
	}
	if err := l.BindKey(t.Context(), "first"); err != nil {
		t.Errorf("the same key: %v", err)
	}
	reader := openLake(t, dir, Options{ReadOnly: true})
	if err := reader.BindKey(t.Context(), "first"); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a reader: %v", err)
	}
}

func TestALakeWithoutItsDescriptionIsDamaged(t *testing.T) {
	l, dir := newLake(t, Options{})
	add(t, l, nil, visit{"a", 0})
	if err := errors.Join(l.Close(), os.Remove(filepath.Join(dir, locationFile))); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, Options{}); !errors.Is(err, ErrDamaged) || errors.Is(err, ErrNoLake) {
		t.Error(err)
	}
}
