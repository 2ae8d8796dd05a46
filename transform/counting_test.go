package transform

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tavolo/ingest/diagnostic"
	"tavolo/transform/duckdb"
)

// openEngine opens an engine that works on one processor, as the counts do.
func openEngine(t testing.TB) *duckdb.Engine {
	t.Helper()
	e, err := duckdb.Open(duckdb.Options{TempDir: t.TempDir(), Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// asSQL is a question as one that an engine is asked of a relation: the sums of each
// territory, item, span and observed value.
func (q question) asSQL(relation string) string {
	item, observed, sums := "''", "null", ""
	if len(q.by) > 0 {
		item = itemOf(q.by, duckdb.Quote(cmp.Or(q.joint, separator)))
	}
	if q.value != "" {
		observed = duckdb.Name(q.value)
	}
	for _, c := range q.columns {
		sums += fmt.Sprintf(", cast(coalesce(sum(cast(round(cast(%s as double) * %d) as bigint)), 0) as bigint)", duckdb.Name(c.column), int64(c.scale))
	}
	var months []string
	for i, s := range q.spans {
		for month := s.from; !month.After(s.to); month = month.AddDate(0, 1, 0) {
			months = append(months, fmt.Sprintf("(%s, %d)", duckdb.Day(month), i))
		}
	}
	return fmt.Sprintf(`with spans (month, span) as (values %s)
select territory_code, span, %s as item, %s as observed%s
from %s as mart inner join spans on spans.month = mart.month
group by territory_code, span, item, observed`, strings.Join(months, ", "), item, observed, sums, relation)
}

func countedByEngine(t *testing.T, e *duckdb.Engine, relation string, q question) map[string]string {
	t.Helper()
	answer, err := e.Query(t.Context(), q.asSQL(relation))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]string{}
	for _, row := range answer.Rows {
		counts[fmt.Sprint(row[:4])] = fmt.Sprint(row[4:])
	}
	return counts
}

// flat is a tally as countedByEngine gives one.
func (t *tally) flat() map[string]string {
	sums := map[string][]int64{}
	for at, entries := range t.places {
		for _, one := range entries {
			var observed any
			if one.value != unobserved {
				observed = int64(t.values[one.value])
			}
			name := fmt.Sprint([]any{at.territory, one.span, t.items[at.item], observed})
			if sums[name] == nil {
				sums[name] = make([]int64, len(t.columns))
			}
			for i := range t.columns {
				sums[name][i] += t.numbers[int(one.at)+i]
			}
		}
	}
	counts := map[string]string{}
	for name, all := range sums {
		counts[name] = fmt.Sprint(all)
	}
	return counts
}

// TestCountsAreThoseOfTheEngine puts random questions to random marts, in files of any order
// with several row groups, and compares the answers with those of SQL.
func TestCountsAreThoseOfTheEngine(t *testing.T) {
	e := openEngine(t)
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 7))
		order := []string{"month, territory_code, service_code, days", "territory_code, month", "happens, days"}[seed%3]
		relation, files := fmt.Sprintf("mart_%d", seed), []string(nil)
		for i := range 1 + random.IntN(3) {
			files = append(files, filepath.Join(t.TempDir(), fmt.Sprintf("%d.parquet", i)))
			err := e.Exec(t.Context(), fmt.Sprintf(`copy (select
    case when h %% 97 = 0 then null else date '2024-01-01' + to_months(cast(h %% 14 as integer)) end :: date as month,
    lpad(cast(h // 16 %% 9 as varchar), 3, '0') as territory_code,
    case when h // 256 %% 5 = 0 then null else 's' || (h // 256 %% 5) end as service_code,
    h // 1024 %% 3 as band,
    case when h // 4096 %% 4 = 0 then null else h // 4096 %% 2 = 1 end as is_new,
    case when h // 8192 %% 8 = 0 then null else h // 8192 %% 40 - 3 end as days,
    cast(case when h // 16384 %% 6 = 0 then null else h // 16384 %% 7 - 1 end as bigint) as happens,
    cast(h // 32768 %% 100 as bigint) as cases,
    case when h // 65536 %% 9 = 0 then null else (h // 65536 %% 1000) / 12.0 end :: double as years,
    cast((h // 131072 %% 5000) / 100.0 as decimal(9, 2)) as amount
from (select cast(hash(%d + i) >> 2 as bigint) as h from range(%d) as r(i)) order by %s)
to %s (format parquet, compression zstd, row_group_size 2048)`, seed*1_000_000+uint64(i)*100_000, 3000+random.IntN(9000), order, duckdb.Quote(files[i])))
			if err != nil {
				t.Fatal(err)
			}
		}
		quoted := make([]string, len(files))
		for i, file := range files {
			quoted[i] = duckdb.Quote(file)
		}
		if err := e.Exec(t.Context(), fmt.Sprintf("create view %s as select * from read_parquet([%s])", relation, strings.Join(quoted, ", "))); err != nil {
			t.Fatal(err)
		}
		questions := randomQuestions(random)
		tallies, err := countAll(t.Context(), files, questions)
		if err != nil {
			t.Fatal(err)
		}
		for i, q := range questions {
			got, want := tallies[i].flat(), countedByEngine(t, e, relation, q)
			if len(want) == 0 && len(q.spans) > 0 {
				t.Fatalf("seed %d: %+v: there is nothing to compare", seed, q)
			}
			for name, counts := range want {
				if got[name] != counts {
					t.Errorf("seed %d: %+v: %s: %q, want %q", seed, q, name, got[name], counts)
				}
			}
			if len(got) != len(want) {
				t.Errorf("seed %d: %+v: %d counts, want %d", seed, q, len(got), len(want))
			}
			if !slices.IsSorted(tallies[i].items) || !slices.IsSorted(tallies[i].values) {
				t.Errorf("seed %d: %+v: items %q and values %v do not ascend", seed, q, tallies[i].items, tallies[i].values)
			}
		}
	}
}

