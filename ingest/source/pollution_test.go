package source

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var pollutionsTo = flag.String("pollutions", "", "a folder to write the polluted files to, and beside each what it holds")

// least is the score that the reader must keep, of 10.
const least = 9.6

// TestPollutions reads each polluted file without a hint and scores what comes
// out in the manner of the Pollock benchmark (Vitagliano et al., Pollock: a data
// loading benchmark, PVLDB 16, 2023): success, and precision, recall and F1 of
// header, records and cells. What was refused counts as lost; a record that is
// given as good and is not in the table is the one thing that must never happen.
func TestPollutions(t *testing.T) {
	every := 6
	if *pollutionsTo != "" {
		every = 1
	}
	files := pollutions(every)
	byKind := map[string][]float64{}
	total := 0.0
	for i, file := range files {
		if *pollutionsTo != "" {
			writePolluted(t, i, file)
		}
		got := load(t, file)
		if len(got.wrong) > 0 {
			t.Errorf("%s: %d rows silently wrong, as %s", file.name, len(got.wrong), got.wrong[0])
		}
		total += got.score
		byKind[file.kind] = append(byKind[file.kind], got.score)
		if got.score < 9 && testing.Verbose() {
			t.Logf("%s: %.2f %s", file.name, got.score, got.note)
		}
	}
	kinds := 0.0
	for kind, scores := range byKind {
		sum := 0.0
		for _, score := range scores {
			sum += score
		}
		kinds += sum / float64(len(scores))
		if mean := sum / float64(len(scores)); testing.Verbose() && mean < 9.9 {
			t.Logf("%-40s %6.3f of %d", kind, mean, len(scores))
		}
	}
	simple, weighted := total/float64(len(files)), kinds/float64(len(byKind))
	t.Logf("%d files: %.3f of 10; %d kinds, each counted once: %.3f", len(files), simple, len(byKind), weighted)
	if simple < least || weighted < least {
		t.Errorf("%.3f and %.3f of 10, want %v", simple, weighted, least)
	}
}

// loaded is what became of a polluted file.
type loaded struct {
	score float64
	wrong []string // records that were given as good and are not in the table
	note  string
}

func load(t *testing.T, file polluted) (l loaded) {
	r, err := New(file.name, bytes.NewReader(file.text), Format{Guess: true}, Limits{})
	if err != nil {
		return loaded{note: err.Error()}
	}
	var got [][]string
	for {
		record, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if record.Problem != nil {
			continue
		}
		values := make([]string, len(record.Fields))
		for i, field := range record.Fields {
			values[i] = string(field)
		}
		got = append(got, values)
	}
	header := r.Header()
	if d := r.Dialect(); *d.Header == 0 {
		header = nil
	}
	l.score = 1 + agreement(file.header, header) + agreement(joinAll(file.records), joinAll(got)) +
		agreement(slices.Concat(file.records...), slices.Concat(got...))
	for _, record := range got {
		if len(Ambiguities(r)) > 0 {
			break // the file is refused: nothing is silent
		}
		if !contains(file.records, record) && !strings.HasPrefix(record[0], "FOOTNOTE") {
			l.wrong = append(l.wrong, strings.Join(record, "|"))
		}
	}
	l.note = fmt.Sprint(r.Dialect(), " ", Ambiguities(r), len(got))
	return l
}

// agreement is precision + recall + F1 of what was found against what there is.
func agreement(want, got []string) float64 {
	if len(want) == 0 {
		return 3
	}
	left := map[string]int{}
	for _, one := range want {
		left[strings.TrimSpace(one)]++
	}
	common := 0
	for _, one := range got {
		if one = strings.TrimSpace(one); left[one] > 0 {
			left[one]--
			common++
		}
	}
	if common == 0 {
		return 0
	}
	precision, recall := float64(common)/float64(len(got)), float64(common)/float64(len(want))
	return precision + recall + 2*precision*recall/(precision+recall)
}

func joinAll(records [][]string) []string {
	joined := make([]string, len(records))
	for i, record := range records {
		joined[i] = strings.Join(record, "\x00")
	}
	return joined
}

func contains(records [][]string, record []string) bool {
	return slices.ContainsFunc(records, func(other []string) bool { return slices.Equal(other, record) })
}

// writePolluted writes a file and what it holds for other readers to try.
func writePolluted(t *testing.T, i int, file polluted) {
	t.Helper()
	want, err := json.Marshal(map[string]any{"kind": file.kind, "name": file.name, "header": file.header, "records": file.records})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(*pollutionsTo, fmt.Sprintf("%04d.csv", i))
	for path, text := range map[string][]byte{path: file.text, path + ".json": want} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
