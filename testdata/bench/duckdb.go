package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"os"
	"path/filepath"

	_ "github.com/duckdb/duckdb-go/v2" // the driver
)

//go:embed duckdb.sql
var script string

// runDuckDB runs duckdb.sql in the folder of the file, in a database in memory.
func runDuckDB(ctx context.Context, dir string) (err error) {
	if err := os.Chdir(dir); err != nil {
		return err
	}
	for _, made := range []string{"duckdb", "rejects.parquet"} {
		if err := os.RemoveAll(filepath.Join(dir, made)); err != nil {
			return err
		}
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	connection, err := db.Conn(ctx) // rejects are kept by connection
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connection.Close()) }()
	_, err = connection.ExecContext(ctx, script)
	return err
}
