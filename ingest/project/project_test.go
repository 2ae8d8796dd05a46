package project_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/project"
)

func TestInitMakesAProjectThatOpens(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "p")
	p, err := project.Init(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Sources) != 0 || len(p.ReportLanguages()) != 2 {
		t.Errorf("a new project has %d sources and the languages %v", len(p.Sources), p.ReportLanguages())
	}
	before, err := p.Dir.Master("")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := project.Init(dir, nil); err == nil {
		t.Error("a project was made over another")
	}
	if after, err := p.Dir.Master(""); err != nil || string(after) != string(before) {
		t.Errorf("the key changed: %v", err)
	}
}

func TestTheKeyIsItsOwnersAlone(t *testing.T) {
	p, err := project.Init(t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(p.Dir.PersonKey())
	if err != nil {
		t.Fatal(err)
	}
	fromFile, err := p.Dir.Master("")
	if err != nil {
		t.Fatal(err)
	}
	if fromEnvironment, err := p.Dir.Master(string(text)); err != nil || string(fromEnvironment) != string(fromFile) {
		t.Errorf("the key from the environment is another: %v", err)
	}
	if err := os.Chmod(p.Dir.PersonKey(), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Dir.Master(""); err == nil || !strings.Contains(err.Error(), "mode 0640 lets others read the key") {
		t.Errorf("a key that others may read was taken: %v", err)
	}
	if _, err := p.Dir.Master("secret words"); err == nil || strings.Contains(err.Error(), "secret words") {
		t.Errorf("a bad key: %v", err)
	}
}

func TestEverythingWrongIsSaidAtOnce(t *testing.T) {
	dir := t.TempDir()
	text := "as_of: 31/12/2024\nlanguages: [de]\ntargets: {no_show_rate: -1}\ndisclosure: {threshold: 2}\nsources:\n" +
		"  - {name: a, log: booking, files: x.csv}\n  - {name: a, log: bookings}\n"
	if err := os.WriteFile(project.Dir(dir).Config(), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := project.Open(dir)
	if err == nil {
		t.Fatal("it was taken")
	}
	for _, want := range []string{
		`as_of "31/12/2024": not a day`, `languages "de": no such language`, "targets.no_show_rate: below 0",
		"disclosure.threshold 2: below 3", `source "a": log "booking": no such log`, `source "a": the name is already used in line 6`,
		`source "a": no files`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("it does not say %q:\n%v", want, err)
		}
	}
}

func TestDay(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	if got := (&project.Config{}).Day(clock, rome); !got.Equal(now) {
		t.Errorf("without as_of: %s", got)
	}
	want := time.Date(2024, 12, 30, 23, 0, 0, 0, time.UTC)
	if got := (&project.Config{AsOf: "2024-12-31"}).Day(clock, rome); !got.Equal(want) {
		t.Errorf("as_of: %s, want %s", got, want)
	}
}

func TestPathsOfASource(t *testing.T) {
	dir := project.Dir(t.TempDir())
	if err := os.MkdirAll(filepath.Join(dir.Drops(), "agenda"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		pattern, path string
		want          bool
	}{
		{"drops/*.csv", "drops/a.csv", true}, {"drops/*.csv", "drops/agenda/a.csv", false},
		{"drops/agenda", "drops/agenda/a.csv", true}, {"drops/agenda/", "drops/agenda/a.csv", true}, {"drops", "drops/agenda/a.csv", false},
		{filepath.Join(dir.Drops(), "*"), "drops/a.csv", true}, {"", "a.csv", false}, {"drops/a.csv", "drops/a.csv", true},
	} {
		if got := dir.Matches(test.pattern, filepath.Join(string(dir), test.path)); got != test.want {
			t.Errorf("%s among %q: %v", test.path, test.pattern, got)
		}
	}
}

func TestPathsAreNamedFromTheProject(t *testing.T) {
	dir := project.Dir(t.TempDir())
	if got := dir.Relative(filepath.Join(string(dir), "drops", "a.csv")); got != "drops/a.csv" {
		t.Error(got)
	}
	outside := filepath.Join(t.TempDir(), "a.csv")
	if got := dir.Relative(outside); got != outside {
		t.Error(got)
	}
}
