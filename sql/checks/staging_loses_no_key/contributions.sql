-- Every key that a log holds is in its staging, or has a version that says it is deleted.
with key_counts as (
    select
        count(distinct contribution_id) as keys_in_log,
        count(distinct contribution_id) filter (where is_deleted) as keys_with_tombstone,
        (select count(*) from stg_contributions) as rows_in_staging
    from contributions
)
select
    keys_in_log,
    keys_with_tombstone,
    rows_in_staging
from key_counts
where
    rows_in_staging > keys_in_log
    or rows_in_staging < keys_in_log - keys_with_tombstone
