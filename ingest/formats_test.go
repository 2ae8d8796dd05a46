package ingest_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/xuri/excelize/v2"

	"tavolo/ingest"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/project"
	"tavolo/ingest/source"
)

// contacts maps the same columns in every format.
const contacts = `sources:
  - name: contatti
    log: interactions
    files: drops/*
    format: {decimal: ","}
    columns:
      interaction_id: ID
      opened_at: {from: Aperto, layout: "dd/MM/yyyy HH:mm"}
      closed_at: {from: Chiuso, layout: "dd/MM/yyyy HH:mm"}
      channel: Canale
      province_code: Prov
      service_code: {value: ape_sociale}
      outcome: Esito
      citizen_id: Persona.CF
      is_deleted: Cancellato
      updated_at: Aggiornato
`

// contact is a row as it is delivered.
type contact struct {
	id, opened, closed, channel, province, outcome, person, deleted, updated string
}

var contactColumns = []string{"ID", "Aperto", "Chiuso", "Canale", "Prov", "Esito", "Persona.CF", "Cancellato", "Aggiornato"}

func (c contact) values() []string {
	return []string{c.id, c.opened, c.closed, c.channel, c.province, c.outcome, c.person, c.deleted, c.updated}
}

// delivered are three good rows, of which one comes twice, and two bad ones.
func delivered() []contact {
	return []contact{
		{"1", "01/03/2024 09:00", "01/03/2024 10:30", "pec", "RM", "risolto", "RSSMRA85T10A562S", "", "2024-03-02T08:00:00"},
		{"2", "02/03/2024 11:15", "", "portale", "NA", "in_corso", "", "no", ""},
		{"3", "31/02/2024 09:00", "", "pec", "RM", "in_corso", "", "", ""},
		{"4", "03/04/2024 09:00", "", "colomba", "XX", "in_corso", "RSSMRA85T10A562X", "", ""},
		{"2", "02/03/2024 11:15", "", "portale", "NA", "in_corso", "", "no", ""},
		{"5", "04/04/2024 09:00", "04/04/2024 09:01", "email", "058", "risolto", "", "sì", ""},
	}
}

func asCSV(t *testing.T, rows []contact) []byte {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintln(&b, strings.Join(contactColumns, ";"))
	for _, row := range rows {
		fmt.Fprintln(&b, strings.Join(row.values(), ";"))
	}
	return b.Bytes()
}

// asJSON writes objects, with the person nested and empty values left out.
func asJSON(t *testing.T, rows []contact, list bool) []byte {
	t.Helper()
	var lines []string
	for _, row := range rows {
		object := map[string]any{}
		for i, value := range row.values() {
			if value != "" && i != 6 {
				object[contactColumns[i]] = value
			} else if value != "" {
				object["Persona"] = map[string]any{"CF": value, "Nome": "x"}
			}
		}
		text, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(text))
	}
	if list {
		return []byte("[" + strings.Join(lines, ",") + "]")
	}
	return []byte(strings.Join(lines, "\n"))
}

