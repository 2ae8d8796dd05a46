-- grain: one row per month, province, patronato, channel and service: what was opened and closed in
--        the month, and what was open at its end
-- The stock is replayed from openings and closings: what is open today says nothing of how much was
-- open at the end of an earlier month.
with known as (
    select
        min(opened_month) as first_month,
        max(opened_month) as last_month
    from stg_interactions
),

-- Of the first contact to the last day, which rows may lie after when the report is about the past.
months as (
    select distinct stg_calendar.month
    from stg_calendar
    cross join known
    cross join params
    where
        stg_calendar.month >= known.first_month
        and stg_calendar.month <= greatest(known.last_month, params.as_of)
),

spells as (
    select
        stg_interactions.opened_month,
        stg_interactions.province_code,
        coalesce(stg_interactions.patronato_code, 'nessuno') as patronato_code,
        stg_interactions.channel,
        stg_interactions.service_code,
        greatest(stg_interactions.opened_month, params.last_month) as last_month,
        case
            when stg_interactions.closed_on > params.as_of then null
            when stg_interactions.closed_on is not null
                then cast(date_trunc('month', stg_interactions.closed_on) as date)
            -- Who gave up or was struck off, and nobody wrote when, was gone on the day of opening.
            when stg_interactions.outcome in ('abbandonato', 'annullato')
                then stg_interactions.opened_month
        end as ended_month
    from stg_interactions
    cross join params
)
select
    months.month,
    spells.province_code as territory_code,
    spells.patronato_code,
    spells.channel,
    spells.service_code,
    count(*) filter (where spells.opened_month = months.month) as opened_contacts,
    count(*) filter (where spells.ended_month = months.month) as closed_contacts,
    count(*) filter (where spells.ended_month is null or spells.ended_month > months.month)
        as open_contacts
from spells
-- A row for each month in which the contact was open, be it for a part of it.
inner join months
    on
        months.month >= spells.opened_month
        and months.month <= coalesce(spells.ended_month, spells.last_month)
group by
    months.month,
    spells.province_code,
    spells.patronato_code,
    spells.channel,
    spells.service_code
