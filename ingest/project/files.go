package project

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/pseudonym"
	"tavolo/ingest/source"
)

// Files gives the files that match a source's pattern, sorted by name. The
// pattern is relative to the project folder unless it is absolute. A folder
// stands for the files in it, but not for those in the folders in it. Left out
// is what is no delivery: files whose names begin with a point or with "~$",
// which a spreadsheet program keeps beside an open workbook, and those that end
// in .part or .tmp, which someone is still writing.
func (d Dir) Files(pattern string) ([]string, error) {
	pattern = d.absolute(pattern)
	matches, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pattern, err)
	}
	var paths []string
	for _, path := range matches {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			paths = append(paths, path)
			continue
		}
		if path != filepath.Clean(pattern) {
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, &diagnostic.Error{File: path, Err: cause(err)}
		}
		for _, entry := range entries {
			if !entry.IsDir() {
				paths = append(paths, filepath.Join(path, entry.Name()))
			}
		}
	}
	paths = slices.DeleteFunc(paths, noDelivery)
	slices.Sort(paths)
	return paths, nil
}

// Matches says whether a path is among those that [Dir.Files] gives for a pattern,
// or would be if there were such a file.
func (d Dir) Matches(pattern, path string) bool {
	whole, err := filepath.Abs(d.absolute(pattern))
	if err != nil || pattern == "" { // of a source that is no files
		return false
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	if ok, _ := filepath.Match(whole, full); ok {
		return true
	}
	info, err := os.Stat(whole)
	return err == nil && info.IsDir() && filepath.Dir(full) == whole
}

func (d Dir) absolute(pattern string) string {
	if filepath.IsAbs(pattern) {
		return pattern
	}
	return filepath.Join(string(d), pattern)
}

// unfinished are the endings of files that are still on their way, as programs that
// copy and download name them; immutable.
var unfinished = []string{".part", ".partial", ".filepart", ".crdownload", ".tmp"}

// noDelivery says whether a file is not meant: hidden, the lock of an office
// program, or still on its way.
func noDelivery(path string) bool {
	name := strings.ToLower(filepath.Base(path))
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") ||
		slices.ContainsFunc(unfinished, func(ending string) bool { return strings.HasSuffix(name, ending) })
}

// Contains gives an error when a path is a symbolic link that leads out: a link
// is followed where it ends in the project folder, or in the folder that the
// source's pattern begins with. Whoever may put files into a drop must not be
// able to have any other file of the machine read. A path that is no link, and
// what the owner of the configuration linked above the pattern, may be anywhere.
func (d Dir) Contains(pattern, path string) error {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return nil // that there is no such file is said by whoever opens it
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return &diagnostic.Error{File: pseudonym.MaskText(path),
			Err:  &source.FileError{Code: source.NotRegular, Msg: "is a link that leads to no file"},
			Hint: "put the file itself there"}
	}
	for _, folder := range []string{string(d), fixed(d.absolute(pattern))} {
		root, err := filepath.EvalSymlinks(folder)
		if err != nil {
			continue
		}
		if root, err = filepath.Abs(root); err != nil {
			continue
		}
		full, err := filepath.Abs(target)
		if err != nil {
			continue
		}
		if rel, err := filepath.Rel(root, full); err == nil && filepath.IsLocal(rel) {
			return nil
		}
	}
	return &diagnostic.Error{File: pseudonym.MaskText(path),
		Err:  &source.FileError{Code: source.OutsideLink, Msg: "is a link that leads out of the project"},
		Hint: "put the file itself there, or name its folder in the files of the source"}
}

// fixed gives the folder that a pattern begins with, before anything in it varies.
func fixed(pattern string) string {
	for strings.ContainsAny(pattern, `*?[`) {
		pattern = filepath.Dir(pattern)
	}
	if info, err := os.Stat(pattern); err == nil && info.IsDir() {
		return pattern
	}
	return filepath.Dir(pattern)
}
