package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// session is a whole session of a user, of which everything is kept that was printed.
type session struct {
	t       *testing.T
	dir     string // of the project
	printed bytes.Buffer
}

// do runs a command with some standard input, whatever its status.
func (s *session) do(stdin string, args ...string) string {
	s.t.Helper()
	var stdout, stderr bytes.Buffer
	run(append([]string{"-C", s.dir}, args...), strings.NewReader(stdin), &stdout, &stderr)
	s.printed.Write(stdout.Bytes())
	s.printed.Write(stderr.Bytes())
	return stdout.String() + stderr.String()
}

// TestNoPersonOfASessionIsWritten puts persons in every place of every kind of
// file, does with them all that there is to do, and then looks for them in every
// byte that was written: to the lake, the quarantine, the ledger, the work-list,
// the publication and its downloads, to files that are gone, to what they are
// named, and to the terminal. What went in with the drops is where it was.
func TestNoPersonOfASessionIsWritten(t *testing.T) {
	root := t.TempDir()
	t.Setenv("TAVOLO_NOW", "2024-05-02T09:00:00+02:00")
	t.Setenv("TMPDIR", filepath.Join(root, "tmp"))
	if err := os.Mkdir(filepath.Join(root, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := &session{t: t, dir: filepath.Join(root, "p")}
	seen := watch(t, root)
	p := &persons{t: t, codes: map[string]string{}}
	tavolo(t, exitDone, "init", s.dir)
	put(t, filepath.Join(s.dir, "tavolo.yaml"), sessionConfig)
	sessionDrops(t, s.dir, p)
	s.before(p)
	s.ingest(p)
	s.quarantine(p)
	s.after()
	n := needlesOf(p.codes)
	gone := seen.finish(t, n)
	if gone["spool"] == 0 {
		t.Errorf("of files without a name the search saw %v: it would prove nothing", gone)
	}
	n.search(t, "the terminal", s.printed.Bytes())
	files := s.searchAll(n, root)
	for _, want := range []string{"/lake/", "/quarantine/", "/publications/", ".avro", "lista.xlsx", "decisions.ndjson"} {
		if !strings.Contains(files, want) {
			t.Errorf("no file %s was searched: the search would prove nothing", want)
		}
	}
	if rows := s.do("", "sql", "--format", "csv", "select count(*) as n from bookings where citizen_id like 'v1:%'"); !regexp.MustCompile(`^n\n\d{5,}`).MatchString(rows) {
		t.Errorf("the lake holds no pseudonyms: the search would prove nothing: %s", rows)
	}
}

// searchAll looks through every file below root but the drops, and gives their names.
func (s *session) searchAll(n *needles, root string) string {
	var names strings.Builder
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path == filepath.Join(s.dir, "drops") {
			return fs.SkipDir
		}
		names.WriteString(path + "\n")
		if !entry.Type().IsRegular() {
			return nil
		}
		content, err := os.ReadFile(path)
		n.search(s.t, path, content)
		return err
	})
	if err != nil {
		s.t.Error(err)
	}
	n.search(s.t, "the names of files", []byte(names.String()))
	return names.String()
}

// before is what is done with files before they are ingested.
func (s *session) before(p *persons) {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "drops", "*", "*"))
	if err != nil || len(files) < 14 {
		s.t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		for _, args := range [][]string{
			{"sources", "inspect", file}, {"sources", "inspect", "--json", file}, {"sources", "inspect", "--records", file},
			{"sources", "suggest", file}, {"check", file}, {"check", "--json", "--limit", "0", file},
		} {
			s.do("", args...)
		}
	}
	s.do("", "sources", "pin", "--dry-run")
	s.do("", "sources", "pin", "--json")
	s.do("", "check", filepath.Join(s.dir, "drops", "agenda", p.code("the name of a file that is not there")+".csv"))
	s.do("", "ingest", filepath.Join(s.dir, p.code("the name of a file of no source")+".csv"))
	link := filepath.Join(s.dir, "drops", "agenda", p.code("the name of a link that leads out")+".csv")
	if err := os.Symlink("/etc/hostname", link); err != nil {
		s.t.Fatal(err)
	}
	s.do("", "check", link)
}

