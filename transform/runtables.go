package transform

import (
	"time"

	"tavolo/transform/result"
)

// runRow is the run that the published tables come from. Its table has one row
// and is committed last: a run without it was not finished.
type runRow struct {
	result.Run
	First, AsOf time.Time
	Threshold   int64
}

var runTable = table[runRow]{"run", []column[runRow]{
	text("run_id", "sorts by time", func(r *runRow) *string { return &r.ID }),
	moment("computed_at", "", func(r *runRow) *time.Time { return &r.At }),
	moment("data_until", "newest event in the lake", func(r *runRow) *time.Time { return &r.DataUntil }),
	day("as_of", "its day in Europe/Rome", func(r *runRow) *time.Time { return &r.AsOf }),
	day("first_month", "of the figures", func(r *runRow) *time.Time { return &r.First }),
	day("last_month", "of the figures: the last whole one", func(r *runRow) *time.Time { return &r.LastMonth }),
	flag("is_synthetic", "the rows are invented", func(r *runRow) *bool { return &r.Synthetic }),
	text("owner", "whose report this is", func(r *runRow) *string { return &r.Owner }),
	integer("disclosure_threshold", "counts below it, except 0, are withheld", func(r *runRow) *int64 { return &r.Threshold }),
}}

// snapshotTable is the versions of the logs that a run read.
//
// Grain: one per log.
var snapshotTable = table[result.Snapshot]{"run_snapshots", []column[result.Snapshot]{
	text("log", "", func(s *result.Snapshot) *string { return &s.Table }),
	integer("snapshot_id", "Iceberg's", func(s *result.Snapshot) *int64 { return &s.ID }),
	moment("committed_at", "", func(s *result.Snapshot) *time.Time { return &s.At }),
	integer("rows", "", func(s *result.Snapshot) *int64 { return &s.Rows }),
}}

// textRow is a named text: a version, the SQL of a model.
type textRow struct{ Name, Text string }

// versionTable is the versions of the program's parts.
var versionTable = table[textRow]{"run_versions", []column[textRow]{
	text("component", "", func(r *textRow) *string { return &r.Name }),
	text("version", "", func(r *textRow) *string { return &r.Text }),
}}

// modelTable is the marts' SQL as it ran.
var modelTable = table[textRow]{"run_models", []column[textRow]{
	text("model", "name of the mart", func(r *textRow) *string { return &r.Name }),
	text("sql", "", func(r *textRow) *string { return &r.Text }),
}}

// checkTable is what was checked before publication.
//
// Grain: one per check.
var checkTable = table[result.Check]{"run_checks", []column[result.Check]{
	text("name", "", func(c *result.Check) *string { return &c.Name }),
	text("title", "what must hold, in words", func(c *result.Check) *string { return &c.Title }),
	integer("rows", "offending rows", func(c *result.Check) *int64 { return &c.Rows }),
}}

// refusedTable counts the quarantine.
//
// Grain: as result.RefusedCount.
var refusedTable = table[result.RefusedCount]{"run_refused", []column[result.RefusedCount]{
	text("source", "name in tavolo.yaml", func(r *result.RefusedCount) *string { return &r.Source }),
	text("log", "", func(r *result.RefusedCount) *string { return &r.Log }),
	text("rule", "what was violated", func(r *result.RefusedCount) *string { return &r.Rule }),
	text("column_name", "of the contract; empty for the record as a whole", func(r *result.RefusedCount) *string { return &r.Column }),
	integer("records", "", func(r *result.RefusedCount) *int64 { return &r.Records }),
	text("example", "a message, masked", func(r *result.RefusedCount) *string { return &r.Example }),
}}
