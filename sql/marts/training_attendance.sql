-- grain: one row per month of the session, province, patronato and mode
-- The rows of the log are enrolments: an operator in two sessions is enrolled twice.
select
    held_month as month,
    province_code as territory_code,
    patronato_code,
    mode,
    count(*) as enrolled,
    count(*) filter (where has_attended) as attended,
    count(has_passed) as tested,
    count(*) filter (where has_passed) as passed,
    count(satisfaction) as rated,
    count(*) filter (where satisfaction >= 4) as satisfied
from stg_trainings
group by
    held_month,
    province_code,
    patronato_code,
    mode
