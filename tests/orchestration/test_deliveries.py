"""One delivery of every format at once, through Dagster as a user's run would read it."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import zstandard

from extracts import stage
from extracts.detect import FORMATS
from foundation import contracts
from foundation.home import Home
from orchestration.assets import extracts
from orchestration.partitions import Partitions
from orchestration.sensors import sensors
from tests.extracts.tagged import export, record
from tests.extracts.test_article_formats import ONE, REC, lines, tab, work
from tests.extracts.test_patent_twins import FORMS, _regpat
from tests.extracts.world import folder, settings, spreadsheet, table


def zipped(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def tarred(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()


def articles(path: Path) -> Path:
    head = [
        "Publication Type",
        "Authors",
        "Author Full Names",
        "Addresses",
        "Document Type",
        "Publication Year",
        "UT (Unique WOS ID)",
    ]
    sheet = spreadsheet(
        head, ["J", "Roe, J", "Roe, Jane", "[Roe, Jane] Univ Oslo, Oslo, Norway", "Article", "2020", "WOS:5"]
    )
    files: dict[str, bytes | str] = {
        "a__zst": zstandard.compress(export(record("WOS:1", C1="[Roe, Jane] Univ Lagos, Lagos, Nigeria."))),
        "b__zip": zipped("tab.txt", tab([*ONE[:-1], "WOS:2"]).encode("utf-16")),
        "c__tgz": tarred("wr.xml", REC.format(uid="WOS:3").encode()),
        "d__gz": gzip.compress(lines(work(4)), mtime=0),
        "e__xlsx": sheet,
        "f__del": "WOS,000208518000009,Y\n",
        "g__csv": "document_id,publication_year,address,country\nx6,2020,Oslo,NO\n",
        "h__parquet": table(document_id=["x7"], publication_year=[2020], address=["Bern"], country=["CH"]),
    }  # fmt: skip
    return folder(path, **files)


def applications(path: Path) -> Path:
    for name, form in {**FORMS, "regpat": _regpat}.items():
        form(path / name.replace(" ", "-"))
    return path


@pytest.mark.parametrize(("kind", "make"), [("sci", articles), ("pct", applications)])
def test_one_delivery_of_every_format_at_once(kind: str, make: Any, tmp_path: Path) -> None:
    home, rules = Home(tmp_path / "home"), settings(pct_date="filing")
    key = stage.register_delivery(home, kind, make(tmp_path / "raw"), "all")
    partitions = Partitions.of(rules)
    tables = next(one for one in extracts.assets(partitions) if one.key == dg.AssetKey("delivery_tables"))
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("delivery", [key])
        done = dg.materialize(
            [tables], partition_key=key, instance=instance, resources={"home": home, "settings": rules}
        )
        assert done.success
        made = done.asset_materializations_for_node("delivery_tables")[0].metadata
        observed = instance.get_latest_materialization_event(dg.AssetKey("delivery_tables"))
    assert observed is not None
    files = contracts.read("files", home.delivery_report(key, "files")).to_pylist()
    assert {row["format"] for row in files} == {one.name for one in FORMATS if one.is_of(kind)}
    assert all(
        row["records"] == row["kept"] + row["filtered"] + row["duplicates"] + row["rejected"] for row in files
    )
    assert sum(row["rejected"] for row in files) == 0
    assert made["listings"].value == sum(row["listings"] for row in files) > 0
    kept = {row["format"]: row["kept"] for row in files if row["format"] != "deletions"}
    assert (
        all(kept.values()) or kind == "pct"
    )  # tables of PATSTAT and REGPAT that hold no documents keep none


def tick(home: Home, instance: dg.DagsterInstance) -> Any:
    sensor = next(one for one in sensors() if one.name == "deliveries")
    with dg.build_sensor_context(instance=instance, resources={"home": home}) as context:
        return sensor(context)


def test_what_a_run_has_read_is_not_read_again_by_the_first_tick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`stclusters run` leaves no cursor to the sensor; a file that changed since is seen all the same."""
    home, rules = Home(tmp_path / "home"), settings()
    raw = folder(
        tmp_path / "raw", a__txt=export(record("WOS:1", C1="[Roe, Jane] Univ Lagos, Lagos, Nigeria."))
    )
    key = stage.register_delivery(home, "sci", raw, "spring")
    tables = next(
        one for one in extracts.assets(Partitions.of(rules)) if one.key == dg.AssetKey("delivery_tables")
    )
    monkeypatch.setattr("orchestration.sensors.STILL_SECONDS", 0.0)
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("delivery", [key])
        dg.materialize(
            [tables], partition_key=key, instance=instance, resources={"home": home, "settings": rules}
        )
        assert not tick(home, instance).run_requests
        (raw / "a.txt").write_bytes((raw / "a.txt").read_bytes() + b"\n")
        assert [one.partition_key for one in tick(home, instance).run_requests] == [key]


def test_a_tick_says_what_lies_there_and_is_not_read(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    folder(home.raw_kind("sci") / "Spring 2023", a__txt=export(record("WOS:1")))
    with dg.DagsterInstance.ephemeral() as instance:
        seen = tick(home, instance)
    assert not seen.run_requests
    assert seen.skip_reason.skip_message == (
        "raw/sci/Spring 2023 cannot name a delivery: rename it to lower-case letters, digits, dots and dashes, 63 at most."
    )
