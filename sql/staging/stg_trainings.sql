-- grain: one row per operator in a session (session_id, operator_id), in its newest version
-- An operator who comes to two sessions on one measure has two rows: coverage counts operators, not
-- rows.
with versions as (
    select
        trainings.*,
        row_number() over (
            partition by trainings.session_id, trainings.operator_id
            order by
                trainings.updated_at desc nulls last,
                batches.ingested_seq desc nulls last,
                trainings.line desc
        ) as version_rank
    from trainings
    left join batches on batches.batch_id = trainings.batch_id
)
select
    session_id,
    operator_id,
    month as held_month,
    held_on,
    course_code,
    title,
    nullif(measure_code, '') as measure_code,
    hours,
    mode,
    organiser,
    province_code,
    patronato_code,
    attended_minutes,
    attended as has_attended,
    test_score,
    passed as has_passed,
    satisfaction,
    batch_id,
    line
from versions
where version_rank = 1 and not coalesce(is_deleted, false)
