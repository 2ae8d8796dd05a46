package subset_test

import (
	"io/fs"
	"strings"
	"testing"

	"tavolo/ingest/diagnostic"
	"tavolo/sql"
	"tavolo/transform/duckdb"
	"tavolo/transform/subset"
)

func open(t *testing.T) *duckdb.Engine {
	t.Helper()
	engine, err := duckdb.Open(duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	return engine
}

// readable is what the queries of these tests may read.
var readable = subset.Relations{
	Names:   []string{"stg_bookings", "territories", "params"},
	Instead: map[string]string{"bookings": "stg_bookings has each booking once"},
}

// complaints gives what is said of a query, a line each, with hints.
func complaints(t *testing.T, engine *duckdb.Engine, text string) string {
	t.Helper()
	q, err := subset.Parse(t.Context(), engine, duckdb.Model{Name: "m", File: "m.sql", SQL: text})
	var errs []error
	if err != nil {
		errs = []error{err}
	} else {
		errs = q.Check(readable)
	}
	var b strings.Builder
	for _, err := range errs {
		b.WriteString(err.Error())
		for _, hint := range diagnostic.Hints(err) {
			b.WriteString(" | " + hint)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestBuiltInModelsAreInTheSubset: what is demanded of an analyst holds at home.
func TestBuiltInModelsAreInTheSubset(t *testing.T) {
	engine := open(t)
	for _, folder := range []string{"staging", "marts"} {
		files, err := fs.Glob(sql.Files, folder+"/*.sql")
		if err != nil || len(files) == 0 {
			t.Fatalf("no models: %v", err)
		}
		for _, file := range files {
			text, err := fs.ReadFile(sql.Files, file)
			if err != nil {
				t.Fatal(err)
			}
			m := duckdb.Model{Name: file, File: file, SQL: string(text)}
			q, err := subset.Parse(t.Context(), engine, m)
			if err != nil {
				t.Fatal(err)
			}
			names, err := engine.Names(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range q.Check(subset.Relations{Names: names}) {
				t.Error(err)
			}
		}
	}
}

func TestWhatIsAllowed(t *testing.T) {
	engine := open(t)
	for _, text := range []string{
		"-- grain\nselect month, count(*) as n from stg_bookings group by month;\n",
		"with own as (select * from stg_bookings), again as (select * from own) select month from again",
		"with recursive chain as (select 1 as n union all select n + 1 from chain where n < 3) select n from chain",
		"select sum(a) / nullif(sum(b), 0) as r, a / 3600.0 as h, a % 7 as d, a / cast(nullif(b, 0) as double) as c from stg_bookings",
		"select extract(year from day) as y, day + interval '1' day as next, cast(x as timestamp with time zone) as at from stg_bookings",
		"select a as b from stg_bookings union all select b as b from territories order by b",
		"select rank() over (partition by a order by b desc) as place from STG_Bookings cross join params",
		"select a from stg_bookings where exists (select 1 from territories) and a like 'x%' and a in (1, 2) and b is distinct from a",
	} {
		if got := complaints(t, engine, text); got != "" {
			t.Errorf("%s\n%s", text, got)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	engine := open(t)
	const shared = " is not in the subset that other engines share"
	for text, want := range map[string]string{
		"copy territories to '/tmp/x'":                                                      "m.sql:1:1: this is not a select | a model is one select; it can neither write nor change anything\n",
		"-- a\n\n  attach 'x' as y":                                                         "m.sql:3:3: this is not a select | a model is one select; it can neither write nor change anything\n",
		"select 1 as a; select 2 as b":                                                      "m.sql:1:1: 2 statements | a model is one select; it can neither write nor change anything\n",
		"-- nothing":                                                                        "m.sql:1: there is no query | a model is one select; it can neither write nor change anything\n",
		"select a,\nfrom from x":                                                            "m.sql:2:6: syntax error at or near \"from\"\n",
		"select content as a from read_text('/etc/passwd')":                                 "m.sql:1:26: read_text() cannot be read from | a model reads relations by name, never a file or a function\n",
		"select a from '/etc/passwd'":                                                       "m.sql:1:15: there is no relation \"/etc/passwd\" to read\n",
		"select a from \"x.parquet\"":                                                       "m.sql:1:15: there is no relation \"x.parquet\" to read\n",
		"select (select max(a) from bookings) as a from params":                             "m.sql:1:28: bookings cannot be read by a model of the project | stg_bookings has each booking once\n",
		"select a from territory":                                                           "m.sql:1:15: there is no relation \"territory\" to read | did you mean \"territories\"?\n",
		"select a from information_schema.tables":                                           "m.sql:1:15: information_schema.tables cannot be read | a model reads relations by their bare names\n",
		"select a from (with b as (select 1 as a) select a from b) as c, b":                 "m.sql:1:65: there is no relation \"b\" to read\n",
		"with b as (select a from c), c as (select 1 as a) select a from b":                 "m.sql:1:26: there is no relation \"c\" to read | did you mean \"b\"?\n",
		"select getenv('HOME') as a from params":                                            "m.sql:1:8: the function getenv" + shared + "\n",
		"select system.main.getenv('HOME') as a from params":                                "m.sql:1:8: the function getenv" + shared + "\n",
		"select now() as a from params":                                                     "m.sql:1:8: the function now" + shared + " | params.as_of is the day of which the lake knows\n",
		"select quantile_cont(a, 0.5) as m from params":                                     "m.sql:1:8: the function quantile_cont" + shared + " | count the rows of each whole number; an entry with statistic: distribution takes the ranks\n",
		"select list(a) as m from params":                                                   "m.sql:1:8: the function list" + shared + " | lists are not shared by the engines; group by what the list would hold\n",
		"select sum(try_cast(a as bigint)) as m from params":                                "m.sql:1:12: try_cast" + shared + " | staging has cast what can be cast; a value that cannot is null there\n",
		"select cast(a as uuid) as m from params":                                           "m.sql:1:8: the type uuid" + shared + " | there are bigint, decimal, double, varchar, boolean, date and timestamp with time zone\n",
		"select a, count(*) as n from params group by all":                                  "m.sql:1:8: group by all" + shared + "\n",
		"select a from params qualify row_number() over (order by a) = 1":                   "m.sql:1:61: qualify" + shared + "\n",
		"select distinct on (a) a from params":                                              "m.sql:1:21: distinct on" + shared + "\n",
		"select a from params positional join territories":                                  "m.sql:1:22: positional join" + shared + "\n",
		"select a from params using sample 10%":                                             "m.sql:1:8: using sample" + shared + "\n",
		"with x as (select * exclude (a) from params) select b from x":                      "m.sql:1:19: * exclude, replace or rename" + shared + "\n",
		"select * from params":                                                              "m.sql:1:8: the last select ends with * | list the columns: the list is what others rely on\n",
		"select count(*) from params":                                                       "m.sql:1:8: a column without a name | give it one: … as contacts\n",
		"select\n    'è' as e,\n    a / b as r\nfrom params":                                "m.sql:3:7: the divisor may be 0 | nullif(…, 0) makes it null: no value, never 0 or infinity\n",
		"select a / 0 as r, a / nullif(b, 1) as s, mod(a, coalesce(b, 0)) as t from params": strings.Repeat("the divisor", 3),
	} {
		got := complaints(t, engine, text)
		if strings.HasPrefix(want, "the divisor") {
			if n := strings.Count(got, "the divisor may be 0"); n != 3 {
				t.Errorf("%s\n%d complaints:\n%s", text, n, got)
			}
			continue
		}
		if got != want {
			t.Errorf("%s\ngot  %swant %s", text, got, want)
		}
	}
}

// TestEverythingIsToldInOrder: not the first problem alone.
func TestEverythingIsToldInOrder(t *testing.T) {
	got := complaints(t, open(t), "select\n    try_cast(a as bigint) / b as x,\n    list(c) as y\nfrom bookings\ngroup by all")
	var places []string
	for _, line := range strings.Split(strings.TrimSpace(got), "\n") {
		places = append(places, strings.Join(strings.SplitN(line, ":", 4)[1:3], ":"))
	}
	if want := "2:5 2:27 2:27 3:5 4:6"; strings.Join(places, " ") != want {
		t.Errorf("places %v, want %s\n%s", places, want, got)
	}
}

func TestColumnsHaveNamesAndOrigins(t *testing.T) {
	q, err := subset.Parse(t.Context(), open(t), duckdb.Model{SQL: "with a as (select 1 as x)\nselect opened_month as month,\n  a.province_code, count(*) as n\nfrom a union all select b, c, d from e"})
	if err != nil {
		t.Fatal(err)
	}
	columns := q.Columns()
	want := []subset.Column{{"month", 2, 8, "opened_month"}, {"province_code", 3, 3, "province_code"}, {"n", 3, 20, ""}}
	if len(columns) != len(want) {
		t.Fatalf("%+v", columns)
	}
	for i := range want {
		if columns[i] != want[i] {
			t.Errorf("got %+v, want %+v", columns[i], want[i])
		}
	}
}

func TestReadsAreRelationsAndNotTheQuerysOwn(t *testing.T) {
	engine := open(t)
	if err := engine.Exec(t.Context(), "create view stg_bookings as select 1 as one"); err != nil {
		t.Fatal(err)
	}
	q, err := subset.Parse(t.Context(), engine, duckdb.Model{SQL: "with own as (select * from Stg_Bookings) " +
		"select one as month from own left join territories on true where exists (select 1 from params)"})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(q.Reads(), " "); got != "params stg_bookings territories" {
		t.Error(got)
	}
	if got := strings.Join(q.Origins("month"), " "); got != "month one" {
		t.Error(got)
	}
}

// FuzzParse: whatever the text, there are complaints or none, and no panic.
func FuzzParse(f *testing.F) {
	files, err := fs.Glob(sql.Files, "marts/*.sql")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(sql.Files, file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, text := range []string{"", ";", "values (1), (2)", "summarize params", "from params", "select (a).b from params", "select * from a pivot (sum(b) for c in (1))"} {
		f.Add(text)
	}
	engine, err := duckdb.Open(duckdb.Options{Threads: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { engine.Close() })
	f.Fuzz(func(t *testing.T, text string) {
		q, err := subset.Parse(t.Context(), engine, duckdb.Model{Name: "m", File: "m.sql", SQL: text})
		if err != nil {
			return
		}
		for _, err := range q.Check(readable) {
			if !strings.HasPrefix(err.Error(), "m.sql") {
				t.Errorf("%v names no file", err)
			}
		}
		for _, column := range q.Columns() {
			q.Origins(column.Name)
		}
		q.Reads()
	})
}
