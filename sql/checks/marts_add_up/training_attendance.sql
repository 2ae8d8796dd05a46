-- The rows of each mart add up to the events that they come from.
with totals as (
    select
        (select sum(enrolled) from training_attendance) as in_mart,
        (select count(*) from stg_trainings) as in_staging
)
select
    coalesce(in_mart, 0) as in_mart,
    in_staging
from totals
where coalesce(in_mart, 0) <> coalesce(in_staging, 0)
