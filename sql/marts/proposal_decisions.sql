-- grain: one row per month of submission, territory (of the level of the proposal), patronato, kind
--        and whole number of days to the decision
-- A proposal under examination is open; one that was decided and nobody wrote when is neither
-- measured nor open.
with timed as (
    select
        stg_contributions.submitted_month,
        stg_contributions.territory_code,
        stg_contributions.patronato_code,
        stg_contributions.kind,
        case
            when stg_contributions.decided_on <= params.as_of
                then date_diff(
                    'day', stg_contributions.submitted_on, stg_contributions.decided_on
                )
        end as decision_days
    from stg_contributions
    cross join params
    where
        stg_contributions.decided_on is not null
        or stg_contributions.status in ('ricevuto', 'in_esame')
)
select
    submitted_month as month,
    territory_code,
    patronato_code,
    kind,
    decision_days,
    count(decision_days) as decided_proposals,
    count(*) - count(decision_days) as open_proposals
from timed
group by
    submitted_month,
    territory_code,
    patronato_code,
    kind,
    decision_days
