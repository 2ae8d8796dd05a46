-- grain: one row per month of the slot, province, patronato, mode, service and lead band
-- An appointment whose slot has passed and that nobody closed is undecided: it is in no denominator
-- of the missed ones.
with planned as (
    select
        stg_bookings.*,
        date_diff('day', stg_bookings.requested_on, stg_bookings.slot_on) as lead_days
    from stg_bookings
    cross join params
    where
        stg_bookings.status <> 'spostato'
        and stg_bookings.slot_on <= params.as_of
),

banded as (
    select
        planned.*,
        case
            when planned.lead_days <= 0 then '0'
            when planned.lead_days <= 7 then '1-7'
            when planned.lead_days <= 30 then '8-30'
            else '31+'
        end as lead_band
    from planned
)
select
    slot_month as month,
    province_code as territory_code,
    coalesce(patronato_code, 'nessuno') as patronato_code,
    mode,
    service_code,
    lead_band,
    count(*) as appointments,
    count(*) filter (where status = 'annullato_inps') as cancelled_by_office,
    count(*) filter (where status = 'annullato_utente') as cancelled_by_user,
    count(*) filter (where status in ('presentato', 'concluso', 'non_presentato')) as decided,
    count(*) filter (where status = 'non_presentato') as missed,
    count(*) filter (where status in ('prenotato', 'confermato')) as undecided
from banded
group by
    slot_month,
    province_code,
    coalesce(patronato_code, 'nessuno'),
    mode,
    service_code,
    lead_band
