-- grain: one row per booking of an appointment that was moved (booking_id)
-- A booking continues another only if it was not requested before it. It names one at most, so no
-- circle is reached from a first step: those that bookings of one minute make stay apart, each an
-- appointment of its own.
with recursive renewals as (
    select
        booking_id,
        rescheduled_from
    from stg_bookings
    where rescheduled_from is not null
),

-- Hardly any: what follows has to do with these alone.
concerned as (
    select stg_bookings.*
    from stg_bookings
    inner join (
        select booking_id
        from renewals
        union
        select rescheduled_from as booking_id
        from renewals
    ) as named on named.booking_id = stg_bookings.booking_id
),

moves as (
    select
        later.booking_id,
        earlier.booking_id as moved_booking_id
    from concerned as later
    inner join concerned as earlier on earlier.booking_id = later.rescheduled_from
    where
        earlier.requested_at <= later.requested_at
        and earlier.booking_id <> later.booking_id
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
        order by steps.step, concerned.requested_at, concerned.booking_id
    ) as rank_from_first,
    row_number() over (
        partition by steps.first_booking_id
        order by steps.step desc, concerned.slot_at desc, concerned.booking_id desc
    ) as rank_from_last,
    concerned.booking_id,
    concerned.requested_month,
    concerned.requested_on,
    concerned.first_offered_on,
    concerned.slot_on,
    concerned.status,
    concerned.mode,
    concerned.province_code,
    concerned.patronato_code,
    concerned.service_code
from steps
inner join concerned on concerned.booking_id = steps.booking_id
