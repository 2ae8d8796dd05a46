-- grain: one row per month, log, source and whole number of days since its newest event, as things
--        stand at the end of the month
-- The age is that of the event and not of the file: a file of today with rows of last year is old.
-- A source that falls silent grows older with every month.
with months as (
    select
        stg_calendar.month,
        least(max(stg_calendar.day), params.as_of) as last_day
    from stg_calendar
    cross join params
    where stg_calendar.month between params.first_month and params.last_month
    group by
        stg_calendar.month,
        params.as_of
),

events as (
    select
        'interactions' as log,
        interaction_arrivals.batch_id,
        interaction_arrivals.month,
        max(interaction_arrivals.day) as newest_on
    from interaction_arrivals
    inner join params on params.as_of >= interaction_arrivals.day
    where interaction_arrivals.contacts > 0
    group by
        interaction_arrivals.batch_id,
        interaction_arrivals.month
    union all
    select
        'applications' as log,
        application_arrivals.batch_id,
        application_arrivals.month,
        max(application_arrivals.day) as newest_on
    from application_arrivals
    inner join params on params.as_of >= application_arrivals.day
    where application_arrivals.applications > 0
    group by
        application_arrivals.batch_id,
        application_arrivals.month
    union all
    select
        'bookings' as log,
        booking_arrivals.batch_id,
        booking_arrivals.month,
        max(booking_arrivals.day) as newest_on
    from booking_arrivals
    inner join params on params.as_of >= booking_arrivals.day
    where booking_arrivals.bookings > 0
    group by
        booking_arrivals.batch_id,
        booking_arrivals.month
    union all
    select
        'trainings' as log,
        stg_trainings.batch_id,
        stg_trainings.held_month as month,
        max(stg_trainings.held_on) as newest_on
    from stg_trainings
    inner join params on params.as_of >= stg_trainings.held_on
    group by
        stg_trainings.batch_id,
        stg_trainings.held_month
    union all
    select
        'contributions' as log,
        stg_contributions.batch_id,
        stg_contributions.submitted_month as month,
        max(stg_contributions.submitted_on) as newest_on
    from stg_contributions
    inner join params on params.as_of >= stg_contributions.submitted_on
    group by
        stg_contributions.batch_id,
        stg_contributions.submitted_month
    union all
    select
        'agreements' as log,
        stg_agreements.batch_id,
        stg_agreements.happened_month as month,
        max(stg_agreements.happened_on) as newest_on
    from stg_agreements
    inner join params on params.as_of >= stg_agreements.happened_on
    group by
        stg_agreements.batch_id,
        stg_agreements.happened_month
),

origins as (
    select distinct
        log,
        batch_id,
        source
    from ledger
    where outcome = 'committed'
),

aged as (
    select
        months.month,
        events.log,
        origins.source,
        date_diff('day', max(events.newest_on), months.last_day) as age_days
    from months
    inner join events on events.month <= months.month
    inner join origins
        on
            origins.log = events.log
            and origins.batch_id = events.batch_id
    group by
        months.month,
        months.last_day,
        events.log,
        origins.source
)
select
    month,
    'IT' as territory_code,
    log,
    source,
    age_days,
    cast(1 as bigint) as sources
from aged
