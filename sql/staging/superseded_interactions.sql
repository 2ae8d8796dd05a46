-- grain: one row per version of a contact that a newer one supersedes (batch_id, line)
-- Hardly any key comes twice, so only those that do are put in order.
with repeated as (
    select interaction_id
    from interactions
    group by interaction_id
    having count(*) > 1
),

versions as (
    select
        interactions.batch_id,
        interactions.line,
        row_number() over (
            partition by interactions.interaction_id
            order by
                interactions.updated_at desc nulls last,
                batches.ingested_seq desc nulls last,
                interactions.line desc
        ) as version_rank
    from interactions
    inner join repeated on repeated.interaction_id = interactions.interaction_id
    left join batches on batches.batch_id = interactions.batch_id
)
select
    batch_id,
    line
from versions
where version_rank > 1
