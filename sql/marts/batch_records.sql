-- grain: one row per month (of the newest event in the batch), log and source
-- A batch that was held back and came again counts once, as it ended. One without an accepted event
-- counts in the last month, so that it shows.
with attempts as (
    select
        ledger.*,
        row_number() over (
            partition by ledger.log, ledger.batch_id
            order by ledger.ingested_at desc
        ) as attempt_rank
    from ledger
    where ledger.outcome in ('committed', 'held')
)
select
    coalesce(attempts.month, params.last_month) as month,
    'IT' as territory_code,
    attempts.log,
    attempts.source,
    cast(sum(attempts.accepted_records) as bigint) as accepted_records,
    cast(sum(attempts.quarantined_records) as bigint) as quarantined_records,
    cast(sum(attempts.accepted_records + attempts.quarantined_records) as bigint) as read_records
from attempts
cross join params
where attempts.attempt_rank = 1
group by
    coalesce(attempts.month, params.last_month),
    attempts.log,
    attempts.source
