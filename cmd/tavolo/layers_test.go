package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers is the architecture: each package with the packages of this module
// that it may import. It reads from the bottom up: nothing imports a line that
// stands below its own.
var layers = []struct {
	pkg     string
	imports string
}{
	{"sql", ""},

	{"ingest/diagnostic", ""},
	{"ingest/strictyaml", "ingest/diagnostic"},
	{"ingest/source", "ingest/diagnostic"},
	{"ingest/postgres", "ingest/diagnostic ingest/source"},
	{"ingest/postgres/postgrestest", ""},
	{"ingest/pseudonym", ""},
	{"ingest/reference", "ingest/diagnostic"},
	{"ingest/boundary", "ingest/diagnostic ingest/reference"},
	{"ingest/contract", "ingest/diagnostic ingest/strictyaml ingest/source ingest/pseudonym"},
	{"ingest/datasheet", "ingest/contract"},
	{"ingest/mapping", "ingest/diagnostic ingest/strictyaml ingest/source ingest/pseudonym ingest/contract"},
	{"ingest/lake", "ingest/diagnostic"},
	{"ingest/ledger", "ingest/diagnostic ingest/lake"},
	{"ingest/worklist", "ingest/source ingest/pseudonym ingest/contract ingest/mapping ingest/ledger"},
	{"ingest/project", "ingest/diagnostic ingest/strictyaml ingest/source ingest/contract ingest/mapping ingest/pseudonym ingest/reference ingest/boundary"},
	{"ingest", "ingest/*"},
	{"ingest/synthetic", "sql ingest/diagnostic ingest/reference ingest/pseudonym"},

	{"transform/stats", ""},
	{"transform/kpi", "ingest/diagnostic ingest/strictyaml"},
	{"transform/result", "ingest/ledger ingest/reference transform/kpi"},
	{"transform/disclosure", "transform/result"},
	{"transform/restatement", "ingest/ledger transform/result"},
	{"transform/duckdb", "ingest/diagnostic ingest/reference"},
	{"transform/query", "ingest/diagnostic transform/duckdb"},
	{"transform/subset", "ingest/diagnostic transform/duckdb"},
	{"transform/own", "ingest/diagnostic ingest/strictyaml transform/kpi transform/duckdb transform/subset"},
	{"transform", "sql ingest/diagnostic ingest/contract ingest/lake ingest/ledger ingest/reference ingest transform/*"},

	{"reports/svg", ""},
	{"reports/cartography", "ingest/boundary"},
	{"reports/html", "ingest/diagnostic ingest/strictyaml"},
	{"reports/export", "reports/html"},
	{"reports/pdf", ""},
	{"reports/publication", ""},
	{"reports", "ingest/diagnostic ingest/boundary ingest/contract ingest/ledger ingest/reference ingest/worklist transform/kpi transform/result transform/restatement reports/*"},

	{"cmd/tavolo", "*"},
}

// TestLayers holds the code to the table, and the table to the code.
func TestLayers(t *testing.T) {
	allowed := map[string]string{}
	rank := map[string]int{}
	for i, layer := range layers {
		allowed[layer.pkg], rank[layer.pkg] = layer.imports, i
	}
	found := map[string]bool{}
	for pkg, imports := range importsOf(t, filepath.Join("..", "..")) {
		found[pkg] = true
		patterns, known := allowed[pkg]
		if !known {
			t.Errorf("package %s stands in no layer", pkg)
			continue
		}
		for _, to := range imports {
			if !matches(patterns, to) || rank[to] > rank[pkg] {
				t.Errorf("%s imports %s, which its layer may not", pkg, to)
			}
		}
	}
	for pkg := range rank {
		if !found[pkg] {
			t.Errorf("the table names %s, which does not exist", pkg)
		}
	}
}

// matches tells whether one of the patterns ("a", "a/*", "*") covers a package.
func matches(patterns, pkg string) bool {
	return slices.ContainsFunc(strings.Fields(patterns), func(pattern string) bool {
		parent, all := strings.CutSuffix(pattern, "*")
		return pattern == pkg || all && strings.HasPrefix(pkg, parent)
	})
}

// importsOf gives, for each package of the module, the packages of the module
// that its files import; test files do not count.
func importsOf(t *testing.T, root string) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && path != root || slices.Contains([]string{"testdata", "node_modules", "build"}, entry.Name())) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(folder)
		imports[pkg] = append(imports[pkg], nil...)
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if own, ok := strings.CutPrefix(name, "tavolo/"); ok {
				imports[pkg] = append(imports[pkg], own)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return imports
}
