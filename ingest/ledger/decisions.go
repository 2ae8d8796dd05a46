package ledger

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
)

// RecordID names a refused record: its batch and its place among what the ledger
// counts there, which is its first line, or in a JSON array its element.
type RecordID struct {
	BatchID  string `json:"batch_id"`
	Position int    `json:"position"`
}

// What was decided about a refused record.
const (
	Corrected = "corrected" // it came again, and was accepted
	Returned  = "returned"  // it came again, and was refused again: what it became is decided in its place
	Discarded = "discarded" // somebody decided that it will not come again
)

// Open is the state of a refused record about which nothing was decided.
const Open = "open"

// Decision is one act about one refused record, or with Position 0 about all records
// of a batch that were open at that moment. Decisions are only ever added; the
// latest about a record holds.
type Decision struct {
	RecordID
	Kind   string    `json:"kind"`             // Corrected, Returned or Discarded
	At     time.Time `json:"at"`               // when it was decided
	By     string    `json:"by,omitempty"`     // who decided it
	Reason string    `json:"reason,omitempty"` // why, of Discarded
	Became *RecordID `json:"became,omitempty"` // what it came again as, of Corrected and Returned
}

// decisionsFile is the name of the decisions in the folder of the quarantine:
// one JSON object a line, in the order in which they were made.
const decisionsFile = "decisions.ndjson"

// Decisions are all that was decided about the refused records of a quarantine.
type Decisions struct {
	All    []Decision // in their order
	record map[RecordID]int
	batch  map[string]int
	size   int64 // of the file up to the end of its last whole line, in bytes
}

// ReadDecisions reads the decisions beside the quarantine in dir. Where nothing
// was decided there are none. A last line that was cut off, as a machine that
// stopped while it was written leaves it, was never acknowledged and is left out.
func ReadDecisions(dir string) (*Decisions, error) {
	path := filepath.Join(dir, decisionsFile)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newDecisions(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("quarantine: %w", err)
	}
	defer file.Close()
	return decodeDecisions(path, file)
}

func newDecisions() *Decisions {
	return &Decisions{record: map[RecordID]int{}, batch: map[string]int{}}
}

func decodeDecisions(path string, text io.Reader) (*Decisions, error) {
	d := newDecisions()
	reader := bufio.NewReader(text)
	for number := 1; ; number++ {
		line, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return d, nil // line is empty, or cut off
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		var decision Decision
		if err := json.Unmarshal(line, &decision); err != nil {
			return nil, &diagnostic.Error{File: path, Line: number, Err: err,
				Hint: "decisions are only ever added by the program; restore the file from a backup"}
		}
		d.add(decision)
		d.size += int64(len(line))
	}
}

func (d *Decisions) add(decision Decision) {
	d.All = append(d.All, decision)
	if decision.Position == 0 {
		d.batch[decision.BatchID] = len(d.All)
		return
	}
	d.record[decision.RecordID] = len(d.All)
}

// Of gives the decision that holds about a record itself.
func (d *Decisions) Of(id RecordID) (Decision, bool) {
	at, ok := d.record[id]
	if !ok {
		at, ok = d.batch[id.BatchID]
	}
	if !ok {
		return Decision{}, false
	}
	return d.All[at-1], true
}

// Undecided gives how many of the refused records of a batch are open, of which
// there are so many in all.
func (d *Decisions) Undecided(batchID string, records int) int {
	if d.batch[batchID] > 0 {
		return 0
	}
	for id := range d.record {
		if id.BatchID == batchID {
			records--
		}
	}
	return records
}

// End follows a record that came again, and again, to what it is at last.
func (d *Decisions) End(id RecordID) RecordID {
	for range len(d.All) + 1 { // a ring, which no sound file has, must not hold us
		decision, ok := d.Of(id)
		if !ok || decision.Kind != Returned || decision.Became == nil {
			break
		}
		id = *decision.Became
	}
	return id
}

// State gives what holds about a record: Open, Corrected, Discarded, or Returned
// when it came again and what it became is still open.
func (d *Decisions) State(id RecordID) string {
	end := d.End(id)
	decision, ok := d.Of(end)
	switch {
	case ok:
		return decision.Kind
	case end != id:
		return Returned
	}
	return Open
}

// Decide adds decisions to those beside the quarantine in dir. Choose gets all
// that were made so far, by anyone, and gives those to add; nobody can add in
// between. When Decide returns nil they are on the disk, all of them.
func Decide(dir string, choose func(*Decisions) ([]Decision, error)) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(dir, decisionsFile)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("quarantine: %w", err)
	}
	defer file.Close() // lets go of the lock as well
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX); err != nil {
		return fmt.Errorf("%s: lock: %w", path, err)
	}
	before, err := decodeDecisions(path, file)
	if err != nil {
		return err
	}
	added, err := choose(before)
	if err != nil || len(added) == 0 {
		return err
	}
	var text bytes.Buffer
	for _, decision := range added {
		decision.At = decision.At.UTC()
		line, err := json.Marshal(decision)
		if err != nil {
			return fmt.Errorf("decision: %w", err)
		}
		text.Write(append(line, '\n'))
	}
	if err := appendWhole(file, before.size, text.Bytes()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return lake.SyncDir(dir)
}

// appendWhole writes text after the first size bytes of a file; after an error
// the file is as it was.
func appendWhole(file *os.File, size int64, text []byte) error {
	if err := file.Truncate(size); err != nil { // of a line that was cut off
		return err
	}
	_, err := file.WriteAt(text, size)
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		return errors.Join(err, file.Truncate(size))
	}
	return nil
}
