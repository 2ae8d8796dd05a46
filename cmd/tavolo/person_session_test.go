package main

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

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/xuri/excelize/v2"

	"tavolo/ingest/pseudonym"
)

// persons invents persons that occur in one place each, so that what is found
// says where it came from.
type persons struct {
	t     *testing.T
	codes map[string]string // code, or an opaque identifier → where it went in
	n     int
}

// code gives a codice fiscale of a new person.
func (p *persons) code(where string) string {
	p.t.Helper()
	p.n++
	letters := "BCDFGHLMNPRSTVZ"
	stem := fmt.Sprintf("%c%c%c%c%c%c%02d%c%02dY%03d", 'Z', letters[p.n/15%15], letters[p.n%15], 'Q', 'R', 'Z', p.n%100,
		"ABCDEHLMPRST"[p.n%12], 1+p.n%28, 100+p.n%900)
	for last := 'A'; last <= 'Z'; last++ {
		if _, ok := pseudonym.NormaliseFiscalCode([]byte(stem + string(last))); ok {
			p.codes[stem+string(last)] = where
			return stem + string(last)
		}
	}
	p.t.Fatalf("%s has no check character", stem)
	return ""
}

// provisional gives a provisional code: 11 digits, the last a check digit.
func (p *persons) provisional(where string) string {
	p.n++
	for last := range 10 {
		code := fmt.Sprintf("9%09d%d", 700_000_000+p.n*7919, last)
		if _, ok := pseudonym.NormaliseFiscalCode([]byte(code)); ok {
			p.codes[code] = where
			return code
		}
	}
	p.t.Fatal("no check digit")
	return ""
}

// opaque gives an identifier of a person that has no form.
func (p *persons) opaque(where string) string {
	p.n++
	id := fmt.Sprintf("MATRICOLA-%d-X", 918_273_000+p.n)
	p.codes[id] = where
	return id
}

const sessionColumns = `    columns: &columns
      booking_id:    ID
      requested_at:  {from: Richiesta, layout: "yyyy-MM-dd"}
      slot_at:       {from: Data, layout: "yyyy-MM-dd"}
      status:        Stato
      province_code: Prov
      service_code:  {value: naspi}
      mode:          {value: fisico}
      citizen_id:    CF
      office_code:   Sede
`

const sessionConfig = `as_of: 2024-05-01
engine: {threads: 1}
sources:
  - name: agenda
    log: bookings
    files: drops/agenda/*
` + sessionColumns + `  - {name: operatori, log: bookings, files: drops/opaque/*, columns: {<<: *columns, citizen_id: {from: CF, kind: opaque}}}
  - {name: sconosciuti, log: bookings, files: drops/headerless/*, columns: *columns}
  - {name: fissi, log: bookings, files: drops/pinned/*, format: {header: 1}, columns: *columns}
`

var sessionNames = []string{"ID", "Richiesta", "Data", "Stato", "Prov", "CF", "Sede", "Note"}

// sessionRow gives a good row of a person.
func sessionRow(id, person string) []string {
	return []string{id, "2024-04-01", "2024-04-02", "concluso", "NA", person, "", ""}
}

func sessionCSV(rows ...[]string) string {
	lines := []string{strings.Join(sessionNames, ";")}
	for _, row := range rows {
		lines = append(lines, strings.Join(row, ";"))
	}
	return strings.Join(lines, "\n") + "\n"
}

// with gives a row with a value in another column.
func with(row []string, column int, value string) []string {
	row[column] = value
	return row
}

