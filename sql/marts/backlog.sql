-- grain: one row per month, province, patronato, channel and service: what was opened and closed in
--        the month, and what was open at its end
-- The stock is replayed from openings and closings: what is open today says nothing of how much was
-- open at the end of an earlier month.
with months as (
    select distinct stg_calendar.month
    from stg_calendar
    cross join params
    where stg_calendar.month between params.first_month and params.last_month
),

ended as (
    select
        stg_interactions.opened_month,
        stg_interactions.province_code,
        coalesce(stg_interactions.patronato_code, 'nessuno') as patronato_code,
        stg_interactions.channel,
        stg_interactions.service_code,
        params.as_of,
        -- Who gave up or was struck off, and nobody wrote when, was gone on the day of opening.
        case
            when stg_interactions.closed_on is not null then stg_interactions.closed_on
            when stg_interactions.outcome in ('abbandonato', 'annullato')
                then stg_interactions.opened_on
        end as ended_on
    from stg_interactions
    cross join params
),

-- One row per pair of months and what they have in common: most contacts end in the month in which
-- they were opened, and are not looked at again for every month since.
spells as (
    select
        opened_month,
        case when ended_on <= as_of then cast(date_trunc('month', ended_on) as date) end
            as ended_month,
        province_code,
        patronato_code,
        channel,
        service_code,
        count(*) as contacts
    from ended
    group by
        opened_month,
        case when ended_on <= as_of then cast(date_trunc('month', ended_on) as date) end,
        province_code,
        patronato_code,
        channel,
        service_code
),

lasting as (
    select *
    from spells
    where ended_month is null or ended_month > opened_month
),

movements as (
    select
        opened_month as month,
        province_code,
        patronato_code,
        channel,
        service_code,
        contacts as opened,
        0 as closed,
        0 as still_open
    from spells
    union all
    select
        ended_month as month,
        province_code,
        patronato_code,
        channel,
        service_code,
        0 as opened,
        contacts as closed,
        0 as still_open
    from spells
    where ended_month is not null
    union all
    select
        months.month,
        lasting.province_code,
        lasting.patronato_code,
        lasting.channel,
        lasting.service_code,
        0 as opened,
        0 as closed,
        lasting.contacts as still_open
    from lasting
    inner join months
        on
            months.month >= lasting.opened_month
            and months.month < coalesce(lasting.ended_month, date '9999-12-01')
)
select
    month,
    province_code as territory_code,
    patronato_code,
    channel,
    service_code,
    cast(sum(opened) as bigint) as opened_contacts,
    cast(sum(closed) as bigint) as closed_contacts,
    cast(sum(still_open) as bigint) as open_contacts
from movements
group by
    month,
    province_code,
    patronato_code,
    channel,
    service_code
