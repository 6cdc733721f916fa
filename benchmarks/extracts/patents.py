"""PATSTAT against its peers, in one run on one core: inventors of PCT applications with their addresses, to Parquet.

    python -m benchmarks.extracts.patents [--size MB] [--rounds N] [--share PERCENT]

The corpus is made up: full column sets, all text quoted, `--share` percent of the applications of kind W (a small part
in PATSTAT itself). Every side must give the same number of rows. Prints CPU seconds and peak memory, each turn in a
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

import numpy as np

_LOADED = {
    "pandas": ("pandas", "pyarrow.parquet"),
    "polars": ("polars",),
    "ours": ("polars", "duckdb", "extracts.csv_tables", "extracts.formats.patstat"),
}
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

    given = {"keep_default_na": False, "dtype": {"person_name": str, "person_address": str}}
    documents = pd.read_csv(
        folder / "tls201.csv", usecols=["appln_id", "appln_kind", "earliest_publn_year", "nb_inventors"]
    )
    documents = documents[documents["appln_kind"] == "W"]
    roles = pd.read_csv(folder / "tls207.csv")
    roles = roles[(roles["invt_seq_nr"] > 0) & roles["appln_id"].isin(documents["appln_id"])]
    wanted = ["person_id", "person_name", "person_address", "person_ctry_code"]
    persons = pd.read_csv(folder / "tls206.csv", usecols=wanted, **given)
    made = roles.merge(documents, on="appln_id").merge(persons, on="person_id", how="left")
    made.to_parquet(folder / "pandas.parquet")
    return len(made)


def polars(folder: Path) -> int:
    """By Polars, lazily, as one would write it."""
    import polars as pl

    documents = pl.scan_csv(folder / "tls201.csv", schema_overrides={"appln_nr": pl.String}).filter(
        pl.col("appln_kind") == "W"
    )
    documents = documents.select("appln_id", "earliest_publn_year", "nb_inventors")
    roles = pl.scan_csv(folder / "tls207.csv").filter(pl.col("invt_seq_nr") > 0)
    persons = pl.scan_csv(folder / "tls206.csv").select(
        "person_id", "person_name", "person_address", "person_ctry_code"
    )
    made = roles.join(documents, on="appln_id").join(persons, on="person_id", how="left").collect()
    made.write_parquet(folder / "polars.parquet")
    return made.height


def ours(folder: Path) -> int:
    """By our reader: numbers first, then the texts of the persons that are needed."""
    import duckdb

    from extracts.csv_tables import make_tables
    from extracts.detect import payloads
    from extracts.formats import patstat

    found = [one for file in sorted(folder.glob("tls*.csv")) for one in payloads(file)]
    with duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "2GB"}) as db:
        make_tables(db, patstat.COLUMNS)
        patstat.read_set(found, db)
        query = (
            "select tls207.*, nb_inventors, earliest_publn_year, person_name, person_address, person_ctry_code"
            " from tls207 join (select * from tls201 where appln_kind = 'W') as documents using (appln_id)"
            " left join tls206 using (person_id) where try_cast(invt_seq_nr as integer) > 0"
        )
        db.execute(f"copy ({query}) to '{folder / 'ours.parquet'}' (format parquet)")
        return int(db.execute(f"select count(*) from '{folder / 'ours.parquet'}'").fetchall()[0][0])


def _turn(side: Callable[[Path], int], folder: Path, results: multiprocessing.Queue) -> None:  # type: ignore[type-arg]
    import pyarrow as pa

    pa.set_cpu_count(1)
    for name in _LOADED[side.__name__]:  # loading a library is no part of reading
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
    found: tuple[float, int, float] = results.get()
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
    assert len({rows for many in turns.values() for _, rows, _ in many}) == 1
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
