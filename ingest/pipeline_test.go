package ingest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tavolo/ingest"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
)

// longFile makes a file of several chunks, with what could be in another order
// after passing through several hands: bad rows, rows that came long before,
// records of several lines, months in no order.
func longFile(rows int) []byte {
	random := rand.New(rand.NewPCG(3, 3))
	var b bytes.Buffer
	fmt.Fprintln(&b, strings.Join(contactColumns, ";"))
	var lines []string
	for n := range rows {
		opened := time.Date(2024, time.Month(1+random.IntN(9)), 1+random.IntN(28), 9+random.IntN(8), random.IntN(60), 0, 0, time.UTC)
		c := contact{
			id: fmt.Sprint("C", n), opened: opened.Format("02/01/2006 15:04"), channel: []string{"pec", "App mobile", "Portale"}[random.IntN(3)],
			province: []string{"RM", "NA", "Torino", "058"}[random.IntN(4)], outcome: "in corso", person: []string{"RSSMRA85T10A562S", ""}[random.IntN(2)],
		}
		switch {
		case n%50 == 7:
			c.province = "XX"
		case n%97 == 3:
			c.id = fmt.Sprintf("\"C\n%d\"", n)
		}
		line := strings.Join(c.values(), ";")
		if n > 100 && n%61 == 0 {
			line = lines[random.IntN(n)]
		}
		lines = append(lines, line)
		fmt.Fprintln(&b, line)
	}
	return b.Bytes()
}

// everything is all that an ingest leaves: the ledger, the quarantine, the files
// of the lake byte for byte.
func everything(t *testing.T, j *ingest.Job, results []ingest.Result) string {
	t.Helper()
	var b strings.Builder
	for _, r := range results {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		fmt.Fprintln(&b, r.Entry.Encode())
		text, err := os.ReadFile(ledger.QuarantineFile(j.Dir.Quarantine(), r.Entry.BatchID))
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	}
	snapshot, err := j.Lake.Snapshot(t.Context(), "interactions")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range snapshot.Files {
		text, err := os.ReadFile(f.Path)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, f.Partition, f.Rows, filepath.Base(f.Path))
		b.Write(text)
	}
	return b.String()
}

// TestWorkersLeaveNoTrace ingests one file with one goroutine and with several,
// into two lakes, and finds the same in them, to the byte.
func TestWorkersLeaveNoTrace(t *testing.T) {
	p := contactsProject(t, "")
	drop(t, p, "lungo.csv", longFile(40_000))
	first, j := "", job(t, p)
	j.Clock = func() time.Time { return time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC) }
	for _, workers := range []int{1, 2, 7} {
		j.Workers = workers
		dir := t.TempDir()
		if err := lake.Create(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
		l, err := lake.Open(t.Context(), dir, lake.Options{Clock: j.Clock, BufferBytes: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		j.Lake = l
		results := run(t, j, p)
		e := results[0].Entry
		if e.Quarantined.Records < 500 || e.Duplicate.Records < 600 || e.Accepted.Lines == e.Accepted.Records {
			t.Errorf("the file is not what the test needs: %+v", e)
		}
		got := everything(t, j, results)
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("%d workers leave something else than one: %d bytes, not %d", workers, len(got), len(first))
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestInterruptStopsEveryStage stops an ingest in the middle of one file.
func TestInterruptStopsEveryStage(t *testing.T) {
	p := contactsProject(t, "")
	drop(t, p, "lungo.csv", longFile(40_000))
	j := job(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	chunks := 0
	j.Progress = func(ingest.Progress) {
		if chunks++; chunks == 2 {
			cancel()
		}
	}
	if _, err := j.Run(ctx, files(t, p)); !errors.Is(err, context.Canceled) {
		t.Fatalf("an interrupted run ended with %v", err)
	}
	if chunks > 2 {
		t.Errorf("%d chunks were settled after the interrupt", chunks-2)
	}
	if left, _ := filepath.Glob(filepath.Join(p.Dir.Quarantine(), "*")); len(left) > 0 {
		t.Errorf("the interrupt left %v", left)
	}
}

// TestProgressReachesTheEnd follows the numbers that the progress bar shows.
func TestProgressReachesTheEnd(t *testing.T) {
	p := contactsProject(t, "")
	content := longFile(20_000)
	drop(t, p, "lungo.csv", content)
	j := job(t, p)
	var last ingest.Progress
	j.Progress = func(now ingest.Progress) {
		if now.Bytes < last.Bytes || now.Rows < last.Rows || now.Refused < last.Refused {
			t.Errorf("progress went back from %+v to %+v", last, now)
		}
		last = now
	}
	e := run(t, j, p)[0].Entry
	if last.Bytes != int64(len(content)) || last.Total != last.Bytes ||
		last.Rows != int64(e.Accepted.Records+e.Duplicate.Records+e.Quarantined.Records) || last.Refused != int64(e.Quarantined.Records) {
		t.Errorf("the last progress is %+v, of %d bytes and %+v", last, len(content), e)
	}
}
