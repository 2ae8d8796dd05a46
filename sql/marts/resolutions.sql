-- grain: one row per month of opening, province, patronato, channel, service and whole number of
--        days to the closing
-- Days are those of the calendar in Europe/Rome: closed on the day of opening is 0. What is still
-- running counts as open.
with timed as (
    select
        opened_month,
        province_code,
        coalesce(patronato_code, 'nessuno') as patronato_code,
        channel,
        service_code,
        date_diff('day', opened_on, closed_on) as resolution_days
    from stg_interactions
    where outcome not in ('abbandonato', 'annullato')
)
select
    opened_month as month,
    province_code as territory_code,
    patronato_code,
    channel,
    service_code,
    resolution_days,
    count(resolution_days) as closed_contacts,
    count(*) - count(resolution_days) as open_contacts
from timed
group by
    opened_month,
    province_code,
    patronato_code,
    channel,
    service_code,
    resolution_days
