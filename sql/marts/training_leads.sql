-- grain: one row per measure (in the month in which it takes effect), province, patronato and whole
--        number of days before
-- An operator counts once a measure, on the first day attended. Negative days are after the measure
-- took effect.
with first_days as (
    select
        measure_code,
        operator_id,
        province_code,
        patronato_code,
        held_on,
        row_number() over (
            partition by measure_code, operator_id
            order by held_on, session_id
        ) as session_rank
    from stg_trainings
    where
        has_attended
        and measure_code is not null
),

timed as (
    select
        cast(date_trunc('month', measures.effective_from) as date) as month,
        first_days.measure_code,
        first_days.province_code,
        first_days.patronato_code,
        date_diff('day', first_days.held_on, measures.effective_from) as lead_days
    from first_days
    inner join measures on measures.code = first_days.measure_code
    cross join params
    where
        first_days.session_rank = 1
        and measures.effective_from between params.first_month and params.as_of
)
select
    month,
    province_code as territory_code,
    patronato_code,
    measure_code,
    lead_days,
    count(*) as operators_trained
from timed
group by
    month,
    province_code,
    patronato_code,
    measure_code,
    lead_days
