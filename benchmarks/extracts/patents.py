"""PATSTAT against its peers, in one run on one core: inventors of PCT applications with their addresses, to Parquet.

    python -m benchmarks.extracts.patents [--size MB] [--rounds N] [--share PERCENT]

All sides read the same columns into the same types and write the same rows, which is checked. The corpus is made up: full column sets, all text quoted, `--share` percent of the applications of kind W (a small part
in PATSTAT itself). Prints CPU seconds and peak memory, each turn in a
process of its own, and ratios of medians.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

_LOADED = {
    "pandas": ("pandas", "pyarrow.parquet"),
    "polars": ("polars",),
    "ours": ("pandas", "pyarrow.csv", "duckdb", "extracts.csv_tables", "extracts.formats.patstat"),
}
#: columns on every side: those that the rules of the readers look at
ROLE = ("person_id", "appln_id", "applt_seq_nr", "invt_seq_nr")
DOCUMENT = (
    "appln_id", "appln_filing_date", "appln_filing_year", "earliest_publn_date", "earliest_publn_year", "nb_inventors",
)  # fmt: skip
PERSON = (
    "person_id", "person_name", "person_address", "person_ctry_code", "doc_std_name", "psn_name", "psn_sector", "han_name",
)  # fmt: skip
NUMBERS = frozenset((*ROLE, "appln_filing_year", "earliest_publn_year", "nb_inventors"))
MEMORY = "128MB"  # for DuckDB: what it holds beyond that goes to disk
FLOORS = {"pandas": 1.9, "polars": 1.0}
_PERSONS_PER, _ROLES_PER = (
    1.7,
    5.1,
)  # rows of tls206 and tls207 per application, as in the extract of the notes


def corpus(folder: Path, megabytes: int, share: float) -> None:
    """tls201, tls206 and tls207 of `megabytes` in all."""
    draw = np.random.default_rng(7)
    applications = int(megabytes * 1e6 / 620)
    persons, roles = int(applications * _PERSONS_PER), int(applications * _ROLES_PER)
    with (folder / "tls201.csv").open("w", encoding="utf-8") as out:
        names = "appln_id,appln_auth,appln_nr,appln_kind,appln_filing_date,appln_filing_year,appln_nr_epodoc,appln_nr_original,ipr_type,receiving_office,internat_appln_id,int_phase,earliest_filing_date,earliest_filing_year,earliest_publn_date,earliest_publn_year,granted,docdb_family_id,inpadoc_family_id,docdb_family_size,nb_citing_docdb_fam,nb_applicants,nb_inventors"
        out.write(names + "\n")
        kinds = np.where(draw.random(applications) < share / 100, "W", "A")
        for number, kind in enumerate(kinds.tolist(), 1):
            out.write(
                f'{number * 3},"CN","{number:012d}","{kind}",2018-03-01,2018,"CN{number:012d}","","PI","",0,"N",2018-03-01,2018,2019-09-05,2019,"N",{number},{number},1,0,1,3\n'
            )
    with (folder / "tls206.csv").open("w", encoding="utf-8") as out:
        out.write(
            "person_id,person_name,person_name_orig_lg,person_address,person_ctry_code,nuts,nuts_level,doc_std_name_id,doc_std_name,psn_id,psn_name,psn_level,psn_sector,han_id,han_name,han_harmonized\n"
        )
        for number in range(1, persons + 1):
            out.write(
                f'{number * 7},"LI, PERSON {number}","LI, PERSON {number}","Room {number % 97}, {number % 1013} Science Road, Nanshan, Shenzhen 518057","CN","",9,{number},"LI PERSON {number}",{number},"LI, PERSON {number}",0,"INDIVIDUAL",{number},"LI, PERSON {number}",0\n'
            )
    of = np.sort(draw.integers(1, applications + 1, roles)) * 3
    who = draw.integers(1, persons + 1, roles) * 7
    place = np.arange(roles) % 4
    with (folder / "tls207.csv").open("w", encoding="utf-8") as out:
        out.write("person_id,appln_id,applt_seq_nr,invt_seq_nr\n")
        for person, application, number in zip(who.tolist(), of.tolist(), place.tolist(), strict=True):
            out.write(f"{person},{application},{int(number == 0)},{number}\n")


def pandas(folder: Path) -> int:
    """By pandas: C parser, only the columns needed."""
    import pandas as pd

    documents = pd.read_csv(folder / "tls201.csv", usecols=[*DOCUMENT, "appln_kind"], keep_default_na=False)
    documents = documents[documents["appln_kind"] == "W"][list(DOCUMENT)]
    roles = pd.read_csv(folder / "tls207.csv")
    roles = roles[(roles["invt_seq_nr"] > 0) & roles["appln_id"].isin(documents["appln_id"])]
    persons = pd.read_csv(folder / "tls206.csv", usecols=list(PERSON), keep_default_na=False)
    made = roles.merge(documents, on="appln_id").merge(persons, on="person_id", how="left")
    made.to_parquet(folder / "pandas.parquet")
    return len(made)


def polars(folder: Path) -> int:
    """By Polars, lazily, as one would write it."""
    import polars as pl

    def scan(table: str) -> Any:
        header = (folder / f"{table}.csv").open().readline().strip().split(",")
        return pl.scan_csv(
            folder / f"{table}.csv",
            schema={name: pl.Int64 if name in NUMBERS else pl.String for name in header},
        )

    documents = scan("tls201").filter(pl.col("appln_kind") == "W").select(DOCUMENT)
    roles = scan("tls207").filter(pl.col("invt_seq_nr") > 0)
    persons = scan("tls206").select(PERSON)
    made = roles.join(documents, on="appln_id").join(persons, on="person_id", how="left").collect()
    made.write_parquet(folder / "polars.parquet")
    return made.height


def ours(folder: Path) -> int:
    """By our reader: numbers first, then the texts of the persons that are needed."""
    import duckdb

    from extracts.csv_tables import make_tables
    from extracts.detect import payloads
    from extracts.formats import patstat

    def of(table: str, columns: tuple[str, ...]) -> str:
        return ", ".join(
            f"{table}.{name}::bigint as {name}" if name in NUMBERS else f"{table}.{name}" for name in columns
        )

    found = [one for file in sorted(folder.glob("tls*.csv")) for one in payloads(file)]
    with duckdb.connect(":memory:", config={"threads": 1, "memory_limit": MEMORY}) as db:
        make_tables(db, patstat.COLUMNS)
        patstat.read_set(found, db)
        query = f"""
            with role as (select {of("tls207", ROLE)} from tls207 where invt_seq_nr::bigint > 0),
            document as (select {of("tls201", DOCUMENT)} from tls201 where appln_kind = 'W'),
            person as (select {of("tls206", PERSON)} from tls206)
            select * from role join document using (appln_id) left join person using (person_id)
        """
        db.execute(f"copy ({query}) to '{folder / 'ours.parquet'}' (format parquet)")
        return int(db.execute(f"select count(*) from '{folder / 'ours.parquet'}'").fetchall()[0][0])


def same_rows(folder: Path) -> bool:
    """Whether every side wrote the same rows, in whatever order and types."""
    import duckdb

    cells = ", ".join(f"coalesce({name}::varchar, '')" for name in (*ROLE, *DOCUMENT[1:], *PERSON[1:]))
    found = {
        duckdb.execute(f"select count(*), sum(hash({cells})) from '{file}'").fetchall()[0]
        for file in folder.glob("*.parquet")
    }
    return len(found) == 1


def _turn(side: Callable[[Path], int], folder: Path, results: multiprocessing.Queue) -> None:  # type: ignore[type-arg]
    import pyarrow as pa

    pa.set_cpu_count(1)
    for name in _LOADED[
        side.__name__
    ]:  # loading a library is no part of reading; Arrow and DuckDB load pandas
        import_module(name)
    start = time.process_time()
    rows = side(folder)
    results.put((time.process_time() - start, rows, peak_mb()))


def peak_mb() -> float:
    """Peak memory of this process since it began; getrusage would count its parent's, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(status.split("VmHWM:")[1].split()[0]) / 1024


