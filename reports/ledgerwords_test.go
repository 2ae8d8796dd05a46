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
