-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'patronato_share' as indicator,
        month,
        territory_code,
        patronato_applications as numerator,
        applications as denominator
    from application_outcomes
    union all
    select
        'acceptance_rate' as indicator,
        month,
        territory_code,
        accepted_applications as numerator,
        decided_applications as denominator
    from application_outcomes
    union all
    select
        'integration_rate' as indicator,
        month,
        territory_code,
        returned_applications as numerator,
        checked_applications as denominator
    from application_outcomes
    union all
    select
        'review_success_rate' as indicator,
        month,
        territory_code,
        successful_reviews as numerator,
        decided_reviews as denominator
    from application_outcomes
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
