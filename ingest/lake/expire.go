package lake

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/apache/iceberg-go/table"
)

// Expire takes versions out of a table's history, by their Iceberg ids, in one
// commit, and removes the files that no other version has. It gives their size. The
// current version stays, whether it is named or not, and ids that the table does not
// have are passed over. What a summary said of an expired version is gone with it:
// a log's are its ledger, and are not for expiring. Whoever reads an expired version
// at the moment may find its files gone.
func (l *Lake) Expire(ctx context.Context, name string, ids []int64) (freed int64, err error) {
	if err := l.writable(); err != nil {
		return 0, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	tbl, err := l.load(ctx, name)
	if err != nil {
		return 0, err
	}
	gone := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool {
		return tbl.SnapshotByID(id) == nil || id == tbl.CurrentSnapshot().SnapshotID
	})
	if len(gone) == 0 {
		return 0, nil
	}
	dir := filepath.Join(l.dir, namespace, name)
	before, err := sizeOf(dir)
	if err != nil {
		return 0, err
	}
	// The catalogue's own removal of files would take each name as it stands, also in
	// a lake that was moved.
	updates := []table.Update{table.NewRemoveSnapshotsUpdate(gone, false)}
	l.dirty = true // until the sweep is done
	if _, _, err := l.catalog.CommitTable(ctx, table.Identifier{namespace, name}, nil, updates); err != nil {
		l.current.Delete(name)
		return 0, fmt.Errorf("expire versions of table %q: %w", name, err)
	}
	l.current.Delete(name)
	if err := l.sweepTable(ctx, name); err != nil {
		return 0, fmt.Errorf("clean up table %q: %w", name, err)
	}
	l.dirty = false
	after, err := sizeOf(dir)
	return before - after, err
}

// sizeOf adds up the files below a folder.
func sizeOf(dir string) (bytes int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	return bytes, err
}
