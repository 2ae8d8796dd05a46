-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'protocol_adoption' as indicator,
        month,
        territory_code,
        provinces_in_force as numerator,
        provinces_due as denominator
    from protocol_adoption
    union all
    select
        'protocol_adoption_regional' as indicator,
        month,
        territory_code,
        regions_in_force as numerator,
        regions_due as denominator
    from protocol_adoption
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
