-- grain: one row per version of a proposal that a newer one supersedes (batch_id, line)
-- Hardly any key comes twice, so only those that do are put in order.
with repeated as (
    select contribution_id
    from contributions
    group by contribution_id
    having count(*) > 1
),

versions as (
    select
        contributions.batch_id,
        contributions.line,
        row_number() over (
            partition by contributions.contribution_id
            order by
                contributions.updated_at desc nulls last,
                batches.ingested_seq desc nulls last,
                contributions.line desc
        ) as version_rank
    from contributions
    inner join repeated on repeated.contribution_id = contributions.contribution_id
    left join batches on batches.batch_id = contributions.batch_id
)
select
    batch_id,
    line
from versions
where version_rank > 1
