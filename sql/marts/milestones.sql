-- grain: one row per month and milestone of the Protocol, as things stand at the end of the month
-- A milestone is reached once, on the first day on record. The day is a number, the days since 1
-- January 1970, because that is what an indicator is made of.
with first_event as (
    select min(happened_on) as happened_on
    from stg_agreements
),

-- Months before the first event on record are unknown, not pending.
months as (
    select
        stg_calendar.month,
        max(stg_calendar.day) as last_day
    from stg_calendar
    cross join params
    inner join first_event on first_event.happened_on <= stg_calendar.day
    where stg_calendar.month between params.first_month and params.last_month
    group by stg_calendar.month
),

planned as (
    select 'protocollo_operativo' as milestone
    union all
    select 'piattaforma_digitale' as milestone
),

first_days as (
    select
        kind as milestone,
        min(happened_on) as reached_on
    from stg_agreements
    where level = 'nazionale'
    group by kind
),

standing as (
    select
        months.month,
        planned.milestone,
        case when first_days.reached_on <= months.last_day then first_days.reached_on end
            as reached_on
    from months
    cross join planned
    left join first_days on first_days.milestone = planned.milestone
)
select
    month,
    'IT' as territory_code,
    milestone,
    reached_on,
    date_diff('day', date '1970-01-01', reached_on) as reached_day,
    count(reached_on) filter (where milestone = 'protocollo_operativo') as operational_protocols,
    count(*) filter (where milestone = 'protocollo_operativo' and reached_on is null)
        as operational_protocols_pending,
    count(reached_on) filter (where milestone = 'piattaforma_digitale') as digital_platforms,
    count(*) filter (where milestone = 'piattaforma_digitale' and reached_on is null)
        as digital_platforms_pending
from standing
group by
    month,
    milestone,
    reached_on
