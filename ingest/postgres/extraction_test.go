package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	neturl "net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/postgres"
	"tavolo/ingest/postgres/postgrestest"
	"tavolo/ingest/source"
)

// begin opens a query, and closes it with the test.
func begin(t *testing.T, q postgres.Query) *postgres.Extraction {
	t.Helper()
	q.Name = "postgres:test"
	x, err := postgres.Begin(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

// records reads all records of an extraction, their values joined by "|".
func records(t *testing.T, x *postgres.Extraction, columns ...source.Selected) []string {
	t.Helper()
	r, err := x.Open(source.Format{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if len(columns) > 0 {
		if err := r.(source.Selector).Select(columns); err != nil {
			t.Fatal(err)
		}
	}
	var all []string
	for {
		record, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if record.Line != len(all)+1 || record.Position() != record.Line || record.Span() != 1 {
			t.Errorf("record %d has the place %d", len(all)+1, record.Line)
		}
		if record.Problem != nil {
			all = append(all, "! "+record.Problem.Code)
			continue
		}
		var values []string
		for _, field := range record.Fields {
			values = append(values, string(field))
		}
		all = append(all, strings.Join(values, "|"))
	}
}

// TestValuesAreWrittenExactly reads each type at its edges.
func TestValuesAreWrittenExactly(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	postgrestest.Exec(t, url, `create type mood as enum ('lieto', 'così così'); create domain code as varchar(5)`)
	for _, test := range []struct{ value, want string }{
		{"null::text", ""},
		{"''::text", ""},
		{"E'perch\u00e9\\n\\tno'", "perch\u00e9\n\tno"},
		{"'abc'::varchar(5)", "abc"},
		{"'abc'::code", "abc"},
		{"'così così'::mood", "così così"},
		{"true", "true"}, {"false", "false"}, {"null::boolean", ""},
		{"(-32768)::int2", "-32768"}, {"2147483647::int4", "2147483647"},
		{"9007199254740993::int8", "9007199254740993"}, // 2⁵³ + 1
		{"(-9223372036854775808)::int8", "-9223372036854775808"},
		{"123456789012345678901234567890.123456789::numeric", "123456789012345678901234567890.123456789"},
		{"1.50::numeric(10,2)", "1.50"},
		{"0.1::float8", "0.1"}, {"1e20::float8", "100000000000000000000"}, {"0.1::float4", "0.1"}, {"'NaN'::float8", "NaN"},
		{"date '2024-02-29'", "2024-02-29"}, {"date '1899-12-31'", "1899-12-31"}, {"'infinity'::date", "infinity"},
		{"time '09:07:08.5'", "09:07:08.5"}, {"time '24:00'", "24:00:00"},
		{"timestamp '2024-03-31 02:30:00.123456'", "2024-03-31T02:30:00.123456"}, // in the gap: what a clock cannot show is the check's
		{"timestamp '2024-03-05 00:00'", "2024-03-05T00:00:00"},
		{"timestamp '1999-12-31 23:59:59.999999'", "1999-12-31T23:59:59.999999"},
		{"timestamp '294276-12-31 23:59:59.999999'", "294276-12-31T23:59:59.999999"}, {"date '5874897-12-31'", "5874897-12-31"},
		{"timestamptz '2024-10-27 02:30:00+02'", "2024-10-27T00:30:00Z"},
		{"timestamptz '2024-10-27 02:30:00+01'", "2024-10-27T01:30:00Z"},
		{"'-infinity'::timestamptz", "-infinity"},
		{"interval '1 day 2 hours'", "P1DT2H"},
		{"'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
		{"array[1,2]::text", "{1,2}"}, {`'{"a":1}'::jsonb->>'a'`, "1"},
	} {
		x := begin(t, postgres.Query{URL: url, SQL: "select " + test.value + " as v", TimeZone: "Europe/Rome"})
		if got := records(t, x); len(got) != 1 || got[0] != test.want {
			t.Errorf("%s is read as %q, want %q", test.value, got, test.want)
		}
		x.Close()
	}
}

// TestDaysOfInstantsAreThoseOfTheZone asks the server for the day of an instant.
func TestDaysOfInstantsAreThoseOfTheZone(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	x := begin(t, postgres.Query{URL: url, SQL: "select (timestamptz '2024-06-30 23:30:00+00')::date", TimeZone: "Europe/Rome"})
	if got := records(t, x); !slices.Equal(got, []string{"2024-07-01"}) {
		t.Error(got)
	}
}

// TestColumnsThatAreAskedFor are read in the form that is asked for; the others,
// of whatever type, are not in the way.
func TestColumnsThatAreAskedFor(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	sql := "select 1 as id, array[1] as list, timestamp '2024-03-05 09:00' as at, '{}'::json as extra"
	x := begin(t, postgres.Query{URL: url, SQL: sql})
	got := records(t, x, source.Selected{Name: "at", Moment: func(to []byte, m source.Moment) []byte {
		return m.Time.AppendFormat(to, "02/01/2006")
	}}, source.Selected{Name: "id"})
	if !slices.Equal(got, []string{"05/03/2024|1"}) {
		t.Error(got)
	}
	r, err := x.Open(source.Format{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"list":  `the column "list" cannot be read: it is of the type integer[]`,
		"extra": `the column "extra" cannot be read: it is of the type json`,
		"none":  `the query gives no column "none"`,
	} {
		if err := r.(source.Selector).Select([]source.Selected{{Name: name}}); err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// marked reads what is new and gives it with the mark after it.
func marked(t *testing.T, url, sql string, since *postgres.Mark) ([]string, *postgres.Mark) {
	t.Helper()
	x := begin(t, postgres.Query{URL: url, SQL: sql, HighWater: "changed", Since: since})
	defer x.Close()
	_, err := x.Hash(t.Context())
	if errors.Is(err, postgres.ErrNothingNew) {
		return nil, x.Mark()
	}
	if err != nil {
		t.Fatal(err)
	}
	return records(t, x), x.Mark()
}

// TestMark takes changes one run after the other, for each type that has a mark:
// every change comes once or more, rows at the mark come again only with a new one.
func TestMark(t *testing.T) {
	for kind, at := range map[string]func(n int) string{
		"int2": func(n int) string { return fmt.Sprint(n) }, "int8": func(n int) string { return fmt.Sprint(int64(n) << 54) },
		"numeric":     func(n int) string { return fmt.Sprintf("%d.000000000000000000001", n) },
		"date":        func(n int) string { return fmt.Sprintf("'2024-03-%02d'", n) },
		"timestamp":   func(n int) string { return fmt.Sprintf("'2024-03-05 09:00:00.00000%d'", n) },
		"timestamptz": func(n int) string { return fmt.Sprintf("'2024-10-27 02:30:00.00000%d+01'", n) },
	} {
		t.Run(kind, func(t *testing.T) {
			url := postgrestest.Shared(t).Database(t)
			postgrestest.Exec(t, url, "create table r (id int, changed "+kind+")")
			sql := "select id, changed from r where changed >= $1 order by changed, id;"
			insert := func(id, n int) {
				t.Helper()
				postgrestest.Exec(t, url, fmt.Sprintf("insert into r values (%d, %s)", id, at(n)))
			}
			var mark *postgres.Mark
			step := func(what string, ids ...string) {
				t.Helper()
				var got []string
				var rows []string
				rows, mark = marked(t, url, sql, mark)
				for _, row := range rows {
					id, _, _ := strings.Cut(row, "|")
					got = append(got, id)
				}
				if !slices.Equal(got, ids) {
					t.Errorf("%s: %v, want %v", what, got, ids)
				}
			}
			step("an empty table")
			if mark != nil {
				t.Errorf("an empty table has the mark %v", mark)
			}
			insert(1, 1)
			insert(2, 2)
			insert(3, 2)
			step("all", "1", "2", "3")
			if mark.Rows != 2 {
				t.Errorf("%d rows at the mark, want 2", mark.Rows)
			}
			step("nothing new")
			insert(4, 2)
			step("one more at the mark", "2", "3", "4")
			insert(5, 3)
			step("one beyond it", "5")
			step("nothing new")
			before := *mark
			insert(6, 1)
			step("one below it")
			if *mark != before {
				t.Errorf("the mark went from %v to %v", before, *mark)
			}
		})
	}
}

// TestMarkOfValuesThatAreNone reads rows with no value, an infinite one and one of
// the future: they come, and move no mark.
func TestMarkOfValuesThatAreNone(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	postgrestest.Exec(t, url, `create table r (id int, changed timestamptz);
		insert into r values (1, '2024-03-05 09:00+01'), (2, null), (3, 'infinity'), (4, '9999-12-31'), (5, now() + interval '1 day')`)
	sql := "select id, changed from r where changed >= $1 or changed is null order by id"
	rows, mark := marked(t, url, sql, nil)
	if len(rows) != 5 || mark == nil || mark.Value != "2024-03-05T08:00:00Z" || mark.Rows != 1 {
		t.Errorf("%d rows, mark %v", len(rows), mark)
	}
}

// TestFromBeginsThere gives the first run a beginning.
func TestFromBeginsThere(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	x := begin(t, postgres.Query{URL: url, HighWater: "id", From: "3",
		SQL: "select id from generate_series(1, 5) as id where id >= $1 order by id"})
	if got := records(t, x); !slices.Equal(got, []string{"3", "4", "5"}) {
		t.Error(got)
	}
}

// TestFromMustBeAValue tells of a beginning that is none.
func TestFromMustBeAValue(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	_, err := postgres.Begin(t.Context(), postgres.Query{Name: "postgres:test", URL: url, HighWater: "at", From: "ieri sera",
		SQL: "select at from (values (now())) as v (at) where at >= $1"})
	var wrong *postgres.QueryError
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), `the query cannot begin from "ieri sera": invalid input syntax`) {
		t.Error(err)
	}
}

// TestServerOfTheEnvironment is found without a connection string.
func TestServerOfTheEnvironment(t *testing.T) {
	url, err := neturl.Parse(postgrestest.Shared(t).Database(t))
	if err != nil {
		t.Fatal(err)
	}
	password := filepath.Join(t.TempDir(), "pgpass")
	if err := os.WriteFile(password, []byte("*:*:*:*:"+postgrestest.Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PGPASSFILE", password)
	t.Setenv("PGHOST", url.Query().Get("host"))
	t.Setenv("PGUSER", url.User.Username())
	t.Setenv("PGDATABASE", url.Path[1:])
	if got := records(t, begin(t, postgres.Query{SQL: "select current_database()"})); !slices.Equal(got, []string{url.Path[1:]}) {
		t.Error(got)
	}
}

// TestIdentity tells apart what differs and nothing else.
func TestIdentity(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	name := func(sql, log string) string {
		t.Helper()
		x := begin(t, postgres.Query{URL: url, SQL: sql, Log: log})
		defer x.Close()
		id, err := x.Hash(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	first := name("values ('a', 'bc'), ('d', null)", "bookings")
	if len(first) != 64 || first != name("select * from (values ('a', 'bc'), ('d', null)) as v", "bookings") {
		t.Error("the same rows have two names")
	}
	for _, sql := range []string{
		"values ('ab', 'c'), ('d', null)", "values ('a', 'bc'), ('d', '')", "values ('d', null), ('a', 'bc')",
		"values ('a', 'bc'), ('d', null), ('d', null)", "select column1 as a, column2 from (values ('a', 'bc'), ('d', null)) as v",
	} {
		if name(sql, "bookings") == first {
			t.Errorf("%s has the name of other rows", sql)
		}
	}
	if name("values ('a', 'bc'), ('d', null)", "trainings") == first {
		t.Error("the rows of two logs have one name")
	}
}

// TestRowsThatChangeUnderTheReading come from a query that breaks its promise.
func TestRowsThatChangeUnderTheReading(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	// A function of the row is computed anew when the cursor comes by again.
	x := begin(t, postgres.Query{URL: url, SQL: "select i, random() from generate_series(1, 10) as i"})
	if _, err := x.Hash(t.Context()); err != nil {
		t.Fatal(err)
	}
	r, err := x.Open(source.Format{})
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = r.Next()
	}
	if !strings.Contains(err.Error(), "gave other rows when it was read again") {
		t.Error(err)
	}
}

// TestTheSnapshotHolds changes the table between the two readings.
func TestTheSnapshotHolds(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	postgrestest.Exec(t, url, "create table r as select i from generate_series(1, 10000) as i")
	x := begin(t, postgres.Query{URL: url, SQL: "select i from r"})
	if _, err := x.Hash(t.Context()); err != nil {
		t.Fatal(err)
	}
	postgrestest.Exec(t, url, "delete from r where i % 2 = 0; insert into r values (0)")
	if got := records(t, x); len(got) != 10_000 {
		t.Errorf("%d rows", len(got))
	}
}

// TestWrongQueries are told of with their place in the query, and with no value of
// a row.
func TestWrongQueries(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	postgrestest.Exec(t, url, "create table r (id int, cf text, changed date); insert into r values (1, 'RSSMRA85T10A562S', '2024-03-05')")
	for _, test := range []struct {
		sql, high, want string
		char            int
	}{
		{"select id from\nrr", "", `relation "rr" does not exist (42P01)`, 16},
		{"select id, from r", "", "syntax error", 12},
		{"delete from r returning id", "", "syntax error", 1},
		{"begin", "", "gives no columns", 0},
		{"select 1; select 2", "", "cannot insert multiple commands", 0},
		{"with d as (delete from r returning id) select * from d", "", "must not contain data-modifying statements", 0},
		{"select id from r where id > $1", "", "no high_water says", 0},
		{"select id from r where id > $1 and id < $2", "id", "has 2 parameters", 0},
		{"select id from r", "id", "does not use $1", 0},
		{"select id from r where id > $1", "changd", "no such column", 0},
		{"select cf from r where cf > $1", "cf", "can be a mark", 0},
	} {
		_, err := postgres.Begin(t.Context(), postgres.Query{Name: "postgres:test", URL: url, SQL: test.sql, HighWater: test.high})
		var query *postgres.QueryError
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.sql, err, test.want)
		} else if errors.As(err, &query) && query.Char != test.char {
			t.Errorf("%s: at character %d, want %d", test.sql, query.Char, test.char)
		}
	}
}

// TestErrorsQuoteNoRow makes the server speak of the values of a row.
func TestErrorsQuoteNoRow(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	postgrestest.Exec(t, url, `create table r (cf text); insert into r values ('RSSMRA85T10A562S');
		create function tell(text) returns int language plpgsql as $$begin raise exception 'no % here', $1; end$$`)
	for _, sql := range []string{"select cf::int from r", "select tell(cf) from r"} {
		x := begin(t, postgres.Query{URL: url, SQL: sql})
		_, err := x.Hash(t.Context())
		if err == nil || strings.Contains(strings.Join(append(diagnostic.Hints(err), err.Error()), " "), "RSSMRA") ||
			!strings.Contains(err.Error(), "SQLSTATE") {
			t.Errorf("%s: %v", sql, err)
		}
		x.Close()
	}
}

// TestUnreachable says where it tried, and nothing that is secret.
func TestUnreachable(t *testing.T) {
	s := postgrestest.Shared(t)
	url := s.Database(t)
	for _, test := range []struct{ url, want string }{
		{"postgres://anna:" + postgrestest.Password + "@/db?host=/nowhere", "the server at /nowhere, port 5432 cannot be reached: "},
		{"postgres://anna:" + postgrestest.Password + "@127.0.0.1:1/db", "the server at 127.0.0.1:1 cannot be reached: "},
		{strings.Replace(url, postgrestest.Password, postgrestest.Password+"x", 1), "does not let the user in (28P01)"},
		{strings.Replace(url, "/t", "/nodb", 1), "(3D000)"},
		{"postgres://anna:" + postgrestest.Password + "@nowhere.invalid/db", "the server at nowhere.invalid:5432 cannot be reached: "},
		{"postgres://anna:" + postgrestest.Password + "@[", "the connection string cannot be read"},
	} {
		_, err := postgres.Begin(t.Context(), postgres.Query{Name: "postgres:test", URL: test.url, SQL: "select 1"})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %s", err, test.want)
		} else if strings.Contains(err.Error(), postgrestest.Password) || strings.Contains(err.Error(), "anna") {
			t.Errorf("%v tells a secret", err)
		}
	}
}

// TestNothingIsWritten holds the transaction to read only, whatever a query calls.
func TestNothingIsWritten(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	postgrestest.Exec(t, url, `create table r (id int);
		create function add() returns int language sql as 'insert into r values (1) returning id'`)
	x := begin(t, postgres.Query{URL: url, SQL: "select add()"})
	if _, err := x.Hash(t.Context()); err == nil || !strings.Contains(err.Error(), "read-only transaction") {
		t.Error(err)
	}
}

// TestTimeout ends a step that takes too long; the context ends any.
func TestTimeout(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	x := begin(t, postgres.Query{URL: url, SQL: "select pg_sleep(60)", Timeout: 50 * time.Millisecond})
	if _, err := x.Hash(t.Context()); err == nil || !strings.Contains(err.Error(), "longer than the timeout") {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	started := time.Now()
	x = begin(t, postgres.Query{URL: url, SQL: "select pg_sleep(60)"})
	if _, err := x.Hash(ctx); err == nil || time.Since(started) > 10*time.Second {
		t.Errorf("%v after %s", err, time.Since(started))
	}
	// Nobody is left asleep.
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		left := records(t, begin(t, postgres.Query{URL: url, SQL: "select count(*) from pg_stat_activity where query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()"}))
		if left[0] == "0" {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%s queries go on that nobody waits for", left[0])
		}
	}
}

// TestLimits refuses a long row alone, and a longer one with all.
func TestLimits(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	sql := "select id, repeat('x', id * 100) from generate_series(1, 3) as id"
	x := begin(t, postgres.Query{URL: url, SQL: sql, Limits: source.Limits{RecordBytes: 250}})
	got := records(t, x)
	if len(got) != 3 || got[2] != "! "+source.TooLong || strings.HasPrefix(got[1], "!") {
		t.Error(got)
	}
	x = begin(t, postgres.Query{URL: url, SQL: "select repeat('x', 70000000)"})
	if _, err := x.Hash(t.Context()); source.Code(err) != source.TooLarge {
		t.Error(err)
	}
	_, err := postgres.Begin(t.Context(), postgres.Query{URL: url, SQL: "select 1, 2", Limits: source.Limits{Columns: 1}})
	if source.Code(err) != source.TooManyColumns {
		t.Error(err)
	}
}
