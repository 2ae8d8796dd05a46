-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'proposals_accepted_share' as indicator,
        month,
        territory_code,
        accepted_proposals as numerator,
        decided_proposals as denominator
    from proposals
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
