from __future__ import annotations

import csv
import gzip
import io
import json
import re
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import zstandard

from foundation.errors import BadInput, BadSettings
from foundation.home import Home
from simulation import world as world_module
from simulation.stage import simulate, world_editions
from simulation.world import World
from simulation.writers.patstat import HEADERS
from tests.simulation.conftest import Made, file_bytes, settings_of

ROOT = Path(__file__).resolve().parents[2]


def records(made: Made) -> list[str]:
    texts = []
    for path in sorted(made.home.raw("sci.simulated").iterdir()):
        text = zstandard.ZstdDecompressor().stream_reader(path.open("rb")).read().decode("utf-8-sig")
        assert text.startswith("FN Clarivate")
        assert text.endswith("\nEF\n")
        texts += re.split(r"\nER\n", text)[:-1]
    return texts


def rows(made: Made, table: str) -> list[dict[str, str]]:
    found = []
    for path in sorted(made.home.raw("pct.simulated").glob(f"{table}_*")):
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
        assert text.splitlines()[0] == HEADERS[table]
        assert text.endswith("\r\n")
        found += list(csv.DictReader(io.StringIO(text, newline="")))
    return found


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    made: Made, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    for seed, same in ((7, True), (8, False)):
        other = dataclasses.replace(world, seed=seed)
        monkeypatch.setattr(world_module, "build_world", lambda _, other=other: other)
        home = Home(tmp_path / str(seed))
        simulate(home, settings_of(seed), "small-before")
        for folder in (lambda h: h.raw("pct.simulated"), lambda h: h.raw("sci.simulated")):
            assert (file_bytes(folder(home)) == file_bytes(folder(made.home))) is same
        for edition in ("small", "small-before"):
            table = (home.truth(edition) / "clusters.parquet").read_bytes()
            assert (table == (made.home.truth(edition) / "clusters.parquet").read_bytes()) is same


def test_a_second_call_rewrites_nothing_and_takes_no_time(made: Made) -> None:
    before = {path: path.stat().st_mtime_ns for path in made.home.root.rglob("*")}
    for edition in ("small", "small-before"):
        start = time.perf_counter()
        report = simulate(made.home, made.settings, edition)
        assert time.perf_counter() - start < 0.1
        assert report.counts["rewritten"] is False
        assert report.rows == made.report.rows
    assert before == {path: path.stat().st_mtime_ns for path in made.home.root.rglob("*")}


def test_a_lost_raw_file_is_written_again(
    made: Made, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world_module, "build_world", lambda _: world)
    home = Home(tmp_path)
    simulate(home, made.settings, "small")
    lost = sorted(home.raw("pct.simulated").iterdir())[0]
    content = lost.read_bytes()
    lost.unlink()
    assert simulate(home, made.settings, "small").counts["rewritten"] is True
    assert lost.read_bytes() == content


def test_a_real_home_and_an_edition_without_a_world_are_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.claim(simulated=False)
    with pytest.raises(BadInput, match="real deliveries"):
        simulate(home, settings_of(), "small")
    with pytest.raises(BadSettings, match="no simulated one"):
        simulate(Home(tmp_path / "other"), settings_of(), "real")
    assert not (tmp_path / "raw").exists()
    assert not (tmp_path / "other").exists()


def test_one_world_serves_all_editions_that_name_it(made: Made) -> None:
    assert world_editions(made.settings, "small-before") == ["small", "small-before"]
    years = {re.search(r"\d{4}", path.name)[0] for path in made.home.raw("sci.simulated").iterdir()}  # type: ignore[index]
    assert years == {"2016", "2017", "2018", "2019", "2020"}
    assert made.home.state()["simulated"] is True


def test_truth_sums_to_the_documents_and_expected_shares_to_one(made: Made) -> None:
    table = pq.read_table(made.home.truth("small") / "cluster_years.parquet").to_pandas()
    documents = table.groupby(["kind", "publication_year"]).drawn_documents.sum()
    assert documents.round(9).apply(float.is_integer).all()
    assert documents.sum() == pytest.approx(
        made.report.counts["applications"] + made.report.counts["articles"]["kept"]
    )
    shares = table.groupby(["kind", "publication_year"]).expected_share.sum()
    assert shares.to_numpy() == pytest.approx(1)


