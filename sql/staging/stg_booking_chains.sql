-- grain: one row per appointment: a booking and all its reschedulings, from the first request to
--        the final slot
-- A booking continues another only if it was requested later than it: so chains have no circles,
-- and every booking is in exactly one.
with recursive moves as (
    select
        later.booking_id,
        earlier.booking_id as moved_booking_id
    from stg_bookings as later
    inner join stg_bookings as earlier on earlier.booking_id = later.rescheduled_from
    where earlier.requested_at < later.requested_at
),

steps (booking_id, first_booking_id, step) as (
    select
        stg_bookings.booking_id,
        stg_bookings.booking_id,
        cast(1 as bigint)
    from stg_bookings
    left join moves on moves.booking_id = stg_bookings.booking_id
    where moves.booking_id is null
    union all
    select
        moves.booking_id,
        steps.first_booking_id,
        steps.step + 1
    from steps
    inner join moves on moves.moved_booking_id = steps.booking_id
),

members as (
    select
        stg_bookings.*,
        steps.first_booking_id,
        steps.step,
        count(*) over (partition by steps.first_booking_id) as bookings
    from stg_bookings
    inner join steps on steps.booking_id = stg_bookings.booking_id
),

ranked as (
    select
        members.*,
        row_number() over (
            partition by members.first_booking_id
            order by members.step, members.requested_at, members.booking_id
        ) as rank_from_first,
        row_number() over (
            partition by members.first_booking_id
            order by members.step desc, members.slot_at desc, members.booking_id desc
        ) as rank_from_last
    from members
)
select
    first_bookings.booking_id as first_booking_id,
    last_bookings.booking_id as last_booking_id,
    last_bookings.bookings,
    first_bookings.requested_month,
    first_bookings.requested_on,
    case
        when first_bookings.first_offered_on >= first_bookings.requested_on
            then first_bookings.first_offered_on
        else last_bookings.slot_on
    end as offered_on,
    last_bookings.slot_on,
    last_bookings.status,
    first_bookings.mode,
    first_bookings.province_code,
    first_bookings.patronato_code,
    first_bookings.service_code
from ranked as first_bookings
inner join ranked as last_bookings
    on last_bookings.first_booking_id = first_bookings.first_booking_id
where
    first_bookings.rank_from_first = 1
    and last_bookings.rank_from_last = 1
