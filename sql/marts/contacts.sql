-- grain: one row per month of opening, province, patronato, channel and service
-- Each count has its own denominator beside it, because who did not answer a question is not a
-- "no".
with repeated as (
    select
        citizen_id,
        service_code
    from stg_interactions
    where citizen_id is not null
    group by citizen_id, service_code
    having count(*) > 1
),

-- Most persons come once for a service: only the contacts of the others are put in order.
succeeded as (
    select
        stg_interactions.interaction_id,
        stg_interactions.opened_on,
        lead(stg_interactions.opened_on) over (
            partition by stg_interactions.citizen_id, stg_interactions.service_code
            order by stg_interactions.opened_at, stg_interactions.interaction_id
        ) as next_opened_on
    from stg_interactions
    inner join repeated
        on
            repeated.citizen_id = stg_interactions.citizen_id
            and repeated.service_code = stg_interactions.service_code
),

-- The contacts after which the person came back for the service in time.
returned as (
    select succeeded.interaction_id
    from succeeded
    cross join params
    where date_diff('day', succeeded.opened_on, succeeded.next_opened_on) <= params.follow_up_days
),

flagged as (
    select
        stg_interactions.*,
        -- Persons who can be recognised, were served, and whose days to come back are over:
        -- the last day known is none of them, as it may not be.
        stg_interactions.citizen_id is not null
        and stg_interactions.outcome not in ('abbandonato', 'annullato')
        and date_diff('day', stg_interactions.opened_on, params.as_of) > params.follow_up_days
            as is_followed,
        returned.interaction_id is null as is_last,
        stg_interactions.channel in (
            'sportello', 'sportello_telematico', 'punto_consulenza', 'contact_center'
        ) as has_queue,
        stg_interactions.channel in (
            'combipat', 'cassetto_bidirezionale', 'punto_consulenza'
        ) as is_dedicated
    from stg_interactions
    cross join params
    left join returned on returned.interaction_id = stg_interactions.interaction_id
)
select
    opened_month as month,
    province_code as territory_code,
    coalesce(patronato_code, 'nessuno') as patronato_code,
    channel,
    service_code,
    count(*) as contacts,
    count(patronato_code) as patronato_contacts,
    count(*) filter (where is_dedicated and patronato_code is not null) as dedicated_contacts,
    count(citizen_id) as recognised_contacts,
    count(*) filter (where is_followed) as followed_contacts,
    count(*) filter (where is_followed and is_last) as first_contact_resolved,
    count(*) filter (where has_queue) as queue_contacts,
    count(*) filter (where has_queue and outcome = 'abbandonato') as abandoned_contacts,
    count(satisfaction) as rated_contacts,
    count(*) filter (where satisfaction >= 4) as satisfied_contacts,
    count(is_assisted_digital) as digital_known_contacts,
    count(*) filter (where is_assisted_digital) as assisted_digital_contacts
from flagged
group by
    opened_month,
    province_code,
    coalesce(patronato_code, 'nessuno'),
    channel,
    service_code
