package duckdb_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"tavolo/ingest/contract"
	"tavolo/ingest/reference"
	"tavolo/sql"
	"tavolo/transform/duckdb"
)

var update = flag.Bool("update", false, "rewrite the wanted rows in testdata/models from what the models give")

// TestModels runs every file of testdata/models: relations given as CSV
// (section "given/bookings.csv"), rows wanted from models and checks (section
// "want/appointments.csv"). Spaces around a value are for the eye. An empty
// value is null; a column that is not given is null. The columns of a wanted
// section are those to compare; rows are compared in sorted order. Where
// reference tables, params, batches or the ledger are not given, they are the
// built-in ones, those below, or empty. A given section that names a model takes
// the place of its rows, so that a check can be shown what it must find.
func TestModels(t *testing.T) {
	layouts, models := relationsKnown(t), modelsKnown(t)
	files, err := filepath.Glob("../../testdata/models/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests of models: %v", err)
	}
	tested := map[string]bool{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, section := range archive.Files {
			if strings.HasPrefix(section.Name, "want/") {
				tested[relationOf(section.Name)] = true
			}
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			runArchive(t, archive, layouts, models)
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	for _, name := range slices.Sorted(maps.Keys(models)) {
		if !tested[name] {
			t.Errorf("%s has no test in testdata/models", models[name].File)
		}
	}
}

// defaultParams is the row of parameters of a test that gives none.
const defaultParams = `data_until,as_of,first_month,last_month,standard_working_days,response_standard_hours,decision_standard_days,follow_up_days,tables_per_half_year,disclosure_threshold
2024-06-30T21:59:59Z,2024-06-30,2024-01-01,2024-06-01,7,48,30,30,2,5
`

func runArchive(t *testing.T, archive *txtar.Archive, layouts map[string]duckdb.Table, models map[string]duckdb.Model) {
	maker := &modelMaker{
		t: t, engine: open(t), given: maps.Clone(layouts), models: models, replaced: map[string][]byte{}, made: map[string]bool{},
	}
	maker.given["params"] = tableOf(t, layouts["params"], []byte(defaultParams))
	for _, section := range archive.Files {
		name := relationOf(section.Name)
		switch {
		case !strings.HasPrefix(section.Name, "given/"):
		case models[name].Name != "":
			maker.replaced[name] = section.Data
		default:
			layout, ok := layouts[name]
			if !ok {
				t.Fatalf("%s: no such relation", section.Name)
			}
			maker.given[name] = tableOf(t, layout, section.Data)
		}
	}
	for i := range archive.Files {
		section := &archive.Files[i]
		if !strings.HasPrefix(section.Name, "want/") {
			continue
		}
		maker.make(relationOf(section.Name))
		got := rowsLike(t, maker.engine, relationOf(section.Name), section.Data)
		if *update {
			section.Data = aligned(got)
		} else if want := sorted(records(t, section.Data)); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s\ngot\n%swant\n%s", section.Name, aligned(got), aligned(want))
		}
	}
}

// relationOf is the relation that a section of a test is about.
func relationOf(section string) string {
	_, name, _ := strings.Cut(section, "/")
	return strings.TrimSuffix(name, ".csv")
}

// modelMaker makes a relation after those that it reads.
type modelMaker struct {
	t        *testing.T
	engine   *duckdb.Engine
	given    map[string]duckdb.Table
	models   map[string]duckdb.Model
	replaced map[string][]byte // model → the rows to have instead of its own
	made     map[string]bool
}

func (m *modelMaker) make(name string) {
	if m.made[name] {
		return
	}
	m.made[name] = true
	if table, ok := m.given[name]; ok {
		if err := m.engine.Create(m.t.Context(), table); err != nil {
			m.t.Fatal(err)
		}
		return
	}
	model, ok := m.models[name]
	if !ok {
		m.t.Fatalf("nothing is called %s", name)
	}
	reads, err := m.engine.Names(m.t.Context(), model)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, read := range reads {
		m.make(read)
	}
	if _, err := m.engine.Run(m.t.Context(), model); err != nil {
		m.t.Fatal(err)
	}
	if text, ok := m.replaced[name]; ok {
		m.replace(name, text)
	} else if strings.HasPrefix(model.File, "sql/marts/") {
		m.keepsItsDescription(name)
	}
}

// replace gives a model other rows, in its own columns.
func (m *modelMaker) replace(name string, text []byte) {
	columns, err := m.engine.Columns(m.t.Context(), name)
	if err != nil {
		m.t.Fatal(err)
	}
	if err := m.engine.Exec(m.t.Context(), "drop table "+duckdb.Name(name)); err != nil {
		m.t.Fatal(err)
	}
	if err := m.engine.Create(m.t.Context(), tableOf(m.t, duckdb.Table{Name: name, Columns: columns}, text)); err != nil {
		m.t.Fatal(err)
	}
}

