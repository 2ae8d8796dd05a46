-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'activity_points' as indicator,
        month,
        territory_code,
        accepted_applications as numerator,
        applications as denominator
    from activity_points
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