def test_truth_names_published_extrapolated_and_tail_clusters(made: Made) -> None:
    table = pq.read_table(made.home.truth("small") / "clusters.parquet").to_pandas()
    basis = Counter(table.basis)
    assert basis["published 2023"] == 35
    assert basis["extrapolated"] == 65
    assert basis["tail"] > 300
    assert basis["outside"] == 1
    expected = table[table.basis != "outside"].sort_values("total_expected", ascending=False)
    assert expected.cluster.head(
        4
    ).tolist() == [  # windows around the base years: the order of the 2023 table
        "Tokyo–Yokohama",
        "Shenzhen–Hong Kong–Guangzhou",
        "Seoul",
        "Beijing",
    ]
    about = json.loads((made.home.truth("small") / "about.json").read_text(encoding="utf-8"))
    assert about["simulated"] is True
    assert "fitted" in about["extrapolated"]


def test_articles_hold_every_trap_of_the_real_exports(made: Made) -> None:
    found = Counter()
    identities = Counter()
    for record in records(made):
        fields = dict(re.findall(r"^([A-Z][A-Z0-9]) (.*(?:\n   .*)*)", record, re.MULTILINE))
        identities[fields["UT"]] += 1
        addresses = fields.get("C1", "").split("\n   ") if "C1" in fields else []
        linked = [address.startswith("[") for address in addresses]
        found["no address"] += not addresses
        found["all plain"] += bool(linked) and not any(linked)
        found["mixed"] += any(linked) and not all(linked)
        found["other database"] += fields["UT"].startswith("MEDLINE:")
        found["other index"] += "SCI-EXPANDED" not in fields["WE"].replace("\n   ", " ")
        found["review"] += fields.get("DT", "").startswith("Review")
        found["no type"] += "DT" not in fields
        found["retracted"] += "Retracted Publication" in fields.get("DT", "")
        found["early access only"] += (
            "PY" not in fields and re.fullmatch(r"[A-Z]{3} \d{4}", fields.get("EA", "")) is not None
        )
        found["no year"] += "PY" not in fields and re.fullmatch(r"[A-Z]{3}", fields.get("EA", "")) is not None
        found["early access the year before"] += "PY" in fields and fields.get("EA", "PY")[-4:] < fields["PY"]
        found["references"] += "CR" in fields
        people = {
            name for address in addresses if "]" in address for name in address[1:].split("]")[0].split("; ")
        }
        assert people <= set(fields["AF"].split("\n   "))
        assert len(fields["AU"].split("\n")) == len(fields["AF"].split("\n"))
    found["twice"] = sum(count > 1 for count in identities.values())
    assert [name for name, count in found.items() if not count] == []


def test_tables_hold_every_trap_of_the_real_deliveries(made: Made) -> None:
    first, persons, links = rows(made, "tls201"), rows(made, "tls206"), rows(made, "tls207")
    symbols, publications = rows(made, "tls209"), rows(made, "tls211")
    kinds = Counter(row["appln_kind"] for row in first)
    assert kinds["W"] == made.report.counts["applications"]
    assert kinds["A"]
    assert any(row["internat_appln_id"] != "0" for row in first)
    assert {row["appln_id"] for row in links + symbols + publications} <= {row["appln_id"] for row in first}
    assert sum(row["invt_seq_nr"] > "0" and row["applt_seq_nr"] > "0" for row in links) > 0
    repeated = Counter(
        (row["person_id"], row["appln_id"], row["applt_seq_nr"], row["invt_seq_nr"]) for row in links
    )
    assert max(repeated.values()) == 2
    twice = Counter((row["person_id"], row["appln_id"]) for row in links if row["invt_seq_nr"] != "0")
    assert any(count > 1 and repeated_once for (pair, count) in twice.items()
               for repeated_once in [sum(key[:2] == pair for key in repeated) > 1])  # fmt: skip
    codes = Counter(row["person_ctry_code"] for row in persons)
    # a small world may well lack any one small country
    assert codes["CN"] > sum(codes[one] for one in ("AT", "BE", "CH", "DK", "FI", "SE")) > 0
    assert any(not row["person_address"] for row in persons)
    assert {"COMPANY", "UNIVERSITY", "INDIVIDUAL"} == {row["psn_sector"] for row in persons}
    assert {"A1", "A2", "A3"} <= {row["publn_kind"] for row in publications if row["publn_auth"] == "WO"}
    assert max(Counter(row["appln_id"] for row in publications).values()) > 1


