package transform

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"tavolo/ingest/contract"
	"tavolo/ingest/ledger"
	"tavolo/transform/duckdb"
	"tavolo/transform/result"
)

// runKey is the property of an Iceberg snapshot that holds the id of the run
// that computed it.
const runKey = "tavolo.run"

// publishedTables gives the names of all tables that are not marts.
func publishedTables() []string {
	return append(contract.Logs(), append(resultTables(), disclosedTable.name, "params", "batches", "ledger", "quarantine")...)
}

// resultTables gives the names of the tables that a run stores beside the
// marts, in the order in which it stores them.
func resultTables() []string {
	return []string{
		cellTable.name, funnelTable.name, pointTable.name, limitTable.name, chartTable.name, chartPointTable.name,
		changeTable.name, contributionTable.name, peerTable.name,
		themeTable.name, entryTable.name, snapshotTable.name, versionTable.name, modelTable.name, checkTable.name, refusedTable.name,
		runTable.name,
	}
}

// publish stores the marts and the results. The run's own table comes last: it
// says that all the others are there.
func (r *run) publish(ctx context.Context) error {
	refused, err := r.refused(ctx)
	if err != nil {
		return err
	}
	tables, err := r.write(ctx, refused)
	if err != nil {
		return err
	}
	for _, mart := range r.marts {
		if err := r.publishMart(ctx, mart); err != nil {
			return err
		}
	}
	for _, table := range tables {
		if err := table.commit(ctx, r.job.Lake); err != nil {
			return err
		}
	}
	r.step("results stored")
	return nil
}

// write writes the results to files, several at once, and gives them in the order in which
// they become tables of the lake.
func (r *run) write(ctx context.Context, refused []result.RefusedCount) ([]written, error) {
	l, summary := r.job.Lake, r.summary(nil)
	funnels, points, limits := flatFunnels(r.set.Funnels)
	var writes []func() (written, error)
	if r.disclosed != nil { // first: what readers may have seen, the next run must know
		writes = append(writes, disclosedTable.writing(l, r.flatDisclosed(), summary))
	}
	writes = append(writes,
		cellTable.writing(l, r.set.Cells, r.summary(r.followed)),
		funnelTable.writing(l, funnels, summary),
		pointTable.writing(l, points, summary),
		limitTable.writing(l, limits, summary),
		chartTable.writing(l, r.set.Charts, summary),
		chartPointTable.writing(l, flatCharts(r.set.Charts), summary),
		changeTable.writing(l, r.set.Decomposed, summary),
		contributionTable.writing(l, r.set.Contribute, summary),
		peerTable.writing(l, r.set.Peers, summary),
		themeTable.writing(l, themeRows(r.job.Catalogue), summary),
		entryTable.writing(l, entryRows(r.job.Catalogue), summary),
		snapshotTable.writing(l, r.inputs.snapshots, summary),
		versionTable.writing(l, textRows(r.job.Versions), summary),
		modelTable.writing(l, modelRows(r.marts), summary),
		checkTable.writing(l, r.set.Checks, r.summary(r.checked)),
		refusedTable.writing(l, refused, summary),
		runTable.writing(l, []runRow{r.row()}, summary),
	)
	tables := make([]written, len(writes))
	err := r.atOnce(ctx, len(writes), func(_ context.Context, i int) (err error) {
		tables[i], err = writes[i]()
		return err
	})
	return tables, err
}

func (r *run) row() runRow {
	return runRow{
		Run: result.Run{
			ID: r.job.RunID, At: r.now.UTC(), DataUntil: r.at.dataUntil, LastMonth: r.at.last,
			Synthetic: r.job.Synthetic, Owner: r.job.Owner,
		},
		First: r.at.first, AsOf: r.at.asOf, Threshold: int64(r.control.Threshold()),
	}
}

// publishMart makes the files of a mart its table.
func (r *run) publishMart(ctx context.Context, mart duckdb.Model) error {
	s := r.stored[mart.Name]
	_, err := r.job.Lake.Replace(ctx, s.schema, s.files, r.summary(s.summary))
	return err
}

// summary gives the properties of a snapshot of this run.
func (r *run) summary(more map[string]string) map[string]string {
	summary := map[string]string{runKey: r.job.RunID}
	maps.Copy(summary, more)
	return summary
}

// refused counts the quarantine by source and rule, each with one message.
func (r *run) refused(ctx context.Context) ([]result.RefusedCount, error) {
	if err := registerQuarantine(ctx, r.engine, r.job.Quarantine, r.inputs.entries); err != nil {
		return nil, err
	}
	var counts []result.RefusedCount
	for row, err := range r.engine.Rows(ctx, `select
    source,
    log,
    rule,
    column_name,
    count(distinct batch_id || ':' || position) as records,
    min(message) as example
from quarantine
group by source, log, rule, column_name
order by source, log, rule, column_name`) {
		if err != nil {
			return nil, fmt.Errorf("quarantine: %w", err)
		}
		counts = append(counts, result.RefusedCount{
			Source: row[0].(string), Log: row[1].(string), Rule: row[2].(string), Column: row[3].(string),
			Records: row[4].(int64), Example: row[5].(string),
		})
	}
	return counts, nil
}

// registerQuarantine makes the refused rows of the known batches a relation.
func registerQuarantine(ctx context.Context, e *duckdb.Engine, folder string, entries []ledger.Entry) error {
	relation := duckdb.Relation{Name: "quarantine", Columns: engineColumns(ledger.QuarantineSchema())}
	if folder != "" {
		batches, err := ledger.Quarantined(folder)
		if err != nil {
			return err
		}
		for _, batch := range batches {
			if _, known := ledger.Find(entries, batch); known {
				relation.Files = append(relation.Files, ledger.QuarantineFile(folder, batch))
			}
		}
	}
	return e.Register(ctx, relation)
}

func flatFunnels(funnels []result.Funnel) (bare []result.Funnel, points []pointRow, limits []limitRow) {
	for _, funnel := range funnels {
		k := funnelKey{funnel.Indicator, funnel.Level, funnel.Grain, funnel.Start}
		for _, point := range funnel.Points {
			points = append(points, pointRow{k, point})
		}
		for _, limit := range funnel.Limits {
			limits = append(limits, limitRow{k, limit})
		}
		funnel.Points, funnel.Limits = nil, nil
		bare = append(bare, funnel)
	}
	return bare, points, limits
}

func flatCharts(charts []result.Chart) []chartPointRow {
	var points []chartPointRow
	for _, chart := range charts {
		for _, point := range chart.Points {
			points = append(points, chartPointRow{chart.Indicator, chart.Territory, point})
		}
	}
	return points
}

func textRows(texts map[string]string) []textRow {
	var rows []textRow
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		rows = append(rows, textRow{name, texts[name]})
	}
	return rows
}

func modelRows(models []duckdb.Model) []textRow {
	var rows []textRow
	for _, model := range models {
		rows = append(rows, textRow{model.Name, model.SQL})
	}
	return rows
}
