package main

import (
	"os"
	"path/filepath"
	"testing"
)

// realFile is the municipality's file, where somebody has put it beside the
// project; it is not part of it.
var realFile = filepath.Join("..", "..", "..", "shared", "data", "interactions", "segnalazioni-municipium.csv")

// TestRealFile takes a real file of somebody else's making through the whole
// job, by the mapping in testdata alone.
func TestRealFile(t *testing.T) {
	text, err := os.ReadFile(realFile)
	if err != nil {
		t.Skipf("the real data are not on this machine: %v", err)
	}
	dir := filepath.Join(t.TempDir(), "municipium")
	tavolo(t, exitDone, "init", dir)
	example := filepath.Join("..", "..", "testdata", "municipium")
	if err := os.CopyFS(filepath.Join(dir, "reference"), os.DirFS(filepath.Join(example, "reference"))); err != nil {
		t.Fatal(err)
	}
	mapping, err := os.ReadFile(filepath.Join(example, "tavolo.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "tavolo.yaml"), mapping)
	write(t, filepath.Join(dir, "drops", "segnalazioni-2026.csv"), text)

	// 36 of the 4,651 requests have no category, which a contact must have.
	tavolo(t, exitQuarantined, "-C", dir, "run")
	refused := one(t, dir, "select count(*) as n, min(rule) as rule, min(column_name) as col, max(column_name) as last from quarantine")
	if refused["n"] != 36.0 || refused["rule"] != "required" || refused["col"] != "service_code" || refused["last"] != "service_code" {
		t.Errorf("refused: %v", refused)
	}

	// What the file says, counted apart from our code: see the mapping.
	closed := one(t, dir, `select count(*) as n, count(closed_at) as closed, count(*) filter (where outcome = 'in_corso') as open,
		min(province_code) as province from interactions`)
	if closed["n"] != 4615.0 || closed["province"] != "006" {
		t.Errorf("interactions: %v", closed)
	}
	figure := one(t, dir, `select value, denominator, open_count from indicator_cells where breakdown = '' and grain = 'year'
		and start = date '2024-01-01' and indicator = 'resolution_days' and territory_code = '006'`)
	direct := one(t, dir, `select count(closed_at) as n, count(*) - count(closed_at) as still_open from interactions
		where outcome <> 'annullato' and date_part('year', month) = 2024`)
	if figure["denominator"] != direct["n"] || figure["open_count"] != direct["still_open"] {
		t.Errorf("resolution_days of 2024 is %v; the log has %v", figure, direct)
	}
	if _, err := os.Stat(filepath.Join(dir, "publications", "current", "it", "index.html")); err != nil {
		t.Error(err)
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}
