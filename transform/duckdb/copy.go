package duckdb

import (
	"context"
	"fmt"
	"os"
)

// Copy writes a relation to a Parquet file (zstd) and gives the number of its
// rows. Rows are sorted by all columns from left to right, so the same rows
// make the same bytes however they were computed. The columns must be of types that
// the lake stores. They have no field ids: a table whose columns have changed has
// other ids than their places, and the lake finds columns by name.
//
// The file appears whole or not at all, and is on the disk when Copy returns;
// its folder is for the caller to sync.
func (e *Engine) Copy(ctx context.Context, relation, file string) (rows int64, err error) {
	if _, err := e.Columns(ctx, relation); err != nil {
		return 0, err
	}
	partial := file + ".partial"
	defer os.Remove(partial) // fails once it has its final name, as it should
	text := fmt.Sprintf("copy (select * from %s order by all) to %s (format parquet, compression zstd)", Name(relation), Quote(partial))
	done, err := e.db.ExecContext(ctx, text)
	if err != nil {
		return 0, fmt.Errorf("copying %s: %w", relation, e.explain(ctx, err, Model{Name: relation}, 0))
	}
	if rows, err = done.RowsAffected(); err != nil {
		return 0, err
	}
	if err := sync(partial); err != nil {
		return 0, err
	}
	return rows, os.Rename(partial, file)
}

func sync(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