// ingest reads the drops, twice, and more than fits into memory from standard input.
func (s *session) ingest(p *persons) {
	s.t.Helper()
	if out := s.do("", "ingest", "--verbose"); !strings.Contains(out, "quarantined") {
		s.t.Fatal(out)
	}
	s.do("", "ingest", "--json")
	var b strings.Builder
	b.WriteString(strings.Join(sessionNames, ";") + "\n")
	const rows = 20_000
	common := p.code("standard input")
	filler := strings.Repeat("nota ", 180)
	for i := range rows {
		row := sessionRow("S"+group(i), common)
		row[7] = filler
		b.WriteString(strings.Join(row, ";") + "\n")
	}
	b.WriteString(strings.Join(with(sessionRow("S-last", p.code("refused, of standard input")), 3, "forse"), ";") + "\n")
	if out := s.do(b.String(), "ingest", "--source", "agenda", "-"); !strings.Contains(out, "20,000 rows accepted") {
		s.t.Fatal(out)
	}
}

// quarantine does all that can be done with refused rows.
func (s *session) quarantine(p *persons) {
	s.t.Helper()
	for _, args := range [][]string{{"ledger"}, {"ledger", "--json"}, {"quarantine", "list"}, {"quarantine", "list", "--by", "batch"}, {"quarantine", "list", "--json"}, {"status"}} {
		s.do("", args...)
	}
	batches := regexp.MustCompile(`\b[0-9a-f]{12}\b`).FindAllString(s.do("", "quarantine", "list", "--by", "batch"), -1)
	if len(batches) < 8 {
		s.t.Fatalf("only %d batches with refused rows", len(batches))
	}
	for _, id := range batches {
		s.do("", "quarantine", "show", id, "--limit", "0")
		s.do("", "quarantine", "show", "--json", id, "--limit", "0")
	}
	list := filepath.Join(s.dir, "lista.xlsx")
	if out := s.do("", "quarantine", "export", "agenda", "--output", list); !strings.Contains(out, "to correct") {
		s.t.Fatal(out)
	}
	drops := filepath.Join(s.dir, "drops")
	corrected := filepath.Join(drops, "corretto.csv")
	put(s.t, corrected, sessionCSV(sessionRow("A5", p.code("in a corrected row")), with(sessionRow("A6", p.code("in a row refused again")), 3, "boh")))
	if out := s.do("", "quarantine", "replay", "--source", "agenda", corrected); !strings.Contains(out, "corrected") {
		s.t.Fatal(out)
	}
	named := filepath.Join(drops, p.code("the name of a list that comes back")+".xlsx")
	content, err := os.ReadFile(list)
	if err != nil {
		s.t.Fatal(err)
	}
	put(s.t, named, string(content))
	fill(s.t, named, map[string]map[string]string{"9": {"Prov": "NA", "CF": p.code("in a list that comes back")}})
	s.do("", "quarantine", "replay", "--source", "agenda", named)
	if out := s.do("", "quarantine", "discard", batches[0], "--reason", "prova", "--by", "anna"); !strings.Contains(out, "discarded") {
		s.t.Fatal(out)
	}
	s.do("", "ingest", "--verbose")
}

// after computes, publishes and asks.
func (s *session) after() {
	s.t.Helper()
	s.do("", "transform", "--verbose")
	if out := s.do("", "publish"); !strings.Contains(out, "publish") {
		s.t.Fatal(out)
	}
	for _, args := range [][]string{{"publish"}, {"publications", "--json"}, {"diff", "--json"}, {"verify", "--files"}, {"publications", "rollback", "previous"}} {
		if out := s.do("", args...); strings.Contains(out, "tavolo: ") {
			s.t.Errorf("%v: %s", args, out)
		}
	}
	for _, relation := range []string{"bookings", "quarantine", "ledger"} {
		for _, format := range []string{"csv", "json"} {
			if out := s.do("", "sql", "--format", format, "select * from "+relation+" limit 2000"); strings.Contains(out, "tavolo: ") {
				s.t.Errorf("%s: %s", relation, out)
			}
		}
	}
	s.do("", "sql", "select x from nowhere where y = 'z'")
	s.do("", "status", "--json")
}
