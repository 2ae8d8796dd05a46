-- grain: one row per appointment: a booking and all its reschedulings, from the first request to
--        the final slot
-- Hardly any appointment is moved: only the bookings of those that were are put in order.
with first_steps as (
    select *
    from moved_bookings
    where rank_from_first = 1
),

last_steps as (
    select *
    from moved_bookings
    where rank_from_last = 1
),

unmoved as (
    select stg_bookings.*
    from stg_bookings
    left join moved_bookings on moved_bookings.booking_id = stg_bookings.booking_id
    where moved_bookings.booking_id is null
)
select
    unmoved.booking_id as first_booking_id,
    unmoved.booking_id as last_booking_id,
    cast(1 as bigint) as bookings,
    unmoved.requested_month,
    unmoved.requested_on,
    case
        when unmoved.first_offered_on >= unmoved.requested_on then unmoved.first_offered_on
        else unmoved.slot_on
    end as offered_on,
    unmoved.slot_on,
    unmoved.status,
    unmoved.mode,
    unmoved.province_code,
    unmoved.patronato_code,
    unmoved.service_code
from unmoved
union all
select
    first_steps.booking_id as first_booking_id,
    last_steps.booking_id as last_booking_id,
    last_steps.rank_from_first as bookings,
    first_steps.requested_month,
    first_steps.requested_on,
    case
        when first_steps.first_offered_on >= first_steps.requested_on
            then first_steps.first_offered_on
        else last_steps.slot_on
    end as offered_on,
    last_steps.slot_on,
    last_steps.status,
    first_steps.mode,
    first_steps.province_code,
    first_steps.patronato_code,
    first_steps.service_code
from first_steps
inner join last_steps on last_steps.first_booking_id = first_steps.booking_id
