package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"tavolo/reports/html"
)

func messages(t testing.TB, lang string) *html.Messages {
	t.Helper()
	m, err := html.LoadMessages(lang)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// one is a page's table with a figure of every kind in it.
func one(lang string) *html.Table {
	number := func(value float64, digits int, after, code, name string) html.Datum {
		return html.Datum{Kind: html.Measure, Number: value, Digits: digits, After: after, Unit: html.Unit{Code: code, Name: name}}
	}
	word := map[string]string{"it": "riservato", "en": "withheld"}[lang]
	limits := func(low, high float64) []html.Part {
		return []html.Part{{Key: "lower", Title: "lower", Datum: number(low, 1, "%", "percent", "%")}, {Key: "upper", Title: "upper", Datum: number(high, 1, "%", "percent", "%")}}
	}
	at := time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC)
	return &html.Table{Caption: "Caption: " + lang, Notes: []string{"A note"},
		Columns: []html.Column{{Key: "territory", Title: "Territory"}, {Key: "value", Title: "Value", Numeric: true}, {Key: "n", Title: "Cases", Numeric: true},
			{Key: "month", Title: "Month"}, {Key: "file", Title: "File"}, {Key: "course", Title: "Course"}},
		Rows: []html.Row{
			{Group: "Group " + lang},
			{Cells: []html.Cell{{Text: "Aosta " + lang, Plain: html.Datum{Code: "007"}}, {Text: "7.9%", Sub: "7.0–8.8%", Plain: number(7.9123, 1, "%", "percent", "%"), Also: limits(7, 8.8), Class: "ok"},
				{Text: "1,234", Plain: html.Datum{Kind: html.Count, Number: 1234}}, {Text: "April 2025", Plain: html.Datum{Kind: html.Month, At: at}},
				{Text: "a…", Plain: html.Datum{Kind: html.Verbatim, Text: "a.csv"}}, {Draw: "<svg></svg>"}}},
			{Cells: []html.Cell{{Text: "Rieti " + lang, Plain: html.Datum{Code: "057"}}, {Text: word, Plain: number(math.NaN(), 0, "", "percent", "%"), Also: limits(math.NaN(), math.NaN()), Class: "hidden"},
				{Text: "", Plain: html.Datum{Kind: html.Count, Number: math.NaN()}}, {Text: "May 2025", Plain: html.Datum{Kind: html.Month, At: at.AddDate(0, 1, 0)}},
				{Text: "b…", Plain: html.Datum{Kind: html.Verbatim, Text: "b.csv"}}, {}}},
		}}
}

// TestColumns checks that what a cell shows beside its figure has a column of
// its own, that a heading over rows is a column, and that a drawing is none.
func TestColumns(t *testing.T) {
	table := Of("t", one("en"), messages(t, "en"))
	var got []string
	for _, c := range table.Columns {
		got = append(got, c.Key+" = "+c.Title)
	}
	want := []string{"group = Group", "territory = Territory", "value = Value (%)", "value_lower = Value: lower (%)", "value_upper = Value: upper (%)",
		"value_class = Value: standing", "n = Cases", "month = Month", "file = File"}
	if !slices.Equal(got, want) {
		t.Errorf("columns\n%q, want\n%q", got, want)
	}
}

// TestColumnsOfPlainCells checks the cells that state nothing but what they
// show: second lines and marks are columns, and names are made of titles.
func TestColumnsOfPlainCells(t *testing.T) {
	shown := &html.Table{Columns: []html.Column{{Title: "Place & time"}, {Title: "Place & time", Numeric: true}},
		Rows: []html.Row{{Cells: []html.Cell{{Text: "Aosta", Sub: "AO"}, {Text: "3", Plain: html.Datum{Kind: html.Measure, Number: 3}, Mark: &html.Mark{Kind: "above", Text: "Above"}}}},
			{Cells: []html.Cell{{Text: "Rieti"}, {Text: "–"}}}}}
	got := string(Of("t", shown, messages(t, "en")).CSV("en"))
	want := "\ufeffPlace & time,Place & time: second line,Place & time,Place & time: mark\r\nAosta,AO,3,Above\r\nRieti,,–,\r\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	keys := ""
	for _, c := range Of("t", shown, messages(t, "en")).Columns {
		keys += c.Key + " "
	}
	if keys != "place_time place_time_second place_time_2 place_time_mark " {
		t.Errorf("keys %q", keys)
	}
}

