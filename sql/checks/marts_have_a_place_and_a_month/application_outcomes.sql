-- Every row of every mart belongs to a known territory and to the first day of a month.
with places as (
    select
        month,
        territory_code,
        count(*) as mart_rows
    from application_outcomes
    group by month, territory_code
)
select
    'application_outcomes' as mart,
    places.month,
    places.territory_code,
    places.mart_rows
from places
left join territories on territories.code = places.territory_code
where
    territories.code is null
    or places.month is null
    or places.month <> cast(date_trunc('month', places.month) as date)
