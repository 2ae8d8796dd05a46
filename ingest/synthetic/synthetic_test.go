package synthetic_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/synthetic"
)

// hashes gives the SHA-256 of every file of a folder by its relative path.
func hashes(t *testing.T, dir string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		sum := sha256.Sum256(text)
		relative, _ := filepath.Rel(dir, path)
		sums[filepath.ToSlash(relative)] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	write := func(seed uint64) map[string]string {
		dir := t.TempDir()
		if _, err := synthetic.Write(context.Background(), dir, synthetic.Options{Seed: seed, Rows: 5000}); err != nil {
			t.Fatal(err)
		}
		return hashes(t, dir)
	}
	first, again, other := write(3), write(3), write(4)
	if !reflect.DeepEqual(first, again) {
		t.Error("the same seed gives different files")
	}
	if reflect.DeepEqual(first, other) {
		t.Error("another seed gives the same files")
	}
}

func TestTruthListsWhatWasWritten(t *testing.T) {
	dir, truth := small(t)
	text, err := os.ReadFile(filepath.Join(dir, synthetic.TruthFile))
	if err != nil {
		t.Fatal(err)
	}
	var written synthetic.Truth
	if err := json.Unmarshal(text, &written); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(&written, truth) {
		t.Error("the file differs from what Write gives")
	}
	sums := hashes(t, filepath.Join(dir, "drops"))
	listed, copies := map[string]bool{}, 0
	for _, file := range truth.Files {
		name := strings.TrimPrefix(file.Path, "drops/")
		if sums[name] == "" {
			t.Errorf("%s is listed and was not written", file.Path)
		}
		if file.CopyOf != "" {
			copies++
			if original := strings.TrimPrefix(file.CopyOf, "drops/"); sums[original] != sums[name] {
				t.Errorf("%s is no copy of %s", file.Path, file.CopyOf)
			}
		}
		listed[name] = true
	}
	if len(listed) != len(sums) || copies != 1 {
		t.Errorf("%d files listed of %d; %d copies, want 1", len(listed), len(sums), copies)
	}
	if truth.AsOf != "2025-12-31" || truth.From != "2024-01-01" || !truth.Synthetic {
		t.Errorf("period %s to %s, synthetic %t", truth.From, truth.AsOf, truth.Synthetic)
	}
}

// TestNobodyIsReal holds every codice fiscale to a place of birth that does not
// exist: those that do begin with A to M, or with Z for countries.
func TestNobodyIsReal(t *testing.T) {
	dir, truth := small(t)
	code := regexp.MustCompile(`\b[A-Z]{6}\d\d[A-Z]\d\d([A-Z])\d{3}[A-Z]\b`)
	persons, again := map[string]int{}, 0
	for _, file := range truth.Files {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file.Path)))
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range code.FindAllSubmatch(text, -1) {
			if string(match[1]) != "Y" {
				t.Fatalf("%s: %s could be somebody's", file.Path, match[0])
			}
			if persons[string(match[0])]++; persons[string(match[0])] == 2 {
				again++
			}
		}
	}
	if len(persons) < 10_000 || again < len(persons)/10 {
		t.Errorf("%d persons, of whom %d come back", len(persons), again)
	}
}

func TestRowsScale(t *testing.T) {
	for _, rows := range []int{10_000, 60_000} {
		truth, err := synthetic.Write(context.Background(), t.TempDir(), synthetic.Options{Rows: rows})
		if err != nil {
			t.Fatal(err)
		}
		// The technical tables of 127 territories and the operators of the largest patronati do not shrink with the rows.
		near(t, "rows", float64(truth.Rows), float64(rows), 0.01*float64(rows)+2500)
	}
}

func TestShortPeriods(t *testing.T) {
	for _, months := range []int{1, 5} {
		o := synthetic.Options{Rows: 2000, Months: months, From: time.Date(2023, 11, 1, 0, 0, 0, 0, time.UTC)}
		truth, err := synthetic.Write(context.Background(), t.TempDir(), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range truth.Planted {
			if p.From > truth.AsOf {
				t.Errorf("%d months: %s from %s, after the end %s", months, p.Kind, p.From, truth.AsOf)
			}
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	ctx := context.Background()
	for want, o := range map[string]synthetic.Options{
		"rows -1: negative":                             {Rows: -1},
		"months -1: negative":                           {Months: -1},
		"from 2024-02-03: not the first day of a month": {From: time.Date(2024, 2, 3, 0, 0, 0, 0, time.UTC)},
	} {
		if _, err := synthetic.Write(ctx, t.TempDir(), o); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := synthetic.Write(cancelled, t.TempDir(), synthetic.Options{Rows: 1000}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		truth, err := synthetic.Write(context.Background(), dir, synthetic.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(truth.Rows), "rows")
	}
}
