-- Contacts from CSV to Parquet by month: typed, checked against the reference
-- tables, persons hashed, keys that come twice found, refused rows kept.
set preserve_insertion_order = false;

create temp table provinces as
select distinct unnest([code, sigla, upper(name)]) as name, code
from read_csv('seeds/territories.csv', all_varchar = true)
where level = 'province';

create temp table patronati as
select code from read_csv('seeds/patronati.csv', all_varchar = true);

create temp table services as
select code from read_csv('seeds/services.csv', all_varchar = true);

create temp table contacts as
select *
from read_csv(
    'contacts.csv', delim = ';', header = true, store_rejects = true,
    timestampformat = '%d/%m/%Y %H:%M:%S',
    columns = {
        'ID': 'varchar', 'Aperto': 'timestamp', 'Risposta': 'timestamp', 'Chiuso': 'timestamp',
        'Canale': 'varchar', 'Provincia': 'varchar', 'Patronato': 'varchar', 'Prestazione': 'varchar',
        'Codice fiscale': 'varchar', 'Assistito': 'varchar', 'Coda': 'integer', 'Esito': 'varchar'
    }
);

create temp table twice as
select "ID" as interaction_id
from contacts
group by "ID"
having count(*) > 1;

create temp table checked as
select
    contacts."ID" as interaction_id,
    contacts."Aperto" as opened_at,
    contacts."Risposta" as first_response_at,
    contacts."Chiuso" as closed_at,
    replace(lower(contacts."Canale"), ' ', '_') as channel,
    provinces.code as province_code,
    contacts."Patronato" as patronato_code,
    contacts."Prestazione" as service_code,
    sha256('secret' || contacts."Codice fiscale") as citizen_id,
    case contacts."Assistito" when 'sì' then true when 'no' then false end as assisted_digital,
    contacts."Coda" as queue_seconds,
    replace(contacts."Esito", ' ', '_') as outcome,
    date_trunc('month', contacts."Aperto") as month,
    contacts."ID" is not null
        and contacts."Aperto" is not null
        and provinces.code is not null
        and (contacts."Patronato" is null or patronati.code is not null)
        and services.code is not null
        and lower(contacts."Canale") in (
            'sportello fisico', 'contact center', 'pec', 'portale', 'app mobile', 'punto di consulenza')
        and contacts."Esito" in ('risolto', 'inoltrato', 'appuntamento', 'abbandonato', 'in corso')
        and regexp_full_match(
            contacts."Codice fiscale", '[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]')
        and (contacts."Coda" is null or contacts."Coda" between 0 and 86400)
        and (contacts."Risposta" is null or contacts."Risposta" >= contacts."Aperto")
        and (contacts."Chiuso" is null or contacts."Chiuso" >= contacts."Aperto")
        and (contacts."Esito" <> 'in corso' or contacts."Chiuso" is null)
        and (contacts."Esito" <> 'risolto' or contacts."Chiuso" is not null) as is_good
from contacts
left join provinces on provinces.name = contacts."Provincia"
left join patronati on patronati.code = contacts."Patronato"
left join services on services.code = contacts."Prestazione";

copy (
    select checked.* exclude (is_good)
    from checked
    where checked.is_good
        and not exists (select 1 from twice where twice.interaction_id = checked.interaction_id)
) to 'duckdb' (format parquet, compression zstd, partition_by (month));

copy (
    select checked.* exclude (is_good, month)
    from checked
    where not checked.is_good
) to 'rejects.parquet' (format parquet, compression zstd);