def test_readers_find_what_the_truth_says(made: Made) -> None:
    from extracts.stage import completeness, merge_year, read_delivery

    pct = read_delivery(made.home, made.settings, "pct.simulated", lambda _: None).counts
    sci = read_delivery(made.home, made.settings, "sci.simulated", lambda _: None).counts
    counts = made.report.counts
    assert pct["kept"] == counts["applications"]
    assert pct["rejected"] == sci["rejected"] == 0
    assert sci["records"] == counts["article_records"]
    completeness(made.home, made.settings)
    addresses = pq.read_table(made.home.truth("small") / "addresses.parquet").to_pandas()
    truth = addresses.groupby("kind").listings.sum()
    assert pct["listings_with_address"] - pct["listings_country_only"] == truth["pct"]
    merged = 0
    located: set[str] = set()
    for year in range(2016, 2022):
        merge_year(made.home, made.settings, year)
        listings = pq.read_table(made.home.lake("listings", year), partitioning=None).to_pandas()
        merged += int(
            (listings.kind.eq("sci") & listings.address_id.notna() & listings.why_unlocated.isna()).sum()
        )
        used = listings[listings.why_unlocated.isna()].address_id
        texts = pq.read_table(made.home.lake("addresses", year), partitioning=None).to_pandas()
        located |= set(texts[texts.address_id.isin(used)].text)
    assert merged == truth["sci"]
    assert located - {""} <= set(addresses.text)


def test_every_address_of_the_truth_is_read_back_with_its_listings(made: Made) -> None:
    from extracts.stage import completeness, merge_year, read_delivery, read_years

    for kind in ("pct", "sci"):
        read_delivery(made.home, made.settings, f"{kind}.simulated", lambda _: None)
    completeness(made.home, made.settings)
    found: Counter[tuple[str, str]] = Counter()
    for year in read_years(made.home):
        merge_year(made.home, made.settings, year)
        listings, addresses = (
            pq.read_table(made.home.lake(name, year), partitioning=None) for name in ("listings", "addresses")
        )
        text = dict(zip(addresses["address_id"].to_pylist(), addresses["text"].to_pylist(), strict=True))
        pairs = zip(listings["kind"].to_pylist(), listings["address_id"].to_pylist(), strict=True)
        found.update((kind, text[number]) for kind, number in pairs if number is not None)
    truth: Counter[tuple[str, str]] = Counter()
    for row in pq.read_table(made.home.truth("small") / "addresses.parquet").to_pylist():
        truth[row["kind"], row["text"]] += row["listings"]
    found = Counter(
        {key: count for key, count in found.items() if key[1]}
    )  # a country alone is no address text
    assert {key: (found[key], truth[key]) for key in found | truth if found[key] != truth[key]} == {}


def test_no_stage_can_read_the_truth() -> None:
    readers = []
    for room in ("extracts", "geocoding", "clustering", "publishing", "orchestration", "dbt_project"):
        for path in (ROOT / room).rglob("*"):
            if path.suffix in (".py", ".sql", ".yml") and "target" not in path.parts:
                text = path.read_text(encoding="utf-8")
                if ".truth(" in text or re.search(r"[\"'/]truth[\"'/]", text) or "simulation.truth" in text:
                    readers.append(str(path.relative_to(ROOT)))
    assert readers == []
