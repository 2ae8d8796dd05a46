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
files: "*.csv"
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
//	format: csv, delimiter ";", …       how it was read; may be left out
func TestCorpus(t *testing.T) {
	folder := filepath.Join("..", "..", "testdata", "corrupt")
	wants, err := filepath.Glob(filepath.Join(folder, "*.want"))
	if err != nil || len(wants) < 40 {
		t.Fatalf("%d files in the corpus (%v)", len(wants), err)
	}
	for _, path := range wants {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		format := false
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				want = append(want, line)
				format = format || strings.HasPrefix(line, "format: ")
			}
		}
		if !strings.HasPrefix(string(text), "# ") || len(want) == 0 {
			t.Errorf("%s does not say what is wrong and what must come out", path)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".want"), func(t *testing.T) {
			if got := outcome(t, strings.TrimSuffix(path, ".want")+".csv", format); !slices.Equal(got, want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
			}
		})
	}
}

// outcome gives what became of a file, as a .want has it.
func outcome(t *testing.T, path string, format bool) []string {
	t.Helper()
	c := bookings(t)
	s := read(t, corpusMapping)
	r, err := source.Open(path, s.Format)
	if code := source.Code(err); code != "" {
		return []string{"refused: " + code}
	} else if err != nil {
		return []string{"refused: error"}
	}
	defer r.Close()
	binding, err := s.Bind(c, r.Header(), "tavolo.yaml")
	if err != nil {
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
	var refused []string
	for {
		record, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		used += record.LastLine - record.Line + 1
		row, violations := checker.Check(record)
		if row != nil {
			accepted++
			continue
		}
		refused = append(refused, fmt.Sprintf("line %d: %s", record.Line, violations[0].Rule))
	}
	if l := r.Lines(); l.Total != l.Header+l.Preamble+l.Blank+used {
		t.Errorf("lines do not balance: %+v and %d in records", l, used)
	}
	got := append([]string{fmt.Sprintf("accepted: %d", accepted)}, refused...)
	if format {
		got = append(got, "format: "+r.Dialect().String())
	}
	return got
}
