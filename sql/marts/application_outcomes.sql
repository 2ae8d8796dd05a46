-- grain: one row per month of submission, province, patronato and service
-- An application that came back twice is one that came back: the log says "ever", and so does the
-- count.
select
    submitted_month as month,
    province_code as territory_code,
    coalesce(patronato_code, 'nessuno') as patronato_code,
    service_code,
    count(*) as applications,
    count(patronato_code) as patronato_applications,
    count(*) filter (where status in ('accolta', 'respinta')) as decided_applications,
    count(*) filter (where status = 'accolta') as accepted_applications,
    count(is_returned_for_integration) as checked_applications,
    count(*) filter (where is_returned_for_integration) as returned_applications,
    count(*) filter (where review_outcome in ('accolto', 'respinto')) as decided_reviews,
    count(*) filter (where review_outcome = 'accolto') as successful_reviews
from stg_applications
group by
    submitted_month,
    province_code,
    coalesce(patronato_code, 'nessuno'),
    service_code
