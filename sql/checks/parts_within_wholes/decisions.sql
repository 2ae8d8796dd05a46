-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'decision_within_standard' as indicator,
        month,
        territory_code,
        applications_within_standard as numerator,
        due_applications as denominator
    from decisions
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
