-- grain: one row per measure (in the month in which it takes effect), province and patronato
-- Trained operators are capped at the active ones of their province and patronato: a surplus here
-- must not hide a lack there.
with first_session as (
    select min(held_on) as held_on
    from stg_trainings
),

-- A measure of before the first session on record says nothing about training: it is unknown, not
-- zero.
effective_measures as (
    select
        measures.code as measure_code,
        measures.effective_from,
        cast(date_trunc('month', measures.effective_from) as date) as month
    from measures
    cross join params
    inner join first_session on first_session.held_on < measures.effective_from
    where measures.effective_from between params.first_month and params.as_of
),

trained as (
    select
        stg_trainings.measure_code,
        stg_trainings.province_code,
        stg_trainings.patronato_code,
        count(distinct stg_trainings.operator_id) as trained_operators
    from stg_trainings
    inner join effective_measures on effective_measures.measure_code = stg_trainings.measure_code
    where
        stg_trainings.has_attended
        and stg_trainings.held_on < effective_measures.effective_from
    group by
        stg_trainings.measure_code,
        stg_trainings.province_code,
        stg_trainings.patronato_code
)
select
    effective_measures.month,
    operators.province_code as territory_code,
    operators.patronato_code,
    effective_measures.measure_code,
    least(coalesce(trained.trained_operators, 0), operators.active_operators) as covered_operators,
    operators.active_operators
from effective_measures
inner join operators on operators.month = effective_measures.month
left join trained
    on
        trained.measure_code = effective_measures.measure_code
        and trained.province_code = operators.province_code
        and trained.patronato_code = operators.patronato_code
