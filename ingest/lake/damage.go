package lake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tavolo/ingest/diagnostic"
)

// versionHint is the file, in the lake, that every commit to a table writes after
// its metadata: a table that has it and no metadata has lost it, and one without
// both was never committed.
func versionHint(table string) string {
	return filepath.Join(namespace, table, "metadata", "version-hint.text")
}

// hadMetadata says whether a table was ever committed. What cannot be looked at
// is taken for a table that was.
func (l *Lake) hadMetadata(name string) bool {
	_, err := os.Stat(filepath.Join(l.dir, versionHint(name)))
	return !errors.Is(err, fs.ErrNotExist)
}

// unlisted gives the tables that the catalogue did not list: those that were made
// since. For it, a folder whose metadata was removed, or may not be read, is none;
// whoever took that for an empty table would publish figures without its rows.
func (l *Lake) unlisted(ctx context.Context, names []string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(l.dir, namespace))
	if err != nil {
		return nil, err
	}
	var found []string
	for _, entry := range entries {
		name := entry.Name()
		if !entry.IsDir() || slices.Contains(names, name) || !l.hadMetadata(name) {
			continue
		}
		switch _, err := l.loadOnce(ctx, name); {
		case err == nil:
			found = append(found, name)
		case !errors.Is(err, ErrNoTable):
			return nil, err
		}
	}
	return found, nil
}

// damaged is ErrDamaged at a folder, with what is wrong there.
func damaged(dir, what string) error {
	return diagnostic.Hinted(fmt.Errorf("%s: %w: %s", dir, ErrDamaged, what),
		"restore the folder of the lake from a backup as a whole; nothing was changed in it")
}

// quotedGlob is a path as a pattern that matches it alone.
func quotedGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "*", `\*`, "?", `\?`).Replace(path)
}
