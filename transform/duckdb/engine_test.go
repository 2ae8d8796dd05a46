package duckdb_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/diagnostic"
	"tavolo/transform/duckdb"
)

func open(t *testing.T) *duckdb.Engine {
	t.Helper()
	engine, err := duckdb.Open(duckdb.Options{Threads: 2, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	return engine
}

func run(t *testing.T, engine *duckdb.Engine, name, text string) {
	t.Helper()
	if _, err := engine.Run(t.Context(), duckdb.Model{Name: name, File: name + ".sql", SQL: text}); err != nil {
		t.Fatal(err)
	}
}

// everything is a relation with a column of each type.
var everything = []duckdb.Column{
	{Name: "a text", Type: "text"}, {Name: "whole", Type: "integer"}, {Name: "money", Type: "decimal"},
	{Name: "real", Type: "double"}, {Name: "flag", Type: "boolean"}, {Name: "day", Type: "date"}, {Name: "instant", Type: "timestamp"},
}

func TestValuesSurviveAFileAndBack(t *testing.T) {
	ctx, engine := t.Context(), open(t)
	rows := [][]string{
		{"NA", "9007199254740993", "-0.05", "0.1", "true", "2024-02-29", "2024-03-31T01:30:00.000001Z"},
		{"è 'così' [x]", "-1", "1234567.89", "-1e300", "false", "1969-12-31", "1900-01-01T00:00:00Z"},
		{"", "", "", "", "", "", ""},
	}
	if err := engine.Create(ctx, duckdb.Table{Name: "made", Columns: everything, Rows: rows}); err != nil {
		t.Fatal(err)
	}
	// A folder whose name DuckDB would take for a pattern.
	dir := filepath.Join(t.TempDir(), "lake [1] *?'")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "it's.parquet")
	if n, err := engine.Copy(ctx, "made", file); err != nil || n != 3 {
		t.Fatalf("copy: %d rows, %v", n, err)
	}
	if err := engine.Register(ctx, duckdb.Relation{Name: "read", Columns: everything, Files: []string{file}}); err != nil {
		t.Fatal(err)
	}
	for _, relation := range []string{"made", "read"} {
		columns, err := engine.Columns(ctx, relation)
		if err != nil || !reflect.DeepEqual(columns, everything) {
			t.Errorf("columns of %s: %v, %v", relation, columns, err)
		}
	}
	got, err := engine.Query(ctx, `select * from "read" order by whole`)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]any{
		{"è 'così' [x]", int64(-1), duckdb.Decimal("1234567.89"), -1e300, false,
			time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"NA", int64(9007199254740993), duckdb.Decimal("-0.05"), 0.1, true,
			time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), time.Date(2024, 3, 31, 1, 30, 0, 1000, time.UTC)},
		{nil, nil, nil, nil, nil, nil, nil},
	}
	if !reflect.DeepEqual(got.Rows, want) {
		t.Errorf("got\n%v\nwant\n%v", got.Rows, want)
	}
}

func TestARelationWithoutFilesIsEmptyAndTyped(t *testing.T) {
	engine := open(t)
	if err := engine.Register(t.Context(), duckdb.Relation{Name: "none", Columns: everything}); err != nil {
		t.Fatal(err)
	}
	columns, err := engine.Columns(t.Context(), "none")
	if err != nil || !reflect.DeepEqual(columns, everything) {
		t.Errorf("columns %v, %v", columns, err)
	}
	got, err := engine.Query(t.Context(), "select count(*), sum(whole) from none")
	if err != nil || !reflect.DeepEqual(got.Rows, [][]any{{int64(0), nil}}) {
		t.Errorf("rows %v, %v", got, err)
	}
}

func TestErrorsHaveTheirPlaceInTheModel(t *testing.T) {
	engine := open(t)
	run(t, engine, "things", "select 1 as one")
	for _, test := range []struct{ name, text, want, hint string }{
		{"column", "-- grain: è\nselect\n    'è', oen\nfrom things", `m.sql:3:10: referenced column "oen" not found`, `did you mean "one"?`},
		{"relation", "select *\nfrom thing", "m.sql:2:6: table with name thing does not exist", `did you mean "things"?`},
		{"syntax", "select one,\nfrom from things", `m.sql:2:6: syntax error at or near "from"`, ""},
		{"two statements", "select 1; drop table things", "m.sql: ", ""},
		{"value", "select\n  cast('x' as date) as day", "m.sql:2:3: invalid date", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := engine.Run(t.Context(), duckdb.Model{Name: "m", File: "m.sql", SQL: test.text})
			var placed *diagnostic.Error
			if !errors.As(err, &placed) {
				t.Fatalf("%v has no place", err)
			}
			if !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got  %s\nwant %s…", err, test.want)
			}
			if placed.Hint != test.hint {
				t.Errorf("hint %q, want %q", placed.Hint, test.hint)
			}
		})
	}
	if _, err := engine.Query(t.Context(), "select * from things"); err != nil {
		t.Errorf("the second statement ran: %v", err)
	}
}

