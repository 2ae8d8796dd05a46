package ledger_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"tavolo/ingest/ledger"
)

func decide(t *testing.T, dir string, decisions ...ledger.Decision) {
	t.Helper()
	err := ledger.Decide(dir, func(*ledger.Decisions) ([]ledger.Decision, error) { return decisions, nil })
	if err != nil {
		t.Fatal(err)
	}
}

func decisions(t *testing.T, dir string) *ledger.Decisions {
	t.Helper()
	d, err := ledger.ReadDecisions(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func at(batch string, line int) ledger.RecordID {
	return ledger.RecordID{BatchID: batch, Position: line}
}

// TestStates follows a record that came again twice, and holds the decisions
// about a whole batch to the records that had none of their own.
func TestStates(t *testing.T) {
	dir := t.TempDir()
	second, third := at("b", 2), at("c", 9)
	decide(t, dir, ledger.Decision{RecordID: at("a", 4), Kind: ledger.Returned, Became: &second})
	if got := decisions(t, dir).State(at("a", 4)); got != ledger.Returned {
		t.Errorf("came again, and what it became is open: %s", got)
	}
	decide(t, dir, ledger.Decision{RecordID: second, Kind: ledger.Corrected, Became: &third})
	decide(t, dir, ledger.Decision{RecordID: at("a", 5), Kind: ledger.Corrected, Became: &third},
		ledger.Decision{RecordID: at("a", 0), Kind: ledger.Discarded, Reason: "prova"})
	d := decisions(t, dir)
	for id, want := range map[ledger.RecordID]string{
		at("a", 4): ledger.Corrected, second: ledger.Corrected, at("a", 5): ledger.Corrected,
		at("a", 6): ledger.Discarded, at("d", 1): ledger.Open,
	} {
		if got := d.State(id); got != want {
			t.Errorf("%v is %s, want %s", id, got, want)
		}
	}
	if got := []int{d.Undecided(at("a", 4).BatchID, 9), d.Undecided(second.BatchID, 3), d.Undecided(at("d", 1).BatchID, 7)}; !slices.Equal(got, []int{0, 2, 7}) {
		t.Errorf("open of three batches: %v", got)
	}
	if d.End(at("a", 4)) != second || len(d.All) != 4 {
		t.Errorf("ends at %v, after %d decisions", d.End(at("a", 4)), len(d.All))
	}
}

// TestRingEnds: a file that somebody altered so that records became each other
// does not hold the program.
func TestRingEnds(t *testing.T) {
	dir := t.TempDir()
	a, b := at("a", 1), at("b", 1)
	decide(t, dir, ledger.Decision{RecordID: a, Kind: ledger.Returned, Became: &b}, ledger.Decision{RecordID: b, Kind: ledger.Returned, Became: &a})
	if got := decisions(t, dir).State(a); got != ledger.Returned {
		t.Errorf("%s", got)
	}
}

// TestCutOffLine: a line that was being written when the machine stopped was
// never acknowledged; it goes, and what comes after it is whole.
func TestCutOffLine(t *testing.T) {
	dir := t.TempDir()
	decide(t, dir, ledger.Decision{RecordID: at("a", 1), Kind: ledger.Discarded, By: "anna", Reason: "prova", At: time.Unix(0, 0)})
	path := filepath.Join(dir, "decisions.ndjson")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(whole, `{"batch_id":"a","po`...), 0o600); err != nil {
		t.Fatal(err)
	}
	decide(t, dir, ledger.Decision{RecordID: at("a", 2), Kind: ledger.Discarded})
	d := decisions(t, dir)
	if len(d.All) != 2 || d.All[0].By != "anna" || d.All[1].Position != 2 {
		t.Errorf("%+v", d.All)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// TestDecisionsAreOneAfterTheOther: two at a time see each other's decisions.
func TestDecisionsAreOneAfterTheOther(t *testing.T) {
	dir := t.TempDir()
	var writers sync.WaitGroup
	for range 8 {
		writers.Add(1)
		go func() {
			defer writers.Done()
			err := ledger.Decide(dir, func(before *ledger.Decisions) ([]ledger.Decision, error) {
				return []ledger.Decision{{RecordID: at("a", len(before.All)+1), Kind: ledger.Discarded}}, nil
			})
			if err != nil {
				t.Error(err)
			}
		}()
	}
	writers.Wait()
	for i, decision := range decisions(t, dir).All {
		if decision.Position != i+1 {
			t.Errorf("decision %d is of line %d", i+1, decision.Position)
		}
	}
}

// TestNothingDecidedAfterAnError: who cannot choose leaves the file as it was.
func TestNothingDecidedAfterAnError(t *testing.T) {
	dir := t.TempDir()
	wrong := errors.New("wrong")
	err := ledger.Decide(dir, func(*ledger.Decisions) ([]ledger.Decision, error) {
		return []ledger.Decision{{RecordID: at("a", 1)}}, wrong
	})
	if !errors.Is(err, wrong) || len(decisions(t, dir).All) != 0 {
		t.Errorf("%v, %d decisions", err, len(decisions(t, dir).All))
	}
}

// TestEachRecord gives every record once with all its reasons, however many
// records there are.
func TestEachRecord(t *testing.T) {
	dir := t.TempDir()
	w, err := ledger.CreateQuarantine(dir, "a")
	if err != nil {
		t.Fatal(err)
	}
	const records = 5000 // reasons of one record fall into two Arrow batches
	for line := 1; line <= records; line++ {
		refusals := []ledger.Refusal{{BatchID: "a", FirstLine: line, Rule: "x"}, {BatchID: "a", FirstLine: line, Rule: "y"}, {BatchID: "a", FirstLine: line, Rule: "z"}}
		if err := w.Write(refusals); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	next := 0
	err = ledger.EachRecord(t.Context(), dir, "a", func(record []ledger.Refusal) error {
		next++
		if len(record) != 3 || record[0].ID() != at("a", next) || record[2].Rule != "z" {
			t.Fatalf("record %d: %+v", next, record)
		}
		return nil
	})
	if err != nil || next != records {
		t.Errorf("%d records, %v", next, err)
	}
	stop := errors.New("stop")
	if err := ledger.EachRecord(t.Context(), dir, "a", func([]ledger.Refusal) error { return stop }); err != stop {
		t.Error(err)
	}
	if err := ledger.EachRecord(t.Context(), dir, "none", nil); err != nil {
		t.Error(err)
	}
}
