package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tavolo/ingest/lake"
)

// Refusal is one reason why one record was refused.
//
// Grain: one per record and violated rule; a record with two violations has two.
// The record is known by BatchID and Position.
type Refusal struct {
	BatchID   string
	Source    string
	Log       string
	File      string // relative to the project
	FirstLine int    // physical, from 1; of a sheet or a Parquet file, the row
	LastLine  int
	Position  int    // among what the ledger counts: FirstLine, but in a JSON array the element, from 1
	Offset    int64  // of its first byte, in the decompressed file
	Raw       string // the record as it came, identifiers of persons masked
	Column    string // of the contract; "" when the record as a whole is wrong
	Place     string // in the words of the file: its column, a cell, a path; "" when nothing says more than the line
	Rule      string
	Value     string // what was found; masked where it is personal
	Message   string
}

// quarantineExt ends the name of a finished quarantine file; the name begins
// with the batch's id. While it is written it ends in quarantineTemp.
const (
	quarantineExt  = ".parquet"
	quarantineTemp = ".parquet.part"
)

// batchRows is how many refusals go into a record batch.
const batchRows = 4096

// QuarantineSchema is the shape of a quarantine file: the fields of Refusal in
// their order, empty texts as they are.
func QuarantineSchema() lake.Schema {
	text := func(name, doc string) lake.Column {
		return lake.Column{Name: name, Type: lake.Text, Required: true, Doc: doc}
	}
	number := func(name, doc string) lake.Column {
		return lake.Column{Name: name, Type: lake.Integer, Required: true, Doc: doc, HighCardinality: true}
	}
	raw := text("raw", "the record as it came, identifiers masked")
	raw.HighCardinality = true
	return lake.Schema{Table: "quarantine", Columns: []lake.Column{
		text("batch_id", "SHA-256 of the source file"), text("source", "name in tavolo.yaml"),
		text("log", "kind of event"), text("file", "source file, relative to the project"),
		number("first_line", "physical, from 1"), number("last_line", "physical"),
		number("byte_offset", "of the record's first byte"),
		number("position", "among what the ledger counts: the first line, or the element of a JSON array"), raw,
		text("column_name", "of the contract; empty for the record as a whole"),
		text("place", "in the file: its column, a cell, a path"), text("rule", "what was violated"),
		text("value", "what was found, masked where personal"), text("message", "in words"),
	}}
}

// QuarantineWriter writes the refusals of one batch. Nothing is to be seen of
// them before Close has returned nil.
type QuarantineWriter struct {
	path    string // the final name
	file    *lake.ParquetFile
	builder *array.RecordBuilder
	rows    int
	ended   bool
}

// CreateQuarantine begins the quarantine file of a batch in dir, which is made
// for the owner's eyes only where absent. A finished file of the same batch is
// replaced by Close.
func CreateQuarantine(dir, batchID string) (*QuarantineWriter, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o700); err != nil { // it may have been there, open to all
		return nil, err
	}
	temp := filepath.Join(dir, batchID+quarantineTemp)
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	schema := QuarantineSchema()
	file, err := lake.CreateParquet(temp, schema, 0o600)
	if err != nil {
		return nil, fmt.Errorf("quarantine: %w", err)
	}
	return &QuarantineWriter{
		path: filepath.Join(dir, batchID+quarantineExt), file: file,
		builder: array.NewRecordBuilder(memory.DefaultAllocator, schema.Arrow()),
	}, nil
}

// Write adds refusals in the order in which they come.
func (w *QuarantineWriter) Write(refusals []Refusal) error {
	for _, r := range refusals {
		for i, value := range r.texts() {
			w.builder.Field(textColumns[i]).(*array.StringBuilder).Append(value)
		}
		for i, value := range []int64{int64(r.FirstLine), int64(r.LastLine), r.Offset, int64(r.Position)} {
			w.builder.Field(firstNumber + i).(*array.Int64Builder).Append(value)
		}
		if w.rows++; w.rows%batchRows == 0 {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// firstNumber is the place of first_line, last_line, byte_offset and position;
// the texts are around them.
const firstNumber = 4

var textColumns = [...]int{0, 1, 2, 3, 8, 9, 10, 11, 12, 13}

// texts gives the values of textColumns. Parquet texts are UTF-8.
func (r Refusal) texts() []string {
	out := []string{r.BatchID, r.Source, r.Log, r.File, r.Raw, r.Column, r.Place, r.Rule, r.Value, r.Message}
	for i := range out {
		out[i] = strings.ToValidUTF8(out[i], "\uFFFD")
	}
	return out
}

func (w *QuarantineWriter) flush() error {
	rec := w.builder.NewRecordBatch()
	defer rec.Release()
	if rec.NumRows() == 0 {
		return nil
	}
	if err := w.file.Write(rec); err != nil {
		return fmt.Errorf("quarantine: %w", err)
	}
	return w.file.Flush()
}

// Close makes the file appear, whole and on the disk. Without refusals it leaves
// none, and removes one that the batch had before.
func (w *QuarantineWriter) Close() error {
	if w.ended {
		return nil
	}
	if w.rows == 0 {
		err := os.Remove(w.path)
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return errors.Join(err, w.Abort())
	}
	if err := w.flush(); err != nil {
		return errors.Join(err, w.Abort())
	}
	w.ended = true
	w.builder.Release()
	temp := strings.TrimSuffix(w.path, quarantineExt) + quarantineTemp
	if err := w.file.Close(); err != nil {
		return errors.Join(fmt.Errorf("quarantine: %w", err), os.Remove(temp))
	}
	if err := os.Rename(temp, w.path); err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	return lake.SyncDir(filepath.Dir(w.path))
}

// Abort leaves nothing. After Close it does nothing.
func (w *QuarantineWriter) Abort() error {
	if w.ended {
		return nil
	}
	w.ended = true
	w.builder.Release()
	return w.file.Abort()
}

// Quarantined gives the ids of the batches with a quarantine file, sorted. A
// folder that does not exist has none.
func Quarantined(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var batches []string
	for _, entry := range entries {
		if batch, ok := strings.CutSuffix(entry.Name(), quarantineExt); ok {
			batches = append(batches, batch)
		}
	}
	return batches, nil
}

// QuarantineFile names the quarantine file of a batch, whether it exists or not.
func QuarantineFile(dir, batchID string) string { return filepath.Join(dir, batchID+quarantineExt) }

// RemoveOrphans removes the quarantine files of batches that the ledger does not
// know, and unfinished ones: a run that was killed before its commit leaves them.
// Only the lake's writer may call it.
func RemoveOrphans(dir string, entries []Entry) error {
	known := map[string]bool{}
	for _, e := range entries {
		known[e.BatchID] = true
	}
	batches, err := Quarantined(dir)
	if err != nil {
		return err
	}
	batches = slices.DeleteFunc(batches, func(batch string) bool { return known[batch] })
	unfinished, err := filepath.Glob(filepath.Join(dir, "*"+quarantineTemp))
	for _, batch := range batches {
		err = errors.Join(err, os.Remove(QuarantineFile(dir, batch)))
	}
	for _, path := range unfinished {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}
