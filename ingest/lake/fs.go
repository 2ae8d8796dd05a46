package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	icebergio "github.com/apache/iceberg-go/io"
)

// rooted is the file system that iceberg-go sees: names start with the lake's
// location, files are under its root, and nothing outside can be named. Files
// are synced when they are closed, and their folders when an entry is made,
// because iceberg-go's own local file system does neither.
//
// It implements hadoop.HadoopCatalogFS.
type rooted struct {
	location string // absolute, slash-separated, without a final slash
	root     string // the folder that it stands for
	readOnly bool
	fault    func(op, path string) error // tests make an operation fail
}

// path maps a name of the metadata to the file that it means now.
func (r *rooted) path(op, name string) (string, error) {
	clean := filepath.ToSlash(filepath.Clean(strings.TrimPrefix(name, "file://")))
	rest, ok := strings.CutPrefix(clean, r.location)
	if !ok || (rest != "" && rest[0] != '/') {
		return "", &fs.PathError{Op: op, Path: name, Err: fmt.Errorf("outside the lake's location %s", r.location)}
	}
	path := filepath.Join(r.root, filepath.FromSlash(rest))
	if r.fault != nil {
		if err := r.fault(op, path); err != nil {
			return "", &fs.PathError{Op: op, Path: path, Err: err}
		}
	}
	return path, nil
}

// name is the inverse of path: what the metadata calls a file under the root.
func (r *rooted) name(path string) (string, error) {
	rest, err := filepath.Rel(r.root, path)
	if err != nil || rest == ".." || strings.HasPrefix(rest, ".."+string(filepath.Separator)) {
		return "", &fs.PathError{Op: "name", Path: path, Err: errors.New("outside the lake")}
	}
	if rest == "." {
		return r.location, nil
	}
	return r.location + "/" + filepath.ToSlash(rest), nil
}

// change is path for an operation that alters the lake.
func (r *rooted) change(op, name string) (string, error) {
	if r.readOnly {
		return "", &fs.PathError{Op: op, Path: name, Err: ErrReadOnly}
	}
	return r.path(op, name)
}

func (r *rooted) Open(name string) (icebergio.File, error) {
	path, err := r.path("open", name)
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

func (r *rooted) ReadFile(name string) ([]byte, error) {
	path, err := r.path("open", name)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

func (r *rooted) Stat(name string) (fs.FileInfo, error) {
	path, err := r.path("stat", name)
	if err != nil {
		return nil, err
	}
	return os.Stat(path)
}

// WalkDir gives fn names of the metadata, not of the disk.
func (r *rooted) WalkDir(root string, fn fs.WalkDirFunc) error {
	path, err := r.path("walk", root)
	if err != nil {
		return err
	}
	return filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
		name, nameErr := r.name(path)
		if nameErr != nil {
			return nameErr
		}
		return fn(name, d, err)
	})
}

func (r *rooted) Create(name string) (icebergio.FileWriter, error) {
	path, err := r.change("create", name)
	if err != nil {
		return nil, err
	}
	return createSynced(path)
}

func (r *rooted) WriteFile(name string, content []byte) error {
	file, err := r.Create(name)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}

func (r *rooted) MkdirAll(name string) error {
	path, err := r.change("mkdir", name)
	if err != nil {
		return err
	}
	return mkdirAll(path)
}

func (r *rooted) Rename(from, to string) error {
	return r.move("rename", from, to, os.Rename)
}

// RenameNoReplace fails with fs.ErrExist when the new name is taken: on it rests
// that a version of a table is committed once.
func (r *rooted) RenameNoReplace(from, to string) error {
	return r.move("link", from, to, func(from, to string) error {
		if err := os.Link(from, to); err != nil {
			return err
		}
		_ = os.Remove(from) // a second name for the same file: the sweep finds it
		return nil
	})
}

func (r *rooted) move(op, from, to string, rename func(from, to string) error) error {
	source, err := r.change(op, from)
	if err != nil {
		return err
	}
	target, err := r.change(op, to)
	if err != nil {
		return err
	}
	if err := rename(source, target); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(target))
}

func (r *rooted) Remove(name string) error {
	path, err := r.change("remove", name)
	if err != nil {
		return err
	}
	return os.Remove(path)
}

func (r *rooted) RemoveAll(name string) error {
	path, err := r.change("remove", name)
	if err != nil {
		return err
	}
	return os.RemoveAll(path)
}
