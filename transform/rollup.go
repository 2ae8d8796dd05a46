package transform

import (
	"fmt"
	"strings"

	"tavolo/transform/duckdb"
	"tavolo/transform/kpi"
)

// rollup is one question to a mart: the totals of an indicator for every
// territory and period, all together or by the items of one breakdown.
//
// All its identifiers come from the catalogue, which allows nothing but lower
// case letters, digits and underscores.
type rollup struct {
	indicator *kpi.Indicator
	breakdown kpi.Breakdown // "" for all together
	periods   []period
}

// The columns of the answer to every rollup, in order. Counts are doubles; null
// is what the statistic does not have.
const rollupColumns = "territory_code, period_id, item, numerator, denominator, median, lower, upper, p90, open_count"

// query gives the SQL of the rollup; its answer has rollupColumns.
func (q rollup) query() string {
	if q.indicator.Statistic == kpi.Distribution {
		return q.with() + distribution
	}
	return q.with() + rate
}

// with gives the common table expressions that every rollup begins with:
// period_months, and monthly, the mart's counts per ancestor territory, month and
// item. counted and beside are numerator and denominator of a rate; of a
// distribution they are how often a value was observed, and what is open.
func (q rollup) with() string {
	k := q.indicator
	item := "''"
	if q.breakdown != "" {
		item = "coalesce(cast(mart." + duckdb.Name(q.breakdown.Column()) + " as varchar), '')"
	}
	observed, counted, beside := "", k.Numerator, k.Denominator
	if k.PerPopulation {
		beside = "" // from the reference table, and not summed
	}
	if k.Statistic == kpi.Distribution {
		observed, counted, beside = k.Value, k.Count, k.Open
	}
	return fmt.Sprintf(`with period_months (period_id, month, is_deep) as (values %s),
selected as (
    select
        mart.territory_code,
        mart.month,
        %s as item,
        %s as observed,
        %s as counted,
        %s as beside
    from %s as mart
),
local as (
    select
        territory_code,
        month,
        item,
        observed,
        sum(counted) as counted,
        sum(beside) as beside
    from selected
    group by territory_code, month, item, observed
),
monthly as (
    select
        territory_ancestors.ancestor_code as territory_code,
        territory_ancestors.ancestor_level as level,
        local.month,
        local.item,
        local.observed,
        sum(local.counted) as counted,
        sum(local.beside) as beside
    from local
    inner join territory_ancestors on territory_ancestors.territory_code = local.territory_code
    group by
        territory_ancestors.ancestor_code,
        territory_ancestors.ancestor_level,
        local.month,
        local.item,
        local.observed
),
`, periodMonths(q.periods), item, asDouble(observed), asExact(counted), asExact(beside), duckdb.Name(k.Mart))
}

// asExact reads a column of counts as decimal numbers, whose sum is the same in
// any order: sums of doubles would depend on the number of threads. A count need
// not be whole (a twelfth of an operator-year). "" is one that the indicator lacks.
func asExact(column string) string { return cast(column, "decimal(18, 6)") }

// asDouble reads a column of measured values.
func asDouble(column string) string { return cast(column, "double") }

func cast(column, sqlType string) string {
	if column == "" {
		return "cast(null as " + sqlType + ")"
	}
	return "cast(mart." + duckdb.Name(column) + " as " + sqlType + ")"
}

// rate sums the months of each period.
const rate = `totals as (
    select
        monthly.territory_code,
        period_months.period_id,
        monthly.item,
        sum(monthly.counted) as numerator,
        sum(monthly.beside) as denominator
    from monthly
    inner join period_months
        on
            period_months.month = monthly.month
            and (period_months.is_deep or monthly.level <> 'province')
    group by monthly.territory_code, period_months.period_id, monthly.item
)
select
    territory_code,
    period_id,
    item,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    cast(null as double) as median,
    cast(null as double) as lower,
    cast(null as double) as upper,
    cast(null as double) as p90,
    cast(null as double) as open_count
from totals`

