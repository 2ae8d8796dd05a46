package own_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tavolo/sql"
	"tavolo/transform/kpi"
	"tavolo/transform/own"
)

func builtIn(t *testing.T) *kpi.Catalogue {
	t.Helper()
	text, err := sql.Files.ReadFile("kpis.yml")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := kpi.Parse("sql/kpis.yml", text)
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

func TestAProjectMayAddNothing(t *testing.T) {
	catalogue := builtIn(t)
	o, err := own.Read(filepath.Join(t.TempDir(), "kpis"), filepath.Join(t.TempDir(), "kpis.yml"), catalogue)
	if err != nil || o.Catalogue != catalogue || len(o.Models()) != 0 || len(o.Uses()) != 0 || len(o.Rules()) != 0 {
		t.Errorf("%+v, %v", o, err)
	}
	var none *own.Indicators
	if none.Models() != nil {
		t.Error("nothing has models")
	}
}

// TestTheHeadSaysTheGrainAndTheSurprise: the grain may take several lines.
func TestTheHeadSaysTheGrainAndTheSurprise(t *testing.T) {
	for head, want := range map[string]string{
		"-- grain: one row per month\n-- surprise\n":                       "",
		"-- grain: one row per month\n--        and province\n-- what\n":   "",
		"-- grain: one row per month\n--        and province\n":            ":3:1: below the grain there is no comment",
		"-- grain: one row per month\n":                                    ":2:1: below the grain there is no comment",
		"-- grain: a row\n-- surprise\n":                                   ":1:1: the first line does not state the grain",
		"select 1 as one\n":                                                ":1:1: the first line does not state the grain",
		"\n-- grain: one row per month\n-- the first line is an empty one": ":1:1: the first line does not state the grain",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.sql"), []byte(head+"select 1 as one\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		o, err := own.Read(dir, filepath.Join(dir, "kpis.yml"), builtIn(t))
		if len(o.Marts) != 1 || !slices.Equal(o.Uses(), []string{"a"}) {
			t.Errorf("%q: %d marts", head, len(o.Marts))
		}
		switch {
		case want == "" && err != nil:
			t.Errorf("%q: %v", head, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "a.sql")+want)):
			t.Errorf("%q: got %v, want …%s", head, err, want)
		}
	}
}

// TestOneMistakeDoesNotHideAnother: the form of every file is looked at.
func TestOneMistakeDoesNotHideAnother(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.sql": "select 1 as one\n", "b.sql": "-- grain: one row per month\n-- b\nselect 1 as one\n", "b.yml": "grain: g\n", "c.yml": "grain: g\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	catalogue := filepath.Join(t.TempDir(), "kpis.yml")
	if err := os.WriteFile(catalogue, []byte("indicators:\n  - {idd: x}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	o, err := own.Read(dir, catalogue, builtIn(t))
	for _, want := range []string{"a.sql:1:1: ", `b.yml: mart "b": key is missing`, "c.yml: there is no c.sql beside it", `kpis.yml:2:6: unknown key "idd"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\ndoes not tell %s", err, want)
		}
	}
	if len(o.Marts) != 2 || o.Catalogue == nil {
		t.Errorf("what can be read is not given: %+v", o)
	}
}
