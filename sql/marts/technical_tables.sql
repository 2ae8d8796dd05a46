-- grain: one row per month and territory below Italy: the technical tables of the six months that
--        end with it
-- The Protocol plans tables by the half-year, so a month looks back over six: that of June and that
-- of December are the half-years of the calendar.
with first_event as (
    select min(happened_month) as month
    from stg_agreements
),

-- Six months that begin before the first event on record are unknown, not empty.
months as (
    select
        stg_calendar.month,
        cast(stg_calendar.month - interval '5' month as date) as first_month,
        max(stg_calendar.day) as last_day
    from stg_calendar
    cross join params
    inner join first_event
        on first_event.month <= cast(stg_calendar.month - interval '5' month as date)
    where stg_calendar.month between params.first_month and params.last_month
    group by
        stg_calendar.month,
        cast(stg_calendar.month - interval '5' month as date)
),

due as (
    select
        months.month,
        months.first_month,
        territories.code as territory_code,
        territories.level
    from months
    cross join territories
    where
        territories.level in ('region', 'province')
        and coalesce(territories.valid_from <= months.last_day, true)
        and coalesce(territories.valid_to >= months.last_day, true)
),

held as (
    select
        happened_month,
        territory_code,
        count(*) as tables
    from stg_agreements
    where kind = 'tavolo_tecnico'
    group by
        happened_month,
        territory_code
),

counted as (
    select
        due.month,
        due.territory_code,
        due.level,
        params.tables_per_half_year,
        cast(coalesce(sum(held.tables), 0) as bigint) as tables
    from due
    cross join params
    left join held
        on
            held.territory_code = due.territory_code
            and held.happened_month between due.first_month and due.month
    group by
        due.month,
        due.territory_code,
        due.level,
        params.tables_per_half_year
)
select
    month,
    territory_code,
    case when level = 'region' then tables else 0 end as regional_tables,
    case when level = 'region' then tables_per_half_year else 0 end as regional_tables_planned,
    case when level = 'province' then tables else 0 end as provincial_tables,
    case when level = 'province' then tables_per_half_year else 0 end as provincial_tables_planned
from counted
