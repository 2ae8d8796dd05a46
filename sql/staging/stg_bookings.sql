-- grain: one row per booking (booking_id), in its newest version
-- A moved appointment is two bookings: the one left behind is 'spostato', the new one names it in
-- rescheduled_from.
with newest as (
    select bookings.*
    from bookings
    left join superseded_bookings as superseded
        on
            superseded.batch_id = bookings.batch_id
            and superseded.line = bookings.line
    where
        superseded.line is null
        and not coalesce(bookings.is_deleted, false)
)
select
    booking_id,
    month as requested_month,
    requested_at,
    cast(requested_at at time zone 'Europe/Rome' as date) as requested_on,
    cast(first_offered_at at time zone 'Europe/Rome' as date) as first_offered_on,
    slot_at,
    cast(slot_at at time zone 'Europe/Rome' as date) as slot_on,
    cast(date_trunc('month', cast(slot_at at time zone 'Europe/Rome' as date)) as date)
        as slot_month,
    mode,
    consulting_point_id,
    office_code,
    province_code,
    nullif(patronato_code, '') as patronato_code,
    service_code,
    citizen_id,
    status,
    checked_in_at,
    called_at,
    ended_at,
    cancelled_at,
    nullif(rescheduled_from, '') as rescheduled_from,
    batch_id,
    line
from newest