func TestCopyIsTheSameForTheSameRows(t *testing.T) {
	var files [2][]byte
	for i, direction := range []string{"asc", "desc"} {
		engine := open(t)
		run(t, engine, "numbers", "select cast(n % 7 as bigint) as seventh, cast(n as bigint) as n from range(100000) as r(n) order by n "+direction)
		file := filepath.Join(t.TempDir(), "numbers.parquet")
		if _, err := engine.Copy(t.Context(), "numbers", file); err != nil {
			t.Fatal(err)
		}
		files[i], _ = os.ReadFile(file)
	}
	if len(files[0]) == 0 || !slices.Equal(files[0], files[1]) {
		t.Errorf("%d and %d bytes that differ", len(files[0]), len(files[1]))
	}
}

func TestCopyRefusesATypeThatTheLakeDoesNotStore(t *testing.T) {
	engine, dir := open(t), t.TempDir()
	run(t, engine, "sums", "select sum(n) as total from range(3) as r(n)")
	_, err := engine.Copy(t.Context(), "sums", filepath.Join(dir, "sums.parquet"))
	if err == nil || !strings.HasPrefix(err.Error(), "sums.total: hugeint cannot be stored; cast it") {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestNamesAreThoseReadAndNotTheQuerysOwn(t *testing.T) {
	names, err := open(t).Names(t.Context(), duckdb.Model{SQL: "with own as (select * from bookings) " +
		"select * from own left join territories on true where exists (select 1 from params)"})
	slices.Sort(names)
	if err != nil || !slices.Equal(names, []string{"bookings", "params", "territories"}) {
		t.Errorf("%v, %v", names, err)
	}
}

func TestASealedEngineOpensNothingElse(t *testing.T) {
	ctx, engine := t.Context(), open(t)
	dir := t.TempDir()
	run(t, engine, "one", "select cast(1 as bigint) as one")
	inside, outside := filepath.Join(dir, "inside.parquet"), filepath.Join(dir, "outside.parquet")
	for _, file := range []string{inside, outside} {
		if _, err := engine.Copy(ctx, "one", file); err != nil {
			t.Fatal(err)
		}
	}
	relation := duckdb.Relation{Name: "lake", Columns: []duckdb.Column{{Name: "one", Type: "integer"}}, Files: []string{inside}}
	if err := engine.Register(ctx, relation); err != nil {
		t.Fatal(err)
	}
	if err := engine.Seal(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Query(ctx, "select * from lake"); err != nil {
		t.Errorf("the lake is shut too: %v", err)
	}
	for _, text := range []string{
		"select * from read_parquet(" + duckdb.Quote(outside) + ")", "select * from read_text('/etc/hostname')",
		"set global enable_external_access = true", "set threads = 1", "attach '" + outside + "' as other",
	} {
		if _, err := engine.Query(ctx, text); err == nil {
			t.Errorf("%s: allowed", text)
		}
	}
}

// TestAFencedEngineStaysInItsFolders: it works on, with its settings, and neither
// reads nor writes anywhere else, however the file is named.
func TestAFencedEngineStaysInItsFolders(t *testing.T) {
	ctx, engine := t.Context(), open(t)
	inside, outside := t.TempDir(), t.TempDir()
	secret := filepath.Join(outside, "secret.csv")
	if err := os.WriteFile(secret, []byte("a\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, engine, "one", "select cast(1 as bigint) as one")
	if err := engine.Fence(ctx, inside, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Copy(ctx, "one", filepath.Join(inside, "one.parquet")); err != nil {
		t.Errorf("the folder is shut too: %v", err)
	}
	if err := engine.SetThreads(ctx, 1); err != nil {
		t.Errorf("a setting is locked: %v", err)
	}
	if _, err := engine.Copy(ctx, "one", filepath.Join(outside, "one.parquet")); err == nil {
		t.Error("a file was written outside")
	}
	for _, text := range []string{
		"select * from read_text('" + secret + "')", "select * from '" + secret + "'",
		"select * from read_text('" + filepath.Join(inside, "..", filepath.Base(outside), "secret.csv") + "')",
		"set global enable_external_access = true",
	} {
		if _, err := engine.Query(ctx, text); err == nil {
			t.Errorf("%s: allowed", text)
		}
	}
}

func TestASealedEngineStillSpills(t *testing.T) {
	engine, err := duckdb.Open(duckdb.Options{Threads: 1, MemoryLimit: "40MB", TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	if err := engine.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := engine.Query(t.Context(), "select count(*) from (select n, row_number() over (order by md5(n::varchar)) as place from range(400000) as r(n)) where place > 0")
	if err != nil || got.Rows[0][0] != int64(400000) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestACancelledQueryStopsAndSaysSo(t *testing.T) {
	engine := open(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := engine.Query(ctx, "select count(*) from range(10000000000) as a(n) where n % 3 = 1")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestCreateNamesTheWrongValue(t *testing.T) {
	err := open(t).Create(t.Context(), duckdb.Table{
		Name: "operators", Columns: []duckdb.Column{{Name: "active_operators", Type: "integer"}}, Rows: [][]string{{"12"}, {"dodici"}},
	})
	if err == nil || !strings.HasPrefix(err.Error(), "table operators: row 2: active_operators: ") {
		t.Error(err)
	}
}
