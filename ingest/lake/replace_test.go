package lake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
)

// engine gives a DuckDB session.
func engine(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// copyTo writes the rows of a query into a staging folder, as a transform does.
func copyTo(t *testing.T, l *Lake, db *sql.DB, table, query string) []string {
	t.Helper()
	dir, err := l.Staging(table)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "0001.parquet")
	statement := fmt.Sprintf("copy (%s) to '%s' (format parquet, compression zstd)", query, strings.ReplaceAll(path, "'", "''"))
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	return []string{path}
}

// query gives the rows of a statement as texts.
func query(ctx context.Context, t *testing.T, db *sql.DB, statement string) [][]string {
	t.Helper()
	rows, err := db.QueryContext(ctx, statement)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for rows.Next() {
		texts, targets := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range texts {
			targets[i] = &texts[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(columns))
		for i, text := range texts {
			row[i] = "NULL"
			if text.Valid {
				row[i] = text.String
			}
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func mart(columns ...Column) Schema { return Schema{Table: "no_shows", Columns: columns} }

func TestReplaceExchangesTheWholeContent(t *testing.T) {
	l, _ := newLake(t, Options{})
	db := engine(t)
	shape := mart(Column{Name: "code", Type: Text, Required: true}, Column{Name: "n", Type: Integer})
	for i, select_ := range []string{
		"select 'RM' as code, cast(1 as bigint) as n union all select 'MI', null",
		"select 'NA' as code, cast(7 as bigint) as n",
		"select 'NA' as code, cast(7 as bigint) as n where false",
		"select 'TO' as code, cast(3 as bigint) as n",
	} {
		s, err := l.Replace(t.Context(), shape, copyTo(t, l, db, "no_shows", select_), map[string]string{"run": fmt.Sprint(i)})
		if err != nil {
			t.Fatal(err)
		}
		s = readBack(t, l, s)
		want := query(t.Context(), t, db, select_)
		if s.Summary["run"] != fmt.Sprint(i) || len(s.Files) != min(len(want), 1) {
			t.Errorf("run %d: %+v", i, s)
			continue
		}
		if len(s.Files) == 0 {
			continue
		}
		got := query(t.Context(), t, db, fmt.Sprintf("select * from read_parquet('%s')", s.Files[0].Path))
		if fmt.Sprint(got) != fmt.Sprint(want) || s.Rows != int64(len(want)) {
			t.Errorf("run %d: %d rows %v, want %v", i, s.Rows, got, want)
		}
	}
	s, err := l.Replace(t.Context(), shape, nil, nil)
	if err != nil || len(readBack(t, l, s).Files) != 0 || s.Rows != 0 {
		t.Errorf("replaced by nothing: %+v, %v", s, err)
	}
	history, err := l.History(t.Context(), "no_shows")
	if err != nil || len(history) != 5 {
		t.Errorf("%d versions, %v", len(history), err)
	}
}

func TestReplaceTakesNewColumns(t *testing.T) {
	l, _ := newLake(t, Options{})
	db := engine(t)
	code, n, share := Column{Name: "code", Type: Text}, Column{Name: "n", Type: Integer}, Column{Name: "share", Type: Double}
	count := Column{Name: "n", Type: Double}
	for _, step := range []struct {
		shape Schema
		query string
	}{
		{mart(code, n), "select 'a' as code, cast(1 as bigint) as n"},
		{mart(code, n, share), "select 'a' as code, cast(1 as bigint) as n, cast(0.5 as double) as share"},
		{mart(share, code), "select cast(0.5 as double) as share, 'b' as code"},
		{mart(code, count), "select 'c' as code, cast(1.5 as double) as n"},
		{mart(n), "select cast(4 as bigint) as n"},
	} {
		s, err := l.Replace(t.Context(), step.shape, copyTo(t, l, db, "no_shows", step.query), nil)
		if err != nil {
			t.Fatalf("%s: %v", step.query, err)
		}
		for _, s := range []*Snapshot{s, readBack(t, l, s)} {
			if difference := s.Schema.difference(step.shape); difference != "" || s.Rows != 1 {
				t.Errorf("%s: %s, %d rows", step.query, difference, s.Rows)
			}
		}
	}
	history, err := l.History(t.Context(), "no_shows")
	if err != nil || len(history) != 5 || history[0].Schema.difference(mart(code, n)) != "" {
		t.Errorf("the first version is no longer what it was: %+v, %v", history[0], err)
	}
}

func TestReplaceRefusesOtherFiles(t *testing.T) {
	l, _ := newLake(t, Options{})
	db := engine(t)
	shape := mart(Column{Name: "n", Type: Integer, Required: true})
	for name, query := range map[string]string{
		"narrow integer": "select cast(1 as integer) as n",
		"other name":     "select cast(1 as bigint) as m",
		"more columns":   "select cast(1 as bigint) as n, 2 as m",
		"null":           "select cast(null as bigint) as n",
	} {
		if s, err := l.Replace(t.Context(), shape, copyTo(t, l, db, "no_shows", query), nil); err == nil {
			t.Errorf("%s: accepted as %+v", name, s)
		}
	}
	elsewhere := copyTo(t, l, db, "other", "select cast(1 as bigint) as n")
	if _, err := l.Replace(t.Context(), shape, elsewhere, nil); err == nil {
		t.Error("a file of another table was accepted")
	}
	if tables, err := l.Tables(t.Context()); err != nil || len(tables) != 0 {
		t.Errorf("tables are %v, %v", tables, err)
	}
}

// TestReplaceKeepsFiles exchanges one file of two, then none, then drops one.
func TestReplaceKeepsFiles(t *testing.T) {
	l, _ := newLake(t, Options{})
	db := engine(t)
	shape := mart(Column{Name: "n", Type: Integer, Required: true})
	ones, twos := copyTo(t, l, db, "no_shows", "select cast(1 as bigint) as n"), copyTo(t, l, db, "no_shows", "select cast(2 as bigint) as n")
	replace := func(files ...string) []string {
		t.Helper()
		if _, err := l.Replace(t.Context(), shape, files, nil); err != nil {
			t.Fatal(err)
		}
		snapshot, err := l.Snapshot(t.Context(), "no_shows")
		if err != nil {
			t.Fatal(err)
		}
		var paths []string
		for _, file := range snapshot.Files {
			paths = append(paths, file.Path)
		}
		slices.Sort(files)
		if !slices.Equal(paths, files) || snapshot.Rows != int64(len(files)) {
			t.Fatalf("the table has %d rows in %v, want %v", snapshot.Rows, paths, files)
		}
		return paths
	}
	replace(ones[0], twos[0])
	threes := copyTo(t, l, db, "no_shows", "select cast(3 as bigint) as n")
	replace(ones[0], threes[0])
	replace(ones[0], threes[0])
	replace(threes[0])
	before, err := l.History(t.Context(), "no_shows")
	if err != nil {
		t.Fatal(err)
	}
	files, err := l.FilesAt(t.Context(), "no_shows", before[0].ID)
	if err != nil || len(files) != 2 {
		t.Errorf("the first version has the files %v, %v", files, err)
	}
	if _, err := l.FilesAt(t.Context(), "no_shows", 7); !errors.Is(err, ErrNoVersion) {
		t.Errorf("a version that never was: %v", err)
	}
	if _, err := l.Replace(t.Context(), shape, ones, nil); err == nil {
		t.Error("a file that the table has no more was taken back")
	}
	wider := mart(Column{Name: "n", Type: Integer, Required: true}, Column{Name: "m", Type: Integer})
	if _, err := l.Replace(t.Context(), wider, threes, nil); err == nil {
		t.Error("a file of other columns stayed")
	}
}
