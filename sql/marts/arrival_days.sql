-- grain: one row per day, province and log on which rows were expected
-- What is expected follows from the territory's own cadence: a day is expected where the same
-- weekday had rows almost always over the past year, and eight on average, so that chance alone
-- leaves it empty less than once in a thousand times. A small province owes nothing.
-- No number of rows can be told from this: see is_received and is_fewer beside.
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

months as (
    select
        month,
        max(day) as last_day
    from stg_calendar
    group by month
),

-- Of the logs with a cadence. Trainings, proposals and events of the Protocol come when they come.
arrivals as (
    select
        'interactions' as log,
        territory_code as province_code,
        day as happened_on,
        batch_id,
        contacts as events
    from interaction_arrivals
    union all
    select
        'applications' as log,
        territory_code as province_code,
        day as happened_on,
        batch_id,
        applications as events
    from application_arrivals
    union all
    select
        'bookings' as log,
        territory_code as province_code,
        day as happened_on,
        batch_id,
        bookings as events
    from booking_arrivals
),

received as (
    select
        arrivals.log,
        arrivals.province_code,
        arrivals.happened_on as day,
        months.month,
        cast(sum(arrivals.events) as bigint) as events,
        -- The first of its batches came more than 31 days after the end of the month.
        min(
            case
                when
                    date_diff('day', months.last_day, deliveries.received_on) > 31
                    and deliveries.source_since <= arrivals.happened_on
                    then 1
                else 0
            end
        ) as is_late
    from arrivals
    inner join months on months.month = cast(date_trunc('month', arrivals.happened_on) as date)
    left join stg_deliveries as deliveries
        on
            deliveries.log = arrivals.log
            and deliveries.batch_id = arrivals.batch_id
    group by
        arrivals.log,
        arrivals.province_code,
        arrivals.happened_on,
        months.month
    having sum(arrivals.events) > 0
),

-- So many rows beyond one a day that the number of days with rows says nothing of theirs.
full_months as (
    select
        received.log,
        received.province_code,
        received.month
    from received
    cross join params
    group by
        received.log,
        received.province_code,
        received.month,
        params.disclosure_threshold
    having sum(received.events) - count(*) >= params.disclosure_threshold
),

-- Of a province that is no more nothing is expected.
known as (
    select
        received.log,
        received.province_code,
        min(received.day) as first_day,
        min(coalesce(territories.valid_to, params.as_of)) as last_day
    from received
    cross join params
    left join territories on territories.code = received.province_code
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
        case when received.day is not null then 1 else 0 end as has_rows,
        coalesce(received.events, 0) as events,
        coalesce(received.is_late, 0) as is_late,
        params.disclosure_threshold,
        -- A week without any row is lost or idle: it must not lower what is expected after it.
        max(case when received.day is not null then 1 else 0 end) over (
            partition by known.log, known.province_code, days.week
        ) as is_active_week
    from known
    cross join params
    inner join days
        on
            days.day between known.first_day and known.last_day
            and days.day <= params.as_of
    left join received
        on
            received.log = known.log
            and received.province_code = known.province_code
            and received.day = days.day
),

remembered as (
    select
        marked.*,
        sum(has_rows) over past_year as past_received,
        sum(events) over past_year as past_events,
        sum(is_active_week) over past_year as past_weeks
    from marked
    window past_year as (
        partition by log, province_code, weekday
        order by day
        rows between 52 preceding and 1 preceding
    )
),

expected as (
    select
        remembered.log,
        remembered.province_code,
        remembered.month,
        remembered.day,
        remembered.is_late = 1 as is_late,
        remembered.has_rows = 1 and full_months.month is not null as is_received,
        remembered.past_events >= 40 * remembered.past_weeks
        and remembered.past_events
        >= 8 * remembered.disclosure_threshold * remembered.past_weeks
        and 2 * remembered.events * remembered.past_weeks < remembered.past_events as is_fewer
    from remembered
    left join full_months
        on
            full_months.log = remembered.log
            and full_months.province_code = remembered.province_code
            and full_months.month = remembered.month
    where
        remembered.past_weeks >= 13
        and 20 * remembered.past_received >= 19 * remembered.past_weeks
        and remembered.past_events >= 8 * remembered.past_weeks
)
select
    month,
    province_code as territory_code,
    log,
    day,
    is_received,
    is_received and is_late as is_late,
    is_received and is_fewer as is_fewer
from expected
