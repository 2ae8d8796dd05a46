// Package ledger says what happened to every line of every source file.
//
// A batch is one source file, known by the SHA-256 of its bytes, or one extraction
// from a database, known by that of its rows. Its Entry is
// kept in the summary of the Iceberg snapshot that holds its rows, under
// SummaryKey, so that rows and ledger are committed by the same act and cannot
// part; a batch without accepted rows is a snapshot without files. The rows that
// were refused are kept apart, in the quarantine: see CreateQuarantine.
package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tavolo/ingest/lake"
)

// SummaryKey is the property of an Iceberg snapshot that holds the Entry.
const SummaryKey = "tavolo.ledger"

// What became of a batch.
const (
	Committed = "committed" // its accepted rows are in the lake
	Held      = "held"      // too many rows were refused: none was taken
	Refused   = "refused"   // it could not be read as the source says
)

// Count is a number of records with the physical lines that they took: a record
// with a line break inside quotes takes more than one.
type Count struct {
	Records int `json:"records"`
	Lines   int `json:"lines"`
}

// Add gives the sum of two counts.
func (c Count) Add(other Count) Count {
	return Count{c.Records + other.Records, c.Lines + other.Lines}
}

// Entry is the ledger's row for one batch.
//
// Grain: one per BatchID and Log. Every physical line of the file is in exactly
// one of Header, Preamble, Blank, Accepted, Quarantined and Duplicate; Warned
// records are also accepted ones. A format without lines counts its own unit.
type Entry struct {
	BatchID       string    `json:"batch_id"` // SHA-256 of the file's bytes, or of the rows of a query, in hexadecimal
	RunID         string    `json:"run_id"`
	Source        string    `json:"source"` // name in tavolo.yaml
	Log           string    `json:"log"`
	File          string    `json:"file"`        // relative to the project; of a member of an archive, archive.zip!member; of a query, postgres:source@batch
	Bytes         int64     `json:"bytes"`       // of the file as it came, compressed or not; of a query, of its values
	ReceivedAt    time.Time `json:"received_at"` // when the file was last changed, or the query begun
	IngestedAt    time.Time `json:"ingested_at"`
	Outcome       string    `json:"outcome"` // Committed, Held or Refused
	Reason        string    `json:"reason,omitempty"`
	Unit          string    `json:"unit,omitempty"` // what is counted as a line where the format has none: row, element
	Lines         int       `json:"lines"`
	Header        int       `json:"header"`   // lines
	Preamble      int       `json:"preamble"` // lines before the header
	Blank         int       `json:"blank"`    // lines
	Accepted      Count     `json:"accepted"`
	Quarantined   Count     `json:"quarantined"`
	Duplicate     Count     `json:"duplicate"`
	Warned        Count     `json:"warned"`
	EarliestMonth string    `json:"earliest_month,omitempty"` // of the accepted rows, as 2024-03
	LatestMonth   string    `json:"latest_month,omitempty"`
	Format        string    `json:"format,omitempty"` // the dialect that the file was read in, for people
	// Columns has, for each field of a record, the column that the source reads
	// there, as the source names it; "" for a field that it does not read.
	Columns []string `json:"columns,omitempty"`
	// Delimiter is between the fields of a refused record in the quarantine; ";"
	// where it is empty.
	Delimiter string `json:"delimiter,omitempty"`
	// HighWater is how far the query of the batch got; nil of a file. It is committed
	// with the rows, so that neither is there without the other.
	HighWater *HighWater `json:"high_water,omitempty"`
}

// HighWater is the mark that the next query of a source begins at: see
// [tavolo/ingest/postgres.Mark].
type HighWater struct {
	Column string `json:"column"` // of the query
	Value  string `json:"value"`  // the greatest so far
	Rows   int    `json:"rows"`   // that have it
	Digest string `json:"digest"` // of these rows: SHA-256, in hexadecimal
}

