package ingest_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"tavolo/ingest"
	"tavolo/ingest/ledger"
	"tavolo/ingest/postgres/postgrestest"
	"tavolo/ingest/project"
)

const queried = `sources:
  - name: contatti
    log: interactions
    max_quarantined: 50%
    postgres:
      url_env: CONTATTI_URL
      query: |
        select id, aperto, chiuso, canale, prov, esito, cf, cancellato, aggiornato
        from contatti
        where aggiornato >= $1
        order by aggiornato, id
      high_water: aggiornato
    columns:
      interaction_id: id
      opened_at: aperto
      closed_at: chiuso
      channel: canale
      province_code: prov
      service_code: {value: ape_sociale}
      outcome: esito
      citizen_id: cf
      is_deleted: cancellato
      updated_at: aggiornato
`

const contactsTable = `create table contatti (id bigint, aperto timestamp, chiuso timestamptz, canale text, prov char(3),
	esito text, cf text, cancellato boolean, aggiornato timestamptz);`

// contactsQuery makes a project whose only source is a query, and its database.
func contactsQuery(t *testing.T, url, config string) (*ingest.Job, []ingest.File) {
	t.Helper()
	p, err := project.Init(t.TempDir(), []byte(config))
	if err != nil {
		t.Fatal(err)
	}
	j := job(t, p)
	j.Getenv = func(name string) string {
		if name == "CONTATTI_URL" {
			return url
		}
		return ""
	}
	return j, files(t, p)
}

// once runs the only source of a job.
func once(t *testing.T, j *ingest.Job, files []ingest.File) ingest.Result {
	t.Helper()
	results, err := j.Run(t.Context(), files)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 1 {
		t.Fatalf("%d results", len(results))
	}
	if r := results[0]; r.Err == nil && !r.Nothing {
		if err := r.Entry.Balance(); err != nil {
			t.Error(err)
		}
	}
	return results[0]
}

// counted holds a batch to its numbers.
func counted(t *testing.T, r ingest.Result, accepted, quarantined, duplicate int) {
	t.Helper()
	if r.Err != nil || r.Already || r.Nothing || r.Entry.Outcome != ledger.Committed {
		t.Fatalf("%v, already %v, nothing %v, %s", r.Err, r.Already, r.Nothing, r.Entry.Outcome)
	}
	e := r.Entry
	if e.Accepted.Records != accepted || e.Quarantined.Records != quarantined || e.Duplicate.Records != duplicate {
		t.Errorf("%d accepted, %d quarantined, %d duplicate; want %d, %d, %d", e.Accepted.Records, e.Quarantined.Records,
			e.Duplicate.Records, accepted, quarantined, duplicate)
	}
}

