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
