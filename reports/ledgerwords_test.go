package reports

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tavolo/reports/html"
	"tavolo/transform/result"
)

// TestRulesHaveWords reads the codes of violations where they are declared: a page
// has words for each in every language, and for nothing else.
func TestRulesHaveWords(t *testing.T) {
	isCode := regexp.MustCompile(`^(Rule\w+|NotBefore|Requires|Forbids|Ragged|\w+Quote|BadEncoding|NulByte|TooLong|TooManyColumns|BadJSON|DuplicateKey|NotAValue|CellError|NoValue|BadCell)$`)
	codes := map[string]bool{"nested_too_deep": true} // declared among those of whole files
	for _, name := range []string{"contract/contract.go", "source/source.go", "source/jsonscan.go", "source/sheet.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../ingest", filepath.FromSlash(name)), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			if text, ok := spec.Values[0].(*ast.BasicLit); ok && text.Kind == token.STRING && spec.Type == nil && isCode.MatchString(spec.Names[0].Name) {
				code, _ := strconv.Unquote(text.Value)
				codes[code] = true
			}
			return true
		})
	}
	if len(codes) < 25 {
		t.Fatalf("only %d codes are declared", len(codes))
	}
	for _, lang := range html.Languages() {
		for code := range codes {
			if ruleNames[lang][code] == "" {
				t.Errorf("%s: no words for the rule %s", lang, code)
			}
		}
		for code := range ruleNames[lang] {
			if !codes[code] {
				t.Errorf("%s: words for the rule %s, which there is not", lang, code)
			}
		}
	}
}

// TestExamplesOfRefusedRows says why in the language of the page; in Italian as the work-list does, with the
// value that the message has, and in English, and said to be so, where the contract does not know the column.
func TestExamplesOfRefusedRows(t *testing.T) {
	for _, test := range []struct {
		refused  result.RefusedCount
		want     string
		wantLang string
	}{
		{result.RefusedCount{Log: "bookings", Rule: "unknown_reference", Column: "province_code", Example: `province_code: "ITX\"9" is no known province`},
			`«Provincia»: il valore «ITX"9» non è tra i codici e i nomi conosciuti alla data della riga.`, ""},
		{result.RefusedCount{Log: "bookings", Rule: "required", Column: "province_code", Example: "province_code is empty, and every row must have it"},
			"«Provincia» manca, ed è obbligatorio.", ""},
		{result.RefusedCount{Log: "bookings", Rule: "ragged", Example: "17 fields where the header has 18"}, "La riga ha più o meno campi dell'intestazione.", ""},
		{result.RefusedCount{Log: "bookings", Rule: "required", Column: "other", Example: "other is empty"}, "other is empty", "en"},
		{result.RefusedCount{Log: "bookings", Rule: "required", Column: "province_code"}, "", "en"},
	} {
		it, en := bareBuilder(t, fixture(t, "no_show_rate"), "it"), bareBuilder(t, fixture(t, "no_show_rate"), "en")
		if got := it.refusedExample(test.refused); got.Text != test.want || got.Lang != test.wantLang {
			t.Errorf("%q (%s), want %q (%s)", got.Text, got.Lang, test.want, test.wantLang)
		}
		if got := en.refusedExample(test.refused); got.Text != test.refused.Example {
			t.Errorf("in English %q", got.Text)
		}
	}
}

// TestChecksHaveTitles holds the translated titles to the checks that there are.
func TestChecksHaveTitles(t *testing.T) {
	files, err := os.ReadDir("../sql/checks") // a rule is a file or a folder of them
	if err != nil || len(files) == 0 {
		t.Fatal("no checks", err)
	}
	checks := map[string]bool{}
	for _, file := range files {
		if name, isSQL := strings.CutSuffix(file.Name(), ".sql"); isSQL || file.IsDir() {
			checks[name] = true
		}
	}
	for name := range checks {
		if checkTitles["it"][name] == "" {
			t.Errorf("the check %s has no title in Italian", name)
		}
	}
	for name := range checkTitles["it"] {
		if !checks[name] {
			t.Errorf("a title for the check %s, which there is not", name)
		}
	}
}
