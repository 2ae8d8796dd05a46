package worklist_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"tavolo/ingest/contract"
	"tavolo/ingest/ledger"
	"tavolo/ingest/mapping"
	"tavolo/ingest/source"
	"tavolo/ingest/worklist"
)

func load(t *testing.T, log string) *contract.Contract {
	t.Helper()
	c, err := contract.Load(log)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// codesIn reads the codes of violations and problems from the source of the
// package that has them: exported constants such as out_of_range.
func codesIn(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", file), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	var codes []string
	ast.Inspect(parsed, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || !spec.Names[0].IsExported() || spec.Type != nil {
			return true
		}
		if literal, ok := spec.Values[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil && code.MatchString(text) {
				codes = append(codes, text)
			}
		}
		return true
	})
	return codes
}

// TestEveryCodeHasItalianWords: no reason falls back on its bare code.
func TestEveryCodeHasItalianWords(t *testing.T) {
	c := load(t, "interactions")
	notCodes := []string{contract.FiscalCode, contract.Opaque, contract.NotBefore, contract.Requires, contract.Forbids}
	columns := slices.DeleteFunc(codesIn(t, "contract/contract.go"), func(code string) bool { return slices.Contains(notCodes, code) })
	problems := append(codesIn(t, "source/source.go"), slices.Concat(codesIn(t, "source/jsonscan.go"), codesIn(t, "source/sheet.go"),
		[]string{source.NestedTooDeep, worklist.StillMasked})...)
	if len(columns) < 10 || len(problems) < 10 {
		t.Fatalf("found only %v and %v", columns, problems)
	}
	for _, code := range columns {
		got := worklist.Reason(c, ledger.Refusal{Column: "channel", Rule: code, Value: "x"})
		if strings.Contains(got, code) || !strings.HasPrefix(got, "«Canale»") {
			t.Errorf("%s: %s", code, got)
		}
	}
	for _, code := range problems {
		if got := worklist.Reason(c, ledger.Refusal{Rule: code}); strings.Contains(got, "("+code+")") {
			t.Errorf("%s: %s", code, got)
		}
	}
	for _, log := range contract.Logs() {
		c := load(t, log)
		for _, rule := range c.Rules {
			if got := worklist.Reason(c, ledger.Refusal{Column: rule.Column, Rule: rule.Rule}); !strings.Contains(got, ".") || strings.Contains(got, "non rispetta la regola") {
				t.Errorf("%s: %s", log, got)
			}
		}
	}
}

// TestReasons shows what an office reads.
func TestReasons(t *testing.T) {
	c := load(t, "interactions")
	for _, test := range []struct {
		refusal ledger.Refusal
		want    string
	}{
		{ledger.Refusal{Column: "province_code", Rule: "required"}, "«Provincia» manca, ed è obbligatorio."},
		{ledger.Refusal{Column: "queue_seconds", Rule: "out_of_range", Value: "-5"}, "«Attesa in coda, secondi»: il valore «-5» è fuori dai limiti, da 0 a 86400."},
		{ledger.Refusal{Column: "closed_at", Rule: "not_before", Message: "closed_at is before opened_at"},
			"«Chiusura» viene prima di «Apertura»."},
		{ledger.Refusal{Column: "closed_at", Rule: "requires", Message: "closed_at is empty although outcome is risolto"},
			"«Chiusura» manca, sebbene «Esito» sia risolto."},
		{ledger.Refusal{Rule: "from_the_future"}, "La riga non si è potuta leggere (from_the_future)."},
	} {
		if got := worklist.Reason(c, test.refusal); !strings.HasPrefix(got, test.want) {
			t.Errorf("got  %s\nwant %s …", got, test.want)
		}
	}
}

// agenda is a source with the refused records of one batch.
func agenda(t *testing.T, refusals ...ledger.Refusal) worklist.List {
	t.Helper()
	dir := t.TempDir()
	batch := strings.Repeat("a", 64)
	w, err := ledger.CreateQuarantine(dir, batch)
	if err != nil {
		t.Fatal(err)
	}
	for i := range refusals {
		refusals[i].BatchID, refusals[i].Position = batch, refusals[i].FirstLine
	}
	if err := w.Write(refusals); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return worklist.List{
		Contract: load(t, "bookings"), Quarantine: dir, Day: time.Date(2024, 5, 2, 0, 0, 0, 0, time.UTC),
		Source: &mapping.Source{Name: "agenda", Log: "bookings", Columns: map[string]mapping.Column{
			"booking_id": {From: mapping.Names{"ID"}}, "status": {From: mapping.Names{"Stato"}},
			"citizen_id": {From: mapping.Names{"CF"}, Kind: contract.Opaque},
		}},
		Entries: []ledger.Entry{{BatchID: batch, Source: "agenda", Log: "bookings", Outcome: ledger.Committed,
			Columns: []string{"ID", "", "Stato", "CF"}, Delimiter: ";"}},
		Decisions: &ledger.Decisions{},
	}
}

