-- grain: one row per proposal (contribution_id), in its newest version
-- A national proposal has no territory in the log; here it has IT, as has one whose territory was
-- left out, so that every row has a place.
with versions as (
    select
        contributions.*,
        row_number() over (
            partition by contributions.contribution_id
            order by
                contributions.updated_at desc nulls last,
                batches.ingested_seq desc nulls last,
                contributions.line desc
        ) as version_rank
    from contributions
    left join batches on batches.batch_id = contributions.batch_id
)
select
    contribution_id,
    month as submitted_month,
    submitted_on,
    patronato_code,
    level,
    case when level = 'nazionale' then 'IT' else coalesce(territory_code, 'IT') end
        as territory_code,
    kind,
    topic,
    status,
    acknowledged_on,
    decided_on,
    implemented_on,
    batch_id,
    line
from versions
where version_rank = 1 and not coalesce(is_deleted, false)
