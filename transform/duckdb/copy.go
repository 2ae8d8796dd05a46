package duckdb

import (
	"context"
	"fmt"
	"os"
	"time"
)

// Copy writes a relation to a Parquet file (zstd) and gives the number of its
// rows. Rows are sorted by all columns from left to right, so the same rows
// make the same bytes however they were computed. It has no Iceberg field ids:
// those of a table are no longer 1, 2, 3 … once its columns have changed, and the
// lake finds a column by its name. The columns must be of types that the lake stores.
//
// The file appears whole or not at all, and is on the disk when Copy returns;
// its folder is for the caller to sync.
func (e *Engine) Copy(ctx context.Context, relation, file string) (rows int64, err error) {
	return e.CopyModel(ctx, Model{Name: relation}, file)
}

// CopyModel is Copy for the relation m.Name, with errors that name the file of m.
func (e *Engine) CopyModel(ctx context.Context, m Model, file string) (rows int64, err error) {
	if _, err := e.Columns(ctx, m.Name); err != nil {
		return 0, err
	}
	return e.copy(ctx, m, "select * from "+Name(m.Name)+" order by all", file)
}

// CopyMonth is Copy for the rows of one month of m.Name: those whose column month is
// its first day. Those of a table that RunMonths made lie in order already. Whether
// the columns can be stored is for the caller to ask, once for all months. Errors
// name the file of m.
func (e *Engine) CopyMonth(ctx context.Context, m Model, month time.Time, inOrder bool, file string) (rows int64, err error) {
	query := "select * from " + Name(m.Name) + " where month = " + Day(month)
	if !inOrder {
		query += " order by all"
	}
	return e.copy(ctx, m, query, file)
}

func (e *Engine) copy(ctx context.Context, m Model, query, file string) (rows int64, err error) {
	partial := file + ".partial"
	defer os.Remove(partial) // fails once it has its final name, as it should
	text := fmt.Sprintf("copy (%s) to %s (format parquet, compression zstd)", query, Quote(partial))
	done, err := e.db.ExecContext(ctx, text)
	if err != nil {
		return 0, fmt.Errorf("copying %s: %w", m.Name, e.explain(ctx, err, m, len(text)))
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
