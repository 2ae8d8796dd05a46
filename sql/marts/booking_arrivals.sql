-- grain: one row per day on which bookings were requested, province and batch that brought any of
--        them
-- What the days of arrival are judged by, and the age of a source: see arrival_days and
-- source_freshness.
select
    month,
    province_code as territory_code,
    happened_on as day,
    batch_id,
    count(*) as versions,
    count(*) filter (where is_newest) as bookings
from stg_booking_arrivals
group by
    month,
    province_code,
    happened_on,
    batch_id
