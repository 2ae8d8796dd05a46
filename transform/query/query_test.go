package query_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"tavolo/ingest/diagnostic"
	"tavolo/transform/duckdb"
	"tavolo/transform/query"
)

// session has one relation, bookings, of four rows.
func session(t *testing.T, limits query.Limits) *query.Session {
	t.Helper()
	engine, err := duckdb.Open(duckdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	err = engine.Create(t.Context(), duckdb.Table{
		Name: "bookings",
		Columns: []duckdb.Column{{Name: "id", Type: "text"}, {Name: "days", Type: "integer"}, {Name: "hours", Type: "decimal"},
			{Name: "on", Type: "date"}, {Name: "at", Type: "timestamp"}, {Name: "kept", Type: "boolean"}},
		Rows: [][]string{
			{"a", "1", "7.50", "2024-02-29", "2024-03-31T01:30:00Z", "true"},
			{"è, \"b\"", "-12", "", "", "", "false"},
			{"x\x1b[31m\ny", "", "0.05", "", "", ""},
			{"", "1000", "", "", "", ""},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	guarded, err := query.Guard(t.Context(), engine, limits)
	if err != nil {
		t.Fatal(err)
	}
	return guarded
}

func TestFormats(t *testing.T) {
	answer, err := session(t, query.Limits{}).Ask(t.Context(), "select *, days as days from bookings;")
	if err != nil {
		t.Fatal(err)
	}
	for format, want := range map[query.Format]string{
		query.Table: `
id            days  hours  on          at                    kept   days
────────────  ────  ─────  ──────────  ────────────────────  ─────  ────
a                1   7.50  2024-02-29  2024-03-31T01:30:00Z  true      1
è, "b"         -12   NULL  NULL        NULL                  false   -12
x\x1b[31m\ny  NULL   0.05  NULL        NULL                  NULL   NULL
NULL          1000   NULL  NULL        NULL                  NULL   1000
`,
		query.CSV: `
id,days,hours,on,at,kept,days
a,1,7.50,2024-02-29,2024-03-31T01:30:00Z,true,1
"è, ""b""",-12,,,,false,-12
"x` + "\x1b" + `[31m
y",,0.05,,,,
,1000,,,,,1000
`,
		query.JSON: `
{"id":"a","days":1,"hours":7.50,"on":"2024-02-29","at":"2024-03-31T01:30:00Z","kept":true,"days_2":1}
{"id":"è, \"b\"","days":-12,"hours":null,"on":null,"at":null,"kept":false,"days_2":-12}
{"id":"x\u001b[31m\ny","days":null,"hours":0.05,"on":null,"at":null,"kept":null,"days_2":null}
{"id":null,"days":1000,"hours":null,"on":null,"at":null,"kept":null,"days_2":1000}
`,
	} {
		var b strings.Builder
		if err := answer.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		if got := "\n" + b.String(); got != want {
			t.Errorf("%s: got%swant%s", format, got, want)
		}
	}
	if err := answer.Write(&strings.Builder{}, "xml"); err == nil || err.Error() != `format "xml": there is none; there are table, csv, json and xlsx` {
		t.Error(err)
	}
}

func TestAnEmptyTextIsNotNull(t *testing.T) {
	answer, err := session(t, query.Limits{}).Ask(t.Context(), "select '' as empty, null as nothing, 1e20 as large, 0.1 + 0.2 as small, 'nan'::double as undefined, [1, 2] as many")
	if err != nil {
		t.Fatal(err)
	}
	for format, want := range map[query.Format]string{
		query.CSV:  "empty,nothing,large,small,undefined,many\n\"\",,1e+20,0.3,NaN,\"[1,2]\"\n",
		query.JSON: `{"empty":"","nothing":null,"large":100000000000000000000,"small":0.3,"undefined":null,"many":"[1,2]"}` + "\n",
	} {
		var b strings.Builder
		if err := answer.Write(&b, format); err != nil || b.String() != want {
			t.Errorf("got  %swant %s%v", b.String(), want, err)
		}
	}
}

func TestWhatMayBeAsked(t *testing.T) {
	s := session(t, query.Limits{})
	for _, text := range []string{
		"select 1", "from bookings", "with a as (select 1 as one) select * from a union all select 2", "values (1), (2)",
		"describe bookings", "show tables", "summarize bookings", "select * from range(3)", "-- how many?\nselect count(*) from bookings;\n",
		"select unnest([1, 2])", "select (select max(days) from bookings)", "select * from information_schema.tables",
	} {
		if _, err := s.Ask(t.Context(), text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatMayNotBeAsked(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret.csv")
	if err := os.WriteFile(secret, []byte("a\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := session(t, query.Limits{})
	for text, want := range map[string]string{
		"":                              "sql: there is no question",
		"-- nothing":                    "sql: there is no question",
		"drop table bookings":           "sql: this is not a select",
		"delete from bookings":          "sql: this is not a select",
		"pragma version":                "sql: this is not a select",
		"set threads = 1":               "sql: this is not a select",
		"attach 'x' as y":               "sql: this is not a select",
		"explain select 1":              "sql: this is not a select",
		"select 1; select 2":            "sql: 2 statements; ask them one by one",
		"drop table bookings; select 1": "sql: this is not a select",
		"copy bookings to '" + filepath.Join(dir, "out.csv") + "'":    "sql: this is not a select",
		"select * from read_csv('" + secret + "')":                    "sql: read_csv() cannot be read from",
		"select (select count(*) from glob('/*'))":                    "sql: glob() cannot be read from",
		"select * from enable_logging('QueryLog')":                    "sql: enable_logging() cannot be read from",
		"with a as (select * from duckdb_settings()) select * from a": "sql: duckdb_settings() cannot be read from",
		"select * from '" + secret + "'":                              "sql: cannot access file",
		"select *\nfrom boookings":                                    "sql:2:6: table with name boookings does not exist",
		"select dayz from bookings":                                   `sql:1:8: referenced column "dayz" not found`,
		"select 1 +":                                                  "sql",
		"select from from x":                                          "sql:1:13: syntax error",
	} {
		_, err := s.Ask(t.Context(), text)
		var placed *diagnostic.Error
		if err == nil || !strings.HasPrefix(err.Error(), want) || !errors.As(err, &placed) {
			t.Errorf("%s\ngot  %v\nwant %s", text, err, want)
		}
	}
	if answer, err := s.Ask(t.Context(), "select count(*) from bookings"); err != nil || answer.Rows[0][0] != int64(4) {
		t.Errorf("the relation is no longer what it was: %v, %v", answer, err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("files were written: %v", left)
	}
}

func TestAnswersAreCutAndSaySo(t *testing.T) {
	answer, err := session(t, query.Limits{Rows: 2}).Ask(t.Context(), "select * from range(5)")
	if err != nil || len(answer.Rows) != 2 || answer.Cut != "only the first 2 rows are shown" {
		t.Errorf("%+v, %v", answer, err)
	}
	answer, err = session(t, query.Limits{Rows: 5}).Ask(t.Context(), "select * from range(5)")
	if err != nil || len(answer.Rows) != 5 || answer.Cut != "" {
		t.Errorf("all rows: %+v, %v", answer, err)
	}
	answer, err = session(t, query.Limits{Bytes: 25}).Ask(t.Context(), "select repeat('x', 10) from range(5)")
	if err != nil || len(answer.Rows) != 2 || answer.Cut != "only the first 2 rows are shown: the answer is larger than 25 bytes" {
		t.Errorf("%+v, %v", answer, err)
	}
}

func TestMistakesAreAnsweredWithAdvice(t *testing.T) {
	s := session(t, query.Limits{})
	for text, want := range map[string]string{
		"select * from bokings":       `did you mean "bookings"?`,
		"show talbes":                 "`show tables` lists what there is",
		"select dys from bookings":    `did you mean "days"?`,
		"select at_day from bookings": "columns like it are ",
	} {
		_, err := s.Ask(t.Context(), text)
		if hints := diagnostic.Hints(err); len(hints) != 1 || !strings.HasPrefix(hints[0], want) {
			t.Errorf("%s: %v: %q", text, err, hints)
		}
	}
}

// The whole answer would not fit on any machine.
func TestOnlyTheRowsThatAreShownAreComputed(t *testing.T) {
	answer, err := session(t, query.Limits{Rows: 2}).Ask(t.Context(), "select n, n as n from range(1000000000000) as a(n)")
	if err != nil || len(answer.Rows) != 2 || answer.Columns[1].Name != "n" || answer.Cut == "" {
		t.Errorf("%+v, %v", answer, err)
	}
}

func TestMemoryIsLimited(t *testing.T) {
	engine, err := duckdb.Open(duckdb.Options{MemoryLimit: "64MB"})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	s, err := query.Guard(t.Context(), engine, query.Limits{Rows: -1, Bytes: -1})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Write(t.Context(), "select n, repeat('x', 1000) from range(1000000) as a(n)", io.Discard, query.CSV)
	if !errors.Is(err, duckdb.ErrMemory) || len(diagnostic.Hints(err)) == 0 || strings.Contains(err.Error(), "\n") {
		t.Error(err)
	}
	if _, err := s.Write(t.Context(), "select 1", io.Discard, query.CSV); err != nil {
		t.Errorf("the question after it: %v", err)
	}
}

func TestALargeAnswerIsWrittenWholeAndInOrder(t *testing.T) {
	s := session(t, query.Limits{Rows: -1, Bytes: -1})
	for _, rows := range []int{0, 1, 9_999, 10_000, 10_001, 25_000} {
		var got, want strings.Builder
		want.WriteString("n,n\n")
		for n := rows; n > 0; n-- {
			fmt.Fprintf(&want, "%d,%d\n", n, n)
		}
		cut, err := s.Write(t.Context(), fmt.Sprintf("select n + 1 as n, n + 1 as n from range(%d) as a(n) order by n desc; -- the last first", rows), &got, query.CSV)
		if err != nil || cut != "" || got.String() != want.String() {
			t.Errorf("%d rows: %d bytes in place of %d, %q, %v", rows, got.Len(), want.Len(), cut, err)
		}
	}
}

func TestAWorkbookHoldsNumbersDaysAndTexts(t *testing.T) {
	s := session(t, query.Limits{Rows: -1, Bytes: -1})
	var b bytes.Buffer
	_, err := s.Write(t.Context(), `select id, days, hours, "on", "at", kept, '=1+1' as formula, 9007199254740993 as large, 'nan'::double as undefined from bookings`, &b, query.XLSX)
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Sheet1")
	want := "[id days hours on at kept formula large undefined] " +
		"[a 1 7.5 2024-02-29 2024-03-31T01:30:00Z TRUE =1+1 9007199254740993 NaN]"
	if err != nil || len(rows) != 5 || fmt.Sprint(rows[0], " ", rows[1]) != want {
		t.Errorf("got  %v\nwant %s\n%v", rows, want, err)
	}
	for cell, want := range map[string]excelize.CellType{"B2": excelize.CellTypeUnset, "G2": excelize.CellTypeInlineString, "H2": excelize.CellTypeInlineString} {
		if kind, err := book.GetCellType("Sheet1", cell); err != nil || kind != want {
			t.Errorf("%s is of type %v, %v", cell, kind, err)
		}
	}
	if formula, err := book.GetCellFormula("Sheet1", "G2"); formula != "" || err != nil {
		t.Errorf("a formula: %q, %v", formula, err)
	}
	for text, want := range map[string]string{
		"select * from range(1048576)":      "sql: the answer has more rows than a sheet holds, which are 1048575",
		"select repeat('x', 32768) as long": "sql: a value of long in row 1 is longer than a cell holds",
	} {
		if _, err := s.Write(t.Context(), text, io.Discard, query.XLSX); err == nil || err.Error() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	b.Reset()
	if _, err := s.Write(t.Context(), "select 1 as one where false", &b, query.XLSX); err != nil || b.Len() == 0 {
		t.Errorf("no rows: %v", err)
	}
}

func TestTimeIsLimited(t *testing.T) {
	_, err := session(t, query.Limits{Time: 50 * time.Millisecond}).Ask(t.Context(), "select count(*) from range(100000000000) as a(n) where n % 3 = 1")
	if !errors.Is(err, query.ErrTime) {
		t.Error(err)
	}
}
