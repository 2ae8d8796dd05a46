-- grain: one row per application (application_id), in its newest state
-- returned_for_integration says "ever": a later version that no longer says so wins, as any version
-- does.
with versions as (
    select
        applications.*,
        row_number() over (
            partition by applications.application_id
            order by
                applications.updated_at desc nulls last,
                batches.ingested_seq desc nulls last,
                applications.line desc
        ) as version_rank
    from applications
    left join batches on batches.batch_id = applications.batch_id
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
from versions
where version_rank = 1 and not coalesce(is_deleted, false)
