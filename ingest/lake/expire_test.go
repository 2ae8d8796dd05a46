package lake

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// versions makes a mart of four versions, each with one file of its own.
func versions(t *testing.T) (*Lake, []int64) {
	t.Helper()
	ctx, db := context.Background(), engine(t)
	dir := t.TempDir()
	if err := Create(ctx, dir); err != nil {
		t.Fatal(err)
	}
	l, err := Open(ctx, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var ids []int64
	for _, query := range []string{"select 1::bigint as n", "select 2::bigint as n", "select 3::bigint as n", "select 4::bigint as n"} {
		files := copyTo(t, l, db, "no_shows", query)
		s, err := l.Replace(ctx, mart(Column{Name: "n", Type: Integer}), files, nil)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, s.ID)
	}
	return l, ids
}

func parquetFiles(t *testing.T, l *Lake) (n int) {
	t.Helper()
	err := filepath.WalkDir(l.dataDir("no_shows"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".parquet" {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestExpireRemovesWhatNoOtherVersionHas(t *testing.T) {
	ctx := context.Background()
	l, ids := versions(t)
	if n := parquetFiles(t, l); n != 4 {
		t.Fatalf("%d files", n)
	}
	freed, err := l.Expire(ctx, "no_shows", []int64{ids[0], ids[2], ids[3], 42})
	if err != nil || freed <= 0 {
		t.Fatalf("freed %d, %v", freed, err)
	}
	if n := parquetFiles(t, l); n != 2 {
		t.Errorf("%d files are left, want those of the second and of the current version", n)
	}
	for i, want := range []error{ErrNoVersion, nil, ErrNoVersion, nil} {
		s, err := l.SnapshotAt(ctx, "no_shows", ids[i])
		if !errors.Is(err, want) {
			t.Errorf("version %d: %v, want %v", i+1, err, want)
		}
		if err != nil {
			continue
		}
		if _, err := os.Stat(s.Files[0].Path); err != nil || s.ID != ids[i] || s.Rows != 1 {
			t.Errorf("version %d: %+v, %v", i+1, s, err)
		}
	}
	history, err := l.History(ctx, "no_shows")
	if err != nil || len(history) != 2 || history[1].ID != ids[3] {
		t.Errorf("history %v, %v", history, err)
	}
	if freed, err := l.Expire(ctx, "no_shows", ids[3:]); err != nil || freed != 0 {
		t.Errorf("the current version: freed %d, %v", freed, err)
	}
}

func TestExpiredLakeGoesOn(t *testing.T) {
	ctx := context.Background()
	l, ids := versions(t)
	if _, err := l.Expire(ctx, "no_shows", ids[:3]); err != nil {
		t.Fatal(err)
	}
	files := copyTo(t, l, engine(t), "no_shows", "select 5::bigint as n")
	if _, err := l.Replace(ctx, mart(Column{Name: "n", Type: Integer}), files, nil); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	reader, err := Open(ctx, l.Dir(), Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	s, err := reader.Snapshot(ctx, "no_shows")
	if err != nil || len(s.Files) != 1 || s.Rows != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := reader.Expire(ctx, "no_shows", ids); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a reader expired versions: %v", err)
	}
}
