-- grain: one row per month, territory (of the level of the proposal), patronato and kind; operators
--        have the kind 'none'
-- Operators come as operator-years (a twelfth a month), so that a rate is per year whatever the
-- length of the period.
with counted_proposals as (
    select
        submitted_month as month,
        territory_code,
        patronato_code,
        kind,
        count(*) as proposals,
        count(*) filter (
            where status in ('accolto', 'accolto_in_parte', 'attuato', 'respinto')
        ) as decided_proposals,
        count(*) filter (
            where status in ('accolto', 'accolto_in_parte', 'attuato')
        ) as accepted_proposals,
        cast(0 as double) as operator_years
    from stg_contributions
    group by
        submitted_month,
        territory_code,
        patronato_code,
        kind
),

active_operators as (
    select
        operators.month,
        operators.province_code as territory_code,
        operators.patronato_code,
        'none' as kind,
        cast(0 as bigint) as proposals,
        cast(0 as bigint) as decided_proposals,
        cast(0 as bigint) as accepted_proposals,
        cast(sum(operators.active_operators) as double) / 12 as operator_years
    from operators
    cross join params
    where operators.month between params.first_month and params.last_month
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
    decided_proposals,
    accepted_proposals,
    operator_years
from combined
