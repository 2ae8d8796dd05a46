-- After staging, every key of every log is there once.
select
    interaction_id,
    count(*) as versions
from stg_interactions
group by interaction_id
having count(*) > 1 or interaction_id is null
