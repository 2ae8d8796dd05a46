-- grain: one row per event of the Protocol's life (event_id), in its newest version
-- A national event has no territory in the log; here it has IT, as has one whose territory was left
-- out, so that every row has a place.
with newest as (
    select agreements.*
    from agreements
    left join superseded_agreements as superseded
        on
            superseded.batch_id = agreements.batch_id
            and superseded.line = agreements.line
    where
        superseded.line is null
        and not coalesce(agreements.is_deleted, false)
)
select
    event_id,
    month as happened_month,
    happened_on,
    kind,
    level,
    case when level = 'nazionale' then 'IT' else coalesce(territory_code, 'IT') end
        as territory_code,
    nullif(patronato_code, '') as patronato_code,
    nullif(measure_code, '') as measure_code,
    nullif(consulting_point_id, '') as consulting_point_id,
    valid_until,
    note,
    batch_id,
    line
from newest
