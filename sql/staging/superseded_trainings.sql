-- grain: one row per version of an attendance that a newer one supersedes (batch_id, line)
-- Hardly any key comes twice, so only those that do are put in order.
with repeated as (
    select
        session_id,
        operator_id
    from trainings
    group by session_id, operator_id
    having count(*) > 1
),

versions as (
    select
        trainings.batch_id,
        trainings.line,
        row_number() over (
            partition by trainings.session_id, trainings.operator_id
            order by
                trainings.updated_at desc nulls last,
                batches.ingested_seq desc nulls last,
                trainings.line desc
        ) as version_rank
    from trainings
    inner join repeated
        on
            repeated.session_id = trainings.session_id
            and repeated.operator_id = trainings.operator_id
    left join batches on batches.batch_id = trainings.batch_id
)
select
    batch_id,
    line
from versions
where version_rank > 1