func TestCSV(t *testing.T) {
	want := "\ufeffGruppo;Territory;Value (%);Value: lower (%);Value: upper (%);Value: stato;Cases;Month;File\r\n" +
		"Group it;Aosta it;7,9123;7;8,8;valido;1234;2025-04;a.csv\r\nGroup it;Rieti it;riservato;;;riservato;;2025-05;b.csv\r\n"
	if got := string(Of("t", one("it"), messages(t, "it")).CSV("it")); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// hostile are texts that a spreadsheet, XML or a CSV reader may take for
// something else.
var hostile = []string{"=cmd|' /C calc'!A0", "+1", "@SUM(1)", "-2+3", "\t=1", "\r=1", "\n=1", "</script><img src=x>", "]]>", "a\x00b\x1f", "_x003D_1", "quote \" ; , end\r\nline",
	strings.Repeat("very long ", 20), "'already"}

func hostileTable() *html.Table {
	t := &html.Table{Caption: "=1+1", Notes: []string{"@note"}, Columns: []html.Column{{Key: "a", Title: "=head"}, {Key: "b", Title: "+head"}}}
	for _, text := range hostile {
		t.Rows = append(t.Rows, html.Row{Cells: []html.Cell{{Text: text}, {Text: text, Plain: html.Datum{Kind: html.Verbatim, Text: text}}}})
	}
	return t
}

// harmless tells that a spreadsheet takes a text for a text.
func harmless(text string) bool {
	return text == "" || !strings.ContainsRune("=+-@\t\r\n", rune(text[0]))
}

func TestHostileTexts(t *testing.T) {
	m := messages(t, "en")
	table := Of("t", hostileTable(), m)
	rows, err := csv.NewReader(bytes.NewReader(table.CSV("en")[3:])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	book := openBook(t, &Book{Title: "=title", Creator: "<x>", Lang: "en", Name: "About", Facts: []Fact{{"=fact", "+fact"}}, Warning: "-warning",
		Sheets: []Sheet{{"[a]:*?/\\ '", table}, {"", table}, {"a", table}, {strings.Repeat("very long ", 9), table}}})
	names := book.GetSheetList()
	if want := []string{"About", "a", "t", "a (2)", "very long very long very long…"}; !slices.Equal(names, want) {
		t.Errorf("sheets %q, want %q", names, want)
	}
	for _, name := range names {
		cells, err := book.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range append(cells, rows...) {
			for c, text := range row {
				if !harmless(text) {
					t.Errorf("%s, row %d, column %d: %q may be taken for a formula", name, r+1, c+1, text)
				}
				if cell, _ := excelize.CoordinatesToCellName(c+1, r+1); r < len(cells) {
					if formula, _ := book.GetCellFormula(name, cell); formula != "" {
						t.Errorf("%s, %s is a formula: %s", name, cell, formula)
					}
				}
			}
		}
	}
	if got, _ := book.GetCellValue("a", "B"+fmt.Sprint(5+slices.Index(hostile, "_x003D_1"))); got != "_x003D_1" {
		t.Errorf("a text like an escape came back as %q", got)
	}
}

func openBook(t *testing.T, b *Book) *excelize.File {
	t.Helper()
	content, err := b.XLSX()
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func TestXLSX(t *testing.T) {
	table := Of("t", one("en"), messages(t, "en"))
	book := openBook(t, &Book{Title: "Title", Lang: "en", At: time.Date(2026, 1, 5, 6, 0, 0, 0, time.UTC), Name: "About", List: [2]string{"Sheet", "Table"},
		Facts: []Fact{{"Run", "20260105"}}, Sheets: []Sheet{{"First", table}}})
	rows, err := book.GetRows("First")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"Caption: en"}, {"A note"}, {"Group", "Territory", "Value (%)", "Value: lower (%)", "Value: upper (%)", "Value: standing", "Cases", "Month", "File"},
		{"Group en", "Aosta en", "7.9%", "7.0%", "8.8%", "valid", "1,234", "April 2025", "a.csv"}, {"Group en", "Rieti en", "withheld", "", "", "withheld", "", "May 2025", "b.csv"}}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", rows, want)
	}
	if kind, _ := book.GetCellType("First", "C4"); kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("a number is a cell of type %v", kind)
	}
	panes, err := book.GetPanes("First")
	if err != nil || !panes.Freeze || panes.YSplit != 3 || panes.XSplit != 1 {
		t.Errorf("the head is not frozen: %+v, %v", panes, err)
	}
	filter := false
	for _, name := range book.GetDefinedName() {
		filter = filter || name.Name == "_xlnm._FilterDatabase" && name.RefersTo == "'First'!$A$3:$I$5"
	}
	if !filter {
		t.Errorf("no filter over the table: %+v", book.GetDefinedName())
	}
	if ok, target, err := book.GetCellHyperLink("About", "A5"); err != nil || !ok || target != "'First'!A1" {
		t.Errorf("the first sheet does not lead to the table: %v %q %v", ok, target, err)
	}
	if properties, err := book.GetDocProps(); err != nil || properties.Title != "Title" || properties.Language != "en" {
		t.Errorf("properties %+v, %v", properties, err)
	}
}

