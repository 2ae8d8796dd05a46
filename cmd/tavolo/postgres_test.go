package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tavolo/ingest/postgres/postgrestest"
)

// TestInterruptOfAQuery stops the program while a server computes: the status is
// 130, the server stops too, and nothing is left.
func TestInterruptOfAQuery(t *testing.T) {
	url := postgrestest.Shared(t).Database(t)
	t.Setenv("AGENDA_URL", url)
	dir := filepath.Join(t.TempDir(), "p")
	tavolo(t, exitDone, "init", dir)
	write(t, filepath.Join(dir, "tavolo.yaml"), []byte(`sources:
  - name: a
    log: agreements
    postgres: {url_env: AGENDA_URL, query: "select 1 as id, current_date as on, 'tavolo_tecnico' as kind, 'nazionale' as level, pg_sleep(600)"}
    columns: {event_id: id, happened_on: "on", kind: kind, level: level}
`))
	asleep := func() bool {
		// An error of a division says that there is one: no rows are read here.
		err := postgrestest.Run(t.Context(), url, `select 1 / (1 - count(*)) from pg_stat_activity
			where application_name = 'tavolo' and wait_event = 'PgSleep' and datname = current_database()`)
		return err != nil && strings.Contains(err.Error(), "division by zero")
	}
	cmd, stderr := start(t, "-C", dir, "ingest")
	await(t, "query", asleep)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if status := exited(t, cmd); status != exitInterrupted || !strings.Contains(stderr.String(), "tavolo: interrupted; ") {
		t.Errorf("status %d, %s", status, stderr.String())
	}
	await(t, "end of the query", func() bool { return !asleep() })
	if found, _ := filepath.Glob(filepath.Join(dir, "lake", "*", "*", "data", "*", "*")); len(found) > 0 {
		t.Errorf("%v is left", found)
	}
}

// TestWorkListOfAQuery sends the refused rows of a query to the office, and takes
// them back; the person, who is not kept, is filled in again.
func TestWorkListOfAQuery(t *testing.T) {
	t.Setenv("TAVOLO_NOW", "2024-05-02T09:00:00+02:00")
	url := postgrestest.Shared(t).Database(t)
	t.Setenv("AGENDA_URL", url)
	postgrestest.Exec(t, url, `create table agenda (id int, richiesta timestamp, slot timestamp, stato text, prov text, cf text, cambiato date);
		insert into agenda values
		(1, '2024-04-01 10:00', '2024-04-02 09:00', 'presentato', 'NA', 'RSSMRA85T10A562S', '2024-04-02'),
		(2, '2024-04-01 10:00', '2024-04-02 10:00', 'presentato', 'XX', 'RSSMRA85T10A562S', '2024-04-02'),
		(3, '2024-03-31 02:30', '2024-04-02 11:00', 'forse', 'RM', null, '2024-04-02')`)
	dir := filepath.Join(t.TempDir(), "p")
	tavolo(t, exitDone, "init", dir)
	put(t, filepath.Join(dir, "tavolo.yaml"), `as_of: 2024-05-01
sources:
  - name: agenda
    log: bookings
    postgres:
      url_env: AGENDA_URL
      query: select * from agenda where cambiato >= $1 order by cambiato, id
      high_water: cambiato
    columns:
      booking_id:    id
      requested_at:  richiesta
      slot_at:       slot
      status:        stato
      province_code: prov
      service_code:  {value: naspi}
      mode:          {value: fisico}
      citizen_id:    {from: cf, kind: codice_fiscale}
`)
	tavolo(t, exitQuarantined, "-C", dir, "ingest")
	list := filepath.Join(dir, "lista.xlsx")
	tavolo(t, exitDone, "-C", dir, "quarantine", "export", "agenda", "--output", list)
	fill(t, list, map[string]map[string]string{
		"2": {"prov": "BA", "cf": "RSSMRA85T10A562S"},
		"3": {"richiesta": "2024-03-31T03:30:00"},
	})
	tavolo(t, exitQuarantined, "-C", dir, "quarantine", "replay", "--source", "agenda", list)
	wantStates(t, dir, 1, 1, 1, 0) // of row 3 the state is still none
	if out := tavolo(t, exitDone, "-C", dir, "ingest"); !strings.Contains(out, "postgres:agenda: nothing new") {
		t.Error(out)
	}
	if row := one(t, dir, "select count(distinct citizen_id) as persons, count(*) as n from bookings"); row["persons"] != 1.0 || row["n"] != 2.0 {
		t.Errorf("%v", row)
	}
}
