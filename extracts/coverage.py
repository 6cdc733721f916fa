"""How complete each publication year is: documents against the years around it, by source and economy.

Nothing here is a rule of the ranking: it answers "is 2023 complete?" before somebody ranks by it. A year that is half
or twice its neighbours (within two years either side) is named; growth of a tenth or a fifth a year is usual.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from foundation import contracts
from foundation.home import Home
from foundation.parquet import write_changed

LOW, HIGH, FEW = 0.5, 2.0, 20

_COUNTS = f"""
with placed as (
    select l.document_no, l.kind, a.country from read_parquet($listings) as l
    left join read_parquet($addresses) as a using (address_id, publication_year)
),
counted as (
    select d.publication_year, d.kind, '' as economy, count(*) as documents,
        max(d.publication_date) as last_publication_date
    from read_parquet($documents) as d group by all
    union all
    select d.publication_year, d.kind, p.country, count(distinct d.document_no), max(d.publication_date)
    from read_parquet($documents) as d inner join placed as p on d.document_no = p.document_no and d.kind = p.kind
    where p.country is not null group by all
),
addressed as (
    select publication_year, kind, '' as economy, count(address_id) / count(*) as address_share
    from read_parquet($listings) group by all
),
compared as (
    select c.*, (
        select median(n.documents) from counted as n
        where n.kind = c.kind and n.economy = c.economy
            and n.publication_year between c.publication_year - 2 and c.publication_year + 2
            and n.publication_year != c.publication_year
    ) as neighbours
    from counted as c
)
select c.publication_year, c.kind, c.economy, c.documents, c.neighbours, c.documents / c.neighbours as ratio,
    a.address_share, c.last_publication_date,
    case when neighbours is null then 'alone' when neighbours < {FEW} then 'few'
        when c.documents < {LOW} * neighbours then 'low' when c.documents > {HIGH} * neighbours then 'high'
        else 'usual' end as judgement
from compared as c left join addressed as a using (publication_year, kind, economy)
order by publication_year, kind, economy
"""


def year_coverage(home: Home, years: Sequence[int]) -> pa.Table:
    """The contract `year_coverage` over the prepared years; empty when none is."""
    import duckdb

    prepared = [year for year in sorted(years) if home.year_manifest(year).is_file()]
    found = contracts.contract("year_coverage")
    if not prepared:
        return found.empty()
    files = {
        table: [str(home.lake(table, year)) for year in prepared]
        for table in ("documents", "listings", "addresses")
    }
    with duckdb.connect() as connection:
        connection.execute("set threads to 2")
        table = connection.sql(_COUNTS, params=files).to_arrow_table()
    return found.conform(table)


def write_year_coverage(home: Home, years: Sequence[int]) -> tuple[pa.Table, str]:
    """The table and the hash of its file; an equal file is left untouched."""
    table = year_coverage(home, years)
    return table, write_changed(table, home.year_coverage())


def sentences(table: pa.Table) -> list[str]:
    """What is unusual among the rows of all economies together, one sentence each, in order of years."""
    advice = {
        "low": "a delivery may be missing or cut off",
        "high": "something may have been delivered twice",
    }
    return [
        f"{row['publication_year']} has {row['documents']:,} {'PCT applications' if row['kind'] == 'pct' else 'articles'}, "
        f"{100 * row['ratio']:.1f} % of the median of the years around it ({row['neighbours']:,.0f}): "
        f"{advice[row['judgement']]}."
        for row in table.to_pylist()
        if row["economy"] == "" and row["judgement"] in advice
    ]
