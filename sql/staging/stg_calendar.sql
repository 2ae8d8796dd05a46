-- grain: one row per day
-- working_day_number counts working days up to and including the day: the difference of two numbers
-- is the working days between.
select
    date as day,
    cast(date_trunc('month', date) as date) as month,
    is_working_day,
    cast(
        sum(case when is_working_day then 1 else 0 end) over (
            order by date
            rows between unbounded preceding and current row
        ) as bigint
    ) as working_day_number
from calendar
