-- After staging, every key of every log is there once.
select
    contribution_id,
    count(*) as versions
from stg_contributions
group by contribution_id
having count(*) > 1 or contribution_id is null
