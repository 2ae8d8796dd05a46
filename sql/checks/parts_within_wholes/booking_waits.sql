-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'booking_within_standard' as indicator,
        month,
        territory_code,
        appointments_within_standard as numerator,
        measured_appointments as denominator
    from booking_waits
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