// asXLSX writes dates as dates, where they are some.
func asXLSX(t *testing.T, rows []contact) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	set := func(row int, values []string) {
		for i, value := range values {
			cell, _ := excelize.CoordinatesToCellName(i+1, row)
			var content any = value
			if at, ok := excelDate(value); ok {
				content = at
			}
			if err := f.SetCellValue("Sheet1", cell, content); err != nil {
				t.Fatal(err)
			}
		}
	}
	set(1, contactColumns)
	for i, row := range rows {
		set(i+2, row.values())
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asParquet(t *testing.T, rows []contact) []byte {
	t.Helper()
	var fields []arrow.Field
	for _, name := range contactColumns {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for _, row := range rows {
		for i, value := range row.values() {
			b.Field(i).(*array.StringBuilder).Append(value)
		}
	}
	rec := b.NewRecordBatch()
	defer rec.Release()
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(rec); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func gzipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func archived(t *testing.T, members ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		w, err := z.Create(members[i].(string))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(members[i+1].([]byte)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// contactsProject makes a project with the source of contacts.
func contactsProject(t *testing.T, more string) *project.Project {
	t.Helper()
	p, err := project.Init(t.TempDir(), []byte(more+contacts))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func drop(t *testing.T, p *project.Project, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.Dir.Drops(), name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, j *ingest.Job, p *project.Project) []ingest.Result {
	t.Helper()
	j.Limits = p.Limits
	results, err := j.Run(t.Context(), files(t, p))
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// TestOneTableInEveryFormat delivers the same rows in every format, each to a
// project of its own, and finds the same in the lake and in the quarantine.
func TestOneTableInEveryFormat(t *testing.T) {
	rows := delivered()
	csv := asCSV(t, rows)
	want := ""
	for _, test := range []struct {
		name    string
		content []byte
		place   string // of the bad day
	}{
		{"csv", csv, "Aperto"}, {"csv.gz", gzipped(t, csv), "Aperto"},
		{"csv.zip", archived(t, "x.csv", csv), "Aperto"},
		{"ndjson", asJSON(t, rows, false), "Aperto"}, {"json", asJSON(t, rows, true), "$[2].Aperto"},
		{"xlsx", asXLSX(t, rows), "Sheet1!B4"}, {"xlsx.zip", archived(t, "x.xlsx", asXLSX(t, rows)), "Sheet1!B4"},
		{"parquet", asParquet(t, rows), "Aperto, row 3"},
	} {
		p := contactsProject(t, "")
		drop(t, p, "contatti."+test.name, test.content)
		j := job(t, p)
		j.Master = []byte("0123456789abcdef0123456789abcdef")
		results := run(t, j, p)
		if len(results) != 1 || results[0].Err != nil {
			t.Errorf("%s: %v", test.name, results)
			continue
		}
		e := results[0].Entry
		if e.Accepted.Records != 3 || e.Quarantined.Records != 2 || e.Duplicate.Records != 1 {
			t.Errorf("%s: %+v", test.name, e)
		}
		refusals, err := ledger.Refusals(p.Dir.Quarantine(), e.BatchID)
		if err != nil || len(refusals) != 4 {
			t.Fatalf("%s: %d refusals (%v): %+v", test.name, len(refusals), err, refusals)
		}
		if got := refusals[0]; got.Place != test.place || got.Column != "opened_at" || got.Rule != "not_a_timestamp" || got.Position < 3 {
			t.Errorf("%s: refusal %+v, want it at %s", test.name, got, test.place)
		}
		for _, refusal := range refusals {
			if strings.Contains(fmt.Sprint(refusal), "RSSMRA") {
				t.Errorf("%s: the quarantine holds an identifier: %+v", test.name, refusal)
			}
		}
		got := lakeRows(t, j.Lake, "interactions")
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, want)
		}
	}
	if !strings.Contains(want, "v1:") || !strings.Contains(want, "true") {
		t.Errorf("rows %s", want)
	}
}

// lakeRows gives the rows of a table but for the batch and the line, as text, in
// the order of the table.
func lakeRows(t *testing.T, l *lake.Lake, table string) string {
	t.Helper()
	snapshot, err := l.Snapshot(t.Context(), table)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range snapshot.Files {
		r, err := source.Open(f.Path, source.Format{})
		if err != nil {
			t.Fatal(err)
		}
		for {
			record, err := r.Next()
			if err != nil {
				break
			}
			for i, name := range r.Header() {
				if name != "batch_id" && name != "line" {
					fmt.Fprintf(&b, "%s|", record.Fields[i])
				}
			}
			b.WriteString("\n")
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	return b.String()
}

// excelDate gives a time that a spreadsheet would keep as a number.
func excelDate(text string) (time.Time, bool) {
	for _, layout := range []string{"02/01/2006 15:04", "2006-01-02T15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
