-- The rows of each mart add up to the events that they come from.
with totals as (
    select
        (select sum(decided_proposals + open_proposals) from proposal_decisions) as in_mart,
        (
            select count(*)
            from stg_contributions
            where decided_on is not null or status in ('ricevuto', 'in_esame')
        ) as in_staging
)
select
    coalesce(in_mart, 0) as in_mart,
    in_staging
from totals
where coalesce(in_mart, 0) <> coalesce(in_staging, 0)
