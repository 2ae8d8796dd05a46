-- grain: one row per booking of an appointment that was moved (booking_id)
-- A booking continues another only if it was not requested before it. It names one at most, so no
-- circle is reached from a first step: those that bookings of one minute make stay apart, each an
-- appointment of its own.
with recursive renewals as (
    select
        booking_id,
        requested_at,
        rescheduled_from
    from stg_bookings
    where rescheduled_from is not null
),

moves as (
    select
        renewals.booking_id,
        stg_bookings.booking_id as moved_booking_id
    from stg_bookings
    inner join renewals on renewals.rescheduled_from = stg_bookings.booking_id
    where
        stg_bookings.requested_at <= renewals.requested_at
        and stg_bookings.booking_id <> renewals.booking_id
),

-- What was left behind and continues nothing itself.
first_steps as (
    select distinct moves.moved_booking_id as booking_id
    from moves
    left join moves as moves_before on moves_before.booking_id = moves.moved_booking_id
    where moves_before.booking_id is null
),

steps (booking_id, first_booking_id, step) as (
    select
        first_steps.booking_id,
        first_steps.booking_id,
        cast(1 as bigint)
    from first_steps
    union all
    select
        moves.booking_id,
        steps.first_booking_id,
        steps.step + 1
    from steps
    inner join moves on moves.moved_booking_id = steps.booking_id
)
select
    steps.first_booking_id,
    row_number() over (
        partition by steps.first_booking_id
        order by steps.step, stg_bookings.requested_at, stg_bookings.booking_id
    ) as rank_from_first,
    row_number() over (
        partition by steps.first_booking_id
        order by steps.step desc, stg_bookings.slot_at desc, stg_bookings.booking_id desc
    ) as rank_from_last,
    stg_bookings.booking_id,
    stg_bookings.requested_month,
    stg_bookings.requested_on,
    stg_bookings.first_offered_on,
    stg_bookings.slot_on,
    stg_bookings.status,
    stg_bookings.mode,
    stg_bookings.province_code,
    stg_bookings.patronato_code,
    stg_bookings.service_code
from steps
inner join stg_bookings on stg_bookings.booking_id = steps.booking_id
