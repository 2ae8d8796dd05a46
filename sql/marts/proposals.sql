-- grain: one row per month, territory (of the level of the proposal), patronato and kind; operators
--        have no kind
-- Operators come as operator-years (a twelfth a month), so that a rate is per year whatever the
-- length of the period. Proposals of months whose operators nobody counted have nobody to be
-- divided by.
with counted_months as (
    select distinct operators.month
    from operators
    cross join params
    where operators.month between params.first_month and params.last_month
),

counted_proposals as (
    select
        stg_contributions.submitted_month as month,
        stg_contributions.territory_code,
        stg_contributions.patronato_code,
        stg_contributions.kind,
        count(*) as proposals,
        count(counted_months.month) as measured_proposals,
        count(*) filter (
            where stg_contributions.status in (
                'accolto', 'accolto_in_parte', 'attuato', 'respinto'
            )
        ) as decided_proposals,
        count(*) filter (
            where stg_contributions.status in ('accolto', 'accolto_in_parte', 'attuato')
        ) as accepted_proposals,
        cast(0 as double) as operator_years
    from stg_contributions
    left join counted_months on counted_months.month = stg_contributions.submitted_month
    group by
        stg_contributions.submitted_month,
        stg_contributions.territory_code,
        stg_contributions.patronato_code,
        stg_contributions.kind
),

active_operators as (
    select
        operators.month,
        operators.province_code as territory_code,
        operators.patronato_code,
        cast(null as varchar) as kind,
        cast(0 as bigint) as proposals,
        cast(0 as bigint) as measured_proposals,
        cast(0 as bigint) as decided_proposals,
        cast(0 as bigint) as accepted_proposals,
        cast(sum(operators.active_operators) as double) / 12 as operator_years
    from operators
    inner join counted_months on counted_months.month = operators.month
    group by
        operators.month,
        operators.province_code,
        operators.patronato_code
),

combined as (
    select * from counted_proposals
    union all
    select * from active_operators
)
select
    month,
    territory_code,
    patronato_code,
    kind,
    proposals,
    measured_proposals,
    decided_proposals,
    accepted_proposals,
    operator_years
from combined
