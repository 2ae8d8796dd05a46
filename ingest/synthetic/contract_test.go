package synthetic_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/mapping"
	"tavolo/ingest/pseudonym"
	"tavolo/ingest/reference"
	"tavolo/ingest/source"
	"tavolo/ingest/strictyaml"
	"tavolo/ingest/synthetic"
	"tavolo/sql"
)

// reader reads the files of a country as the pipeline does: by the sources'
// mappings, against the contracts and the country's own reference tables.
type reader struct {
	t       *testing.T
	dir     string
	sources map[string]*mapping.Source
	refs    *reference.Tables
	rome    *time.Location
}

func newReader(t *testing.T, dir string) *reader {
	t.Helper()
	var config struct {
		Sources []mapping.Source `yaml:"sources"`
	}
	if err := strictyaml.Decode("sources.yaml", []byte(synthetic.Sources()), &config); err != nil {
		t.Fatal(err)
	}
	refs, err := reference.Load(sql.Seeds(), os.DirFS(filepath.Join(dir, "reference")))
	if err != nil {
		t.Fatal(err)
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{t: t, dir: dir, sources: map[string]*mapping.Source{}, refs: refs, rome: rome}
	for i := range config.Sources {
		r.sources[config.Sources[i].Name] = &config.Sources[i]
	}
	return r
}

// row is a row that was accepted, by the names of its columns.
type row struct {
	contract *contract.Contract
	values   contract.Row
}

func (r row) text(column string) string { return string(r.values[r.contract.Index(column)].Text) }
func (r row) int(column string) int64   { return r.values[r.contract.Index(column)].Int }
func (r row) null(column string) bool   { return r.values[r.contract.Index(column)].Null }

// read gives every accepted row of a file to do, and the refused by rule and column.
func (r *reader) read(file synthetic.File, do func(row)) (accepted int, refused map[synthetic.Refused]int) {
	r.t.Helper()
	from := r.sources[file.Source]
	of, err := contract.Load(file.Log)
	if err != nil {
		r.t.Fatal(err)
	}
	records, err := source.Open(filepath.Join(r.dir, filepath.FromSlash(file.Path)), from.Format)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() {
		if err := records.Close(); err != nil {
			r.t.Error(err)
		}
	}()
	binding, err := from.Bind(of, records.Header(), "sources.yaml")
	if err != nil {
		r.t.Fatalf("%s: %v", file.Path, err)
	}
	checker, err := contract.NewChecker(of, binding, r.refs, pseudonym.Derive(make([]byte, 32), "test"), r.rome)
	if err != nil {
		r.t.Fatalf("%s: %v", file.Path, err)
	}
	refused = map[synthetic.Refused]int{}
	for {
		record, err := records.Next()
		if errors.Is(err, io.EOF) {
			return accepted, refused
		}
		if err != nil {
			r.t.Fatal(err)
		}
		values, violations := checker.Check(record)
		if values != nil && len(violations) == 0 {
			accepted++
			do(row{of, values})
			continue
		}
		if len(violations) != 1 {
			r.t.Errorf("%s:%d: %d violations, want exactly one: %v", file.Path, record.Line, len(violations), violations)
		}
		for _, v := range violations {
			refused[synthetic.Refused{Source: file.Source, Log: file.Log, Rule: v.Rule, Column: v.Column}]++
		}
	}
}

func TestTheContractsRefuseWhatTheTruthSays(t *testing.T) {
	dir, truth := small(t)
	r := newReader(t, dir)
	refused, accepted := map[synthetic.Refused]int{}, 0
	for _, file := range truth.Files {
		got, bad := r.read(file, func(row) {})
		if got != file.Accepted+file.Duplicates {
			t.Errorf("%s: %d rows accepted, want %d and %d duplicates", file.Path, got, file.Accepted, file.Duplicates)
		}
		if file.CopyOf != "" {
			continue
		}
		accepted += file.Accepted
		for key, n := range bad {
			refused[key] += n
		}
	}
	if accepted != truth.Rows {
		t.Errorf("%d rows accepted, want %d", accepted, truth.Rows)
	}
	rules := map[string]bool{}
	for _, want := range truth.Refused {
		n := want.Records
		want.Records = 0
		if refused[want] != n {
			t.Errorf("%+v: %d records, want %d", want, refused[want], n)
		}
		delete(refused, want)
		rules[want.Rule] = true
	}
	for key, n := range refused {
		t.Errorf("%+v: %d records, and the truth knows of none", key, n)
	}
	for _, rule := range strings.Fields("required not_an_integer not_a_decimal not_a_date not_a_timestamp not_a_boolean not_in_list " +
		"out_of_range unknown_reference invalid_fiscal_code gap_in_local_time not_before requires forbids ragged unterminated_quote") {
		if !rules[rule] {
			t.Errorf("no bad row for the rule %s", rule)
		}
	}
}

// small writes a small country once a test.
func small(t *testing.T) (dir string, truth *synthetic.Truth) {
	t.Helper()
	dir = t.TempDir()
	truth, err := synthetic.Write(context.Background(), dir, synthetic.Options{Seed: 7, Rows: 30_000})
	if err != nil {
		t.Fatal(err)
	}
	return dir, truth
}
