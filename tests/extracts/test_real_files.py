"""The shared real files, through the stage functions, against an independent count."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow.compute as pc
import pytest

from extracts import stage
from extracts.applications import Workbench, applications
from extracts.detect import payloads
from foundation.home import Home, seed_file
from foundation.measure import StageReport
from foundation.parquet import read_table
from foundation.settings import Reader, load
from tests.extracts.world import lake

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not beside this checkout")


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dict[str, StageReport]]:
    home, settings = Home(tmp_path_factory.mktemp("home")), load(SHARED / "editions.yaml")
    reports = {}
    for kind, folder in (("pct", "patents/patstat"), ("sci", "wos/tagged")):
        key = stage.register_delivery(home, kind, SHARED / folder)
        reports[kind] = stage.read_delivery(home, settings, key)
    reports["copies"] = stage.completeness(home, settings)
    for year in range(2010, 2023):
        stage.merge_year(home, settings, year)
    return home, reports


def test_applications_are_those_of_the_independent_count(read: tuple[Home, dict[str, StageReport]]) -> None:
    home, reports = read
    counts = reports["pct"].counts
    assert (counts["records"], counts["kept"], counts["listings"]) == (44_902, 44_902, 142_159)
    years = counts["documents_by_year"]
    assert sum(years[str(year)] for year in range(2011, 2016)) == 38_362
    assert sum(years[str(year)] for year in range(2010, 2015)) == 38_797
    assert any("places.csv" in text for text in reports["pct"].warnings)
    listed, located = Counter[int](), Counter[int]()
    for year in range(2010, 2016):
        table = lake(home, "listings", year)
        table = table.filter(pc.equal(table["kind"], "pct"))
        listed.update(table["document_no"].to_pylist())
        located.update(table.filter(table["address_id"].is_valid())["document_no"].to_pylist())
    placed = sum(Fraction(located[number], persons) for number, persons in listed.items())
    assert len(listed) == 44_902
    assert round(float(placed), 1) == 39_473.8
    assert round(float(44_902 - placed), 1) == 5_428.2


def test_articles_are_those_of_the_independent_count(read: tuple[Home, dict[str, StageReport]]) -> None:
    home, reports = read
    counts = reports["sci"].counts
    assert counts["records"] == 18_932
    assert counts["filtered"] == {"database": 71, "index": 373, "retracted": 1, "type": 1_576, "year": 7}
    assert reports["copies"].counts["duplicates_by_kind"] == {"sci": 73}
    in_window = [lake(home, "documents", year) for year in range(2018, 2023)]
    assert sum(pc.sum(pc.equal(table["kind"], "sci")).as_py() for table in in_window) == 5_833
    copies = {row["document_no"]: row for row in read_table(home.completeness()).to_pylist()}
    kept, listings = 0, 0
    for year in counts["documents_by_year"]:
        for name in ("documents", "listings"):
            table = read_table(home.delivery_table("sci.tagged", name, int(year)), ["document_no", "file_id"])
            gone = [
                number in copies
                and (file_id, int(year)) != (copies[number]["file_id"], copies[number]["publication_year"])
                for number, file_id in zip(*(column.to_pylist() for column in table.columns), strict=True)
            ]
            kept += (name == "documents") * gone.count(False)
            listings += (name == "listings") * gone.count(False)
    assert (kept, listings) == (16_831, 84_221)


def test_computed_fields_equal_the_given_ones_in_every_row(
    read: tuple[Home, dict[str, StageReport]], tmp_path: Path
) -> None:
    reader = Reader(pct_date="filing", pct_kind_when_absent="keep")
    bench = Workbench(2, 2, tmp_path, (seed_file("ipc_technology"),))
    found = [one for one in payloads(SHARED / "patents" / "patstat_bulk_layout") if one.format == "patstat"]
    given = applications(found, reader, bench)
    assert (given.counts["fields_as_computed"], given.counts["fields_unlike_computed"]) == (9_129, 0)
    counts = read[1]["pct"].counts
    assert (counts["fields_as_computed"], counts["fields_unlike_computed"]) == (70_216, 0)
    computed = applications([one for one in found if "tls230" not in one.path], reader, bench)
    table = computed.tables["technology_fields"]
    assert (table.num_rows, set(table["basis"].to_pylist())) == (9_129, {"computed"})
    assert pc.max(table["weight"]).as_py() == Decimal(1)
