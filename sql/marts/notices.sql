-- grain: one row per measure (in the month in which it takes effect) and whole number of days of
--        notice
-- Only the first information about a measure counts. Measures that nobody was told about have no
-- days and count as open.
with first_notices as (
    select
        measure_code,
        min(happened_on) as informed_on
    from stg_agreements
    where
        kind = 'set_informativo'
        and measure_code is not null
    group by measure_code
)
select
    cast(date_trunc('month', measures.effective_from) as date) as month,
    'IT' as territory_code,
    measures.code as measure_code,
    date_diff('day', first_notices.informed_on, measures.effective_from) as notice_days,
    count(first_notices.measure_code) as informed_measures,
    count(*) - count(first_notices.measure_code) as silent_measures
from measures
left join first_notices on first_notices.measure_code = measures.code
cross join params
where measures.effective_from between params.first_month and params.as_of
group by
    cast(date_trunc('month', measures.effective_from) as date),
    measures.code,
    date_diff('day', first_notices.informed_on, measures.effective_from)
