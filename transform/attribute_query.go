package transform

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tavolo/ingest"
	"tavolo/ingest/contract"
	"tavolo/ingest/lake"
	"tavolo/transform/duckdb"
)

// registerTouched makes each log that is needed known to the engine as all versions, up to
// the later edition, of those rows of which a version came since the earlier one, and
// touched_<log> as their keys with the batch that brought it.
func (a *attribution) registerTouched(ctx context.Context, needed map[string]bool) error {
	for _, log := range contract.Logs() {
		if !needed[log] {
			continue
		}
		c, err := contract.Load(log)
		if err != nil {
			return err
		}
		columns := engineColumns(ingest.TableSchema(c))
		var ids []string
		for _, e := range a.arrivals {
			if e.Log == log && e.Accepted.Records > 0 {
				ids = append(ids, duckdb.Quote(e.BatchID))
			}
		}
		if len(ids) == 0 {
			if err := a.engine.Register(ctx, duckdb.Relation{Name: log, Columns: columns}); err != nil {
				return err
			}
			continue
		}
		if err := a.registerVersions(ctx, log, c.Key, ids); err != nil {
			return err
		}
	}
	return nil
}

func (a *attribution) registerVersions(ctx context.Context, log string, key, batches []string) error {
	now, err := a.lake.SnapshotAt(ctx, log, a.to.Inputs[log])
	if err != nil {
		return err
	}
	came, err := a.newFiles(ctx, now)
	if err != nil {
		return err
	}
	all := duckdb.Relation{Name: "all_" + log, Columns: engineColumns(now.Schema), Files: paths(now.Files)}
	arrived := duckdb.Relation{Name: arrivedName(log), Columns: all.Columns, Files: came}
	for _, relation := range []duckdb.Relation{all, arrived} {
		if err := a.engine.Register(ctx, relation); err != nil {
			return err
		}
	}
	keys := make([]string, len(key))
	for i, column := range key {
		keys[i] = duckdb.Name(column)
	}
	touched := duckdb.Model{Name: touchedName(log), SQL: fmt.Sprintf("select distinct %s, batch_id from %s where batch_id in (%s)",
		strings.Join(keys, ", "), duckdb.Name(arrived.Name), strings.Join(batches, ", "))}
	if _, err := a.engine.Run(ctx, touched); err != nil {
		return err
	}
	versions := duckdb.Model{Name: log, SQL: fmt.Sprintf("select versions.* from %s as versions where exists (select 1 from %s as touched where %s)",
		duckdb.Name(all.Name), duckdb.Name(touched.Name), sameKey("touched", "versions", key))}
	_, err = a.engine.Run(ctx, versions)
	return err
}

func touchedName(log string) string { return "touched_" + log }

func sameKey(one, other string, key []string) string {
	same := make([]string, len(key))
	for i, column := range key {
		same[i] = fmt.Sprintf("%s.%s = %s.%[2]s", one, duckdb.Name(column), other)
	}
	return strings.Join(same, " and ")
}

// newFiles gives the files of a log that the earlier edition did not have: those
// of the arrivals, and what was written anew since.
func (a *attribution) newFiles(ctx context.Context, now *lake.Snapshot) ([]string, error) {
	id, ok := a.from.Inputs[now.Table]
	if !ok || id == 0 {
		return paths(now.Files), nil
	}
	old, err := a.lake.FilesAt(ctx, now.Table, id)
	if errors.Is(err, lake.ErrNoVersion) {
		return paths(now.Files), nil
	}
	if err != nil {
		return nil, err
	}
	read := paths(old)
	return slices.DeleteFunc(paths(now.Files), func(path string) bool {
		_, found := slices.BinarySearch(read, path)
		return found
	}), nil
}

func paths(files []lake.File) []string {
	all := make([]string, len(files))
	for i, file := range files {
		all[i] = file.Path
	}
	return all
}

// touchesQuery asks for the batch, the territory, with those above it, and the month
// of every version of the rows of which one came. The month is null where the mart's
// months are not the log's.
func touchesQuery(s source) (string, error) {
	c, err := contract.Load(s.log)
	if err != nil {
		return "", err
	}
	month := "cast(null as date)"
	if s.month != "" {
		month = "cast(date_trunc('month', events." + duckdb.Name(s.month) + ") as date)"
	}
	return fmt.Sprintf(`select distinct
    touched.batch_id,
    territory_ancestors.ancestor_code,
    %s as month
from %s as events
inner join %s as touched on %s
inner join territory_ancestors on territory_ancestors.territory_code = events.%s
order by touched.batch_id, territory_ancestors.ancestor_code, month`, month, duckdb.Name("stg_"+s.log), duckdb.Name(touchedName(s.log)),
		sameKey("touched", "events", c.Key), duckdb.Name(s.territory)), nil
}
