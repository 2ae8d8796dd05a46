-- grain: one row per version of a application (batch_id, line)
-- Every version is here: when the rows of a day first came does not change by a correction. Only
-- the newest are counted.
select
    applications.month,
    applications.province_code,
    cast(applications.submitted_at at time zone 'Europe/Rome' as date) as happened_on,
    applications.batch_id,
    applications.line,
    superseded.line is null and not coalesce(applications.is_deleted, false) as is_newest
from applications
left join superseded_applications as superseded
    on
        superseded.batch_id = applications.batch_id
        and superseded.line = applications.line
