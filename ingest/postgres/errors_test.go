package postgres_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/postgres"
	"tavolo/ingest/postgres/postgrestest"
	"tavolo/ingest/source"
)

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
