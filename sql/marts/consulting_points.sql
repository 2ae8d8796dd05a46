-- grain: one row per month, territory and patronato that have had a consulting point, as things
--        stand at the end of the month
-- A point is active when the last thing that happened to it by then was its activation.
with months as (
    select
        stg_calendar.month,
        max(stg_calendar.day) as last_day
    from stg_calendar
    cross join params
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
)
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
