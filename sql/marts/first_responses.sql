-- grain: one row per month of opening, province, patronato, channel, service and whole number of
--        hours to the first answer
-- A contact without an answer is open, not forgotten: its hours are null and it counts as open; who
-- gave up waits for none.
with contacts_answerable as (
    select
        stg_interactions.opened_month,
        stg_interactions.province_code,
        coalesce(stg_interactions.patronato_code, 'nessuno') as patronato_code,
        stg_interactions.channel,
        stg_interactions.service_code,
        date_diff('second', stg_interactions.opened_at, stg_interactions.first_response_at)
            as response_seconds,
        date_diff('second', stg_interactions.opened_at, params.data_until)
            as elapsed_seconds,
        3600 * params.response_standard_hours as standard_seconds
    from stg_interactions
    cross join params
    where
        stg_interactions.first_response_at is not null
        or stg_interactions.outcome not in ('abbandonato', 'annullato')
),

timed as (
    select
        contacts_answerable.*,
        cast(floor(response_seconds / 3600.0) as bigint) as response_hours,
        -- Due: the standard's hours have passed, whether or not an answer came. Counting
        -- quick answers before that would flatter the last days.
        elapsed_seconds >= standard_seconds as is_due
    from contacts_answerable
)
select
    opened_month as month,
    province_code as territory_code,
    patronato_code,
    channel,
    service_code,
    response_hours,
    count(response_hours) as answered_contacts,
    count(*) - count(response_hours) as open_contacts,
    count(*) filter (where is_due) as due_contacts,
    count(*) filter (where is_due and response_seconds <= standard_seconds)
        as contacts_within_standard
from timed
group by
    opened_month,
    province_code,
    patronato_code,
    channel,
    service_code,
    response_hours
