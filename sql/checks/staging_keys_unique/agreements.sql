-- After staging, every key of every log is there once.
select
    event_id,
    count(*) as versions
from stg_agreements
group by event_id
having count(*) > 1 or event_id is null
