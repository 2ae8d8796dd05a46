-- grain: one row per proposal (contribution_id), in its newest version
-- A national proposal has no territory in the log; here it has IT, as has one whose territory was
-- left out, so that every row has a place.
with newest as (
    select contributions.*
    from contributions
    left join superseded_contributions as superseded
        on
            superseded.batch_id = contributions.batch_id
            and superseded.line = contributions.line
    where
        superseded.line is null
        and not coalesce(contributions.is_deleted, false)
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
from newest
