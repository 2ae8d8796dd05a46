-- Every key that a log holds is in its staging, or has a version that says it is deleted.
with key_counts as (
    select
        count(distinct event_id) as keys_in_log,
        count(distinct event_id) filter (where is_deleted) as keys_with_tombstone,
        (select count(*) from stg_agreements) as rows_in_staging
    from agreements
)
select
    keys_in_log,
    keys_with_tombstone,
    rows_in_staging
from key_counts
where
    rows_in_staging > keys_in_log
    or rows_in_staging < keys_in_log - keys_with_tombstone
