-- grain: one row per month of opening, province, patronato, channel and service
-- Each count has its own denominator beside it, because who did not answer a question is not a
-- "no".
with followed as (
    select
        stg_interactions.*,
        lead(stg_interactions.opened_on) over (
            partition by stg_interactions.citizen_id, stg_interactions.service_code
            order by stg_interactions.opened_at, stg_interactions.interaction_id
        ) as next_opened_on
    from stg_interactions
),

flagged as (
    select
        followed.*,
        -- Persons who can be recognised, were served, and whose days to come back are over.
        followed.citizen_id is not null
        and followed.outcome not in ('abbandonato', 'annullato')
        and date_diff('day', followed.opened_on, params.as_of) >= params.follow_up_days
            as is_followed,
        followed.next_opened_on is null
        or date_diff('day', followed.opened_on, followed.next_opened_on) > params.follow_up_days
            as is_last,
        followed.channel in (
            'sportello', 'sportello_telematico', 'punto_consulenza', 'contact_center'
        ) as has_queue,
        followed.channel in (
            'combipat', 'cassetto_bidirezionale', 'punto_consulenza'
        ) as is_dedicated
    from followed
    cross join params
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
