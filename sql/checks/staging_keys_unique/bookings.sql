-- After staging, every key of every log is there once.
select
    booking_id,
    count(*) as versions
from stg_bookings
group by booking_id
having count(*) > 1 or booking_id is null