// sessionDrops writes every kind of file, with persons in every place.
func sessionDrops(t *testing.T, dir string, p *persons) {
	t.Helper()
	drop := func(name, text string) {
		path := filepath.Join(dir, "drops", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		put(t, path, text)
	}
	code := p.code("a row of CSV")
	drop("agenda/a.csv", sessionCSV(
		sessionRow("A1", code), sessionRow("A2", strings.ToLower(p.code("lower case"))),
		sessionRow("A3", spaced(p.code("with spaces"))), sessionRow("A4", p.provisional("a provisional code")),
		with(sessionRow("A5", p.code("a row with a bad status")), 3, "forse"),
		with(sessionRow("A6", ""), 3, p.code("in the column of the status")), with(sessionRow("A7", ""), 1, p.code("in the place of a date")),
		with(sessionRow("A8", ""), 4, p.code("in the place of a province")), with(sessionRow("A9", ""), 6, p.code("in the place of an office")),
		with(sessionRow("A10", ""), 7, "telefonare a "+p.code("in a longer text")+" domani"),
		sessionRow(p.code("in the place of the key"), ""), sessionRow("A12", wrongCheck(p.code("with a wrong check character"))),
		[]string{"A13", "2024-04-01", p.code("in a row that is cut off")}, sessionRow("A14", `"`+p.code("after a quote that is not closed")),
		with(sessionRow("A15", p.code("in a duplicate")), 7, "x"), with(sessionRow("A15", "x"), 5, "xx"+p.code("within a person's field")+"xx"),
		sessionRow("A16", p.code("before a NUL")+"\x00"), with(sessionRow("A17", p.code("beside bad bytes")), 3, "\xff\xfe"),
	))
	drop("agenda/preamble.csv", "Estratto per "+p.code("in a preamble")+"\n\n"+sessionCSV(sessionRow("B1", p.code("under a preamble"))))
	drop("agenda/"+p.code("in the name of a file")+".csv", sessionCSV(sessionRow("C1", ""), with(sessionRow("C2", ""), 3, "forse")))
	drop("agenda/wide.csv", sessionCSV(sessionRow("D1", p.code("in a file of UTF-8")), sessionRow("D2", p.code("in a long line")+strings.Repeat("x", 2<<20))))
	drop("headerless/h.csv", strings.Join(sessionRow("E1", p.code("in a file without a header")), ";")+"\n"+strings.Join(sessionRow("E2", p.code("its second row")), ";")+"\n")
	drop("headerless/words.csv", strings.Join([]string{"Anna", "Rossi", p.code("where a header should be")}, ";")+"\nLuca;Verdi;x\nEva;Neri;y\n")
	drop("pinned/p.csv", strings.Join(sessionRow("F1", p.code("in a line that the format calls the header")), ";")+"\n"+sessionCSV(sessionRow("F2", p.code("below it"))))
	drop("opaque/o.csv", sessionCSV(sessionRow("G1", p.opaque("an opaque identifier")), with(sessionRow("G2", p.opaque("one of a refused row")), 3, "forse"), sessionRow("G3", p.code("as an opaque identifier"))))
	drop("agenda/lines.ndjson", sessionJSON(t, sessionRow("H1", p.code("a line of JSON")), with(sessionRow("H2", p.code("a refused line of JSON")), 3, "forse"))+
		`{"ID": "H3", "`+p.code("as a key of JSON")+`": 1, "CF": {"x": "`+p.code("in an object of JSON")+`"}}`+"\n{\"ID\": \""+p.code("in JSON that is cut off")+"\n")
	drop("agenda/list.json", "["+strings.ReplaceAll(strings.TrimSpace(sessionJSON(t, sessionRow("I1", p.code("an element of JSON")), with(sessionRow("I2", p.code("a refused element")), 4, "XX"))), "\n", ",")+"]")
	drop("agenda/book.xlsx", sessionBook(t, p.code("a sheet's name"), sessionRow("J1", p.code("a cell")), with(sessionRow("J2", p.code("a refused row of a sheet")), 3, p.code("a refused cell"))))
	drop("agenda/columns.parquet", sessionParquet(t, sessionRow("K1", p.code("a value of Parquet")), with(sessionRow("K2", p.code("a refused row of Parquet")), 3, "forse")))
	drop("agenda/packed.csv.gz", packed(t, "", sessionCSV(sessionRow("L1", p.code("packed by gzip")), with(sessionRow("L2", p.code("refused, packed by gzip")), 3, "forse"))))
	drop("agenda/packed.zip", packed(t, p.code("the name of a member")+".csv", sessionCSV(sessionRow("M1", p.code("packed by zip")), with(sessionRow("M2", p.code("refused, packed by zip")), 3, "forse"))))
	drop("agenda/broken.zip", packed(t, p.code("the name of an empty member")+".csv", ""))
}

// spaced writes a code in groups, as people do.
func spaced(code string) string {
	return code[:3] + " " + code[3:6] + " " + code[6:11] + " " + code[11:]
}

func wrongCheck(code string) string {
	return code[:15] + string('A'+(code[15]-'A'+1)%26)
}

func sessionJSON(t *testing.T, rows ...[]string) string {
	t.Helper()
	var b strings.Builder
	for _, row := range rows {
		object := map[string]string{}
		for i, name := range sessionNames {
			object[name] = row[i]
		}
		if err := json.NewEncoder(&b).Encode(object); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func sessionBook(t *testing.T, sheet string, rows ...[]string) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		t.Fatal(err)
	}
	for i, row := range append([][]string{sessionNames}, rows...) {
		if err := book.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func sessionParquet(t *testing.T, rows ...[]string) string {
	t.Helper()
	fields := make([]arrow.Field, len(sessionNames))
	for i, name := range sessionNames {
		fields[i] = arrow.Field{Name: name, Type: arrow.BinaryTypes.String}
	}
	schema := arrow.NewSchema(fields, nil)
	builder := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer builder.Release()
	for _, row := range rows {
		for i, value := range row {
			builder.Field(i).(*array.StringBuilder).Append(value)
		}
	}
	batch := builder.NewRecordBatch()
	defer batch.Release()
	var b bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &b, nil, pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(batch); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// packed packs a text by zip under the name of a member, or by gzip without one.
func packed(t *testing.T, member, text string) string {
	t.Helper()
	var b bytes.Buffer
	if member == "" {
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	z := zip.NewWriter(&b)
	for _, name := range []string{member, "altro.csv"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		text = strings.Replace(text, ";concluso;", ";presentato;", 1)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
