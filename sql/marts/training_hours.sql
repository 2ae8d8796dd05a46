-- grain: one row per month, province, patronato and mode; operators have no mode
-- Operators come as operator-years (a twelfth a month), so that a rate is per year whatever the
-- length of the period. Hours where nobody counted operators in the month have nobody to be divided
-- by, neither there nor in the region: they would raise its rate.
with counted_operators as (
    select
        operators.month,
        operators.province_code,
        operators.patronato_code,
        sum(operators.active_operators) as active_operators
    from operators
    cross join params
    where operators.month between params.first_month and params.last_month
    group by
        operators.month,
        operators.province_code,
        operators.patronato_code
),

attended as (
    select
        stg_trainings.held_month,
        stg_trainings.province_code,
        stg_trainings.patronato_code,
        stg_trainings.mode,
        coalesce(counted_operators.active_operators, 0) > 0 as has_operators,
        -- Who left early has the minutes recorded, who stayed connected after the end no more than
        -- the session had; where nobody recorded any, it is the whole session.
        least(
            coalesce(stg_trainings.attended_minutes, cast(stg_trainings.hours * 60 as bigint)),
            cast(stg_trainings.hours * 60 as bigint)
        ) as attended_minutes
    from stg_trainings
    left join counted_operators
        on
            counted_operators.month = stg_trainings.held_month
            and counted_operators.province_code = stg_trainings.province_code
            and counted_operators.patronato_code = stg_trainings.patronato_code
    where stg_trainings.has_attended
),

combined as (
    select
        held_month as month,
        province_code as territory_code,
        patronato_code,
        mode,
        cast(sum(attended_minutes) as double) / 60 as attended_hours,
        cast(coalesce(sum(attended_minutes) filter (where has_operators), 0) as double) / 60
            as measured_hours,
        cast(0 as double) as operator_years
    from attended
    group by
        held_month,
        province_code,
        patronato_code,
        mode
    union all
    select
        month,
        province_code as territory_code,
        patronato_code,
        cast(null as varchar) as mode,
        cast(0 as double) as attended_hours,
        cast(0 as double) as measured_hours,
        cast(active_operators as double) / 12 as operator_years
    from counted_operators
)
select
    month,
    territory_code,
    patronato_code,
    mode,
    attended_hours,
    measured_hours,
    operator_years
from combined