// relationsKnown gives what models may read, without rows where a test must
// give them and with the built-in rows of the reference tables.
func relationsKnown(t *testing.T) map[string]duckdb.Table {
	t.Helper()
	known := map[string]duckdb.Table{}
	for _, log := range contract.Logs() {
		c, err := contract.Load(log)
		if err != nil {
			t.Fatal(err)
		}
		table := duckdb.Table{Name: log}
		for _, column := range c.Columns {
			kind := string(column.Type)
			if column.Type == contract.Enum || column.Type == contract.Person {
				kind = "text"
			}
			table.Columns = append(table.Columns, duckdb.Column{Name: column.Name, Type: kind})
		}
		table.Columns = append(table.Columns, duckdb.Column{Name: "month", Type: "date"},
			duckdb.Column{Name: "batch_id", Type: "text"}, duckdb.Column{Name: "line", Type: "integer"})
		known[log] = table
	}
	tables, err := reference.Load(sql.Seeds(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, relation := range tables.Relations() {
		table := duckdb.Table{Name: relation.Name, Rows: relation.Rows}
		for _, column := range relation.Columns {
			table.Columns = append(table.Columns, duckdb.Column{Name: column.Name, Type: column.Type})
		}
		known[relation.Name] = table
	}
	known["params"] = layout("params", "data_until timestamp", "as_of date", "first_month date", "last_month date",
		"standard_working_days integer", "response_standard_hours integer", "decision_standard_days integer", "follow_up_days integer",
		"tables_per_half_year integer", "disclosure_threshold integer")
	known["batches"] = layout("batches", "batch_id text", "ingested_seq integer")
	known["ledger"] = layout("ledger", "log text", "source text", "batch_id text", "file text", "outcome text", "received_at timestamp", "ingested_at timestamp",
		"month date", "accepted_records integer", "quarantined_records integer", "duplicate_records integer")
	return known
}

func layout(name string, columns ...string) duckdb.Table {
	table := duckdb.Table{Name: name}
	for _, column := range columns {
		name, kind, _ := strings.Cut(column, " ")
		table.Columns = append(table.Columns, duckdb.Column{Name: name, Type: kind})
	}
	return table
}

func modelsKnown(t *testing.T) map[string]duckdb.Model {
	t.Helper()
	models := map[string]duckdb.Model{}
	for pattern, folder := range map[string]string{"staging/*.sql": "staging/", "marts/*.sql": "marts/", "checks/*.sql": "checks/", "checks/*/*.sql": "checks/"} {
		files, err := fs.Glob(sql.Files, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := fs.ReadFile(sql.Files, file)
			if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimSuffix(strings.TrimPrefix(file, folder), ".sql")
			models[name] = duckdb.Model{Name: name, File: "sql/" + file, SQL: string(text)}
		}
	}
	return models
}

// tableOf puts the rows of a given section under the columns of its layout.
func tableOf(t *testing.T, layout duckdb.Table, text []byte) duckdb.Table {
	t.Helper()
	lines := records(t, text)
	places := make([]int, len(lines[0]))
	for i, name := range lines[0] {
		places[i] = slices.IndexFunc(layout.Columns, func(c duckdb.Column) bool { return c.Name == name })
		if places[i] < 0 {
			t.Fatalf("%s has no column %q", layout.Name, name)
		}
	}
	table := duckdb.Table{Name: layout.Name, Columns: layout.Columns}
	for _, line := range lines[1:] {
		row := make([]string, len(layout.Columns))
		for i, value := range line {
			row[places[i]] = value
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// rowsLike gives the rows of a relation in the columns that the wanted text has.
func rowsLike(t *testing.T, engine *duckdb.Engine, relation string, wanted []byte) [][]string {
	t.Helper()
	columns := "*"
	if header := records(t, wanted); len(header) > 0 {
		columns = strings.Join(header[0], ", ")
	}
	result, err := engine.Query(t.Context(), "select "+columns+" from "+duckdb.Name(relation))
	if err != nil {
		t.Fatal(err)
	}
	lines := [][]string{nil}
	for _, column := range result.Columns {
		lines[0] = append(lines[0], column.Name)
	}
	for _, row := range result.Rows {
		line := make([]string, len(row))
		for i, value := range row {
			line[i] = written(value)
		}
		lines = append(lines, line)
	}
	return sorted(lines)
}

func written(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case time.Time:
		return strings.TrimSuffix(v.Format(time.RFC3339), "T00:00:00Z")
	}
	return fmt.Sprint(value)
}

func records(t *testing.T, text []byte) [][]string {
	t.Helper()
	reader := csv.NewReader(bytes.NewReader(text))
	reader.TrimLeadingSpace = true
	lines, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		for i := range line {
			line[i] = strings.TrimSpace(line[i])
		}
	}
	return lines
}

// sorted leaves the header where it is and sorts the rows below it.
func sorted(lines [][]string) [][]string {
	if len(lines) > 1 {
		slices.SortFunc(lines[1:], slices.Compare)
	}
	return lines
}

// aligned writes CSV whose columns line up.
func aligned(lines [][]string) []byte {
	widths := map[int]int{}
	for _, line := range lines {
		for i, value := range line {
			widths[i] = max(widths[i], len([]rune(value)))
		}
	}
	var b bytes.Buffer
	for _, line := range lines {
		for i, value := range line {
			b.WriteString(value)
			if i < len(line)-1 {
				b.WriteString("," + strings.Repeat(" ", widths[i]-len([]rune(value))+1))
			}
		}
		b.Truncate(len(bytes.TrimRight(b.Bytes(), " ")))
		b.WriteByte('\n')
	}
	return b.Bytes()
}
