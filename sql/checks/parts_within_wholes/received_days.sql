-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'completeness' as indicator,
        month,
        territory_code,
        received_days as numerator,
        expected_days as denominator
    from received_days
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
