-- grain: one row per month of the first request, province, patronato, mode, service and whole
--        number of days waited
-- A moved appointment counts once, from the first request to the first slot offered, or to the
-- final slot where none was recorded.
with chains as (
    select
        stg_booking_chains.*,
        date_diff('day', stg_booking_chains.requested_on, stg_booking_chains.offered_on)
            as wait_days,
        offered_days.working_day_number - requested_days.working_day_number
            as wait_working_days
    from stg_booking_chains
    left join stg_calendar as requested_days on requested_days.day = stg_booking_chains.requested_on
    left join stg_calendar as offered_days on offered_days.day = stg_booking_chains.offered_on
)
select
    chains.requested_month as month,
    chains.province_code as territory_code,
    coalesce(chains.patronato_code, 'nessuno') as patronato_code,
    chains.mode,
    chains.service_code,
    chains.wait_days,
    count(*) as appointments,
    count(chains.wait_working_days) as measured_appointments,
    count(*) filter (
        where chains.wait_working_days <= params.standard_working_days
    ) as appointments_within_standard
from chains
cross join params
group by
    chains.requested_month,
    chains.province_code,
    coalesce(chains.patronato_code, 'nessuno'),
    chains.mode,
    chains.service_code,
    chains.wait_days
