-- The rows of each mart add up to the events that they come from.
with totals as (
    select
        (select sum(cast(round(attended_hours * 60) as bigint)) from training_hours) as in_mart,
        (
            select cast(sum(least(coalesce(attended_minutes, hours * 60), hours * 60)) as bigint)
            from stg_trainings
            where has_attended
        ) as in_staging
)
select
    coalesce(in_mart, 0) as in_mart,
    in_staging
from totals
where coalesce(in_mart, 0) <> coalesce(in_staging, 0)
