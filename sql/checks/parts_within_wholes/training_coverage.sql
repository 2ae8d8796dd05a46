-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'training_coverage' as indicator,
        month,
        territory_code,
        covered_operators as numerator,
        active_operators as denominator
    from training_coverage
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
