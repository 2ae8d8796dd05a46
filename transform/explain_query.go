package transform

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
	"tavolo/transform/result"
)

// reproduce writes the query that counts the figure again.
func (x *explaining) reproduce(ctx context.Context) error {
	if x.Cell.Class == result.Hidden || x.Cell.Uncounted() {
		return nil
	}
	columns, err := x.engine.Columns(ctx, x.Indicator.Mart)
	if err != nil {
		return err
	}
	sum := func(column string) string {
		i := slices.IndexFunc(columns, func(c duckdb.Column) bool { return c.Name == column })
		if i >= 0 && columns[i].Type != "integer" { // the last digits of a sum of doubles depend on its order
			return fmt.Sprintf("cast(sum(mart.%s) as decimal(18, 6))", column)
		}
		return fmt.Sprintf("sum(mart.%s)", column)
	}
	if x.Indicator.Statistic == kpi.Distribution {
		x.Query = x.distributionQuery(sum)
		return nil
	}
	x.Query = fmt.Sprintf("select\n    %s\n%s", strings.Join(x.counted(sum), ",\n    "), x.from())
	return nil
}

// counted gives the numbers of a figure that is no distribution.
func (x *explaining) counted(sum func(string) string) []string {
	k, numerator := x.Indicator, sum(x.Indicator.Numerator)
	if k.Statistic == kpi.StockDays { // the stock is that of the last month
		numerator += fmt.Sprintf(" filter (where mart.month = %s)", duckdb.Day(x.To))
	}
	if x.isUndivided() { // an item has the denominator of all together
		numerator += " filter (where " + x.isItem() + ")"
	}
	counted := []string{numerator + " as numerator"}
	switch {
	case k.PerPopulation:
		counted = append(counted, fmt.Sprintf("%d as denominator", x.Territory.Population))
	case k.Statistic == kpi.Sum && k.Count != "":
		counted = append(counted, sum(k.Count)+" as denominator")
	case k.Denominator != "":
		counted = append(counted, sum(k.Denominator)+" as denominator")
	}
	return counted
}

// isUndivided says whether the figure is an item over all together.
func (x *explaining) isUndivided() bool {
	return x.Cell.Breakdown != "" && !x.Indicator.Divides(kpi.Breakdown(x.Cell.Breakdown))
}

// isItem is the condition that a row of the mart belongs to the figure's item.
func (x *explaining) isItem() string {
	by := kpi.Breakdown(x.Cell.Breakdown)
	parts := by.Parts(x.Cell.Item)
	conditions := make([]string, len(parts))
	for i, column := range by.Columns() {
		conditions[i] = fmt.Sprintf("coalesce(mart.%s, '') = %s", column, duckdb.Quote(parts[i]))
	}
	return strings.Join(conditions, " and ")
}

// from is the part of a query that chooses the rows behind the figure.
func (x *explaining) from() string {
	var b strings.Builder
	fmt.Fprintf(&b, `from %s as mart
inner join territory_ancestors on territory_ancestors.territory_code = mart.territory_code
where
    territory_ancestors.ancestor_code = %s
    and mart.month between %s and %s`, x.Indicator.Mart, duckdb.Quote(x.Cell.Territory), duckdb.Day(x.From), duckdb.Day(x.To))
	if x.Cell.Breakdown != "" && !x.isUndivided() {
		b.WriteString("\n    and " + x.isItem())
	}
	return b.String()
}

// distributionQuery takes the nearest ranks as the figures do: what is open
// comes before or after everything observed, and a rank among it has no value.
func (x *explaining) distributionQuery(sum func(string) string) string {
	open, before := "0", "0"
	if x.Indicator.Open != "" {
		open = "coalesce(" + sum(x.Indicator.Open) + ", 0)"
		if x.Indicator.OpenIs == kpi.Shorter {
			before = "totals.open_count"
		}
	}
	return fmt.Sprintf(`with counted as (
    select
        mart.%[1]s as observed,
        coalesce(%[2]s, 0) as observations,
        %[3]s as open_count
    %[4]s
    group by mart.%[1]s
),

totals as (
    select
        sum(observations) filter (where observed is not null) as observations,
        sum(open_count) as open_count
    from counted
),

ranked as (
    select
        counted.observed,
        %[5]s as open_before,
        sum(counted.observations) over (order by counted.observed) + %[5]s as last_rank,
        totals.observations + totals.open_count as ranks
    from counted
    cross join totals
    where counted.observed is not null
)
select
    (select coalesce(observations, 0) from totals) as denominator,
    (select open_count from totals) as open_count,
    min(observed) filter (
        where last_rank >= ceil(0.5 * ranks) and ceil(0.5 * ranks) > open_before
    ) as value,
    min(observed) filter (
        where last_rank >= ceil(0.9 * ranks) and ceil(0.9 * ranks) > open_before
    ) as p90
from ranked`, x.Indicator.Value, sum(x.Indicator.Count), open, strings.ReplaceAll(x.from(), "\n", "\n    "), before)
}

// mostRows is how many rows of a mart an explanation holds.
const mostRows = 100

// martRows reads the rows behind the figure, added up by the grain of the mart,
// when they describe no persons.
func (x *explaining) martRows(ctx context.Context) error {
	if x.Indicator.Disclosure != kpi.Unlimited || x.Cell.Class == result.Hidden {
		return nil
	}
	columns, err := x.engine.Columns(ctx, x.Indicator.Mart)
	if err != nil {
		return err
	}
	counts := columnsOf(x.Indicator)
	var grain, sums []string
	for _, column := range columns {
		name := "mart." + duckdb.Name(column.Name)
		switch {
		case slices.Contains(counts[:], column.Name):
			sums = append(sums, fmt.Sprintf("sum(%s) as %s", name, duckdb.Name(column.Name)))
		case column.Name == x.Indicator.Value || column.Type != "integer" && column.Type != "double" && column.Type != "decimal":
			grain = append(grain, name)
		}
	}
	var any []string
	for _, column := range counts {
		if column != "" {
			any = append(any, fmt.Sprintf("sum(mart.%s) <> 0", duckdb.Name(column)))
		}
	}
	list := strings.Join(grain, ", ")
	x.Rows, err = x.engine.Query(ctx, fmt.Sprintf("select %s, %s\n%s\ngroup by %s having %s order by %s limit %d",
		list, strings.Join(sums, ", "), x.from(), list, strings.Join(any, " or "), list, mostRows))
	return err
}