func randomQuestions(random *rand.Rand) []question {
	all := []count{{"happens", 1}, {"cases", 1}, {"years", fractional}, {"amount", fractional}}
	var questions []question
	for range 6 {
		q := question{}
		for _, column := range []string{"service_code", "band", "is_new"} {
			if random.IntN(2) == 0 {
				q.by = append(q.by, column)
			}
		}
		random.Shuffle(len(q.by), func(i, j int) { q.by[i], q.by[j] = q.by[j], q.by[i] })
		if random.IntN(2) == 0 {
			q.joint = "/"
		}
		if random.IntN(2) == 0 {
			q.value = "days"
		}
		for _, c := range all {
			if len(q.columns) == 0 || random.IntN(2) == 0 {
				q.columns = append(q.columns, c)
			}
		}
		for month := date("2024-02-01"); month.Before(date("2025-02-01")); {
			to := month.AddDate(0, random.IntN(5), 0)
			q.spans = append(q.spans, span{month, to})
			month = to.AddDate(0, 1+random.IntN(2), 0)
		}
		questions = append(questions, q)
	}
	return questions
}

// TestCountsThatCannotBe names what is wrong with a file, and never counts it as something else.
func TestCountsThatCannotBe(t *testing.T) {
	e := openEngine(t)
	spans := []span{{date("2024-01-01"), date("2024-01-01")}}
	for want, c := range map[string]struct {
		columns string
		q       question
	}{
		`there is no column "cases"`:                   {"1 :: bigint as others", question{columns: []count{{"cases", 1}}}},
		`column "cases": it holds dictionary`:          {"'1' as cases", question{columns: []count{{"cases", 1}}}},
		`column "cases": NaN is no count`:              {"'nan' :: double as cases", question{columns: []count{{"cases", fractional}}}},
		`column "cases": 1e+300 is no count`:           {"1e300 :: double as cases", question{columns: []count{{"cases", fractional}}}},
		`column "cases": its sum is more than 64 bits`: {"9223372036854775807 as cases", question{columns: []count{{"cases", 1}}}},
		`column "days": it holds float64`:              {"1.5 :: double as days, 1 :: bigint as cases", question{value: "days", columns: []count{{"cases", 1}}}},
		`column "kind": it holds float64`:              {"1.5 :: double as kind, 1 :: bigint as cases", question{by: []string{"kind"}, columns: []count{{"cases", 1}}}},
	} {
		file := filepath.Join(t.TempDir(), "mart.parquet")
		if err := e.Exec(t.Context(), fmt.Sprintf("copy (select date '2024-01-01' as month, '058' as territory_code, %s from range(2)) to %s (format parquet)", c.columns, duckdb.Quote(file))); err != nil {
			t.Fatal(err)
		}
		c.q.spans = spans
		if _, err := countAll(t.Context(), []string{file}, []question{c.q}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want …%s…", err, want)
		}
	}
}

