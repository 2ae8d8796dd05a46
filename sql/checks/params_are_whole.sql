-- There is one row of parameters, and its dates are in order.
with counted as (
    select
        count(*) as param_rows,
        count(*) filter (
            where
                first_month <= last_month
                and last_month <= as_of
                and first_month = cast(date_trunc('month', first_month) as date)
                and last_month = cast(date_trunc('month', last_month) as date)
        ) as rows_in_order
    from params
)
select
    param_rows,
    rows_in_order
from counted
where param_rows <> 1 or rows_in_order <> 1
