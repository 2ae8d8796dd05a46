-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'quarantine_rate' as indicator,
        month,
        territory_code,
        quarantined_records as numerator,
        read_records as denominator
    from batch_records
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
