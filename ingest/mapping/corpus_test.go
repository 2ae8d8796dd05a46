package mapping

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tavolo/ingest/contract"
	"tavolo/ingest/pseudonym"
	"tavolo/ingest/source"
)

// corpusMapping is the mapping that every file of the corpus is read with.
const corpusMapping = `name: corpus
log: bookings
files: "*"
columns:
  booking_id: ID Prenotazione
  requested_at: {from: Richiesta, layout: "dd/MM/yyyy HH:mm"}
  slot_at: {from: Appuntamento, layout: "dd/MM/yyyy HH:mm"}
  mode: Modalità
  province_code: Provincia
  service_code: Prestazione
  citizen_id: {from: CF, kind: codice_fiscale}
  status: Stato
`

// someCodes knows the codes of the corpus.
type someCodes struct{}

func (someCodes) Resolve(kind, raw string, _ time.Time) (string, bool) {
	known := map[string][]string{"province": {"RM", "MI", "NA", "TO", "Forlì-Cesena"}, "service": {"pensione", "naspi"}}
	return raw, slices.Contains(known[kind], raw)
}

// TestCorpus reads each file of testdata/corrupt without a hint and through the
// checker, and holds what comes out to the .want beside it: a comment that says
// what is wrong, and then
//
//	accepted: 5                         rows that passed
//	line 3: ragged                      a record that was refused, with the rule of its first violation
//	refused: ambiguous                  the whole file, with its code; mapping and error stand for errors without one
//	ids: 1 2                            the bookings that passed; may be left out
//	format: csv, delimiter ";", …       how it was read; may be left out
func TestCorpus(t *testing.T) {
	folder := filepath.Join("..", "..", "testdata", "corrupt")
	wants, err := filepath.Glob(filepath.Join(folder, "*.want"))
	if err != nil || len(wants) < 90 {
		t.Fatalf("%d files in the corpus (%v)", len(wants), err)
	}
	for _, path := range wants {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		shown := map[string]bool{}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				want = append(want, line)
				word, _, _ := strings.Cut(line, ":")
				shown[word] = true
			}
		}
		if !strings.HasPrefix(string(text), "# ") || len(want) == 0 {
			t.Errorf("%s does not say what is wrong and what must come out", path)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".want"), func(t *testing.T) {
			if got := outcome(t, beside(t, path), shown); !slices.Equal(got, want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
			}
		})
	}
}

// beside gives the one file of the corpus that a .want is about.
func beside(t *testing.T, want string) string {
	t.Helper()
	paths, err := filepath.Glob(strings.TrimSuffix(want, "want") + "*")
	paths = slices.DeleteFunc(paths, func(path string) bool { return path == want })
	if err != nil || len(paths) != 1 {
		t.Fatalf("%s is about %q (%v)", want, paths, err)
	}
	return paths[0]
}

// outcome gives what became of a file, as a .want has it, with the lines that it shows.
func outcome(t *testing.T, path string, shown map[string]bool) []string {
	t.Helper()
	c := bookings(t)
	s := read(t, corpusMapping)
	file, err := source.OpenFile(path, source.Options{})
	var r source.Reader
	if err == nil {
		defer file.Close()
		_, err = file.Parts()[0].Hash(t.Context()) // as ingest does first
	}
	if err == nil {
		r, err = file.Parts()[0].Open(s.Format)
	}
	if code := source.Code(err); code != "" {
		return []string{"refused: " + code}
	} else if err != nil {
		return []string{"refused: error"}
	}
	defer r.Close()
	binding, err := s.BindReader(c, r, "tavolo.yaml")
	if code := source.Code(err); code != "" {
		return []string{"refused: " + code}
	} else if err != nil {
		return []string{"refused: mapping"}
	}
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	checker, err := contract.NewChecker(c, binding, someCodes{}, pseudonym.Derive(make([]byte, 32), "citizen"), zone)
	if err != nil {
		t.Fatal(err)
	}
	accepted, used := 0, 0
	var refused, ids []string
	for {
		record, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if code := source.Code(err); code != "" {
			return []string{"refused: " + code}
		} else if err != nil {
			t.Fatal(err)
		}
		used += record.Span()
		row, violations := checker.Check(record)
		if row != nil {
			accepted++
			ids = append(ids, string(row[c.Index("booking_id")].Text))
			continue
		}
		refused = append(refused, fmt.Sprintf("line %d: %s", record.Position(), violations[0].Rule))
	}
	if l := r.Lines(); l.Total != l.Header+l.Preamble+l.Blank+used {
		t.Errorf("lines do not balance: %+v and %d in records", l, used)
	}
	got := append([]string{fmt.Sprintf("accepted: %d", accepted)}, refused...)
	if shown["ids"] {
		got = append(got, "ids: "+strings.Join(ids, " "))
	}
	if shown["format"] {
		got = append(got, "format: "+r.Dialect().String())
	}
	return got
}
