-- grain: one row per month of the slot, province, patronato, service and whole number of minutes
--        waited
-- Who comes early does not wait before the slot: the clock starts at the later of check-in and
-- slot, and never runs backwards. Who is called back, or comes by video, waits at home, whatever
-- the agenda writes as an arrival.
with visits as (
    select
        slot_month,
        province_code,
        coalesce(patronato_code, 'nessuno') as patronato_code,
        service_code,
        greatest(date_diff('second', greatest(checked_in_at, slot_at), called_at), 0)
            as wait_seconds
    from stg_bookings
    where
        mode = 'fisico'
        and checked_in_at is not null
        and called_at is not null
        and status in ('presentato', 'concluso')
)
select
    slot_month as month,
    province_code as territory_code,
    patronato_code,
    service_code,
    cast(floor(wait_seconds / 60.0) as bigint) as wait_minutes,
    count(*) as visits
from visits
group by
    slot_month,
    province_code,
    patronato_code,
    service_code,
    cast(floor(wait_seconds / 60.0) as bigint)
