package duckdb_test

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"tavolo/sql"
	"tavolo/transform/kpi"
)

// describedAs gives the description beside a mart.
func describedAs(t *testing.T, mart string) *kpi.Mart {
	t.Helper()
	file := "marts/" + mart + ".yml"
	text, err := fs.ReadFile(sql.Files, file)
	if err != nil {
		t.Fatal(err)
	}
	described, err := kpi.ParseMart(mart, "sql/"+file, text)
	if err != nil {
		t.Fatal(err)
	}
	return described
}

// keepsItsDescription holds a mart to the .yml beside it: the columns, in their
// order, what may be null, and what no two rows share.
func (m *modelMaker) keepsItsDescription(mart string) {
	described := describedAs(m.t, mart)
	columns, err := m.engine.Columns(m.t.Context(), mart)
	if err != nil {
		m.t.Fatal(err)
	}
	var wanted, got []string
	for _, column := range described.Columns {
		wanted = append(wanted, column.Name)
	}
	for _, column := range columns {
		got = append(got, column.Name)
	}
	if strings.Join(got, " ") != strings.Join(wanted, " ") {
		m.t.Errorf("columns of %s\n     %s\n.yml %s", mart, got, wanted)
	}
	broken, err := m.engine.Query(m.t.Context(), described.Check())
	if err != nil {
		m.t.Fatal(err)
	}
	for _, row := range broken.Rows {
		m.t.Errorf("%s: %s (%d)", mart, row[0], row[1])
	}
}

// TestTheCatalogueReadsColumnsThatThereAre holds the entries to the marts.
func TestTheCatalogueReadsColumnsThatThereAre(t *testing.T) {
	text, err := fs.ReadFile(sql.Files, "kpis.yml")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := kpi.Parse("sql/kpis.yml", text)
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]bool{}
	for _, indicator := range catalogue.Indicators {
		read[indicator.Mart] = true
		has := map[string]bool{}
		for _, column := range describedAs(t, indicator.Mart).Columns {
			has[column.Name] = true
		}
		for _, column := range append(indicator.Columns(), "month", "territory_code") {
			if !has[column] {
				t.Errorf("indicator %s reads %s.%s, which is not there", indicator.ID, indicator.Mart, column)
			}
		}
	}
	models, engine := modelsKnown(t), open(t)
	for _, model := range models {
		names, err := engine.Names(t.Context(), model)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasPrefix(model.File, "sql/marts/") && name != model.Name {
				read[name] = true
			}
		}
	}
	for name, model := range models {
		if strings.HasPrefix(model.File, "sql/marts/") && !read[name] {
			t.Errorf("%s: neither an indicator nor another mart reads it", model.File)
		}
	}
}

// TestModelsAreWrittenAlike holds the SQL to the few rules of form that a
// machine can see.
func TestModelsAreWrittenAlike(t *testing.T) {
	titles := map[string]string{} // of a rule that has a folder of checks
	for _, model := range modelsKnown(t) {
		lines := strings.Split(model.SQL, "\n")
		isCheck := strings.HasPrefix(model.File, "sql/checks/")
		if !isCheck && !strings.HasPrefix(lines[0], "-- grain: one row per ") {
			t.Errorf("%s:1: the first line must state the grain", model.File)
		}
		if isCheck && (!strings.HasPrefix(lines[0], "-- ") || !strings.HasSuffix(lines[0], ".")) {
			t.Errorf("%s:1: the first line must say in a sentence what holds", model.File)
		}
		if rule := path.Dir(model.File); rule != "sql/checks" && isCheck {
			if title, ok := titles[rule]; ok && title != lines[0] {
				t.Errorf("%s:1: not the first line that others of its folder have", model.File)
			}
			titles[rule] = lines[0]
		}
		for i, line := range lines {
			switch code, _, _ := strings.Cut(line, "--"); {
			case len([]rune(line)) > 100:
				t.Errorf("%s:%d: longer than 100 columns", model.File, i+1)
			case strings.ContainsRune(line, '\t') || strings.HasSuffix(line, " "):
				t.Errorf("%s:%d: a tab, or space at the end", model.File, i+1)
			case strings.Contains(code, "try_cast") || strings.Contains(code, "quantile") || strings.Contains(code, "qualify") ||
				strings.Contains(code, "group by all") || strings.Contains(code, "list("):
				t.Errorf("%s:%d: not in the subset that other engines share", model.File, i+1)
			}
		}
		if !strings.HasSuffix(model.SQL, "\n") || strings.HasSuffix(model.SQL, "\n\n") {
			t.Errorf("%s: must end with one line end", model.File)
		}
	}
}
