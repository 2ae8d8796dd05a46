-- What is open at the end of a month is what was opened until then, less what was closed.
with months as (
    select distinct stg_calendar.month
    from stg_calendar
    cross join params
    where stg_calendar.month between params.first_month and params.last_month
),

flows as (
    select
        month,
        territory_code,
        patronato_code,
        channel,
        sum(opened_contacts) - sum(closed_contacts) as net_contacts,
        sum(open_contacts) as open_contacts
    from backlog
    group by
        month,
        territory_code,
        patronato_code,
        channel
),

balances as (
    select
        months.month,
        flows.territory_code,
        flows.patronato_code,
        flows.channel,
        sum(case when flows.month = months.month then flows.open_contacts else 0 end)
            as open_contacts,
        sum(flows.net_contacts) as balance
    from months
    inner join flows on flows.month <= months.month
    group by
        months.month,
        flows.territory_code,
        flows.patronato_code,
        flows.channel
)
select
    month,
    territory_code,
    patronato_code,
    channel,
    cast(open_contacts as bigint) as open_contacts,
    cast(balance as bigint) as opened_less_closed
from balances
where open_contacts <> balance
