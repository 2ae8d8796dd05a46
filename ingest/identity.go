package ingest

import (
	"errors"
	"io/fs"
)

// cause strips the path that [fs.PathError] repeats.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
