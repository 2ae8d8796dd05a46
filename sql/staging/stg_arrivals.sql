-- grain: one row per version of an event of a log with a cadence (log, batch_id, line)
-- Every version is here: when the rows of a day first came does not change by a correction. Only
-- the newest are counted. Trainings, proposals and events of the Protocol come when they come.
with versions as (
    select
        'interactions' as log,
        interactions.province_code,
        interactions.opened_at as happened_at,
        interactions.batch_id,
        interactions.line,
        superseded.line is null and not coalesce(interactions.is_deleted, false) as is_newest
    from interactions
    left join superseded_interactions as superseded
        on
            superseded.batch_id = interactions.batch_id
            and superseded.line = interactions.line
    union all
    select
        'applications' as log,
        applications.province_code,
        applications.submitted_at as happened_at,
        applications.batch_id,
        applications.line,
        superseded.line is null and not coalesce(applications.is_deleted, false) as is_newest
    from applications
    left join superseded_applications as superseded
        on
            superseded.batch_id = applications.batch_id
            and superseded.line = applications.line
    union all
    select
        'bookings' as log,
        bookings.province_code,
        bookings.requested_at as happened_at,
        bookings.batch_id,
        bookings.line,
        superseded.line is null and not coalesce(bookings.is_deleted, false) as is_newest
    from bookings
    left join superseded_bookings as superseded
        on
            superseded.batch_id = bookings.batch_id
            and superseded.line = bookings.line
)
select
    log,
    province_code,
    cast(happened_at at time zone 'Europe/Rome' as date) as happened_on,
    batch_id,
    line,
    is_newest
from versions
