-- grain: one row per batch (log, batch_id) with rows in the lake
-- A batch that was held back and came again came when it did so first. What is older than the first
-- file of a source is its history: when that came says nothing of its punctuality.
with deliveries as (
    select
        log,
        batch_id,
        source,
        cast(min(received_at) at time zone 'Europe/Rome' as date) as received_on
    from ledger
    where outcome in ('committed', 'held')
    group by
        log,
        batch_id,
        source
    having count(*) filter (where outcome = 'committed') > 0
)
select
    log,
    batch_id,
    source,
    received_on,
    min(received_on) over (
        partition by log, source
    ) as source_since
from deliveries