// distribution takes nearest ranks from cumulative counts: the median, p90, and
// the ranks of stats.MedianRanks for its interval. The comparisons are of whole
// numbers, which doubles hold exactly, so that no rounding decides.
const distribution = `totals as (
    select
        monthly.territory_code,
        period_months.period_id,
        monthly.item,
        monthly.observed,
        cast(sum(monthly.counted) as double) as observations,
        cast(sum(monthly.beside) as double) as open_count
    from monthly
    inner join period_months
        on
            period_months.month = monthly.month
            and (period_months.is_deep or monthly.level <> 'province')
    group by monthly.territory_code, period_months.period_id, monthly.item, monthly.observed
),
ranked as (
    select
        totals.*,
        sum(observations) over (
            partition by territory_code, period_id, item
            order by observed
            rows between unbounded preceding and current row
        ) as seen,
        sum(observations) over (partition by territory_code, period_id, item) as n
    from totals
    where observed is not null and observations > 0
),
bounded as (
    select
        ranked.*,
        greatest(1, floor(n / 2 - 1.9599639845400542 * sqrt(n) / 2 + 0.5)) as lower_rank,
        least(n, floor(1 + n / 2 + 1.9599639845400542 * sqrt(n) / 2 + 0.5)) as upper_rank
    from ranked
),
measured as (
    select
        territory_code,
        period_id,
        item,
        max(n) as n,
        min(observed) filter (where 2 * seen >= n) as median,
        min(observed) filter (where n >= 6 and seen >= lower_rank) as lower,
        min(observed) filter (where n >= 6 and seen >= upper_rank) as upper,
        min(observed) filter (where 10 * seen >= 9 * n) as p90
    from bounded
    group by territory_code, period_id, item
),
opened as (
    select
        territory_code,
        period_id,
        item,
        sum(open_count) as open_count
    from totals
    group by territory_code, period_id, item
)
select
    opened.territory_code,
    opened.period_id,
    opened.item,
    cast(null as double) as numerator,
    coalesce(measured.n, 0) as denominator,
    measured.median,
    measured.lower,
    measured.upper,
    measured.p90,
    opened.open_count
from opened
left join measured
    on
        measured.territory_code = opened.territory_code
        and measured.period_id = opened.period_id
        and measured.item = opened.item`

// expectation is one question to a mart: the numerator of every territory and
// period if each of its strata had the national rate of the period.
type expectation struct {
	indicator *kpi.Indicator
	periods   []period
}

// query gives the SQL of the expectation; its answer has territory_code,
// period_id (index into periods) and expected.
func (q expectation) query() string {
	k := q.indicator
	strata := make([]string, len(k.Strata))
	for i, stratum := range k.Strata {
		strata[i] = "coalesce(cast(mart." + duckdb.Name(stratum) + " as varchar), '')"
	}
	return fmt.Sprintf(expected, periodMonths(q.periods),
		strings.Join(strata, " || chr(31) || "), // a separator that no code holds
		asExact(k.Numerator), asExact(k.Denominator), duckdb.Name(k.Mart))
}

const expected = `with period_months (period_id, month, is_deep) as (values %s),
stratified as (
    select
        mart.territory_code,
        mart.month,
        %s as stratum,
        %s as numerator,
        %s as denominator
    from %s as mart
),
monthly as (
    select
        territory_code,
        month,
        stratum,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from stratified
    group by territory_code, month, stratum
),
totals as (
    select
        monthly.territory_code,
        period_months.period_id,
        monthly.stratum,
        cast(sum(monthly.numerator) as double) as numerator,
        cast(sum(monthly.denominator) as double) as denominator
    from monthly
    inner join period_months on period_months.month = monthly.month
    group by monthly.territory_code, period_months.period_id, monthly.stratum
),
national as (
    select
        period_id,
        stratum,
        sum(numerator) / nullif(sum(denominator), 0) as rate
    from totals
    group by period_id, stratum
),
local as (
    select
        totals.territory_code,
        totals.period_id,
        sum(cast(totals.denominator * national.rate as decimal(38, 12))) as expected
    from totals
    inner join national
        on
            national.period_id = totals.period_id
            and national.stratum = totals.stratum
    group by totals.territory_code, totals.period_id
)
select
    territory_ancestors.ancestor_code as territory_code,
    local.period_id,
    cast(sum(local.expected) as double) as expected
from local
inner join territory_ancestors on territory_ancestors.territory_code = local.territory_code
group by territory_ancestors.ancestor_code, local.period_id`
