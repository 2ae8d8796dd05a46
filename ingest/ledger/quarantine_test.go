package ledger

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// refusals makes n refusals of a batch.
func refusals(batch string, n int) []Refusal {
	out := make([]Refusal, n)
	for i := range out {
		out[i] = Refusal{
			BatchID: batch, Source: "agenda", Log: "bookings", File: "drops/città.csv", FirstLine: i + 2, LastLine: i + 3,
			Offset: int64(i) * 100, Position: i + 7, Place: "Foglio1!C7", Raw: fmt.Sprintf("x;\"%d\n\";€", i), Column: "slot_at", Rule: "timestamp",
			Value: "31/02/2024", Message: "no such day",
		}
	}
	if n > 1 {
		out[1].Column, out[1].Value = "", "" // a record that is wrong as a whole
	}
	return out
}

// quarantine writes refusals and closes the file.
func quarantine(t *testing.T, dir, batch string, all []Refusal) {
	t.Helper()
	w, err := CreateQuarantine(dir, batch)
	if err != nil {
		t.Fatal(err)
	}
	for part := range slices.Chunk(all, 1000) {
		if err := w.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestQuarantineKeepsEveryRefusal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "quarantine")
	for _, n := range []int{2, 1, batchRows, 2*batchRows + 1} {
		want := refusals("ab12", n)
		quarantine(t, dir, "ab12", want)
		got, err := Refusals(dir, "ab12")
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%d refusals: got %d, %v", n, len(got), err)
		}
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, QuarantineFile(dir, "ab12"): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, %v", path, info.Mode().Perm(), err)
		}
	}
	quarantine(t, dir, "ab12", nil)
	if got, err := Quarantined(dir); err != nil || len(got) != 0 {
		t.Errorf("after a run without refusals there are %v, %v", got, err)
	}
	if got, err := Refusals(dir, "ab12"); err != nil || got != nil {
		t.Errorf("a batch without refusals has %v, %v", got, err)
	}
}

func TestUnfinishedQuarantineIsNotSeen(t *testing.T) {
	dir := t.TempDir()
	quarantine(t, dir, "ab12", refusals("ab12", 1))
	w, err := CreateQuarantine(dir, "ab12")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(refusals("ab12", batchRows)); err != nil {
		t.Fatal(err)
	}
	if got, err := Refusals(dir, "ab12"); err != nil || len(got) != 1 {
		t.Errorf("before Close there are %d, %v", len(got), err)
	}
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Errorf("close after abort: %v", err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("after an abort there are %v, %v", files, err)
	}
}

func TestBytesThatAreNoTextAreKeptAsReplacements(t *testing.T) {
	dir := t.TempDir()
	bad := refusals("ab12", 1)
	bad[0].Raw = "a\xff\x00b"
	quarantine(t, dir, "ab12", bad)
	if got, err := Refusals(dir, "ab12"); err != nil || got[0].Raw != "a\uFFFD\x00b" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestOrphansAreRemoved(t *testing.T) {
	dir := t.TempDir()
	for _, batch := range []string{"known", "orphan"} {
		quarantine(t, dir, batch, refusals(batch, 1))
	}
	w, err := CreateQuarantine(dir, "killed")
	if err != nil {
		t.Fatal(err)
	}
	_ = w // its process has died
	if err := RemoveOrphans(dir, []Entry{{BatchID: "known"}}); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || files[0].Name() != "known.parquet" {
		t.Errorf("left are %v, %v", files, err)
	}
	if err := RemoveOrphans(filepath.Join(dir, "absent"), nil); err != nil {
		t.Errorf("without a quarantine: %v", err)
	}
}

func TestBrokenQuarantineFileIsAnError(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(QuarantineFile(dir, "ab12"), []byte("no parquet"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Refusals(dir, "ab12"); err == nil {
		t.Error("a broken file was read")
	}
}
