package result

import (
	"time"

	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/transform/kpi"
)

// Set is everything that one publication shows.
type Set struct {
	Run        Run
	Scope      string         // code of the one territory whose rows these are (see Scoped); "" for all
	Catalogue  *kpi.Catalogue // that the run computed with
	References *reference.Tables
	Cells      []Cell // sorted by Indicator, Territory, Grain, Start, Breakdown, Item
	Funnels    []Funnel
	Charts     []Chart
	Decomposed []Decomposition
	Contribute []Contribution
	Peers      []Peer            // sorted by Territory and Place
	Batches    []ledger.Entry    // every batch that the run read, or saw refused, by log, then time
	Refused    []RefusedCount    // by source and rule
	Arrivals   []ArrivalDay      // by Day, Territory and Log; none of runs before there were any
	Checks     []Check           // what was checked before publication
	Models     map[string]string // mart → its SQL, as it ran
	Stored     map[string]int64  // table of results → its version in the lake that this was read from; nil of a set that was not
}

// Run identifies the computation that a Set comes from.
type Run struct {
	ID        string    // sorts by time
	At        time.Time // when it was computed
	DataUntil time.Time // newest event in the lake
	LastMonth time.Time // the month that the report is about: the last whole one
	Synthetic bool      // invented rows: every page says so
	Owner     string    // whose report this is, from tavolo.yaml
	Snapshots []Snapshot
	Versions  map[string]string // tavolo, duckdb, arrow, iceberg
}

// Inputs gives, by log, the version that the run read.
func (r Run) Inputs() map[string]int64 {
	versions := map[string]int64{}
	for _, snapshot := range r.Snapshots {
		versions[snapshot.Table] = snapshot.ID
	}
	return versions
}

// Snapshot is the version of a lake table that a run read.
type Snapshot struct {
	Table string
	ID    int64
	At    time.Time
	Rows  int64
}

// RefusedCount counts quarantined records.
//
// Grain: one per Source, Log, Rule and Column. A record with two violations counts in both.
type RefusedCount struct {
	Source, Log, Rule, Column string
	Records                   int64
	Example                   string // a message, masked
}

// Check is one query of sql/checks and what it found.
type Check struct {
	Name  string
	Title string // what must hold, in words
	Rows  int64  // offending rows: 0 when it holds
}
