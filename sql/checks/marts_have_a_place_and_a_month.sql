-- Every row of every mart belongs to a known territory and to the first day of a month.
with places as (
    select 'activity_points' as mart, month, territory_code from activity_points
    union all
    select 'application_arrivals' as mart, month, territory_code from application_arrivals
    union all
    select 'application_outcomes' as mart, month, territory_code from application_outcomes
    union all
    select 'appointments' as mart, month, territory_code from appointments
    union all
    select 'arrival_days' as mart, month, territory_code from arrival_days
    union all
    select 'backlog' as mart, month, territory_code from backlog
    union all
    select 'batch_records' as mart, month, territory_code from batch_records
    union all
    select 'booking_arrivals' as mart, month, territory_code from booking_arrivals
    union all
    select 'booking_waits' as mart, month, territory_code from booking_waits
    union all
    select 'consulting_points' as mart, month, territory_code from consulting_points
    union all
    select 'contacts' as mart, month, territory_code from contacts
    union all
    select 'decisions' as mart, month, territory_code from decisions
    union all
    select 'first_responses' as mart, month, territory_code from first_responses
    union all
    select 'interaction_arrivals' as mart, month, territory_code from interaction_arrivals
    union all
    select 'milestones' as mart, month, territory_code from milestones
    union all
    select 'notices' as mart, month, territory_code from notices
    union all
    select 'onsite_waits' as mart, month, territory_code from onsite_waits
    union all
    select 'proposal_decisions' as mart, month, territory_code from proposal_decisions
    union all
    select 'proposals' as mart, month, territory_code from proposals
    union all
    select 'protocol_adoption' as mart, month, territory_code from protocol_adoption
    union all
    select 'received_days' as mart, month, territory_code from received_days
    union all
    select 'resolutions' as mart, month, territory_code from resolutions
    union all
    select 'source_freshness' as mart, month, territory_code from source_freshness
    union all
    select 'technical_tables' as mart, month, territory_code from technical_tables
    union all
    select 'training_attendance' as mart, month, territory_code from training_attendance
    union all
    select 'training_coverage' as mart, month, territory_code from training_coverage
    union all
    select 'training_hours' as mart, month, territory_code from training_hours
    union all
    select 'training_leads' as mart, month, territory_code from training_leads
)
select
    places.mart,
    places.month,
    places.territory_code,
    count(*) as mart_rows
from places
left join territories on territories.code = places.territory_code
where
    territories.code is null
    or places.month is null
    or places.month <> cast(date_trunc('month', places.month) as date)
group by
    places.mart,
    places.month,
    places.territory_code
