-- grain: one row per application (application_id), in its newest state
-- returned_for_integration says "ever": a later version that no longer says so wins, as any version
-- does.
with newest as (
    select applications.*
    from applications
    left join superseded_applications as superseded
        on
            superseded.batch_id = applications.batch_id
            and superseded.line = applications.line
    where
        superseded.line is null
        and not coalesce(applications.is_deleted, false)
)
select
    application_id,
    month as submitted_month,
    submitted_at,
    cast(submitted_at at time zone 'Europe/Rome' as date) as submitted_on,
    channel,
    nullif(patronato_code, '') as patronato_code,
    service_code,
    province_code,
    office_code,
    citizen_id,
    status,
    returned_for_integration as is_returned_for_integration,
    first_decided_at,
    cast(first_decided_at at time zone 'Europe/Rome' as date) as first_decided_on,
    review,
    review_outcome,
    batch_id,
    line
from newest
