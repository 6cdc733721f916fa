"""The joins of applications.py as SQL over PATSTAT's tables: what an application is, who is listed on it, its fields.

Text columns come from formats/patstat.py and are cast here, once each. Tables made on the way, in this order:
application, wo (first publication), state, named (ids, from Python), kept, role, filed, person, place and naming (from
Python), inventor, spelling, symbol and symbol_of, counted, given.
"""

MOST_INVENTORS = 10_000  # no application names as many; a larger number is a misread cell


def _year(column: str) -> str:
    return f"case when try_cast({column} as integer) between 1800 and 2200 then try_cast({column} as integer) end"


def _date(column: str) -> str:
    date = f"coalesce(try_cast({column} as date), try_strptime({column}, '%Y%m%d')::date)"
    return f"case when year({date}) between 1800 and 2200 then {date} end"


APPLICATIONS = f"""
create table application as
select
    file_no,
    row,
    try_cast(appln_id as bigint) as appln_id,
    nullif(upper(trim(appln_kind)), '') as kind,
    coalesce({_year("appln_filing_year")}, year({_date("appln_filing_date")})) as filing_year,
    {_date("earliest_publn_date")} as earliest_date,
    coalesce(year({_date("earliest_publn_date")}), {_year("earliest_publn_year")}) as earliest_year,
    coalesce(try_cast(nb_inventors as integer), 0) as nb_inventors
from tls201
"""

PUBLICATIONS = f"""
create table wo as
with publication as (
    select
        try_cast(appln_id as bigint) as appln_id,
        coalesce(publn_nr, '') as number,
        coalesce(upper(trim(publn_kind)), '') as kind,
        {_date("publn_date")} as date
    from tls211
    where upper(trim(publn_auth)) = 'WO'
)
select
    appln_id,
    arg_min(struct_pack(number := number, kind := kind, date := date), struct_pack(late := date is null, date := date, kind := kind, number := number))
        filter (where kind = '' or kind in (select unnest($kinds))) as first
from publication
where appln_id is not null
group by appln_id
"""

STATES = """
create table state as
select
    application.*,
    wo.first.number as wo_text,
    coalesce(wo.first.kind, application.kind, '') as document_type,
    case when $filing then null else coalesce(wo.first.date, earliest_date) end as publication_date,
    case when $filing then filing_year else coalesce(year(wo.first.date), earliest_year) end as publication_year,
    case
        when $filing then 'filing'
        when wo.first.date is not null then 'publication'
        else 'earliest_publication'
    end as year_basis,
    case
        when application.appln_id is null then 'rejected'
        when application.kind is not null and application.kind <> 'W' then 'kind'
        when wo.appln_id is not null and wo.first is null then 'kind'
        when application.kind is null and $publications and wo.appln_id is null then 'kind'
        when application.kind is null and not $publications and not $keep then 'kind'
        when case when $filing then filing_year else coalesce(year(wo.first.date), earliest_year) end is null then 'year'
        else 'kept'
    end as state
from application
left join wo using (appln_id)
"""

KEPT = """
create table kept as
select * from state
semi join (
    select file_no, row from (
        select file_no, row, row_number() over (partition by document_no order by file_no desc, row desc) as place
        from state join named using (file_no, row)
    ) where place = 1
) using (file_no, row)
join named using (file_no, row)
"""

ROLES = """
create table role as
select
    kept.document_no,
    kept.file_no,
    kept.publication_year,
    try_cast(person_id as bigint) as person_id,
    min(try_cast(invt_seq_nr as integer)) filter (where try_cast(invt_seq_nr as integer) > 0) as inventor,
    min(try_cast(applt_seq_nr as integer)) filter (where try_cast(applt_seq_nr as integer) > 0) as applicant
from tls207
join kept on kept.appln_id = try_cast(tls207.appln_id as bigint)
where try_cast(person_id as bigint) is not null
group by all
"""


def _text(column: str) -> str:
    return f"nullif(trim(regexp_replace({column}, '\\s+', ' ', 'g')), '')"


_LINES = ", ".join(_text(f"address_{number}") for number in range(1, 6))

#: addresses as filed, the fullest of each person; tls226 has a row for each source of a person
FILED = f"""
create table filed as
with written as (
    select
        try_cast(person_id as bigint) as person_id,
        file_no,
        row,
        {_text("address_freeform")} as free,
        concat_ws(', ', {_LINES}, {_text("street")}) as lines,
        {_text("city")} as city,
        {_text("zip_code")} as postcode,
        {_text("state")} as region,
        {_text("person_ctry_code")} as code
    from tls226
)
select
    person_id,
    coalesce(free, concat_ws(', ', nullif(lines, ''), nullif(concat_ws(' ', postcode, city), ''), region)) as address,
    city, postcode, region, code
from written
where coalesce(free, nullif(lines, ''), city) is not null and person_id in (select person_id from role)
qualify row_number() over (partition by person_id order by length(address) desc, address, city nulls last, file_no, row) = 1
"""

