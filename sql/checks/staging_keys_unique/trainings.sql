-- After staging, every key of every log is there once.
select
    session_id,
    operator_id,
    count(*) as versions
from stg_trainings
group by
    session_id,
    operator_id
having count(*) > 1 or session_id is null or operator_id is null
