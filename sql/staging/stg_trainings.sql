-- grain: one row per operator in a session (session_id, operator_id), in its newest version
-- An operator who comes to two sessions on one measure has two rows: coverage counts operators, not
-- rows.
with newest as (
    select trainings.*
    from trainings
    left join superseded_trainings as superseded
        on
            superseded.batch_id = trainings.batch_id
            and superseded.line = trainings.line
    where
        superseded.line is null
        and not coalesce(trainings.is_deleted, false)
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
from newest