// Balance gives an error when a line is missing or was counted twice:
//
//	lines = header + preamble + blank + accepted + quarantined + duplicate
func (e Entry) Balance() error {
	parts := []int{e.Header, e.Preamble, e.Blank, e.Accepted.Lines, e.Quarantined.Lines, e.Duplicate.Lines}
	sum := 0
	for _, part := range parts {
		if part < 0 {
			return fmt.Errorf("%s: ledger has a negative number of lines", e.File)
		}
		sum += part
	}
	for _, c := range []Count{e.Accepted, e.Quarantined, e.Duplicate} {
		if c.Records > c.Lines {
			return fmt.Errorf("%s: ledger has %d records on %d lines", e.File, c.Records, c.Lines)
		}
	}
	if sum != e.Lines {
		return fmt.Errorf("%s: ledger does not balance: %d lines, of which header %d + preamble %d + blank %d + "+
			"accepted %d + quarantined %d + duplicate %d = %d", e.File, e.Lines, e.Header, e.Preamble, e.Blank,
			e.Accepted.Lines, e.Quarantined.Lines, e.Duplicate.Lines, sum)
	}
	return nil
}

// Encode writes the entry as the text under SummaryKey: the same entry always
// gives the same text. Times are kept in UTC.
func (e Entry) Encode() string {
	e.ReceivedAt, e.IngestedAt = e.ReceivedAt.UTC(), e.IngestedAt.UTC()
	text, err := json.Marshal(e)
	if err != nil { // a time outside the years 0 to 9999
		panic(fmt.Sprintf("ledger: %v", err))
	}
	return string(text)
}

// Decode is the inverse of Encode. Members that it does not know are ignored: a
// newer version may have written them.
func Decode(text string) (Entry, error) {
	var e Entry
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return Entry{}, fmt.Errorf("ledger entry: %w", err)
	}
	if e.BatchID == "" {
		return Entry{}, errors.New("ledger entry: no batch_id")
	}
	return e, nil
}

// Read gives every batch of every log in the lake, by log, then in the order of
// their commits. It reads one metadata file a table, and no data.
func Read(ctx context.Context, l *lake.Lake) ([]Entry, error) {
	tables, err := l.Tables(ctx)
	if err != nil {
		return nil, err
	}
	return read(ctx, l, tables, func([]*lake.Snapshot, string) (int, error) { return -1, nil })
}

// ReadAt is Read as it was when the tables were at the versions, by table the
// Iceberg id: the batches that came later, or to other tables, are left out. The
// error wraps lake.ErrNoTable or lake.ErrNoVersion when the lake does not know one.
func ReadAt(ctx context.Context, l *lake.Lake, versions map[string]int64) ([]Entry, error) {
	tables := slices.Sorted(maps.Keys(versions))
	return read(ctx, l, tables, func(history []*lake.Snapshot, table string) (int, error) {
		id := versions[table]
		at := slices.IndexFunc(history, func(s *lake.Snapshot) bool { return s.ID == id })
		if at < 0 && id != 0 { // a table has no version before its first commit
			return 0, fmt.Errorf("table %q: %d: %w", table, id, lake.ErrNoVersion)
		}
		return at + 1, nil
	})
}

// read takes the entries of the first versions of each table, as many as until
// says; of all when it says -1.
func read(ctx context.Context, l *lake.Lake, tables []string, until func([]*lake.Snapshot, string) (int, error)) ([]Entry, error) {
	var entries []Entry
	for _, name := range tables {
		history, err := l.History(ctx, name)
		if err != nil {
			return nil, err
		}
		n, err := until(history, name)
		if err != nil {
			return nil, err
		}
		if n >= 0 {
			history = history[:n]
		}
		for _, snapshot := range history {
			text, ok := snapshot.Summary[SummaryKey]
			if !ok {
				continue
			}
			entry, err := Decode(text)
			if err != nil {
				return nil, fmt.Errorf("table %q, snapshot %d: %w", name, snapshot.ID, err)
			}
			entries = append(entries, entry)
		}
	}
	slices.SortStableFunc(entries, func(a, b Entry) int { return strings.Compare(a.Log, b.Log) })
	return entries, nil
}

// Find gives the latest entry of a batch.
func Find(entries []Entry, batchID string) (Entry, bool) {
	for _, e := range slices.Backward(entries) {
		if e.BatchID == batchID {
			return e, true
		}
	}
	return Entry{}, false
}

// LastMark gives the high-water mark of a source: that of its last batch that was
// committed and has one of the column, or nil.
func LastMark(entries []Entry, source, log, column string) *HighWater {
	for _, e := range slices.Backward(entries) {
		if e.Source == source && e.Log == log && e.Outcome == Committed && e.HighWater != nil && e.HighWater.Column == column {
			return e.HighWater
		}
	}
	return nil
}