PERSONS = """
create table person as
with cleaned as (
    select
        try_cast(tls206.person_id as bigint) as person_id,
        coalesce(filed.address, trim(regexp_replace(person_address, '\\s+', ' ', 'g')), '') as address,
        coalesce(nullif(upper(trim(person_ctry_code)), ''), upper(filed.code), '') as code,
        coalesce(filed.city, nullif(trim(tls206.city), '')) as city,
        coalesce(filed.region, nullif(trim(tls206.region), '')) as region,
        coalesce(filed.postcode, nullif(trim(tls206.postcode), '')) as postcode,
        try_cast(latitude as double) as latitude,
        try_cast(longitude as double) as longitude,
        upper(trim(coalesce(psn_sector, ''))) as sector,
        coalesce(trim(person_name), '') as name,
        coalesce(nullif(trim(psn_name), ''), nullif(trim(doc_std_name), ''), nullif(trim(han_name), ''), trim(person_name), '') as grouped
    from tls206
    left join filed on filed.person_id = try_cast(tls206.person_id as bigint)
    where try_cast(tls206.person_id as bigint) in (select person_id from role)
    qualify row_number() over (partition by try_cast(tls206.person_id as bigint) order by file_no desc, row desc) = 1
)
select *, dense_rank() over (order by address, code, city, region, postcode, latitude, longitude) as place_no
from cleaned
"""

PLACES = """
select distinct place_no, address, code, city, region, postcode, null::varchar, null::varchar, latitude, longitude
from person
order by place_no
"""

INVENTORS = """
create table inventor as
with numbered as (
    select
        role.document_no,
        role.file_no,
        role.publication_year,
        row_number() over (partition by role.document_no order by role.inventor, role.person_id) as person_no,
        place.address_id,
        place.from_text,
        person.person_id is null as missing
    from role
    left join person using (person_id)
    left join place using (place_no)
    where role.inventor is not null
),
placed as (
    select *, min(person_no) over (partition by document_no, address_id) as first_no from numbered
)
select
    document_no,
    file_no,
    publication_year,
    person_no,
    case when address_id is null then 0 else dense_rank() over (partition by document_no, address_id is null order by first_no) end as address_no,
    address_id,
    coalesce(from_text, false) as from_text,
    case when missing then 'person_missing' when address_id is null then 'no_address' end as why_unlocated
from placed
"""

UNNAMED = f"""
insert into inventor
with listed as (
    select document_no, count(*) as persons from inventor group by document_no
)
select
    kept.document_no,
    kept.file_no,
    kept.publication_year,
    unnest(generate_series(coalesce(listed.persons, 0) + 1, kept.nb_inventors)) as person_no,
    0 as address_no,
    null as address_id,
    false as from_text,
    'not_listed' as why_unlocated
from kept
left join listed using (document_no)
where kept.nb_inventors > coalesce(listed.persons, 0) and kept.nb_inventors <= {MOST_INVENTORS}
"""

DOCUMENTS = """
select
    document_no, document_id, 'pct' as kind, year_basis, publication_date, document_type,
    null::varchar as index_name, false as retracted, coalesce(persons, 0) as persons,
    file_no, publication_year, row as position
from kept
left join (select document_no, count(*) as persons from inventor group by document_no) using (document_no)
"""

LISTINGS = """
select
    document_no, person_no as listing_no, 'pct' as kind, person_no, address_no, address_id,
    address_id is not null as linked, why_unlocated, file_no, publication_year, null::bigint as position
from inventor
"""

APPLICANTS = """
with inventors as (
    select distinct person_id from role where inventor is not null
)
select
    role.document_no,
    row_number() over (partition by role.document_no order by role.applicant, role.person_id) as applicant_no,
    role.inventor is not null
        or coalesce(person.sector, '') = 'INDIVIDUAL'
        or (inventors.person_id is not null and coalesce(person.sector, '') in ('', 'UNKNOWN')) as is_person,
    case when is_person then null else nullif(person.name, '') end as name,
    case when is_person then null else naming.name_key end as name_key,
    place.country,
    case when person.address <> '' then place.address_id end as address_id,
    role.file_no,
    role.publication_year
from role
left join person using (person_id)
left join inventors using (person_id)
left join place using (place_no)
left join naming using (grouped)
where role.applicant is not null
"""

FIELDS = """
create table counted as
select document_no, field_nr, count(*) as symbols, sum(count(*)) over (partition by document_no) as all_symbols
from symbol_of
join symbol using (symbol)
where field_nr is not null
group by document_no, field_nr;
create table given as
select kept.document_no, try_cast(techn_field_nr as smallint) as field_nr, max(try_cast(replace(weight, ',', '.') as decimal(18, 15))) as weight
from tls230
join kept on kept.appln_id = try_cast(tls230.appln_id as bigint)
where try_cast(techn_field_nr as smallint) between 1 and 35
group by all
having max(try_cast(replace(weight, ',', '.') as decimal(18, 15))) between 0 and 1;
"""

TECHNOLOGY = """
select
    document_no, field_nr, given.weight, 'tls230' as basis, kept.file_no, kept.publication_year
from given join kept using (document_no)
union all
select
    document_no, field_nr, cast(symbols / all_symbols as decimal(18, 15)), 'computed', kept.file_no, kept.publication_year
from counted join kept using (document_no)
where document_no not in (select document_no from given)
"""


ADDRESSES = """
with used as (
    select file_no, publication_year, address_id, 1 as listings from made_listings where address_id is not null
    union all
    select file_no, publication_year, address_id, 0 from made_applicants where address_id is not null
),
summed as (
    select file_no, publication_year, address_id, sum(listings) as listings from used group by all
)
select distinct on (file_no, publication_year, address_id)
    summed.address_id, place.country, place.address as text, null::varchar as organisation, place.city,
    place.region, place.postcode, null::varchar as ror, place.latitude, place.longitude,
    summed.listings, summed.file_no, summed.publication_year
from summed join place using (address_id)
"""
