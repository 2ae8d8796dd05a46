-- Every key that a log holds is in its staging, or has a version that says it is deleted.
with key_counts as (
    select
        'interactions' as log,
        count(distinct interaction_id) as keys_in_log,
        count(distinct interaction_id) filter (where is_deleted) as keys_with_tombstone,
        (select count(*) from stg_interactions) as rows_in_staging
    from interactions
    union all
    select
        'applications' as log,
        count(distinct application_id) as keys_in_log,
        count(distinct application_id) filter (where is_deleted) as keys_with_tombstone,
        (select count(*) from stg_applications) as rows_in_staging
    from applications
    union all
    select
        'bookings' as log,
        count(distinct booking_id) as keys_in_log,
        count(distinct booking_id) filter (where is_deleted) as keys_with_tombstone,
        (select count(*) from stg_bookings) as rows_in_staging
    from bookings
    union all
    select
        'trainings' as log,
        count(distinct session_id || ':' || operator_id) as keys_in_log,
        count(distinct session_id || ':' || operator_id)
            filter (where is_deleted) as keys_with_tombstone,
        (select count(*) from stg_trainings) as rows_in_staging
    from trainings
    union all
    select
        'contributions' as log,
        count(distinct contribution_id) as keys_in_log,
        count(distinct contribution_id) filter (where is_deleted) as keys_with_tombstone,
        (select count(*) from stg_contributions) as rows_in_staging
    from contributions
    union all
    select
        'agreements' as log,
        count(distinct event_id) as keys_in_log,
        count(distinct event_id) filter (where is_deleted) as keys_with_tombstone,
        (select count(*) from stg_agreements) as rows_in_staging
    from agreements
)
select
    log,
    keys_in_log,
    keys_with_tombstone,
    rows_in_staging
from key_counts
where
    rows_in_staging > keys_in_log
    or rows_in_staging < keys_in_log - keys_with_tombstone
