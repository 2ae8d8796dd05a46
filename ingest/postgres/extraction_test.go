package postgres_test

import (
	"errors"
	"fmt"
	"io"
	neturl "net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
