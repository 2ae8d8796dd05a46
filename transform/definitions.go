package transform

import (
	"context"
	"fmt"
	"slices"

	"tavolo/ingest/lake"
	"tavolo/transform/kpi"
)

// ChangedDefinitions names the indicators that two earlier runs, by the versions of
// their tables of results, define in another way: by another entry of the catalogue,
// or by another SQL of their mart. Of the models that the marts read nothing is kept.
// Errors are as those of LoadVersions.
func ChangedDefinitions(ctx context.Context, l *lake.Lake, from, to map[string]int64) ([]string, error) {
	before, err := definitionsAt(ctx, l, from)
	if err != nil {
		return nil, err
	}
	after, err := definitionsAt(ctx, l, to)
	if err != nil {
		return nil, err
	}
	var changed []string
	for id, definition := range after {
		if was, ok := before[id]; ok && was != definition {
			changed = append(changed, id)
		}
	}
	slices.Sort(changed)
	return changed, nil
}

// definitionsAt gives, by indicator, all that defines its figures as one text.
func definitionsAt(ctx context.Context, l *lake.Lake, stored map[string]int64) (map[string]string, error) {
	o := opener{ctx: ctx, lake: l, versions: versionsOf(stored), stored: map[string]int64{}}
	catalogue := catalogueOf(take(&o, themeTable), take(&o, entryTable))
	models := map[string]string{}
	for _, model := range take(&o, modelTable) {
		models[model.Name] = model.Text
	}
	if o.err != nil {
		return nil, o.err
	}
	all := map[string]string{}
	for i := range catalogue.Indicators {
		k := catalogue.Indicators[i]
		all[k.ID] = computing(k) + models[k.Mart]
	}
	return all, nil
}

// computing writes what of an entry decides figures and classes; texts and targets do not.
func computing(k kpi.Indicator) string {
	return fmt.Sprintf("%q", []any{k.Statistic, k.Mart, k.Numerator, k.Denominator, k.Value, k.Count, k.Open, k.OpenIs, k.PerPopulation,
		k.Stock, k.Unit, k.Interval, k.Strata, k.Breakdowns, k.Levels, k.MinDenominator, k.MaturityDays, k.Disclosure})
}
