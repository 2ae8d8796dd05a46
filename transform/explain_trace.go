package transform

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tavolo/ingest/ledger"
	"tavolo/transform/duckdb"
	"tavolo/transform/result"
)

// trace finds the versions and batches of the logs behind the figure: it
// follows the mart down to the staging models, and the columns that became its
// month and its territory to what they are called there.
func (x *explaining) trace(ctx context.Context) error {
	staging, err := readModels(x.models, stagingFolder)
	if err != nil {
		return err
	}
	t := &tracer{explaining: x, batches: map[string]map[string]bool{}}
	w := &lineage{engine: x.engine, models: map[string]duckdb.Model{}, seen: map[string]bool{}, ledger: t.ledgerRows,
		log: func(log string, months, territories []string) error { return t.rows(ctx, log, months, territories) }}
	for _, model := range staging {
		w.models[model.Name] = model
	}
	for name, text := range x.set.Models {
		w.models[name] = duckdb.Model{Name: name, File: name, SQL: text}
	}
	if err := w.follow(ctx, x.Indicator.Mart, []string{"month"}, []string{"territory_code"}); err != nil {
		return err
	}
	return t.finish(ctx)
}

// tracer collects the batches behind a figure.
type tracer struct {
	*explaining
	batches map[string]map[string]bool // log → id of a batch → whether its months are unknown
}

// rows finds the batches with rows of the months and the territory in the newest
// versions of a log. Where its months are not those of the mart, all count. The
// item of a breakdown is not looked at: which files name it is not published.
func (t *tracer) rows(ctx context.Context, log string, months, territories []string) error {
	view := "stg_" + log
	columns, err := t.engine.Columns(ctx, view)
	if err != nil {
		return err
	}
	conditions := []string{"true"}
	month, territory := placeColumns(columns, months, territories)
	if month != "" {
		conditions = append(conditions, fmt.Sprintf("events.%s between %s and %s", month, duckdb.Day(t.From), duckdb.Day(t.To)))
	}
	conditions = append(conditions, fmt.Sprintf("territory_ancestors.ancestor_code = %s", duckdb.Quote(t.Cell.Territory)))
	found, err := t.engine.Query(ctx, fmt.Sprintf("select distinct events.batch_id from %s as events "+
		"inner join territory_ancestors on territory_ancestors.territory_code = events.%s where %s", view, territory, strings.Join(conditions, " and ")))
	if err != nil {
		return err
	}
	if t.batches[log] == nil {
		t.batches[log] = map[string]bool{}
	}
	for _, row := range found.Rows {
		if id, ok := row[0].(string); ok {
			t.batches[log][id] = month == ""
		}
	}
	return nil
}

// ledgerRows takes the batches that are counted themselves.
func (t *tracer) ledgerRows() {
	for _, entry := range t.set.Batches {
		if month, err := time.Parse("2006-01", entry.LatestMonth); err != nil || month.Before(t.From) || month.After(t.To) {
			continue
		}
		if t.batches[entry.Log] == nil {
			t.batches[entry.Log] = map[string]bool{}
		}
		t.batches[entry.Log][entry.BatchID] = false
	}
}

// finish puts the entries of the ledger to the batches, and the versions of the
// logs that the run read. Batches that came later are left out: the figure does
// not know them.
func (t *tracer) finish(ctx context.Context) error {
	for _, snapshot := range t.set.Run.Snapshots {
		wanted, ok := t.batches[snapshot.Table]
		if !ok {
			continue
		}
		t.Snapshots = append(t.Snapshots, snapshot)
		if err := t.entries(ctx, snapshot, wanted); err != nil {
			return err
		}
	}
	slices.SortStableFunc(t.Origins, func(a, b Origin) int {
		return cmp.Or(strings.Compare(a.Log, b.Log), a.Entry.IngestedAt.Compare(b.Entry.IngestedAt), strings.Compare(a.Entry.File, b.Entry.File))
	})
	return nil
}

// entries takes the ledger's entries of the batches that a version of a log
// holds, and notes whether more have come since.
func (t *tracer) entries(ctx context.Context, read result.Snapshot, wanted map[string]bool) error {
	history, err := t.lake.History(ctx, read.Table)
	if err != nil {
		return err
	}
	isLater := false
	for _, version := range history {
		text, isBatch := version.Summary[ledger.SummaryKey]
		if isLater && isBatch && !slices.Contains(t.Outdated, read.Table) {
			t.Outdated = append(t.Outdated, read.Table)
		}
		if !isLater && isBatch {
			entry, err := ledger.Decode(text)
			if err != nil {
				return err
			}
			if allMonths, ok := wanted[entry.BatchID]; ok && entry.Outcome == ledger.Committed {
				t.Origins = append(t.Origins, Origin{read.Table, entry, allMonths})
			}
		}
		isLater = isLater || version.ID == read.ID
	}
	return nil
}