func batches(t *testing.T, j *ingest.Job) []ledger.Entry {
	t.Helper()
	entries, err := ledger.Read(t.Context(), j.Lake)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// TestQuery takes a table through its life: all of it, nothing new, a changed row,
// a row that comes late with the value of the mark.
func TestQuery(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	insert := func(rows string) {
		t.Helper()
		postgrestest.Exec(t, url, "insert into contatti values "+rows)
	}
	postgrestest.Exec(t, url, contactsTable)
	j, files := contactsQuery(t, url, queried)
	if r := once(t, j, files); r.Err != nil || !r.Nothing || len(batches(t, j)) != 0 {
		t.Errorf("an empty table: %v, %d batches", r.Err, len(batches(t, j)))
	}
	insert(`(1, '2024-03-01 09:00', '2024-03-01 10:30+01', 'pec', 'RM', 'risolto', 'RSSMRA85T10A562S', null, '2024-03-02 08:00+01'),
		(2, '2024-03-02 11:15', null, 'portale', 'NA', 'in_corso', null, false, '2024-03-02 09:00+01'),
		(2, '2024-03-02 11:15', null, 'portale', 'NA', 'in_corso', null, false, '2024-03-02 09:00+01'),
		(3, '2024-03-31 02:30', null, 'pec', 'RM', 'in_corso', null, null, '2024-03-02 07:00+01')`)
	r := once(t, j, files)
	counted(t, r, 2, 1, 1)
	e := r.Entry
	if e.File != "postgres:contatti@"+e.BatchID[:12] || e.Unit != "row" || e.Lines != 4 || e.Format != "postgres" {
		t.Errorf("%s: %d lines of %q, %s", e.File, e.Lines, e.Unit, e.Format)
	}
	if m := e.HighWater; m == nil || m.Column != "aggiornato" || m.Value != "2024-03-02T08:00:00Z" || m.Rows != 2 {
		t.Errorf("the mark is %v", m)
	}
	refusals, err := ledger.Refusals(j.Dir.Quarantine(), e.BatchID)
	if err != nil || len(refusals) != 1 {
		t.Fatalf("%d refusals, %v", len(refusals), err)
	}
	if f := refusals[0]; f.FirstLine != 1 || f.Column != "opened_at" || f.Place != "aperto" {
		t.Errorf("refused in row %d, %s, at %q: %s", f.FirstLine, f.Column, f.Place, f.Message)
	}
	if r := once(t, j, files); r.Err != nil || !r.Nothing {
		t.Errorf("nothing changed: %v", r.Err)
	}
	postgrestest.Exec(t, url, "update contatti set prov = 'MI', aggiornato = '2024-03-03 08:00+01' where id = 1")
	counted(t, once(t, j, files), 1, 0, 0)
	insert(`(4, '2024-03-02 11:15', null, 'portale', 'NA', 'in_corso', null, null, '2024-03-03 08:00+01')`)
	counted(t, once(t, j, files), 2, 0, 0) // with the other at the mark, which is the same version again
	if r := once(t, j, files); r.Err != nil || !r.Nothing || len(batches(t, j)) != 3 {
		t.Errorf("in the end: %v, %d batches", r.Err, len(batches(t, j)))
	}
}

// TestQueryWithoutMark reads all rows each time: the same are the same batch.
func TestQueryWithoutMark(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	postgrestest.Exec(t, url, contactsTable+`insert into contatti values
		(1, '2024-03-01 09:00', null, 'pec', 'RM', 'in_corso', null, null, '2024-03-02 08:00+01')`)
	config := strings.Replace(queried, "      high_water: aggiornato\n", "", 1)
	j, files := contactsQuery(t, url, strings.Replace(config, "        where aggiornato >= $1\n", "", 1))
	first := once(t, j, files)
	counted(t, first, 1, 0, 0)
	if again := once(t, j, files); !again.Already || again.Entry.BatchID != first.Entry.BatchID {
		t.Errorf("the same rows: already %v, %v", again.Already, again.Err)
	}
	postgrestest.Exec(t, url, "update contatti set prov = 'MI'")
	counted(t, once(t, j, files), 1, 0, 0)
}

// TestHeldQueryMovesNoMark holds a batch back, and takes its rows with the next.
func TestHeldQueryMovesNoMark(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	postgrestest.Exec(t, url, contactsTable+`insert into contatti values
		(1, '2024-03-01 09:00', null, 'colomba', 'RM', 'in_corso', null, null, '2024-03-02 08:00+01')`)
	j, files := contactsQuery(t, url, queried)
	r := once(t, j, files)
	if r.Err != nil || r.Entry.Outcome != ledger.Held {
		t.Fatalf("%s, %v", r.Entry.Outcome, r.Err)
	}
	if again := once(t, j, files); !again.Already || len(batches(t, j)) != 1 {
		t.Errorf("the same rows: already %v, %v", again.Already, again.Err)
	}
	postgrestest.Exec(t, url, `insert into contatti
		select i, '2024-03-01 09:00', null, 'pec', 'RM', 'in_corso', null, null, timestamptz '2024-03-02 09:00+01' from generate_series(2, 4) as i`)
	counted(t, once(t, j, files), 3, 1, 0)
}

// TestReplayOfAQuery sends a corrected row back as a file of the same columns.
func TestReplayOfAQuery(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	postgrestest.Exec(t, url, contactsTable+`insert into contatti values
		(1, '2024-03-01 09:00', null, 'pec', 'RM', 'in_corso', null, null, '2024-03-02 08:00+01'),
		(2, '2024-03-01 09:00', null, 'colomba', 'RM', 'in_corso', null, null, '2024-03-02 09:00+01')`)
	j, files := contactsQuery(t, url, queried)
	counted(t, once(t, j, files), 1, 1, 0)
	path := filepath.Join(string(j.Dir), "drops", "corretti.csv")
	text := "id;aperto;chiuso;canale;prov;esito;cf;cancellato;aggiornato\n2;2024-03-01 09:00;;pec;RM;in_corso;;;2024-03-02 09:00\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := j.Replay(t.Context(), ingest.File{Source: files[0].Source, Path: path}, "anna")
	if err != nil || r.Err != nil || r.Corrected != 1 || r.Entry.Accepted.Records != 1 {
		t.Errorf("%d corrected, %v, %v", r.Corrected, err, r.Err)
	}
	if r := once(t, j, files); r.Err != nil || !r.Nothing {
		t.Errorf("the mark was lost: %v", r.Err)
	}
}

// TestWrongQueryHasItsPlace finds the mistake of a query in the configuration.
func TestWrongQueryHasItsPlace(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	postgrestest.Exec(t, url, contactsTable)
	for _, test := range []struct{ from, to, want string }{
		{"from contatti", "from contattti", `tavolo.yaml:9:14: source "contatti": the server does not accept the query: relation "contattti" does not exist`},
		{"canale, prov, esito", "canale, provincia, esito", `tavolo.yaml:8:44: source "contatti": the server does not accept the query: column "provincia" does not exist`},
		{"where aggiornato >= $1", "where true", `tavolo.yaml:7:14: source "contatti": the query does not use $1`},
		{"      outcome: esito", "      outcome: ergebnis", `tavolo.yaml:20:16: outcome: the file has no column "ergebnis"`},
		{"      outcome: esito", "      outcome: {from: esito, layout: x}", `outcome: layout is for dates`},
		{"url_env: CONTATTI_URL", "url_env: ALTRO_URL", `tavolo.yaml:6:7: source "contatti": the variable ALTRO_URL, which holds the connection string, is not set`},
	} {
		config := strings.Replace(queried, test.from, test.to, 1)
		_, err := project.Init(t.TempDir(), []byte(config))
		if err == nil {
			j, files := contactsQuery(t, url, config)
			postgrestest.Exec(t, url, "truncate contatti; insert into contatti (id, aggiornato) values (1, '2024-03-02')")
			err = once(t, j, files).Err
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.to, err, test.want)
		}
	}
}

