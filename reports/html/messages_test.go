package html

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var placeholder = regexp.MustCompile(`\{[a-z0-9]+\}`)

// TestLanguagesAgree checks that the catalogues have the same keys, and the
// same values in each text.
func TestLanguagesAgree(t *testing.T) {
	first, err := LoadMessages(Languages()[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range Languages()[1:] {
		other, err := LoadMessages(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range first.Keys() {
			if _, ok := other.texts[key]; !ok {
				t.Errorf("messages/%s has no %s", lang, key)
			}
		}
		for _, key := range other.Keys() {
			mine, theirs := placeholder.FindAllString(first.texts[key], -1), placeholder.FindAllString(other.texts[key], -1)
			slices.Sort(mine)
			slices.Sort(theirs)
			if text, ok := first.texts[key]; !ok {
				t.Errorf("messages/%s has no %s", first.Lang, key)
			} else if !slices.Equal(mine, theirs) {
				t.Errorf("%s: %q and %q do not take the same values", key, text, other.texts[key])
			}
			if strings.TrimSpace(other.texts[key]) == "" || strings.TrimSpace(first.texts[key]) == "" {
				t.Errorf("%s is empty in a language", key)
			}
		}
	}
}

// TestMessagesAreUsed reads the templates and the code: every key that they ask
// for exists, and every key that exists is named by one of them.
func TestMessagesAreUsed(t *testing.T) {
	messages, err := LoadMessages(Languages()[0])
	if err != nil {
		t.Fatal(err)
	}
	asked, named := keysInTemplates(t), map[string]bool{}
	for key := range asked {
		named[key] = true
	}
	keysInCode(t, asked, named)
	for key, where := range asked {
		if _, ok := messages.texts[key]; !ok {
			t.Errorf("%s asks for %q, which the catalogue has not", where, key)
		}
	}
	for _, key := range messages.Keys() {
		base := key
		for _, form := range []string{".zero", ".one", ".other"} {
			base = strings.TrimSuffix(base, form)
		}
		if !named[key] && !named[base] {
			t.Errorf("nothing uses %s", key)
		}
	}
}

// keysInTemplates gives the keys that the templates ask for, with the file.
func keysInTemplates(t *testing.T) map[string]string {
	t.Helper()
	asked := map[string]string{}
	call, plural := regexp.MustCompile(`\bt "([^"]+)"`), regexp.MustCompile(`\bplural "([^"]+)"`)
	names, err := filepath.Glob("templates/*.html")
	if err != nil || len(names) == 0 {
		t.Fatal("no templates", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range call.FindAllStringSubmatch(string(text), -1) {
			asked[match[1]] = name
		}
		for _, match := range plural.FindAllStringSubmatch(string(text), -1) {
			asked[match[1]+".one"], asked[match[1]+".other"] = name, name
		}
	}
	return asked
}

// keysInCode adds the keys that the code of the packages that make pages and
// files asks for by a literal, and to named every string in it: a key may be chosen first.
func keysInCode(t *testing.T, asked map[string]string, named map[string]bool) {
	t.Helper()
	var names []string
	for _, folder := range []string{"..", "../export"} {
		some, err := filepath.Glob(folder + "/*.go")
		if err != nil || len(some) == 0 {
			t.Fatal("no code", err)
		}
		names = append(names, some...)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
				value, _ := strconv.Unquote(text.Value)
				named[value] = true
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			method, _ := call.Fun.(*ast.SelectorExpr)
			literal, isText := call.Args[0].(*ast.BasicLit)
			if method == nil || !isText || literal.Kind != token.STRING {
				return true
			}
			key, _ := strconv.Unquote(literal.Value)
			switch method.Sel.Name {
			case "T":
				asked[key] = name
			case "Plural":
				asked[key+".one"], asked[key+".other"] = name, name
			case "columns":
				for _, argument := range call.Args {
					if title, ok := argument.(*ast.BasicLit); ok {
						key, _ := strconv.Unquote(title.Value)
						asked[strings.TrimPrefix(key, "#")], named[strings.TrimPrefix(key, "#")] = name, true
					}
				}
				delete(asked, "italy") // the country's own name
			}
			return true
		})
	}
}

func TestMessages(t *testing.T) {
	m, err := LoadMessages("it")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.Plural("rows", 12345), "12.345 righe"; got != want {
		t.Errorf("Plural(12345) = %q, want %q", got, want)
	}
	if got, want := m.Plural("rows", 1), "una riga"; got != want {
		t.Errorf("Plural(1) = %q, want %q", got, want)
	}
	if got, want := m.Plural("funnel.finding.regions", 0, "total", 20), "Nessuna regione su 20 è oltre i limiti del 99,8\u202f%"; got != want {
		t.Errorf("Plural(0) = %q, want %q", got, want)
	}
	for _, test := range [][2]string{{"aprile 2025", "12 mesi fino ad aprile 2025"}, {"agosto 2025", "12 mesi fino ad agosto 2025"}, {"marzo 2025", "12 mesi fino a marzo 2025"}} {
		if got := m.T("fact.period.value", "month", test[0]); got != test[1] {
			t.Errorf("%q, want %q", got, test[1])
		}
	}
	for _, test := range [][2]string{{"11/03/2025", "Dati fino all'11/03/2025."}, {"08/11/2025", "Dati fino all'08/11/2025."}, {"30/11/2025", "Dati fino al 30/11/2025."}} {
		if got := m.T("footer.until", "until", test[0]); got != test[1] {
			t.Errorf("%q, want %q", got, test[1])
		}
	}
	if err := m.Err(); err != nil {
		t.Errorf("nothing is missing yet: %v", err)
	}
	if got := m.T("no.such.key"); got != "no.such.key" {
		t.Errorf("a missing key gives %q", got)
	}
	if err := m.Err(); err == nil || !strings.Contains(err.Error(), "no.such.key") {
		t.Errorf("a missing key is not told: %v", err)
	}
	if _, err := LoadMessages("de"); err == nil {
		t.Error("messages in German were found")
	}
}
