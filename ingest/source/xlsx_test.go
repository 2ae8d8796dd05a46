package source

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// sheet makes a workbook by a library that is not ours.
func sheet(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func rows(t *testing.T, f *excelize.File, sheet string, from int, rows ...[]any) {
	t.Helper()
	for i, row := range rows {
		cell, _ := excelize.CoordinatesToCellName(1, from+i)
		if err := f.SetSheetRow(sheet, cell, &row); err != nil {
			t.Fatal(err)
		}
	}
}

// asDates asks for columns and writes their dates as ISO 8601.
func asDates(t *testing.T, r Reader, dates ...string) {
	t.Helper()
	var selected []Selected
	for _, name := range r.Header() {
		one := Selected{Name: name}
		for _, date := range dates {
			if date == name {
				one.Moment = AppendISO
			}
		}
		selected = append(selected, one)
	}
	if err := r.(Selector).Select(selected); err != nil {
		t.Fatal(err)
	}
}

func openBytes(t *testing.T, content []byte, f Format, limits Limits) Reader {
	t.Helper()
	r, err := New("t.xlsx", bytes.NewReader(content), f, limits)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func TestXLSX(t *testing.T) {
	content := sheet(t, func(f *excelize.File) {
		rows(t, f, "Sheet1", 1,
			[]any{"Appuntamenti di marzo"}, nil,
			[]any{"ID", "Quando", "Ora", "Note", "Numero"},
			[]any{"007", time.Date(2024, 3, 1, 10, 30, 0, 0, time.UTC), 0.4375, " a\nb_x005F_<&>è ", 12.5},
			[]any{8, "01/03/2024", "10:30", nil, 0.1 + 0.2},
			nil,
			[]any{12345678901234567, 45352, 0, true, 1e15},
			[]any{10, 20240301, "", "", 1, "beyond"},
		)
	})
	r := openBytes(t, content, Format{}, Limits{})
	asDates(t, r, "Quando", "Ora")
	if got := strings.Join(r.Header(), " "); got != "ID Quando Ora Note Numero" {
		t.Errorf("header %s", got)
	}
	equal(t, "records", told(t, r), []string{
		"4:4-4 007|2024-03-01T10:30:00|10:30:00| a\nb_<&>è |12.5",
		"5:5-5 8|01/03/2024|10:30||0.3",
		"7:7-7 12345678901234567|2024-03-01|00:00:00|true|1000000000000000",
		"8:8-8 ragged at Sheet1!F8",
	})
	if l := r.Lines(); l != (Lines{Unit: "row", Total: 8, Header: 1, Preamble: 2, Blank: 1}) {
		t.Errorf("lines %+v", l)
	}
	if r.Dialect().String() != `xlsx, sheet "Sheet1", decimal ".", header 3` {
		t.Errorf("dialect %s", r.Dialect())
	}
}

func TestXLSXEpochs(t *testing.T) {
	for _, test := range []struct {
		serial string
		epoch  int
		want   string
	}{
		{"1", epoch1900, "1900-01-01"}, {"59", epoch1900, "1900-02-28"}, {"61", epoch1900, "1900-03-01"},
		{"45352", epoch1900, "2024-03-01"}, {"43890", epoch1904, "2024-03-01"}, {"45352.9999999999", epoch1900, "2024-03-02"},
		{"0.5", epoch1900, "12:00:00"}, {"45352.5", epoch1904, "2028-03-02T12:00:00"},
	} {
		m, ok := serialMoment([]byte(test.serial), test.epoch)
		if got := string(AppendISO(nil, m)); !ok || got != test.want {
			t.Errorf("%s: %s, want %s", test.serial, got, test.want)
		}
	}
	for _, none := range []string{"-1", "240301", "20240301", "x", "1e400", "NaN"} {
		if _, ok := serialMoment([]byte(none), epoch1900); ok {
			t.Errorf("%s is taken for a date", none)
		}
	}
	yes := true
	content := sheet(t, func(f *excelize.File) {
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
			t.Fatal(err)
		}
		rows(t, f, "Sheet1", 1, []any{"Quando"}, []any{43890})
	})
	r := openBytes(t, content, Format{}, Limits{})
	asDates(t, r, "Quando")
	equal(t, "1904", told(t, r), []string{"2:2-2 2024-03-01"})
}

func TestXLSXSheets(t *testing.T) {
	content := sheet(t, func(f *excelize.File) {
		for _, name := range []string{"Dati", "Legenda", "Vuoto", "Nascosto"} {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
		}
		rows(t, f, "Dati", 1, []any{"a"}, []any{"d"})
		rows(t, f, "Legenda", 1, []any{"a"}, []any{"l"})
		rows(t, f, "Nascosto", 1, []any{"a"}, []any{"n"})
		if err := f.SetSheetVisible("Nascosto", false); err != nil {
			t.Fatal(err)
		}
	})
	_, err := New("t.xlsx", bytes.NewReader(content), Format{}, Limits{})
	if Code(err) != AmbiguousSheet || !strings.Contains(err.Error(), `"Dati", "Legenda"`) {
		t.Errorf("two sheets: %v", err)
	}
	for named, want := range map[string]string{"Dati": "d", "legenda": "l", "Nascosto": "n", "2": "d"} {
		equal(t, named, told(t, openBytes(t, content, Format{Sheet: named}, Limits{})), []string{"2:2-2 " + want})
	}
	if _, err := New("t.xlsx", bytes.NewReader(content), Format{Sheet: "Datti"}, Limits{}); Code(err) != NoSuchSheet {
		t.Errorf("no such sheet: %v", err)
	}
}

// A hidden sheet of other columns is a list for the cells; one of the same columns
// holds rows, and an empty one or a header alone holds none.
func TestXLSXHiddenRowsAreNotPassedOver(t *testing.T) {
	hidden := func(lines ...[]any) error {
		content := sheet(t, func(f *excelize.File) {
			rows(t, f, "Sheet1", 1, []any{"id", "stato"}, []any{"1", "concluso"})
			if _, err := f.NewSheet("Nascosto"); err != nil {
				t.Fatal(err)
			}
			rows(t, f, "Nascosto", 2, lines...)
			if err := f.SetSheetVisible("Nascosto", false); err != nil {
				t.Fatal(err)
			}
		})
		r, err := New("t.xlsx", bytes.NewReader(content), Format{}, Limits{})
		if err == nil {
			equal(t, "visible", told(t, r), []string{"2:2-2 1|concluso"})
		}
		return err
	}
	if err := hidden([]any{"id", "stato"}, []any{"2", "concluso"}); Code(err) != AmbiguousSheet || !strings.Contains(err.Error(), `the same columns as "Sheet1": "Nascosto"`) {
		t.Errorf("the same columns: %v", err)
	}
	for _, lines := range [][][]any{nil, {{"id", "stato"}}, {{"stati"}, {"concluso"}}, {{"id", "stato", "nota"}, {"2", "concluso", ""}}} {
		if err := hidden(lines...); err != nil {
			t.Errorf("%v: %v", lines, err)
		}
	}
}

func TestXLSXHeaderIsPinned(t *testing.T) {
	content := sheet(t, func(f *excelize.File) {
		rows(t, f, "Sheet1", 1, []any{"x", "y", "z"}, []any{"a", "b"}, []any{"1", "2"})
	})
	two, none := 2, 0
	equal(t, "row 2", told(t, openBytes(t, content, Format{Header: &two}, Limits{})), []string{"3:3-3 1|2"})
	equal(t, "none", told(t, openBytes(t, content, Format{Header: &none}, Limits{})), []string{"1:1-1 x|y|z", "2:2-2 a|b|", "3:3-3 1|2|"})
}

// book makes a workbook of one sheet from its XML.
func book(t testing.TB, sheetXML string, more map[string]string) []byte {
	t.Helper()
	parts := map[string]string{
		"[Content_Types].xml":        `<Types/>`,
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<x:workbook xmlns:x="x"><x:sheets><x:sheet name="F" r:id="r1"/></x:sheets></x:workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="/xl/s.xml"/><Relationship Id="r2" Type="http://x/sharedStrings" Target="ss.xml"/></Relationships>`,
		"xl/s.xml":                   sheetXML,
	}
	for name, text := range more {
		parts[name] = text
	}
	return zipOf(t, parts)
}

func zipOf(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range sortedNames(parts) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestXLSXCells(t *testing.T) {
	const head = `<?xml version="1.0"?><!-- c --><worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>a</t></is></c><c t="str"><v>b</v></c></row>`
	content := book(t, head+
		`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>`+
		`<row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3"><f>1+1</f></c></row>`+
		`<row r="4"><c r="A4" t="e"><v>#N/A</v></c></row>`+
		`<row r="5"><c r="A5" t="s"><v>9</v></c></row>`+
		`<row r="6"><c r="B6"><v>1.5E-2</v></c><c r="A6"><v>1</v></c></row>`+
		`<row><c/><c t="str"><f>""</f><v></v></c></row>`+
		`<row><c t="inlineStr"><is><r><t>x</t></r><r><t xml:space="preserve"> y&#x41;&amp;<![CDATA[<z>]]></t></r><rPh><t>no</t></rPh></is></c></row>`+
		`</sheetData><mergeCells/></worksheet>`,
		map[string]string{"xl/ss.xml": `<sst><si><t>one</t></si><si><r><t>t</t></r><r><t>wo_x000A_</t></r></si></sst>`})
	equal(t, "cells", told(t, openBytes(t, content, Format{}, Limits{})), []string{
		"2:2-2 one|two\n", "3:3-3 no_value at F!B3", "4:4-4 cell_error at F!A4", "5:5-5 bad_cell at F!A5",
		"6:6-6 bad_cell at F!6", "8:8-8 x yA&<z>|",
	})
	for name, test := range map[string]struct{ xml, code string }{
		"cut off":       {head + `<row r="2"><c r="A2"><v>1</v>`, Corrupt},
		"document type": {`<!DOCTYPE x [<!ENTITY a "b">]>` + head, Corrupt},
		"entity":        {head + `<row><c t="str"><v>&lol;</v></c></row></sheetData></worksheet>`, Corrupt},
		"rows back":     {head + `<row r="5"/><row r="5"/></sheetData></worksheet>`, Corrupt},
		"far row":       {head + `<row r="999999999"/></sheetData></worksheet>`, TooManyCells},
		"huge text":     {head + `<row><c t="str"><v>` + strings.Repeat("x", 2<<20) + `</v></c></row></sheetData></worksheet>`, TooLarge},
		"no tag":        {head + `< ></sheetData>`, Corrupt},
	} {
		r, err := New("t.xlsx", bytes.NewReader(book(t, test.xml, nil)), Format{}, Limits{})
		for err == nil {
			_, err = r.Next()
		}
		if Code(err) != test.code {
			t.Errorf("%s: %v, code %q, want %q", name, err, Code(err), test.code)
		}
	}
}
