-- The rows of each mart add up to the events that they come from.
with totals as (
    select
        'contacts' as mart,
        (select sum(contacts) from contacts) as in_mart,
        (select count(*) from stg_interactions) as in_staging
    union all
    select
        'first_responses' as mart,
        (select sum(answered_contacts + open_contacts) from first_responses) as in_mart,
        (
            select count(*)
            from stg_interactions
            where first_response_at is not null or outcome not in ('abbandonato', 'annullato')
        ) as in_staging
    union all
    select
        'resolutions' as mart,
        (select sum(closed_contacts + open_contacts) from resolutions) as in_mart,
        (
            select count(*)
            from stg_interactions
            where outcome not in ('abbandonato', 'annullato')
        ) as in_staging
    union all
    select
        'backlog' as mart,
        (select sum(opened_contacts) from backlog) as in_mart,
        (select count(*) from stg_interactions) as in_staging
    union all
    select
        'application_outcomes' as mart,
        (select sum(applications) from application_outcomes) as in_mart,
        (select count(*) from stg_applications) as in_staging
    union all
    select
        'decisions' as mart,
        (select sum(decided_applications + open_applications) from decisions) as in_mart,
        (
            select count(*)
            from stg_applications
            where first_decided_on is not null or status <> 'ritirata'
        ) as in_staging
    union all
    select
        'appointments' as mart,
        (select sum(appointments) from appointments) as in_mart,
        (
            select count(*)
            from stg_bookings
            where status <> 'spostato' and slot_on <= (select as_of from params)
        ) as in_staging
    union all
    select
        'booking_waits' as mart,
        (select sum(appointments) from booking_waits) as in_mart,
        (select count(*) from stg_booking_chains) as in_staging
    union all
    select
        'training_attendance' as mart,
        (select sum(enrolled) from training_attendance) as in_mart,
        (select count(*) from stg_trainings) as in_staging
    union all
    select
        'training_hours' as mart,
        (select sum(cast(round(attended_hours * 60) as bigint)) from training_hours) as in_mart,
        (
            select cast(sum(least(coalesce(attended_minutes, hours * 60), hours * 60)) as bigint)
            from stg_trainings
            where has_attended
        ) as in_staging
    union all
    select
        'proposals' as mart,
        (select sum(proposals) from proposals) as in_mart,
        (select count(*) from stg_contributions) as in_staging
    union all
    select
        'proposal_decisions' as mart,
        (select sum(decided_proposals + open_proposals) from proposal_decisions) as in_mart,
        (
            select count(*)
            from stg_contributions
            where decided_on is not null or status in ('ricevuto', 'in_esame')
        ) as in_staging
)
select
    mart,
    coalesce(in_mart, 0) as in_mart,
    in_staging
from totals
where coalesce(in_mart, 0) <> coalesce(in_staging, 0)
