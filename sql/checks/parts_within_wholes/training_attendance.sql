-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'attendance_rate' as indicator,
        month,
        territory_code,
        attended as numerator,
        enrolled as denominator
    from training_attendance
    union all
    select
        'pass_rate' as indicator,
        month,
        territory_code,
        passed as numerator,
        tested as denominator
    from training_attendance
    union all
    select
        'training_satisfaction' as indicator,
        month,
        territory_code,
        satisfied as numerator,
        rated as denominator
    from training_attendance
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
