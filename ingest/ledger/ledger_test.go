package ledger

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/lake"
)

// whole is an entry that balances.
func whole() Entry {
	at := time.Date(2026, 3, 1, 12, 30, 0, 123456000, time.UTC)
	return Entry{
		BatchID: "ab12", RunID: "r1", Source: "agenda", Log: "bookings", File: "drops/agenda/città.csv", Bytes: 4096,
		ReceivedAt: at.Add(-time.Hour), IngestedAt: at, Outcome: Committed,
		Lines: 20, Header: 1, Preamble: 2, Blank: 1,
		Accepted: Count{9, 11}, Quarantined: Count{3, 4}, Duplicate: Count{1, 1}, Warned: Count{2, 2},
		EarliestMonth: "2024-01", LatestMonth: "2024-03", Format: `csv ";" windows-1252`,
	}
}

func TestBalance(t *testing.T) {
	if err := whole().Balance(); err != nil {
		t.Error(err)
	}
	if err := (Entry{}).Balance(); err != nil {
		t.Errorf("an empty file: %v", err)
	}
	for name, spoil := range map[string]func(*Entry){
		"lost line":      func(e *Entry) { e.Lines++ },
		"counted twice":  func(e *Entry) { e.Duplicate.Lines++ },
		"lost header":    func(e *Entry) { e.Header = 0 },
		"negative":       func(e *Entry) { e.Blank, e.Header = -1, 3 },
		"records>lines":  func(e *Entry) { e.Accepted.Records = 12 },
		"refused > line": func(e *Entry) { e.Quarantined.Records = 5 },
	} {
		e := whole()
		spoil(&e)
		if err := e.Balance(); err == nil || !strings.Contains(err.Error(), e.File) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEncodeIsStableAndKeepsEverything(t *testing.T) {
	e := whole()
	text := e.Encode()
	got, err := Decode(text)
	if err != nil || !reflect.DeepEqual(got, e) {
		t.Errorf("got %+v, %v", got, err)
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	e.IngestedAt = e.IngestedAt.In(rome)
	if again := e.Encode(); again != text {
		t.Errorf("the same instant elsewhere gives %s", again)
	}
	if _, err := Decode(strings.Replace(text, "{", `{"of_a_newer_version":1,`, 1)); err != nil {
		t.Errorf("an unknown member: %v", err)
	}
	for _, bad := range []string{"", "{}", "[", `{"batch_id":1}`} {
		if _, err := Decode(bad); err == nil {
			t.Errorf("%q was decoded", bad)
		}
	}
}

// lakeOf makes a lake with a committed batch per entry, without rows.
func lakeOf(t testing.TB, entries ...Entry) *lake.Lake {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "lake")
	if err := lake.Create(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	l, err := lake.Open(t.Context(), dir, lake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	for _, e := range entries {
		shape := lake.Schema{Table: e.Log, Columns: []lake.Column{{Name: "id", Type: lake.Text}}}
		a, err := l.Append(t.Context(), shape)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Commit(t.Context(), map[string]string{SummaryKey: e.Encode()}); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func TestReadGivesEveryBatchByLogThenCommit(t *testing.T) {
	var entries []Entry
	for i, log := range []string{"trainings", "bookings", "trainings", "bookings"} {
		e := whole()
		e.Log, e.BatchID = log, fmt.Sprint(i)
		entries = append(entries, e)
	}
	entries[3].BatchID, entries[3].Outcome, entries[3].Reason = "1", Held, "too many"
	got, err := Read(t.Context(), lakeOf(t, entries...))
	if err != nil {
		t.Fatal(err)
	}
	want := []Entry{entries[1], entries[3], entries[0], entries[2]}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if e, ok := Find(got, "1"); !ok || e.Outcome != Held {
		t.Errorf("the latest entry of batch 1 is %+v, %v", e, ok)
	}
	if _, ok := Find(got, "9"); ok {
		t.Error("found a batch that is not there")
	}
	if got, err := Read(t.Context(), lakeOf(t)); err != nil || len(got) != 0 {
		t.Errorf("an empty lake has %v, %v", got, err)
	}
}

// TestLastMark takes the mark of what was committed last, and of nothing else.
func TestLastMark(t *testing.T) {
	entry := func(source, outcome, column, value string) Entry {
		e := Entry{BatchID: value, Source: source, Log: "bookings", Outcome: outcome}
		if column != "" {
			e.HighWater = &HighWater{Column: column, Value: value, Rows: 2, Digest: "d"}
		}
		decoded, err := Decode(e.Encode())
		if err != nil {
			t.Fatal(err)
		}
		return decoded
	}
	entries := []Entry{
		entry("agenda", Committed, "at", "1"), entry("agenda", Committed, "at", "2"), entry("agenda", Held, "at", "3"),
		entry("agenda", Committed, "id", "4"), entry("agenda", Committed, "", "5"), entry("other", Committed, "at", "6"),
	}
	if m := LastMark(entries, "agenda", "bookings", "at"); m == nil || *m != (HighWater{"at", "2", 2, "d"}) {
		t.Errorf("%v", m)
	}
	for _, of := range [][3]string{{"agenda", "trainings", "at"}, {"agenda", "bookings", "on"}, {"new", "bookings", "at"}} {
		if m := LastMark(entries, of[0], of[1], of[2]); m != nil {
			t.Errorf("%v has the mark %v", of, m)
		}
	}
}
