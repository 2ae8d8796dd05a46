-- grain: one row per version of an event that a newer one supersedes (batch_id, line)
-- Hardly any key comes twice, so only those that do are put in order.
with repeated as (
    select event_id
    from agreements
    group by event_id
    having count(*) > 1
),

versions as (
    select
        agreements.batch_id,
        agreements.line,
        row_number() over (
            partition by agreements.event_id
            order by
                agreements.updated_at desc nulls last,
                batches.ingested_seq desc nulls last,
                agreements.line desc
        ) as version_rank
    from agreements
    inner join repeated on repeated.event_id = agreements.event_id
    left join batches on batches.batch_id = agreements.batch_id
)
select
    batch_id,
    line
from versions
where version_rank > 1
