-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'first_contact_resolution' as indicator,
        month,
        territory_code,
        first_contact_resolved as numerator,
        followed_contacts as denominator
    from contacts
    union all
    select
        'recognised_contacts' as indicator,
        month,
        territory_code,
        recognised_contacts as numerator,
        contacts as denominator
    from contacts
    union all
    select
        'abandonment_rate' as indicator,
        month,
        territory_code,
        abandoned_contacts as numerator,
        queue_contacts as denominator
    from contacts
    union all
    select
        'satisfaction_share' as indicator,
        month,
        territory_code,
        satisfied_contacts as numerator,
        rated_contacts as denominator
    from contacts
    union all
    select
        'satisfaction_response' as indicator,
        month,
        territory_code,
        rated_contacts as numerator,
        contacts as denominator
    from contacts
    union all
    select
        'assisted_digital_share' as indicator,
        month,
        territory_code,
        assisted_digital_contacts as numerator,
        digital_known_contacts as denominator
    from contacts
    union all
    select
        'patronato_mix_contacts' as indicator,
        month,
        territory_code,
        patronato_contacts as numerator,
        contacts as denominator
    from contacts
    union all
    select
        'dedicated_channel_share' as indicator,
        month,
        territory_code,
        dedicated_contacts as numerator,
        patronato_contacts as denominator
    from contacts
)
select
    indicator,
    month,
    territory_code,
    numerator,
    denominator
from shares
where
    numerator is null
    or denominator is null
    or numerator < 0
    or numerator > denominator
