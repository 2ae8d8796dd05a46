-- grain: one row per month and territory below Italy, as things stand at the end of the month
-- Regions and provinces have columns of their own and never add up: a province is not covered by
-- its region's protocol.
with first_event as (
    select min(happened_on) as happened_on
    from stg_agreements
),

-- Months before the first event on record are unknown, not zero.
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

due as (
    select
        months.month,
        months.last_day,
        territories.code as territory_code,
        cast(case when territories.level = 'region' then 1 else 0 end as bigint) as regions_due,
        cast(case when territories.level = 'province' then 1 else 0 end as bigint) as provinces_due
    from months
    cross join territories
    where
        territories.level in ('region', 'province')
        and coalesce(territories.valid_from <= months.last_day, true)
        and coalesce(territories.valid_to >= months.last_day, true)
),

protocols as (
    select
        territory_code,
        happened_on,
        valid_until
    from stg_agreements
    where kind = 'protocollo_territoriale'
),

standing as (
    select
        due.month,
        due.territory_code,
        due.regions_due,
        due.provinces_due,
        -- 1 with a protocol in force, 0 without: several at a time are still one.
        cast(case when count(protocols.happened_on) > 0 then 1 else 0 end as bigint) as in_force
    from due
    left join protocols
        on
            protocols.territory_code = due.territory_code
            and protocols.happened_on <= due.last_day
            and coalesce(protocols.valid_until >= due.last_day, true)
    group by
        due.month,
        due.territory_code,
        due.regions_due,
        due.provinces_due
)
select
    month,
    territory_code,
    regions_due,
    regions_due * in_force as regions_in_force,
    provinces_due,
    provinces_due * in_force as provinces_in_force
from standing
