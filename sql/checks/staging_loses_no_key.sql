-- Every key that a log holds is in its staging, and nothing else is.
with key_counts as (
    select
        'interactions' as log,
        (select count(distinct interaction_id) from interactions) as keys_in_log,
        (select count(*) from stg_interactions) as rows_in_staging
    union all
    select
        'applications' as log,
        (select count(distinct application_id) from applications) as keys_in_log,
        (select count(*) from stg_applications) as rows_in_staging
    union all
    select
        'bookings' as log,
        (select count(distinct booking_id) from bookings) as keys_in_log,
        (select count(*) from stg_bookings) as rows_in_staging
    union all
    select
        'trainings' as log,
        (
            select count(*)
            from (select distinct session_id, operator_id from trainings) as attendances
        ) as keys_in_log,
        (select count(*) from stg_trainings) as rows_in_staging
    union all
    select
        'contributions' as log,
        (select count(distinct contribution_id) from contributions) as keys_in_log,
        (select count(*) from stg_contributions) as rows_in_staging
    union all
    select
        'agreements' as log,
        (select count(distinct event_id) from agreements) as keys_in_log,
        (select count(*) from stg_agreements) as rows_in_staging
)
select
    log,
    keys_in_log,
    rows_in_staging
from key_counts
where keys_in_log <> rows_in_staging
