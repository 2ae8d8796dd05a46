package transform

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tavolo/ingest"
	"tavolo/ingest/contract"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/transform/duckdb"
	"tavolo/transform/result"
)

// inputs is what a computation reads, as the engine knows it.
type inputs struct {
	snapshots []result.Snapshot // of the logs that exist
	entries   []ledger.Entry
	files     map[string][]lake.File // of each log that exists
	months    []time.Time            // first days of the months that have rows in any log, ascending
}

// registerInputs makes the logs, the ledger and the reference tables known to
// the engine by their names. A log that the lake lacks is an empty relation.
func registerInputs(ctx context.Context, e *duckdb.Engine, l *lake.Lake, refs *reference.Tables) (inputs, error) {
	in := inputs{files: map[string][]lake.File{}}
	months := map[string]bool{}
	for _, log := range contract.Logs() {
		snapshot, err := registerLog(ctx, e, l, log)
		if err != nil {
			return inputs{}, err
		}
		if snapshot == nil {
			continue
		}
		in.snapshots = append(in.snapshots, result.Snapshot{
			Table: log, ID: snapshot.ID, At: snapshot.At, Rows: snapshot.Rows,
		})
		in.files[log] = snapshot.Files
		for _, file := range snapshot.Files {
			if file.Rows > 0 {
				months[file.Partition] = true
			}
		}
	}
	for month := range months {
		day, err := time.Parse(time.DateOnly, month)
		if err != nil {
			return inputs{}, fmt.Errorf("partition %q of the lake: %w", month, err)
		}
		in.months = append(in.months, day)
	}
	slices.SortFunc(in.months, time.Time.Compare)
	var err error
	if in.entries, err = ledger.Read(ctx, l); err != nil {
		return inputs{}, err
	}
	for _, table := range slices.Concat([]duckdb.Table{ledgerTable(in.entries), batchTable(in.entries)}, referenceTables(refs)) {
		if err := e.Create(ctx, table); err != nil {
			return inputs{}, err
		}
	}
	return in, nil
}

func registerLog(ctx context.Context, e *duckdb.Engine, l *lake.Lake, log string) (*lake.Snapshot, error) {
	c, err := contract.Load(log)
	if err != nil {
		return nil, err
	}
	snapshot, err := l.Snapshot(ctx, log)
	if errors.Is(err, lake.ErrNoTable) {
		return nil, e.Register(ctx, duckdb.Relation{Name: log, Columns: engineColumns(ingest.TableSchema(c))})
	}
	if err != nil {
		return nil, err
	}
	return snapshot, registerSnapshot(ctx, e, snapshot)
}

// registerSnapshot makes a version of a table of the lake known by its name.
func registerSnapshot(ctx context.Context, e *duckdb.Engine, s *lake.Snapshot) error {
	relation := duckdb.Relation{Name: s.Table, Columns: engineColumns(s.Schema)}
	for _, file := range s.Files {
		relation.Files = append(relation.Files, file.Path)
	}
	return e.Register(ctx, relation)
}

func engineColumns(s lake.Schema) []duckdb.Column {
	columns := make([]duckdb.Column, len(s.Columns))
	for i, column := range s.Columns {
		columns[i] = duckdb.Column{Name: column.Name, Type: string(column.Type)}
	}
	return columns
}

func referenceTables(refs *reference.Tables) []duckdb.Table {
	var tables []duckdb.Table
	for _, relation := range refs.Relations() {
		table := duckdb.Table{Name: relation.Name, Rows: relation.Rows}
		for _, column := range relation.Columns {
			table.Columns = append(table.Columns, duckdb.Column{Name: column.Name, Type: column.Type})
		}
		tables = append(tables, table)
	}
	return tables
}

// ledgerTable is the ledger as a relation.
//
// Grain: one row per batch and log.
func ledgerTable(entries []ledger.Entry) duckdb.Table {
	table := duckdb.Table{Name: "ledger", Columns: []duckdb.Column{
		{Name: "log", Type: "text"}, {Name: "source", Type: "text"}, {Name: "batch_id", Type: "text"},
		{Name: "file", Type: "text"}, {Name: "outcome", Type: "text"}, {Name: "reason", Type: "text"},
		{Name: "month", Type: "date"}, {Name: "received_at", Type: "timestamp"}, {Name: "ingested_at", Type: "timestamp"},
		{Name: "lines", Type: "integer"}, {Name: "accepted_records", Type: "integer"},
		{Name: "quarantined_records", Type: "integer"}, {Name: "duplicate_records", Type: "integer"},
		{Name: "warned_records", Type: "integer"},
	}}
	for _, entry := range entries {
		month := ""
		if entry.LatestMonth != "" {
			month = entry.LatestMonth + "-01"
		}
		table.Rows = append(table.Rows, []string{
			entry.Log, entry.Source, entry.BatchID, entry.File, entry.Outcome, entry.Reason, month,
			instant(entry.ReceivedAt), instant(entry.IngestedAt), strconv.Itoa(entry.Lines),
			strconv.Itoa(entry.Accepted.Records), strconv.Itoa(entry.Quarantined.Records),
			strconv.Itoa(entry.Duplicate.Records), strconv.Itoa(entry.Warned.Records),
		})
	}
	return table
}

func instant(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}

// batchTable numbers the batches by the time at which they were ingested: of two
// versions of a row that are otherwise alike, that of the later batch is newer.
//
// Grain: one row per batch.
func batchTable(entries []ledger.Entry) duckdb.Table {
	table := duckdb.Table{Name: "batches", Columns: []duckdb.Column{
		{Name: "batch_id", Type: "text"}, {Name: "ingested_seq", Type: "integer"},
	}}
	byTime := slices.Clone(entries)
	slices.SortStableFunc(byTime, func(a, b ledger.Entry) int {
		if c := a.IngestedAt.Compare(b.IngestedAt); c != 0 {
			return c
		}
		return strings.Compare(a.BatchID, b.BatchID)
	})
	seen := map[string]bool{}
	for _, entry := range byTime {
		if !seen[entry.BatchID] {
			seen[entry.BatchID] = true
			table.Rows = append(table.Rows, []string{entry.BatchID, strconv.Itoa(len(table.Rows) + 1)})
		}
	}
	return table
}
