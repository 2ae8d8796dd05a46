-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'no_show_rate' as indicator,
        month,
        territory_code,
        missed as numerator,
        decided as denominator
    from appointments
    union all
    select
        'office_cancellation_rate' as indicator,
        month,
        territory_code,
        cancelled_by_office as numerator,
        appointments as denominator
    from appointments
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