// many fills the table with contacts, each of a person.
func many(t *testing.T, url string, rows int) {
	t.Helper()
	postgrestest.Exec(t, url, contactsTable+fmt.Sprintf(`insert into contatti
		select i, timestamp '2024-03-01 09:00' + i %% 30000 * interval '1 minute', null, 'pec', 'RM', 'in_corso', 'RSSMRA85T10A562S', null,
			timestamptz '2024-03-02 08:00+01' + i * interval '1 second' from generate_series(1, %d) as i`, rows))
}

// TestServerStoppedMidway stops the server while the rows are taken: nothing is
// left, and when it is back all of them come.
func TestServerStoppedMidway(t *testing.T) {
	server := postgrestest.Start(t)
	url := server.Database(t)
	many(t, url, 100_000)
	j, files := contactsQuery(t, url, queried)
	stopped := false
	j.Progress = func(ingest.Progress) {
		if !stopped {
			stopped = true
			server.Stop()
		}
	}
	r := once(t, j, files)
	if !stopped || r.Err == nil || !strings.Contains(r.Err.Error(), "postgres:contatti: ") {
		t.Fatalf("a stopped server: %v", r.Err)
	}
	if n := len(batches(t, j)); n != 0 {
		t.Errorf("%d batches of it", n)
	}
	for _, folder := range []string{j.Dir.Lake(), j.Dir.Quarantine()} {
		err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if strings.HasSuffix(path, ".parquet") || strings.HasSuffix(path, ".part") {
				t.Errorf("%s is left of it", path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if r := once(t, j, files); r.Err == nil || !strings.Contains(r.Err.Error(), "cannot be reached") {
		t.Errorf("a server that is not there: %v", r.Err)
	}
}

// TestQueryInBoundedMemory takes 200,000 rows, and looks at the memory meanwhile.
func TestQueryInBoundedMemory(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	const rows = 200_000
	many(t, url, rows)
	j, files := contactsQuery(t, url, queried)
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var most atomic.Uint64
	j.Progress = func(ingest.Progress) {
		runtime.ReadMemStats(&now)
		most.Store(max(most.Load(), now.HeapInuse))
	}
	counted(t, once(t, j, files), rows, 0, 0)
	grown := int64(most.Load()-before.HeapInuse) >> 20
	t.Logf("%d MB more in use", grown)
	if grown > 200 {
		t.Errorf("%d MB more in use for %d rows", grown, rows)
	}
	if r := once(t, j, files); !r.Nothing {
		t.Errorf("the same rows again: %v", r.Err)
	}
}

// TestQueryLeavesNoIdentifier looks at every byte that is written, while it is and
// after, for the persons and the password that went through.
func TestQueryLeavesNoIdentifier(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	many(t, url, 20_000)
	postgrestest.Exec(t, url, `update contatti set canale = 'colomba' where id % 10 = 0;
		update contatti set cf = 'RSSMRA85T10A562X' where id % 10 = 1`)
	j, files := contactsQuery(t, url, queried)
	look := func() {
		err := filepath.WalkDir(string(j.Dir), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return nil // it has gone meanwhile
			}
			content, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			for _, secret := range []string{"RSSMRA85T10A562", postgrestest.Password, "postgres://"} {
				if bytes.Contains(content, []byte(secret)) {
					t.Errorf("%s holds %s", path, secret)
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	j.Progress = func(ingest.Progress) { look() }
	r := once(t, j, files)
	counted(t, r, 16_000, 4_000, 0)
	look()
	refusals, err := ledger.Refusals(j.Dir.Quarantine(), r.Entry.BatchID) // they are compressed
	if err != nil || len(refusals) < 4_000 {
		t.Fatalf("%d refusals, %v", len(refusals), err)
	}
	for _, refusal := range refusals {
		if text := fmt.Sprint(refusal); strings.Contains(text, "RSSMRA85T10A562") || strings.Contains(text, postgrestest.Password) {
			t.Fatalf("the quarantine holds %s", text)
		}
	}
}

// TestCheckOfAQuery says what ingest would do, and does nothing.
func TestCheckOfAQuery(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	many(t, url, 10)
	j, files := contactsQuery(t, url, queried)
	for range 2 {
		checked, err := j.Check(t.Context(), files[0], nil)
		if err != nil || len(checked) != 1 || checked[0].Err != nil || checked[0].Entry.Accepted.Records != 10 {
			t.Errorf("%v, %v", checked, err)
		}
	}
	if n := len(batches(t, j)); n != 0 {
		t.Errorf("%d batches", n)
	}
	counted(t, once(t, j, files), 10, 0, 0)
	if checked, err := j.Check(t.Context(), files[0], nil); err != nil || !checked[0].Nothing {
		t.Errorf("%v, %v", checked, err)
	}
}
