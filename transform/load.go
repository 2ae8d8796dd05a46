package transform

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/lake"
	"tavolo/ingest/ledger"
	"tavolo/ingest/reference"
	"tavolo/transform/result"
)

// ErrUnfinished says that the stored results are of different runs: one was
// stopped while it stored them.
var ErrUnfinished = errors.New("the last run did not finish storing its results")

// Load reads back what the last run published, with the catalogue that it was
// computed with. The error wraps lake.ErrNoTable when there has been no run, and
// ErrUnfinished when the last one was stopped in the middle.
func Load(ctx context.Context, l *lake.Lake, refs *reference.Tables) (*result.Set, error) {
	return load(ctx, l, refs, nil)
}

// LoadVersions is Load of an earlier run, from the versions of its tables, as
// result.Set.Stored names them. The error wraps lake.ErrNoVersion, too, when the
// lake does not have one any more.
func LoadVersions(ctx context.Context, l *lake.Lake, refs *reference.Tables, stored map[string]int64) (*result.Set, error) {
	return load(ctx, l, refs, versionsOf(stored))
}

// versionsOf is stored, and never nil, which would mean the current versions.
func versionsOf(stored map[string]int64) map[string]int64 {
	if stored == nil {
		return map[string]int64{}
	}
	return stored
}

func load(ctx context.Context, l *lake.Lake, refs *reference.Tables, versions map[string]int64) (*result.Set, error) {
	o := opener{ctx: ctx, lake: l, versions: versions, stored: map[string]int64{}}
	rows := take(&o, runTable)
	if o.err != nil {
		return nil, o.err
	}
	if len(rows) != 1 {
		return nil, unfinished(fmt.Errorf("table %q has %d rows: %w", runTable.name, len(rows), ErrUnfinished))
	}
	o.run = rows[0].ID
	s := o.figures()
	s.Run, s.References, s.Models, s.Stored = rows[0].Run, refs, map[string]string{}, o.stored
	s.Catalogue = catalogueOf(take(&o, themeTable), take(&o, entryTable))
	s.Peers = take(&o, peerTable)
	s.Checks = take(&o, checkTable)
	s.Refused = take(&o, refusedTable)
	s.Arrivals = o.arrivals(s.Run.LastMonth)
	s.Run.Snapshots = take(&o, snapshotTable)
	s.Run.Versions = map[string]string{}
	for _, row := range take(&o, versionTable) {
		s.Run.Versions[row.Name] = row.Text
	}
	for _, row := range take(&o, modelTable) {
		s.Models[row.Name] = row.Text
	}
	if o.err != nil {
		return nil, o.err
	}
	var err error
	s.Batches, err = ledger.ReadAt(ctx, l, s.Run.Inputs())
	return s, err
}

func unfinished(err error) error {
	return diagnostic.Hinted(err, `"tavolo transform" computes them again`)
}

// opener reads tables until one fails, several at once where it is asked to.
type opener struct {
	mu       sync.Mutex
	ctx      context.Context
	lake     *lake.Lake
	versions map[string]int64 // table → the version that is wanted; nil for the current ones
	run      string           // whose tables are wanted; "" for any
	stored   map[string]int64 // the versions that were read
	err      error            // the first
}

// figures gives the figures, and nothing else of the set.
func (o *opener) figures() *result.Set {
	s := &result.Set{}
	var cells sync.WaitGroup
	cells.Go(func() { s.Cells = take(o, cellTable) }) // as long as all others together
	s.Funnels = joinFunnels(take(o, funnelTable), take(o, pointTable), take(o, limitTable))
	s.Charts = joinCharts(take(o, chartTable), take(o, chartPointTable))
	s.Decomposed, s.Contribute = take(o, changeTable), take(o, contributionTable)
	cells.Wait()
	return s
}

func take[T any](o *opener, t table[T]) []T {
	snapshot := o.find(t.name)
	if snapshot == nil {
		return nil
	}
	rows, err := t.rowsOf(o.ctx, snapshot)
	if err != nil {
		o.fail(err)
		return nil
	}
	return rows
}

// find gives the version of a table that is wanted; nil after an error.
func (o *opener) find(table string) *lake.Snapshot {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return nil
	}
	snapshot, err := version(o.ctx, o.lake, table, o.versions)
	switch {
	case err != nil:
		o.err = err
		return nil
	case o.run != "" && snapshot.Summary[runKey] != o.run:
		o.err = unfinished(fmt.Errorf("table %q is of run %s, not %s: %w", table, snapshot.Summary[runKey], o.run, ErrUnfinished))
	}
	o.stored[table] = snapshot.ID
	return snapshot
}

func (o *opener) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = err
	}
}

func joinFunnels(funnels []result.Funnel, points []pointRow, limits []limitRow) []result.Funnel {
	index := map[funnelKey]*result.Funnel{}
	for i := range funnels {
		f := &funnels[i]
		index[funnelKey{f.Indicator, f.Level, f.Grain, f.Start}] = f
	}
	for _, point := range points {
		if f := index[point.funnelKey]; f != nil {
			f.Points = append(f.Points, point.FunnelPoint)
		}
	}
	for _, limit := range limits {
		if f := index[limit.funnelKey]; f != nil {
			f.Limits = append(f.Limits, limit.FunnelLimit)
		}
	}
	return funnels
}

func joinCharts(charts []result.Chart, points []chartPointRow) []result.Chart {
	type chartKey struct{ indicator, territory string }
	index := map[chartKey]*result.Chart{}
	for i := range charts {
		index[chartKey{charts[i].Indicator, charts[i].Territory}] = &charts[i]
	}
	for _, point := range points {
		if c := index[chartKey{point.Indicator, point.Territory}]; c != nil {
			c.Points = append(c.Points, point.ChartPoint)
		}
	}
	return charts
}
