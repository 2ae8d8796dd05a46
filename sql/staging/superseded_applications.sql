-- grain: one row per version of an application that a newer one supersedes (batch_id, line)
-- Hardly any key comes twice, so only those that do are put in order.
with repeated as (
    select application_id
    from applications
    group by application_id
    having count(*) > 1
),

versions as (
    select
        applications.batch_id,
        applications.line,
        row_number() over (
            partition by applications.application_id
            order by
                applications.updated_at desc nulls last,
                batches.ingested_seq desc nulls last,
                applications.line desc
        ) as version_rank
    from applications
    inner join repeated on repeated.application_id = applications.application_id
    left join batches on batches.batch_id = applications.batch_id
)
select
    batch_id,
    line
from versions
where version_rank > 1