// TestCountsOfADamagedFile: what to do is said, whichever part of the file cannot be read.
func TestCountsOfADamagedFile(t *testing.T) {
	e := openEngine(t)
	file := filepath.Join(t.TempDir(), "mart.parquet")
	if err := e.Exec(t.Context(), "copy (select date '2024-01-01' as month, '058' as territory_code, hash(i) :: varchar as kind, i as cases from range(5000) as r(i)) to "+duckdb.Quote(file)+" (format parquet, compression zstd)"); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	q := question{by: []string{"kind"}, columns: []count{{"cases", 1}}, spans: []span{{date("2024-01-01"), date("2024-01-01")}}}
	for name, damaged := range map[string][]byte{
		"cut":     whole[:len(whole)/2],
		"changed": slices.Concat(whole[:1000], make([]byte, 5000), whole[6000:]),
		"empty":   nil,
	} {
		if err := os.WriteFile(file, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := countAll(t.Context(), []string{file}, []question{q})
		if err == nil || !strings.Contains(err.Error(), file) || !slices.Equal(diagnostic.Hints(err), []string{duckdb.DamagedHint}) {
			t.Errorf("%s: error %v, want one with the file and a hint", name, err)
		}
	}
}

// BenchmarkCounts answers the questions of a mart of distributions, a year of 1.2 million
// rows, by reading it once and by a query for each.
func BenchmarkCounts(b *testing.B) {
	e := openEngine(b)
	var files, quoted []string
	var months []span
	for month := date("2024-01-01"); month.Before(date("2025-01-01")); month = month.AddDate(0, 1, 0) {
		file := filepath.Join(b.TempDir(), month.Format("2006-01.parquet"))
		err := e.Exec(b.Context(), fmt.Sprintf(`copy (select
    %s as month, lpad(cast(h %% 107 as varchar), 3, '0') as territory_code, 'p' || (h // 128 %% 25) as patronato_code,
    'c' || (h // 4096 %% 9) as channel, 's' || (h // 65536 %% 23) as service_code, h // 2097152 %% 200 as hours,
    1 + h // 536870912 %% 3 as answered, h // 4294967296 %% 2 as open
from (select cast(hash(i) >> 2 as bigint) as h from range(100000) as r(i)) order by all)
to %s (format parquet, compression zstd)`, duckdb.Day(month), duckdb.Quote(file)))
		if err != nil {
			b.Fatal(err)
		}
		files, quoted, months = append(files, file), append(quoted, duckdb.Quote(file)), append(months, span{month, month})
	}
	columns, year := []count{{"answered", 1}, {"open", 1}}, []span{{date("2024-01-01"), date("2024-12-01")}}
	questions := []question{{columns: columns, value: "hours", spans: months}, {columns: columns, spans: months}}
	for _, by := range []string{"patronato_code", "channel", "service_code"} {
		questions = append(questions, question{by: []string{by}, columns: columns, value: "hours", spans: year}, question{by: []string{by}, columns: columns, spans: months})
	}
	b.Run("read once", func(b *testing.B) {
		for b.Loop() {
			if _, err := countAll(b.Context(), files, questions); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("a query each", func(b *testing.B) {
		for b.Loop() {
			for _, q := range questions {
				for _, err := range e.Rows(b.Context(), q.asSQL("read_parquet(["+strings.Join(quoted, ", ")+"])")) {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		}
	})
}
