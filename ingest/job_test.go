package ingest_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tavolo/ingest"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/project"
	"tavolo/ingest/reference"
	"tavolo/ingest/synthetic"
	"tavolo/sql"
)

// country makes a project with a small synthetic country in it.
func country(t *testing.T, rows int) (*project.Project, *synthetic.Truth) {
	t.Helper()
	dir := t.TempDir()
	p, err := project.Init(dir, []byte("synthetic: true\nas_of: 2026-01-05\n"+synthetic.Sources()))
	if err != nil {
		t.Fatal(err)
	}
	truth, err := synthetic.Write(t.Context(), dir, synthetic.Options{Seed: 7, Rows: rows})
	if err != nil {
		t.Fatal(err)
	}
	return p, truth
}

// job opens the project's lake, made where absent, and a job on it.
func job(t *testing.T, p *project.Project) *ingest.Job {
	t.Helper()
	if err := lake.Create(t.Context(), p.Dir.Lake()); err != nil {
		t.Fatal(err)
	}
	l, err := lake.Open(t.Context(), p.Dir.Lake(), lake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	refs, err := reference.Load(sql.Seeds(), os.DirFS(p.Dir.Reference()))
	if err != nil {
		t.Fatal(err)
	}
	master, err := p.Dir.Master("")
	if err != nil {
		t.Fatal(err)
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return &ingest.Job{
		Lake: l, References: refs, Master: master, Dir: p.Dir, Location: rome,
		Clock: time.Now, RunID: "test",
	}
}

func files(t *testing.T, p *project.Project) []ingest.File {
	t.Helper()
	all, err := ingest.Files(p.Dir, p.Sources)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestCountryArrivesToTheRow holds what ingest did of the synthetic country
// against what is true of its files: each file's accepted, refused and duplicate
// rows, and the rules that refused.
func TestCountryArrivesToTheRow(t *testing.T) {
	p, truth := country(t, 20_000)
	j := job(t, p)
	results, err := j.Run(t.Context(), files(t, p))
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]synthetic.File{}
	for _, file := range truth.Files {
		wanted[file.Path] = file
	}
	for _, r := range results {
		name := p.Dir.Relative(r.File.Path)
		want, ok := wanted[name]
		delete(wanted, name)
		switch {
		case !ok:
			t.Errorf("%s: not in the truth", name)
		case r.Err != nil:
			t.Errorf("%s: %v", name, r.Err)
		case r.Already != (want.CopyOf != ""):
			t.Errorf("%s: already %v, copy of %q", name, r.Already, want.CopyOf)
		case r.Already:
		case r.Entry.Accepted.Records != want.Accepted || r.Entry.Quarantined.Records != want.Refused || r.Entry.Duplicate.Records != want.Duplicates:
			t.Errorf("%s: %d accepted, %d quarantined, %d duplicate; want %d, %d, %d", name,
				r.Entry.Accepted.Records, r.Entry.Quarantined.Records, r.Entry.Duplicate.Records,
				want.Accepted, want.Refused, want.Duplicates)
		}
	}
	for name := range wanted {
		t.Errorf("%s: not ingested", name)
	}
	checkRefusals(t, p, truth, results)
}

// checkRefusals compares the quarantine with the bad rows that were made.
func checkRefusals(t *testing.T, p *project.Project, truth *synthetic.Truth, results []ingest.Result) {
	t.Helper()
	type kind struct{ source, column, rule string }
	got, want := map[kind]int{}, map[kind]int{}
	for _, r := range results {
		if r.Already || r.Entry.Quarantined.Records == 0 {
			continue
		}
		refusals, err := ledger.Refusals(p.Dir.Quarantine(), r.Entry.BatchID)
		if err != nil {
			t.Fatal(err)
		}
		for _, refusal := range refusals {
			got[kind{refusal.Source, refusal.Column, refusal.Rule}]++
		}
	}
	for _, refused := range truth.Refused {
		want[kind{refused.Source, refused.Column, refused.Rule}] += refused.Records
	}
	for k, n := range want {
		if got[k] != n {
			t.Errorf("%s, %s %s: %d refused, want %d", k.source, k.column, k.rule, got[k], n)
		}
	}
	for k, n := range got {
		if want[k] == 0 {
			t.Errorf("%s, %s %s: %d refused, want none", k.source, k.column, k.rule, n)
		}
	}
}

// TestIngestIsIdempotent runs the same files twice: the second time changes nothing.
func TestIngestIsIdempotent(t *testing.T) {
	p, _ := country(t, 5_000)
	j := job(t, p)
	if _, err := j.Run(t.Context(), files(t, p)); err != nil {
		t.Fatal(err)
	}
	before, err := ledger.Read(t.Context(), j.Lake)
	if err != nil {
		t.Fatal(err)
	}
	results, err := j.Run(t.Context(), files(t, p))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if r.Err != nil || !r.Already {
			t.Errorf("%s: read again (%v)", r.File.Path, r.Err)
		}
	}
	after, err := ledger.Read(t.Context(), j.Lake)
	if err != nil || len(after) != len(before) {
		t.Errorf("%d batches, then %d (%v)", len(before), len(after), err)
	}
}

// TestInterruptedIngestLeavesTheLakeWhole stops a run in the middle of a file:
// what was committed balances, what was under way left nothing, and the next
// run completes it.
func TestInterruptedIngestLeavesTheLakeWhole(t *testing.T) {
	p, truth := country(t, 20_000)
	j := job(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	j.Progress = func(now ingest.Progress) {
		if now.Index == 5 {
			cancel()
		}
	}
	if _, err := j.Run(ctx, files(t, p)); !errors.Is(err, context.Canceled) {
		t.Fatalf("an interrupted run ended with %v", err)
	}
	entries, err := ledger.Read(t.Context(), j.Lake)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) == 0 || len(entries) > 5 {
		t.Errorf("%d batches after an interrupt in the fifth file", len(entries))
	}
	kept, _ := filepath.Glob(filepath.Join(p.Dir.Quarantine(), "*"))
	for _, path := range kept {
		if _, ok := ledger.Find(entries, trimExtension(path)); !ok {
			t.Errorf("%s: the quarantine of a batch that was not committed", path)
		}
	}
	j.Progress = nil
	if _, err := j.Run(t.Context(), files(t, p)); err != nil {
		t.Fatal(err)
	}
	entries, err = ledger.Read(t.Context(), j.Lake)
	if err != nil {
		t.Fatal(err)
	}
	accepted := 0
	for _, entry := range entries {
		accepted += entry.Accepted.Records
		if err := entry.Balance(); err != nil {
			t.Error(err)
		}
	}
	if accepted != truth.Rows {
		t.Errorf("%d rows accepted in the end, want %d", accepted, truth.Rows)
	}
}

func trimExtension(path string) string {
	name := filepath.Base(path)
	return name[:len(name)-len(filepath.Ext(name))]
}
