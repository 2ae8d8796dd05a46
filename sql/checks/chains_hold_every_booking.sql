-- Every booking is in exactly one chain of reschedulings.
with chained as (
    select cast(coalesce(sum(bookings), 0) as bigint) as bookings
    from stg_booking_chains
),

booked as (
    select count(*) as bookings
    from stg_bookings
)
select
    chained.bookings as in_chains,
    booked.bookings as booked
from chained
cross join booked
where chained.bookings <> booked.bookings
