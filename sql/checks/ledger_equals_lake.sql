-- Each committed batch has as many rows in the lake as the ledger says; no other batch has any.
with committed as (
    select
        log,
        batch_id,
        accepted_records
    from ledger
    where outcome = 'committed'
),

lake_rows as (
    select 'interactions' as log, batch_id, count(*) as records
    from interactions group by batch_id
    union all
    select 'applications' as log, batch_id, count(*) as records
    from applications group by batch_id
    union all
    select 'bookings' as log, batch_id, count(*) as records
    from bookings group by batch_id
    union all
    select 'trainings' as log, batch_id, count(*) as records
    from trainings group by batch_id
    union all
    select 'contributions' as log, batch_id, count(*) as records
    from contributions group by batch_id
    union all
    select 'agreements' as log, batch_id, count(*) as records
    from agreements group by batch_id
)
select
    coalesce(committed.log, lake_rows.log) as log,
    coalesce(committed.batch_id, lake_rows.batch_id) as batch_id,
    coalesce(committed.accepted_records, 0) as accepted_records,
    coalesce(lake_rows.records, 0) as lake_records
from committed
full outer join lake_rows
    on
        lake_rows.log = committed.log
        and lake_rows.batch_id = committed.batch_id
where coalesce(committed.accepted_records, 0) <> coalesce(lake_rows.records, 0)
