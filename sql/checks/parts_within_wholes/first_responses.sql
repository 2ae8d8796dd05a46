-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'first_response_within_standard' as indicator,
        month,
        territory_code,
        contacts_within_standard as numerator,
        due_contacts as denominator
    from first_responses
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
