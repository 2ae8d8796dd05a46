-- grain: one row per version of a contact (batch_id, line)
-- Every version is here: when the rows of a day first came does not change by a correction. Only
-- the newest are counted.
select
    interactions.month,
    interactions.province_code,
    cast(interactions.opened_at at time zone 'Europe/Rome' as date) as happened_on,
    interactions.batch_id,
    interactions.line,
    superseded.line is null and not coalesce(interactions.is_deleted, false) as is_newest
from interactions
left join superseded_interactions as superseded
    on
        superseded.batch_id = interactions.batch_id
        and superseded.line = interactions.line
