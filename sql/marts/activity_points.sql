-- grain: one row per month of submission, province, patronato and service, of the applications
--        through a patronato, since the first table of points is in force
-- Without a table there is no row: no data, and not zero. A service that the table leaves out gives
-- no points.
with tables_in_force as (
    select min(valid_from) as first_valid_from
    from points
),

weights as (
    select
        service_code,
        points,
        valid_from,
        lead(valid_from) over (partition by service_code order by valid_from) as replaced_on
    from points
),

weighted as (
    select
        stg_applications.submitted_month,
        stg_applications.province_code,
        stg_applications.patronato_code,
        stg_applications.service_code,
        stg_applications.status = 'accolta' as is_accepted,
        -- In millionths: sums of whole numbers do not depend on their order.
        coalesce(cast(round(weights.points * 1000000) as bigint), 0) as micro_points
    from stg_applications
    inner join tables_in_force
        on tables_in_force.first_valid_from <= stg_applications.submitted_on
    left join weights
        on
            weights.service_code = stg_applications.service_code
            and weights.valid_from <= stg_applications.submitted_on
            and coalesce(weights.replaced_on > stg_applications.submitted_on, true)
    where stg_applications.patronato_code is not null
)
select
    submitted_month as month,
    province_code as territory_code,
    patronato_code,
    service_code,
    count(*) as applications,
    count(*) filter (where is_accepted) as accepted_applications,
    cast(coalesce(sum(micro_points) filter (where is_accepted), 0) as double) / 1000000
        as accepted_points
from weighted
group by
    submitted_month,
    province_code,
    patronato_code,
    service_code
