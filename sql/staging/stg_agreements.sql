-- grain: one row per event of the Protocol's life (event_id), in its newest version
-- A national event has no territory in the log; here it has IT, as has one whose territory was left
-- out, so that every row has a place.
with versions as (
    select
        agreements.*,
        row_number() over (
            partition by agreements.event_id
            order by
                agreements.updated_at desc nulls last,
                batches.ingested_seq desc nulls last,
                agreements.line desc
        ) as version_rank
    from agreements
    left join batches on batches.batch_id = agreements.batch_id
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
from versions
where version_rank = 1 and not coalesce(is_deleted, false)
