-- grain: one row per contact (interaction_id), in its newest version
-- An empty patronato is the citizen alone; it stays null here and is named in the marts.
with newest as (
    select interactions.*
    from interactions
    left join superseded_interactions as superseded
        on
            superseded.batch_id = interactions.batch_id
            and superseded.line = interactions.line
    where
        superseded.line is null
        and not coalesce(interactions.is_deleted, false)
)
select
    interaction_id,
    month as opened_month,
    opened_at,
    cast(opened_at at time zone 'Europe/Rome' as date) as opened_on,
    first_response_at,
    closed_at,
    cast(closed_at at time zone 'Europe/Rome' as date) as closed_on,
    channel,
    province_code,
    office_code,
    nullif(patronato_code, '') as patronato_code,
    service_code,
    citizen_id,
    assisted_digital as is_assisted_digital,
    queue_seconds,
    handling_seconds,
    outcome,
    application_id,
    satisfaction,
    batch_id,
    line
from newest
