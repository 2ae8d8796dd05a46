package ingest_test

import (
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"tavolo/ingest"
	"tavolo/ingest/ledger"
)

// tree lists what is below a folder, with sizes.
func tree(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	found := map[string]int64{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		found[path] = info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestCheckTellsWhatIngestDoes checks every file of a country before and then
// ingests it: the entries are the same, the refused records are the same, and the
// check has written nothing.
func TestCheckTellsWhatIngestDoes(t *testing.T) {
	p, _ := country(t, 5_000)
	j := job(t, p)
	j.Clock = func() time.Time { return time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC) }
	all := files(t, p)
	checker := *j
	checker.Lake, checker.Master = nil, nil
	before := tree(t, string(p.Dir))
	said := map[string]ingest.Checked{}
	refused := map[string][]ledger.Refusal{}
	for _, file := range all {
		results, err := checker.Check(t.Context(), file, func(record []ledger.Refusal) error {
			refused[file.Path] = append(refused[file.Path], record...)
			return nil
		})
		if err != nil || len(results) != 1 || results[0].Err != nil {
			t.Fatalf("%s: %+v, %v", file.Path, results, err)
		}
		said[file.Path] = results[0]
	}
	if after := tree(t, string(p.Dir)); len(after) != len(before) {
		t.Errorf("%d files and folders before, %d after", len(before), len(after))
	}
	results, err := j.Run(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if r.Already {
			continue
		}
		got := said[r.File.Path].Entry
		if got.Encode() != r.Entry.Encode() {
			t.Errorf("%s\ncheck  %s\ningest %s", r.File.Path, got.Encode(), r.Entry.Encode())
		}
		kept, err := ledger.Refusals(p.Dir.Quarantine(), r.Entry.BatchID)
		if err != nil {
			t.Fatal(err)
		}
		if len(kept) != len(refused[r.File.Path]) {
			t.Fatalf("%s: check refused for %d reasons, ingest for %d", r.File.Path, len(refused[r.File.Path]), len(kept))
		}
		for i := range kept {
			if kept[i] != refused[r.File.Path][i] {
				t.Errorf("check  %+v\ningest %+v", refused[r.File.Path][i], kept[i])
			}
		}
		records := 0
		for _, rule := range said[r.File.Path].Rules {
			records = max(records, rule.Records)
		}
		if records > r.Entry.Quarantined.Records || records == 0 && r.Entry.Quarantined.Records > 0 {
			t.Errorf("%s: a rule refuses %d records of %d", r.File.Path, records, r.Entry.Quarantined.Records)
		}
	}
}
