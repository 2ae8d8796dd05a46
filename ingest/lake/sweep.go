package lake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/apache/iceberg-go/table"
)

// sweep removes the files that no version of a table names: what a writer left
// that did not come to its end. The lock makes it safe at any age of a file.
func (l *Lake) sweep(ctx context.Context) error {
	entries, err := os.ReadDir(filepath.Join(l.dir, namespace))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		if err := l.sweepTable(ctx, entry.Name()); err != nil {
			return fmt.Errorf("clean up table %q: %w", entry.Name(), err)
		}
	}
	return nil
}

func (l *Lake) sweepTable(ctx context.Context, name string) error {
	dir := filepath.Join(l.dir, namespace, name)
	tbl, err := l.load(ctx, name)
	if errors.Is(err, ErrNoTable) { // its first commit never happened
		return os.RemoveAll(dir)
	}
	if err != nil {
		return err
	}
	known, err := l.filesOf(ctx, tbl)
	if err != nil {
		return err
	}
	var dirs []string
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || known[path] || d.Name() == "version-hint.text":
			return err
		case d.IsDir():
			dirs = append(dirs, path)
			return nil
		}
		return os.Remove(path)
	})
	for _, dir := range slices.Backward(dirs) {
		_ = os.Remove(dir) // only where it is empty
	}
	return err
}

// filesOf collects every file that a version of the table names.
func (l *Lake) filesOf(ctx context.Context, tbl *table.Table) (map[string]bool, error) {
	known := map[string]bool{}
	add := func(name string) error {
		path, err := l.fs.path("sweep", name)
		known[path] = true
		return err
	}
	errs := []error{add(tbl.MetadataLocation())}
	for entry := range tbl.Metadata().PreviousFiles() {
		errs = append(errs, add(entry.MetadataFile))
	}
	for _, snapshot := range tbl.Metadata().Snapshots() {
		errs = append(errs, add(snapshot.ManifestList))
	}
	for manifest, err := range tbl.AllManifests(ctx) {
		if err != nil {
			return nil, err
		}
		path, err := l.fs.path("sweep", manifest.FilePath())
		if err != nil {
			return nil, err
		}
		if known[path] {
			continue
		}
		known[path] = true
		// What one version says it took away is in the manifests of those that had it.
		for entry, err := range manifest.Entries(l.fs, true) {
			if err != nil {
				return nil, err
			}
			errs = append(errs, add(entry.DataFile().FilePath()))
		}
	}
	delete(known, "")
	return known, errors.Join(errs...)
}
