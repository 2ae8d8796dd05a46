-- grain: one row per version of a booking (batch_id, line)
-- Every version is here: when the rows of a day first came does not change by a correction. Only
-- the newest are counted.
select
    bookings.month,
    bookings.province_code,
    cast(bookings.requested_at at time zone 'Europe/Rome' as date) as happened_on,
    bookings.batch_id,
    bookings.line,
    superseded.line is null and not coalesce(bookings.is_deleted, false) as is_newest
from bookings
left join superseded_bookings as superseded
    on
        superseded.batch_id = bookings.batch_id
        and superseded.line = bookings.line
