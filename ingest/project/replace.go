package project

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"tavolo/ingest/diagnostic"
)

// replace puts a text in the place of a file, whole or not at all, if the file is
// still as it was when it was read. A link is followed to the file it names.
func replace(path string, before, after []byte) (err error) {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	info, err := os.Stat(target)
	if err != nil {
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	temp, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+"-*")
	if err != nil {
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	defer func() {
		if err != nil {
			os.Remove(temp.Name())
		}
	}()
	_, err = temp.Write(after)
	if err = errors.Join(err, temp.Chmod(info.Mode().Perm()), temp.Sync(), temp.Close()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	now, err := os.ReadFile(target)
	if err != nil {
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	if !bytes.Equal(now, before) {
		return &diagnostic.Error{File: path, Msg: "somebody else changed it at the same time", Hint: "nothing was written; try again"}
	}
	if err = os.Rename(temp.Name(), target); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	folder, err := os.Open(filepath.Dir(target))
	if err != nil {
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	return errors.Join(folder.Sync(), folder.Close())
}