// TestHostileTextsSurvive takes texts to a workbook and back: what could be taken
// for a formula is harmless on the way, and the same again at the end.
func TestHostileTextsSurvive(t *testing.T) {
	texts := []string{"=1+1", "+39 06", "-5", "@cmd", "'apostrofo", "''due", "'=1", "a;b", `con "virgolette"`, "due\nrighe", " spazi ", "058", "1e5", "01/04/2024", ""}
	var refusals []ledger.Refusal
	for i, text := range texts {
		raw := "A" + strconv.Itoa(i) + ";…;" + `"` + strings.ReplaceAll(text, `"`, `""`) + `";`
		refusals = append(refusals, ledger.Refusal{FirstLine: i + 2, Raw: raw, Column: "status", Rule: "not_in_list"})
	}
	list := agenda(t, refusals...)
	path := filepath.Join(t.TempDir(), "lista.xlsx")
	written, err := worklist.Write(t.Context(), path, list)
	if err != nil || written.Rows != len(texts) || written.Unsplit != 0 {
		t.Fatalf("%+v, %v", written, err)
	}
	open := func() source.Reader {
		reader, err := source.Open(path, source.Format{Sheet: worklist.SheetName})
		if err != nil {
			t.Fatal(err)
		}
		return reader
	}
	back, err := worklist.Read(t.Context(), open(), list)
	if err != nil || !back.IsList || back.Untouched != len(texts) || back.Linked+back.Unlinked+back.Settled != 0 {
		t.Fatalf("%+v, %v", back, err)
	}
	// As if each had been touched: nothing is passed over, and the texts are seen.
	all := *back
	plain := (&worklist.Return{IsList: true}).Wrap(open())
	selector := plain.(source.Selector)
	if err := selector.Select([]source.Selected{{Name: "Stato"}}); err != nil {
		t.Fatal(err)
	}
	status := slices.Index(plain.Header(), "Stato")
	for i, want := range texts {
		record, err := plain.Next()
		if err != nil || len(record.Fields) != len(plain.Header()) {
			t.Fatalf("%+v, %v", record, err)
		}
		if got := string(record.Fields[status]); strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
	}
	// Nothing is read again of what was left as it was, and the lines balance.
	rest := all.Wrap(open())
	if record, err := rest.Next(); err == nil {
		t.Errorf("read again: %+v", record)
	}
	if lines := rest.Lines(); lines.Header != 1 || lines.Blank != len(texts) || lines.Total != len(texts)+1 {
		t.Errorf("%+v", lines)
	}
}

// TestTheListSaysWhatMayBeWritten: the form of dates, and the codes there are of
// each kind that the mapping takes from the file.
func TestTheListSaysWhatMayBeWritten(t *testing.T) {
	list := agenda(t, ledger.Refusal{FirstLine: 2, Raw: "A1;;forse;", Column: "status", Rule: "not_in_list"})
	list.Source.Columns["slot_at"] = mapping.Column{From: mapping.Names{"Quando"}, Layout: "dd/MM/yyyy HH:mm"}
	list.Source.Columns["service_code"] = mapping.Column{From: mapping.Names{"Prestazione"}}
	list.Source.Columns["province_code"] = mapping.Column{Value: new(string)} // a constant, never in the file
	list.Codes = func(kind string) [][2]string { return [][2]string{{kind + "_1", "Prima"}, {kind + "_2", "Seconda"}} }
	path := filepath.Join(t.TempDir(), "lista.xlsx")
	if _, err := worklist.Write(t.Context(), path, list); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	codes, err := book.GetRows("Codici")
	want := [][]string{{"Prestazione"}, {"service_1", "Prima"}, {"service_2", "Seconda"}}
	if err != nil || !slices.EqualFunc(codes, want, slices.Equal) {
		t.Errorf("%v, %v", codes, err)
	}
	words, err := book.GetRows("Istruzioni")
	if text := fmt.Sprint(words); err != nil || !strings.Contains(text, "Forma: gg/mm/aaaa hh:mm.") || !strings.Contains(text, "foglio «Codici»") {
		t.Error(text, err)
	}
}

// TestMaskIsNoPerson: where any text may name a person, the mask of the list
// does not; and only the rows that were changed come back.
func TestMaskIsNoPerson(t *testing.T) {
	list := agenda(t, ledger.Refusal{FirstLine: 7, Raw: "A1;…;forse;***", Column: "status", Rule: "not_in_list"})
	text := "Lotto (non modificare);Riga (non modificare);ID;Stato;CF\n" + strings.Repeat("a", 16) + ";7;A1;presentato;***\n;;B1;presentato;X\n"
	open := func() source.Reader {
		reader, err := source.New("lista.csv", strings.NewReader(text), source.Format{}, source.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return reader
	}
	back, err := worklist.Read(t.Context(), open(), list)
	if err != nil || back.Linked != 1 || back.Unlinked != 1 {
		t.Fatalf("%+v, %v", back, err)
	}
	reader := back.Wrap(open())
	if got := strings.Join(reader.Header(), "|"); got != "ID|Stato|CF" {
		t.Errorf("header %s", got)
	}
	first, err := reader.Next()
	if err != nil || first.Problem == nil || first.Problem.Code != worklist.StillMasked {
		t.Errorf("%+v, %v", first, err)
	}
	second, err := reader.Next()
	if err != nil || second.Problem != nil || string(second.Fields[0]) != "B1" {
		t.Errorf("%+v, %v", second, err)
	}
}
