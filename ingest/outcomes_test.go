package ingest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tavolo/ingest"
	"tavolo/ingest/ledger"
	"tavolo/ingest/source"
)

// outcome is a result in a word: a code, "already", the ledger's outcome, or "error".
func outcome(r ingest.Result) string {
	switch {
	case r.Err != nil && source.Code(r.Err) != "":
		return source.Code(r.Err)
	case r.Err != nil:
		return "error"
	case r.Already:
		return "already"
	}
	return r.Entry.Outcome
}

func outcomes(results []ingest.Result) string {
	var out []string
	for _, r := range results {
		out = append(out, filepath.Base(r.File.Path)+strings.TrimPrefix(r.File.Name(), r.File.Path)+" "+outcome(r))
	}
	return strings.Join(out, ", ")
}

// TestTheSameFileAgain delivers one file in many ways: it counts once.
func TestTheSameFileAgain(t *testing.T) {
	p := contactsProject(t, "")
	csv := asCSV(t, delivered())
	drop(t, p, "a.csv", csv)
	drop(t, p, "b.csv", csv)
	drop(t, p, "c.csv.gz", gzipped(t, csv))
	drop(t, p, "d.zip", archived(t, "inside.csv", csv))
	j := job(t, p)
	const want = "a.csv committed, b.csv already, c.csv.gz already, d.zip already"
	if got := outcomes(run(t, j, p)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := outcomes(run(t, j, p)); got != strings.Replace(want, "committed", "already", 1) {
		t.Errorf("run again: %s", got)
	}
}

// TestOneBadFileDoesNotHarmTheOthers delivers hostile files among a good one.
func TestOneBadFileDoesNotHarmTheOthers(t *testing.T) {
	p := contactsProject(t, "limits: {expanded_bytes: 20000000, record_bytes: 100000, columns: 1000}\n")
	elsewhere := filepath.Join(t.TempDir(), "passwd")
	if err := os.WriteFile(elsewhere, asCSV(t, delivered()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, filepath.Join(p.Dir.Drops(), "a-link.csv")); err != nil {
		t.Fatal(err)
	}
	drop(t, p, "b-bomb.gz", gzipped(t, bytes.Repeat([]byte("0;0\n"), 8<<20)))
	drop(t, p, "c-line.csv", bytes.Repeat([]byte("x"), 32<<20))
	drop(t, p, "d-columns.csv", append(bytes.Repeat([]byte("a;"), 100_000), '\n'))
	drop(t, p, "e-up.zip", archived(t, "../../x.csv", []byte("a;b\n")))
	drop(t, p, "f-deep.json", []byte("["+strings.Repeat("[", 1<<20)))
	drop(t, p, "g-nothing.csv", nil)
	drop(t, p, "h-good.csv", asCSV(t, delivered()))
	drop(t, p, "i.zip", archived(t, "good.csv", asCSV(t, delivered()[:2]), "leggimi.txt", []byte("%PDF-1.7"), "other.json", asJSON(t, delivered()[5:], true)))
	drop(t, p, ".hidden", []byte("x"))
	drop(t, p, "~$open.xlsx", []byte("x"))
	for _, name := range []string{"later.csv.part", "later.csv.PARTIAL", "later.csv.filepart", "later.csv.crdownload", "later.csv.tmp"} {
		drop(t, p, name, []byte("x"))
	}
	if err := os.Symlink("h-good.csv", filepath.Join(p.Dir.Drops(), "z-link.csv")); err != nil {
		t.Fatal(err)
	}
	results := run(t, job(t, p), p)
	got := map[string]string{}
	for _, r := range results {
		got[strings.TrimPrefix(r.File.Name(), p.Dir.Drops()+"/")] = outcome(r)
	}
	for name, want := range map[string]string{
		"a-link.csv": source.OutsideLink, "b-bomb.gz": source.TooLarge, "c-line.csv": source.TooLong, "d-columns.csv": source.TooLong, "e-up.zip": source.UnsafeName,
		"h-good.csv": "committed", "z-link.csv": "already", "i.zip!good.csv": "committed", "i.zip!other.json": "committed",
	} {
		if got[name] != want {
			t.Errorf("%s: %s, want %s", name, got[name], want)
		}
		delete(got, name)
	}
	for name, outcome := range got {
		if outcome == "committed" || outcome == "already" {
			t.Errorf("%s: %s", name, outcome)
		}
	}
	if len(got) != 3 { // f, g and the member that is no table
		t.Errorf("also %v", got)
	}
}

func TestStandardInput(t *testing.T) {
	p := contactsProject(t, "")
	j := job(t, p)
	j.Stdin = bytes.NewReader(asCSV(t, delivered()))
	results, err := j.Run(t.Context(), []ingest.File{{Source: &p.Sources[0], Path: ingest.Stdin}})
	if err != nil || len(results) != 1 || results[0].Err != nil {
		t.Fatalf("%v %v", results, err)
	}
	if e := results[0].Entry; e.File != "-" || e.Accepted.Records != 3 || e.ReceivedAt.IsZero() {
		t.Errorf("%+v", e)
	}
	j.Stdin = nil
	results, err = j.Run(t.Context(), []ingest.File{{Source: &p.Sources[0], Path: ingest.Stdin}})
	if err != nil || results[0].Err == nil {
		t.Errorf("without standard input: %v %v", results, err)
	}
}

// TestHeldBatchIsReadAgain holds a batch back, says so once, and takes it when the
// source tolerates more.
func TestHeldBatchIsReadAgain(t *testing.T) {
	p := contactsProject(t, "")
	drop(t, p, "a.csv", asCSV(t, delivered()))
	j := job(t, p)
	for _, step := range []struct {
		most, want string
		entries    int
	}{{"1", ledger.Held, 1}, {"1", "already", 1}, {"50%", ledger.Committed, 2}, {"1", "already", 2}} {
		p.Sources[0].MaxQuarantined = step.most
		results := run(t, j, p)
		entries, err := ledger.Read(t.Context(), j.Lake)
		if err != nil {
			t.Fatal(err)
		}
		if outcome(results[0]) != step.want || len(entries) != step.entries {
			t.Errorf("max_quarantined %s: %s and %d entries, want %s and %d", step.most, outcome(results[0]), len(entries), step.want, step.entries)
		}
	}
}

// TestOneFileIsOfOneLog refuses to take the same bytes for two logs.
func TestOneFileIsOfOneLog(t *testing.T) {
	p := contactsProject(t, "")
	drop(t, p, "a.csv", asCSV(t, delivered()))
	j := job(t, p)
	run(t, j, p)
	other := p.Sources[0]
	other.Log, other.Name = "bookings", "agenda"
	results, err := j.Run(t.Context(), []ingest.File{{Source: &other, Path: filepath.Join(p.Dir.Drops(), "a.csv")}})
	if err != nil || results[0].Err == nil || !strings.Contains(results[0].Err.Error(), "already in the lake as interactions") {
		t.Errorf("%v %v", results, err)
	}
}

// TestEveryVersionArrivesInAnyOrder delivers a month that grows, is corrected, moves
// a row to another month and territory and withdraws one. Whatever the order of
// arrival, the same versions are in the lake, each once.
func TestEveryVersionArrivesInAnyOrder(t *testing.T) {
	row := func(id, day, province, deleted, updated string) contact {
		return contact{id, day + " 09:00", "", "pec", province, "in_corso", "", deleted, updated}
	}
	first := []contact{row("1", "01/03/2024", "RM", "", "2024-03-01T10:00"), row("2", "02/03/2024", "RM", "", "2024-03-02T10:00")}
	deliveries := map[string][]contact{
		"first.csv":     first,
		"grown.csv":     append(slices.Clone(first), row("3", "03/03/2024", "MI", "", "2024-03-03T10:00")),
		"corrected.csv": {row("2", "02/03/2024", "NA", "", "2024-03-05T10:00"), row("1", "01/04/2024", "TO", "", "2024-04-01T10:00")},
		"withdrawn.csv": {row("3", "03/03/2024", "MI", "sì", "2024-03-09T10:00")},
	}
	want := ""
	for _, order := range [][]string{
		{"first.csv", "grown.csv", "corrected.csv", "withdrawn.csv"},
		{"withdrawn.csv", "corrected.csv", "grown.csv", "first.csv"},
		{"corrected.csv", "first.csv", "withdrawn.csv", "grown.csv"},
	} {
		p := contactsProject(t, "")
		j := job(t, p)
		for _, name := range order {
			drop(t, p, name, asCSV(t, deliveries[name]))
			for _, r := range run(t, j, p) {
				if r.Err != nil {
					t.Fatal(r.Err)
				}
			}
		}
		versions := strings.Split(strings.TrimSpace(lakeRows(t, j.Lake, "interactions")), "\n")
		slices.Sort(versions)
		got := strings.Join(versions, "\n")
		if want == "" {
			want = got
		}
		if got != want || len(versions) != 8 {
			t.Errorf("%v: %d versions\n%s\nwant\n%s", order, len(versions), got, want)
		}
	}
}