def measured(side: Callable[[Path], int], folder: Path) -> tuple[float, int, float]:
    """CPU seconds, rows and peak MB of a side in a process of its own."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=_turn, args=(side, folder, results))
    process.start()
    while process.is_alive() and results.empty():
        process.join(0.05)
    found: tuple[float, int, float] = results.get(timeout=5)  # raises where the process failed
    process.join()
    return found


def main() -> int:
    """Ratios of one run; 1 when one is below its floor."""
    import os

    os.environ["POLARS_MAX_THREADS"] = "1"
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=300, help="MB of the corpus")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--share", type=float, default=4.0)
    given = parser.parse_args()
    turns: dict[str, list[tuple[float, int, float]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        corpus(Path(scratch), given.size, given.share)
        for _ in range(given.rounds):
            for side in (pandas, polars, ours):
                turns.setdefault(side.__name__, []).append(measured(side, Path(scratch)))
        assert same_rows(Path(scratch)), "the sides did not write the same rows"
    middle = {name: statistics.median(seconds for seconds, _, _ in many) for name, many in turns.items()}
    for name, many in turns.items():
        print(
            f"patstat    {name:28} {middle[name]:8.2f} s {max(peak for _, _, peak in many):8.0f} MB {many[0][1]:>12,} rows"
        )
    low = [name for name, floor in FLOORS.items() if middle[name] / middle["ours"] < floor]
    for name, floor in FLOORS.items():
        mark = "   below its floor" if name in low else ""
        print(f"patstat    ratio to {name} {middle[name] / middle['ours']:.2f} (floor {floor}){mark}")
    return 1 if low else 0


if __name__ == "__main__":
    raise SystemExit(main())
