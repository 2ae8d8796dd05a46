package duckdb

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// Copy writes a relation to a Parquet file (zstd) and gives the number of its
// rows. Rows are sorted by all columns from left to right, so the same rows
// make the same bytes however they were computed. Field ids count the columns
// from 1, as the lake does. The columns must be of types that the lake stores.
//
// The file appears whole or not at all, and is on the disk when Copy returns;
// its folder is for the caller to sync.
func (e *Engine) Copy(ctx context.Context, relation, file string) (rows int64, err error) {
	columns, err := e.Columns(ctx, relation)
	if err != nil {
		return 0, err
	}
	fields := make([]string, len(columns))
	for i, column := range columns {
		fields[i] = fmt.Sprintf("%s: %d", Name(column.Name), i+1)
	}
	partial := file + ".partial"
	defer os.Remove(partial) // fails once it has its final name, as it should
	text := fmt.Sprintf("copy (select * from %s order by all) to %s (format parquet, compression zstd, field_ids {%s})",
		Name(relation), Quote(partial), strings.Join(fields, ", "))
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