// TestSameBytes checks that the same tables give the same files.
func TestSameBytes(t *testing.T) {
	write := func() string {
		it, en := Of("t", one("it"), messages(t, "it")), Of("t", one("en"), messages(t, "en"))
		book, err := (&Book{Title: "T", Name: "About", Sheets: []Sheet{{"A", it}}}).XLSX()
		if err != nil {
			t.Fatal(err)
		}
		parquet, err := Parquet([]string{"it", "en"}, []*Table{it, en}, map[string]string{"run_id": "1", "owner": "x"})
		if err != nil {
			t.Fatal(err)
		}
		return string(book) + string(parquet)
	}
	first := write()
	for range 5 {
		if write() != first {
			t.Fatal("the same tables give other bytes")
		}
	}
}

func TestParquetRefusesOtherFigures(t *testing.T) {
	m := messages(t, "it")
	other := func(change func(*html.Table)) *Table {
		table := one("en")
		change(table)
		return Of("t", table, m)
	}
	for _, c := range []struct {
		name  string
		table *Table
	}{
		{"a number", other(func(t *html.Table) { t.Rows[1].Cells[1].Plain.Number = 7.9124 })},
		{"a unit", other(func(t *html.Table) { t.Rows[1].Cells[1].Plain.Unit.Code = "days" })},
		{"a code", other(func(t *html.Table) { t.Rows[1].Cells[0].Plain.Code = "008" })},
		{"a class", other(func(t *html.Table) { t.Rows[1].Cells[1].Class = "small" })},
		{"a file", other(func(t *html.Table) { t.Rows[1].Cells[4].Plain.Text = "c.csv" })},
		{"a month", other(func(t *html.Table) { t.Rows[1].Cells[3].Plain.At = t.Rows[2].Cells[3].Plain.At })},
		{"a withheld figure", other(func(t *html.Table) { t.Rows[2].Cells[1].Plain.Number = 1 })},
		{"a row", other(func(t *html.Table) { t.Rows = t.Rows[:2] })},
	} {
		if _, err := Parquet([]string{"it", "en"}, []*Table{Of("t", one("it"), m), c.table}, nil); err == nil || !strings.Contains(err.Error(), "table t") {
			t.Errorf("%s differs, and the error is %v", c.name, err)
		}
	}
}

func FuzzXLSX(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	m := messages(f, "en")
	f.Fuzz(func(t *testing.T, text string) {
		table := Of("t", &html.Table{Caption: text, Columns: []html.Column{{Title: text}}, Rows: []html.Row{{Cells: []html.Cell{{Text: text}}}}}, m)
		content, err := (&Book{Title: text, Name: "About", Sheets: []Sheet{{text, table}}}).XLSX()
		if err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(bytes.NewReader(content))
		if err != nil {
			t.Fatalf("%q makes a workbook that does not open: %v", text, err)
		}
		names := book.GetSheetList()
		if value, _ := book.GetCellValue(names[1], "A3"); !harmless(value) {
			t.Errorf("%q came out as %q", text, value)
		}
		if err := book.Write(io.Discard); err != nil {
			t.Fatal(err)
		}
	})
}
