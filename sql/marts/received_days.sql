-- grain: one row per month, province and log that has days on which rows were expected
-- Which days are expected, and when one counts as received, is said in arrival_days.
select
    month,
    territory_code,
    log,
    count(*) as expected_days,
    cast(count(*) filter (where is_received) as bigint) as received_days
from arrival_days
group by
    month,
    territory_code,
    log
