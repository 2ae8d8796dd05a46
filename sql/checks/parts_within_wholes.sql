-- No share counts more above the line than below it, and no count is negative.
with shares as (
    select
        'booking_within_standard' as indicator,
        month,
        territory_code,
        appointments_within_standard as numerator,
        measured_appointments as denominator
    from booking_waits
    union all
    select
        'no_show_rate' as indicator,
        month,
        territory_code,
        missed as numerator,
        decided as denominator
    from appointments
    union all
    select
        'office_cancellation_rate' as indicator,
        month,
        territory_code,
        cancelled_by_office as numerator,
        appointments as denominator
    from appointments
    union all
    select
        'first_response_within_standard' as indicator,
        month,
        territory_code,
        contacts_within_standard as numerator,
        due_contacts as denominator
    from first_responses
    union all
    select
        'first_contact_resolution' as indicator,
        month,
        territory_code,
        first_contact_resolved as numerator,
        followed_contacts as denominator
    from contacts
    union all
    select
        'recognised_contacts' as indicator,
        month,
        territory_code,
        recognised_contacts as numerator,
        contacts as denominator
    from contacts
    union all
    select
        'abandonment_rate' as indicator,
        month,
        territory_code,
        abandoned_contacts as numerator,
        queue_contacts as denominator
    from contacts
    union all
    select
        'decision_within_standard' as indicator,
        month,
        territory_code,
        applications_within_standard as numerator,
        due_applications as denominator
    from decisions
    union all
    select
        'satisfaction_share' as indicator,
        month,
        territory_code,
        satisfied_contacts as numerator,
        rated_contacts as denominator
    from contacts
    union all
    select
        'satisfaction_response' as indicator,
        month,
        territory_code,
        rated_contacts as numerator,
        contacts as denominator
    from contacts
    union all
    select
        'patronato_share' as indicator,
        month,
        territory_code,
        patronato_applications as numerator,
        applications as denominator
    from application_outcomes
    union all
    select
        'assisted_digital_share' as indicator,
        month,
        territory_code,
        assisted_digital_contacts as numerator,
        digital_known_contacts as denominator
    from contacts
    union all
    select
        'acceptance_rate' as indicator,
        month,
        territory_code,
        accepted_applications as numerator,
        decided_applications as denominator
    from application_outcomes
    union all
    select
        'integration_rate' as indicator,
        month,
        territory_code,
        returned_applications as numerator,
        checked_applications as denominator
    from application_outcomes
    union all
    select
        'review_success_rate' as indicator,
        month,
        territory_code,
        successful_reviews as numerator,
        decided_reviews as denominator
    from application_outcomes
    union all
    select
        'activity_points' as indicator,
        month,
        territory_code,
        accepted_applications as numerator,
        applications as denominator
    from activity_points
    union all
    select
        'patronato_mix_contacts' as indicator,
        month,
        territory_code,
        patronato_contacts as numerator,
        contacts as denominator
    from contacts
    union all
    select
        'proposals_accepted_share' as indicator,
        month,
        territory_code,
        accepted_proposals as numerator,
        decided_proposals as denominator
    from proposals
    union all
    select
        'training_coverage' as indicator,
        month,
        territory_code,
        covered_operators as numerator,
        active_operators as denominator
    from training_coverage
    union all
    select
        'attendance_rate' as indicator,
        month,
        territory_code,
        attended as numerator,
        enrolled as denominator
    from training_attendance
    union all
    select
        'pass_rate' as indicator,
        month,
        territory_code,
        passed as numerator,
        tested as denominator
    from training_attendance
    union all
    select
        'training_satisfaction' as indicator,
        month,
        territory_code,
        satisfied as numerator,
        rated as denominator
    from training_attendance
    union all
    select
        'protocol_adoption' as indicator,
        month,
        territory_code,
        provinces_in_force as numerator,
        provinces_due as denominator
    from protocol_adoption
    union all
    select
        'protocol_adoption_regional' as indicator,
        month,
        territory_code,
        regions_in_force as numerator,
        regions_due as denominator
    from protocol_adoption
    union all
    select
        'dedicated_channel_share' as indicator,
        month,
        territory_code,
        dedicated_contacts as numerator,
        patronato_contacts as denominator
    from contacts
    union all
    select
        'quarantine_rate' as indicator,
        month,
        territory_code,
        quarantined_records as numerator,
        read_records as denominator
    from batch_records
    union all
    select
        'completeness' as indicator,
        month,
        territory_code,
        received_days as numerator,
        expected_days as denominator
    from received_days
)
select
    indicator,
    month,
    territory_code,
    numerator,
    denominator
from shares
where
    numerator is null
    or denominator is null
    or numerator < 0
    or numerator > denominator
