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

-- A balance holds until the next month that has a row; a month without one has nothing open.
balances as (
    select
        month,
        territory_code,
        patronato_code,
        channel,
        open_contacts,
        sum(net_contacts) over (
            partition by territory_code, patronato_code, channel
            order by month
            rows between unbounded preceding and current row
        ) as balance,
        lead(month) over (
            partition by territory_code, patronato_code, channel
            order by month
        ) as next_month
    from flows
),

-- So only what does not follow, and what is carried over a gap, is looked at month by month.
suspects as (
    select balances.*
    from balances
    where
        open_contacts <> balance
        or (
            balance <> 0
            and (next_month is null or date_diff('month', month, next_month) > 1)
        )
),

carried as (
    select
        months.month,
        suspects.territory_code,
        suspects.patronato_code,
        suspects.channel,
        case when months.month = suspects.month then suspects.open_contacts else 0 end
            as open_contacts,
        suspects.balance
    from suspects
    inner join months
        on
            months.month >= suspects.month
            and (suspects.next_month is null or months.month < suspects.next_month)
)
select
    month,
    territory_code,
    patronato_code,
    channel,
    cast(open_contacts as bigint) as open_contacts,
    cast(balance as bigint) as opened_less_closed
from carried
where open_contacts <> balance
