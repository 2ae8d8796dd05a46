-- grain: one row per version of a booking that a newer one supersedes (batch_id, line)
-- Hardly any key comes twice, so only those that do are put in order.
with repeated as (
    select booking_id
    from bookings
    group by booking_id
    having count(*) > 1
),

versions as (
    select
        bookings.batch_id,
        bookings.line,
        row_number() over (
            partition by bookings.booking_id
            order by
                bookings.updated_at desc nulls last,
                batches.ingested_seq desc nulls last,
                bookings.line desc
        ) as version_rank
    from bookings
    inner join repeated on repeated.booking_id = bookings.booking_id
    left join batches on batches.batch_id = bookings.batch_id
)
select
    batch_id,
    line
from versions
where version_rank > 1
