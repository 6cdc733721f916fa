"""OECD REGPAT, the files named PCT_*: inventors, applicants and IPC symbols of PCT applications, one row per region.

An address that fits several regions is repeated; rows are collapsed by application, name and address, and shares are
our own. `Appln_id` may be empty: the application is its `PCT_Nbr`. There is no publication date, but its year: WIPO
numbers publications anew each year, so the number says it. Positions are row numbers, 1 for the first row after the header.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from extracts.csv_tables import header_of, load_tables, make_tables
from extracts.detect import Payload

VERSION = "2"
COLUMNS = {
    "regpat_inventor": ("pct_nbr", "inv_name", "address", "reg_code", "ctry_code", "inv_share"),
    "regpat_applicant": ("pct_nbr", "app_name", "address", "ctry_code"),
    "regpat_ipc": ("pct_nbr", "app_year", "ipc"),
}
_DIGITS = r"try_cast(regexp_replace(pct_nbr, '\D', '', 'g') as bigint)::varchar"
_SHORT_YEAR = r"left(regexp_replace(number, '\D', '', 'g'), 2)"
_YEAR = (
    r"case when length(regexp_replace(number, '\D', '', 'g')) = 10 then left(regexp_replace(number, '\D', '', 'g'), 4)"
    r" when length(regexp_replace(number, '\D', '', 'g')) in (7, 8)"
    f" then (case when {_SHORT_YEAR} >= '78' then '19' else '20' end) || {_SHORT_YEAR} end"
)
_PERSON = """
create table regpat_person as
select min(file_no) as file_no, min(row) as row, {digits} as appln_id, name, address, ctry, any_value(pct_nbr) as number,
    min(inventor_row) as inventor, min(applicant_row) as applicant
from (
    select file_no, row, pct_nbr, coalesce(inv_name, '') as name, coalesce(address, '') as address, ctry_code as ctry,
        row as inventor_row, null::bigint as applicant_row from regpat_inventor
    union all
    select file_no, row, pct_nbr, coalesce(app_name, ''), coalesce(address, ''), ctry_code, null, row
    from regpat_applicant
)
where {digits} is not null
group by appln_id, name, address, ctry
"""
_FILL = """
create table regpat_numbered as
select *, row_number() over (order by appln_id::bigint, coalesce(inventor, 9e15), applicant, name, address) as person_id
from regpat_person;
insert into tls201 by name
select min(file_no) as file_no, min(row) as row, appln_id, 'W' as appln_kind,
    any_value(years.app_year) as appln_filing_year, min({year}) as earliest_publn_year, '0' as nb_inventors
from regpat_numbered
left join (select {digits} as appln_id, min(app_year) as app_year from regpat_ipc group by 1) as years using (appln_id)
group by appln_id order by appln_id::bigint;
insert into tls211 by name
select 0 as file_no, 0 as row, appln_id, 'WO' as publn_auth, min(number) as publn_nr, '' as publn_kind
from regpat_numbered group by appln_id order by appln_id::bigint;
insert into tls206 by name
select file_no, row, person_id::varchar as person_id, name as person_name, address as person_address,
    ctry as person_ctry_code, case when inventor is null then 'COMPANY' end as psn_sector
from regpat_numbered order by regpat_numbered.person_id;
insert into tls207 by name
select file_no, row, person_id::varchar as person_id, appln_id,
    (case when applicant is null then 0 else row_number() over (partition by appln_id order by applicant nulls last) end)::varchar as applt_seq_nr,
    (case when inventor is null then 0 else row_number() over (partition by appln_id order by inventor nulls last) end)::varchar as invt_seq_nr
from regpat_numbered order by regpat_numbered.person_id;
insert into tls209 by name
select file_no, row, {digits} as appln_id, ipc as ipc_class_symbol from regpat_ipc
where {digits} in (select appln_id from tls201) order by file_no, row;
"""
_SHARES = """
with inventor as (
    select appln_id, count(distinct (name, address)) as persons from regpat_person where inventor is not null group by 1
),
stated as (
    select distinct {digits} as appln_id, inv_name, address, try_cast(replace(inv_share, ',', '.') as double) as share
    from regpat_inventor
)
select count(distinct appln_id) from stated join inventor using (appln_id) where abs(share - 1.0 / persons) > 1e-6
"""


def table_of(columns: list[str]) -> str | None:
    """The REGPAT table that has these columns, or None."""
    have = set(columns)
    if "pct_nbr" not in have:
        return None
    if {"address", "inv_share"} <= have:
        return "regpat_inventor"
    if {"address", "app_share"} <= have:
        return "regpat_applicant"
    return "regpat_ipc" if "ipc" in have else None


def sniff(head: bytes) -> bool:
    """Whether a payload (its first bytes, as UTF-8 with LF) is one of the files."""
    return b"\n" in head and table_of(header_of(head)[0]) is not None


def read_set(payloads: list[Payload], connection: Any) -> tuple[dict[str, int], pa.Table]:
    """The tables of applications.py filled from these files; see formats/patstat.py for what is returned."""
    make_tables(connection, COLUMNS)
    loaded, rejected = load_tables(payloads, connection, COLUMNS, table_of, whole="regpat_inventor")
    for query in (_PERSON, _FILL):
        connection.execute(query.replace("{digits}", _DIGITS).replace("{year}", _YEAR))
    unlike = connection.execute(_SHARES.replace("{digits}", _DIGITS)).fetchone()[0]
    bad = connection.execute(
        "select file_no, row, pct_nbr from regpat_inventor"
        f" where {_DIGITS} is null or length({_DIGITS}) not between 7 and 10 order by file_no, row"
    ).fetchall()
    rows = {
        "tls201": loaded.get("regpat_inventor", 0),
        "shares_unlike": unlike,
        "wo_number_unknown": len(bad),
    }
    for name in (*COLUMNS, "regpat_person", "regpat_numbered"):
        connection.execute(f"drop table {name}")
    return rows, rejected
