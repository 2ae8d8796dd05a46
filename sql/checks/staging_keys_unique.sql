-- After staging, every key of every log is there once.
with key_counts as (
    select 'interactions' as log, interaction_id as log_key, count(*) as versions
    from stg_interactions group by interaction_id
    union all
    select 'applications' as log, application_id as log_key, count(*) as versions
    from stg_applications group by application_id
    union all
    select 'bookings' as log, booking_id as log_key, count(*) as versions
    from stg_bookings group by booking_id
    union all
    select 'trainings' as log, concat(session_id, ' ', operator_id) as log_key, count(*) as versions
    from stg_trainings group by session_id, operator_id
    union all
    select 'contributions' as log, contribution_id as log_key, count(*) as versions
    from stg_contributions group by contribution_id
    union all
    select 'agreements' as log, event_id as log_key, count(*) as versions
    from stg_agreements group by event_id
)
select
    log,
    log_key,
    versions
from key_counts
where versions > 1 or log_key is null
