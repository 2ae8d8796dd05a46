-- After staging, every key of every log is there once.
select
    application_id,
    count(*) as versions
from stg_applications
group by application_id
having count(*) > 1 or application_id is null
