package lake

import (
	"errors"
	"os"
	"path/filepath"
)

// syncedFile is a new file whose bytes and whose entry in its folder are on the
// disk once Close has returned nil.
type syncedFile struct{ *os.File }

// createSynced makes a file, with its folders where absent.
func createSynced(path string) (*syncedFile, error) {
	if err := mkdirAll(filepath.Dir(path)); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, err
	}
	return &syncedFile{file}, nil
}

// Close syncs the file, then its folder.
func (f *syncedFile) Close() error {
	if err := errors.Join(f.Sync(), f.File.Close()); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(f.Name()))
}

// mkdirAll is os.MkdirAll that also syncs the entries that it made.
func mkdirAll(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	parent := filepath.Dir(dir)
	if parent != dir {
		if err := mkdirAll(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return SyncDir(parent)
}

// SyncDir makes the entries of a folder durable: without it a file that was
// synced can still be gone after a power cut.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
