-- The rows of each mart add up to the events that they come from.
with totals as (
    select
        (select sum(closed_contacts + open_contacts) from resolutions) as in_mart,
        (
            select count(*)
            from stg_interactions
            where outcome not in ('abbandonato', 'annullato')
        ) as in_staging
)
select
    coalesce(in_mart, 0) as in_mart,
    in_staging
from totals
where coalesce(in_mart, 0) <> coalesce(in_staging, 0)
