package datasheet_test

import (
	"bytes"
	"encoding/csv"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/datasheet"
	"tavolo/ingest/mapping"
	"tavolo/ingest/pseudonym"
	"tavolo/ingest/reference"
	"tavolo/ingest/source"
	"tavolo/sql"
)

func load(t *testing.T, log string) *contract.Contract {
	t.Helper()
	c, err := contract.Load(log)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// codes gives a few codes of each kind from the built-in reference tables.
func codes(refs *reference.Tables) datasheet.Codes {
	return func(kind string) []string {
		switch kind {
		case "province", "territory":
			return []string{"058", "063"}
		case "patronato":
			return []string{refs.Patronati()[0].Code}
		case "service":
			return []string{refs.Services()[0].Code}
		}
		return nil
	}
}

// TestExamplesPass takes each example through the contract that it is of, with
// a mapping of each column to its own name: no row is refused, no value of a
// list is missing, and no two rows are one.
func TestExamplesPass(t *testing.T) {
	refs, err := reference.Load(sql.Seeds(), nil)
	if err != nil {
		t.Fatal(err)
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	for _, log := range contract.Logs() {
		t.Run(log, func(t *testing.T) {
			c := load(t, log)
			var text bytes.Buffer
			if err := datasheet.Example(&text, c, codes(refs)); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), log+".csv")
			if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			s := &mapping.Source{Name: log, Log: log, Columns: map[string]mapping.Column{}}
			for _, name := range c.ColumnNames() {
				s.Columns[name] = mapping.Column{From: mapping.Names{name}}
			}
			reader, err := source.Open(path, source.Format{})
			if err != nil {
				t.Fatal(err)
			}
			defer reader.Close()
			binding, err := s.Bind(c, reader.Header(), "tavolo.yaml")
			if err != nil {
				t.Fatal(err)
			}
			checker, err := contract.NewChecker(c, binding, refs, pseudonym.Derive(make([]byte, 32), "test"), rome)
			if err != nil {
				t.Fatal(err)
			}
			rows, keys := 0, map[string]bool{}
			for {
				record, err := reader.Next()
				if err != nil {
					break
				}
				row, violations := checker.Check(record)
				if row == nil || len(violations) > 0 {
					t.Errorf("line %d: %+v", record.Line, violations)
					continue
				}
				rows++
				key := ""
				for _, name := range c.Key {
					key += string(row[c.Index(name)].Text) + "\x00"
				}
				keys[key] = true
			}
			if rows < 3 || len(keys) != rows {
				t.Errorf("%d rows with %d keys", rows, len(keys))
			}
			everyValue(t, c, text.Bytes())
		})
	}
}

// everyValue holds an example to showing all that a list may hold.
func everyValue(t *testing.T, c *contract.Contract, text []byte) {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, column := range c.Columns {
		for _, value := range column.Values {
			if !slices.ContainsFunc(records[1:], func(r []string) bool { return r[i] == value }) {
				t.Errorf("%s: no row has %q", column.Name, value)
			}
		}
	}
}

// TestDocumentsAreComplete: each column and each rule is in the document, in
// both languages, and both documents have the same shape.
func TestDocumentsAreComplete(t *testing.T) {
	for _, log := range contract.Logs() {
		c := load(t, log)
		var lines []int
		for _, language := range datasheet.Languages() {
			var text strings.Builder
			if err := datasheet.Write(&text, c, language); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, strings.Count(text.String(), "\n"))
			for _, name := range c.ColumnNames() {
				if !strings.Contains(text.String(), "| `"+name+"` |") {
					t.Errorf("%s, %s: no column %s", log, language, name)
				}
			}
			for _, rule := range c.Rules {
				doc := rule.Doc.EN
				if language == "it" {
					doc = rule.Doc.IT
				}
				if !strings.Contains(text.String(), doc) {
					t.Errorf("%s, %s: no rule %q", log, language, doc)
				}
			}
		}
		if lines[0] != lines[1] {
			t.Errorf("%s: %d lines in one language, %d in the other", log, lines[0], lines[1])
		}
	}
}

// TestEveryCodeIsExplained reads the codes of violations from the source of
// package contract: each stands in the document of some log.
func TestEveryCodeIsExplained(t *testing.T) {
	var all strings.Builder
	for _, log := range contract.Logs() {
		if err := datasheet.Write(&all, load(t, log), "it"); err != nil {
			t.Fatal(err)
		}
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "contract", "contract.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Rule") {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			return true
		}
		code, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		found++
		if !strings.Contains(all.String(), "| `"+code+"` |") {
			t.Errorf("the code %s is in no document", code)
		}
		return true
	})
	if found < 10 {
		t.Errorf("only %d codes found in the source", found)
	}
}
