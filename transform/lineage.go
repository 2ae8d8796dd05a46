package transform

import (
	"context"
	"slices"
	"strings"

	"tavolo/ingest/contract"
	"tavolo/transform/duckdb"
	"tavolo/transform/subset"
)

// lineage walks from a mart down to the logs that it is computed from. Each model
// is looked at once.
type lineage struct {
	engine *duckdb.Engine
	models map[string]duckdb.Model // staging and marts, by name
	seen   map[string]bool

	// log is called for each log that is read through its newest versions, with the
	// names that the mart's month and territory may have there.
	log    func(log string, months, territories []string) error
	ledger func() // called when the ledger is read
}

// follow looks at what a model reads. Months and territories are the names that
// the mart's month and territory may have in the model.
func (w *lineage) follow(ctx context.Context, name string, months, territories []string) error {
	model, ok := w.models[name]
	if !ok || w.seen[name] {
		return nil
	}
	w.seen[name] = true
	query, err := subset.Parse(ctx, w.engine, model)
	if err != nil {
		return err
	}
	months, territories = origins(query, months), origins(query, territories)
	for _, read := range query.Reads() {
		switch log := strings.TrimPrefix(read, "stg_"); {
		case read == "ledger":
			w.ledger()
		case read != log && slices.Contains(contract.Logs(), log):
			err = w.log(log, months, territories)
		default:
			err = w.follow(ctx, read, months, territories)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func origins(query *subset.Query, names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, query.Origins(name)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// placeColumns finds, among the columns of a log's newest versions, those of the
// month and of the territory. Month is "" where the mart's months are not the log's;
// territory is the log's own word where nothing in the mart is called so.
func placeColumns(columns []duckdb.Column, months, territories []string) (month, territory string) {
	named := func(names []string) string {
		for _, column := range columns {
			if slices.Contains(names, column.Name) {
				return column.Name
			}
		}
		return ""
	}
	month, territory = named(months), named(territories)
	if territory == "" {
		territory = named([]string{"province_code", "territory_code"})
	}
	return month, territory
}
