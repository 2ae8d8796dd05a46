-- grain: one row per month, province and log that has days on which rows were expected
-- What is expected follows from the territory's own cadence: a day is expected where the same
-- weekday had rows almost always over the past year, and eight on average, so that chance alone
-- leaves it empty less than once in a thousand times. A small province owes nothing; trainings and
-- proposals come when they come, and owe nothing either.
with days as (
    select
        date as day,
        cast(date_trunc('month', date) as date) as month,
        mod(date_diff('day', date '1900-01-01', date), 7) as weekday,
        date_diff('day', date '1900-01-01', date)
        - mod(date_diff('day', date '1900-01-01', date), 7) as week
    from calendar
    where holiday_it is null
),

received as (
    select 'interactions' as log, province_code, opened_on as day, count(*) as events
    from stg_interactions group by province_code, opened_on
    union all
    select 'applications' as log, province_code, submitted_on as day, count(*) as events
    from stg_applications group by province_code, submitted_on
    union all
    select 'bookings' as log, province_code, requested_on as day, count(*) as events
    from stg_bookings group by province_code, requested_on
),

known as (
    select
        received.log,
        received.province_code,
        min(received.day) as first_day
    from received
    group by
        received.log,
        received.province_code
),

marked as (
    select
        known.log,
        known.province_code,
        days.month,
        days.day,
        days.weekday,
        case when received.day is not null then 1 else 0 end as is_received,
        coalesce(received.events, 0) as events,
        -- A week without any row is lost or idle: it must not lower what is expected after it.
        max(case when received.day is not null then 1 else 0 end) over (
            partition by known.log, known.province_code, days.week
        ) as is_active_week
    from known
    cross join params
    inner join days on days.day between known.first_day and params.as_of
    left join received
        on
            received.log = known.log
            and received.province_code = known.province_code
            and received.day = days.day
),

remembered as (
    select
        marked.*,
        sum(is_received) over past_year as past_received,
        sum(events) over past_year as past_events,
        sum(is_active_week) over past_year as past_weeks
    from marked
    window past_year as (
        partition by log, province_code, weekday
        order by day
        rows between 52 preceding and 1 preceding
    )
)
select
    month,
    province_code as territory_code,
    log,
    count(*) as expected_days,
    cast(sum(is_received) as bigint) as received_days
from remembered
where
    past_weeks >= 13
    and 20 * past_received >= 19 * past_weeks
    and past_events >= 8 * past_weeks
group by
    month,
    province_code,
    log
