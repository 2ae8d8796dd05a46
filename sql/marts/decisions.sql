-- grain: one row per month of submission, province, patronato, service and whole number of days to
--        the first decision
-- An undecided application is open; a withdrawn one without a decision waits for nothing and is
-- left out.
with timed as (
    select
        stg_applications.submitted_month,
        stg_applications.province_code,
        coalesce(stg_applications.patronato_code, 'nessuno') as patronato_code,
        stg_applications.service_code,
        date_diff('day', stg_applications.submitted_on, stg_applications.first_decided_on)
            as decision_days,
        -- Whole days: the last day known may not be over.
        date_diff('day', stg_applications.submitted_on, params.as_of)
            > params.decision_standard_days as is_due,
        params.decision_standard_days
    from stg_applications
    cross join params
    where
        stg_applications.first_decided_on is not null
        or stg_applications.status <> 'ritirata'
)
select
    submitted_month as month,
    province_code as territory_code,
    patronato_code,
    service_code,
    decision_days,
    count(decision_days) as decided_applications,
    count(*) - count(decision_days) as open_applications,
    count(*) filter (where is_due) as due_applications,
    count(*) filter (where is_due and decision_days <= decision_standard_days)
        as applications_within_standard
from timed
group by
    submitted_month,
    province_code,
    patronato_code,
    service_code,
    decision_days
