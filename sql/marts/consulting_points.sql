-- grain: one row per month, territory and patronato that have had a consulting point, and one per
--        month and province that has had none, as things stand at the end of the month
-- A point is active when the last thing that happened to it by then was its activation. A province
-- without any has none, and that is known: left out, those that lack most would compare with
-- nobody.
with first_event as (
    select min(happened_on) as happened_on
    from stg_agreements
    where kind in ('punto_consulenza_attivato', 'punto_consulenza_chiuso')
),

-- Months before the first event on record are unknown, not zero.
months as (
    select
        stg_calendar.month,
        max(stg_calendar.day) as last_day
    from stg_calendar
    cross join params
    inner join first_event on first_event.happened_on <= stg_calendar.day
    where stg_calendar.month between params.first_month and params.last_month
    group by stg_calendar.month
),

point_events as (
    select
        coalesce(consulting_point_id, event_id) as consulting_point_id,
        event_id,
        territory_code,
        patronato_code,
        kind,
        happened_on
    from stg_agreements
    where kind in ('punto_consulenza_attivato', 'punto_consulenza_chiuso')
),

states as (
    select
        months.month,
        point_events.territory_code,
        point_events.patronato_code,
        point_events.kind,
        row_number() over (
            partition by months.month, point_events.consulting_point_id
            order by
                point_events.happened_on desc,
                point_events.kind desc,
                point_events.event_id desc
        ) as state_rank
    from months
    inner join point_events on point_events.happened_on <= months.last_day
),

counted as (
    select
        month,
        territory_code,
        coalesce(patronato_code, 'nessuno') as patronato_code,
        count(*) filter (where kind = 'punto_consulenza_attivato') as active_points
    from states
    where state_rank = 1
    group by
        month,
        territory_code,
        coalesce(patronato_code, 'nessuno')
),

without_any as (
    select
        months.month,
        territories.code as territory_code,
        'nessuno' as patronato_code,
        cast(0 as bigint) as active_points
    from months
    cross join territories
    left join counted
        on
            counted.month = months.month
            and counted.territory_code = territories.code
    where
        territories.level = 'province'
        and counted.territory_code is null
        and coalesce(territories.valid_from <= months.last_day, true)
        and coalesce(territories.valid_to >= months.last_day, true)
),

combined as (
    select * from counted
    union all
    select * from without_any
)
select
    month,
    territory_code,
    patronato_code,
    active_points
from combined
