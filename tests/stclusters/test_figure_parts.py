"""`stclusters explain` takes figures and records apart: METHODOLOGY 20 by hand, random lakes by property."""

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from foundation import contracts
from foundation.errors import BadInput, ContractBroken, MissingData
from foundation.home import Home
from foundation.parquet import read_table
from foundation.settings import parse
from stclusters.edition_tables import OF_EDITION
from stclusters.figure_parts import explain_figure
from stclusters.record_way import explain_record, why_not
from tests.reference.small_world import EDITION, World, worked_example
from tests.reference.test_plain_counting import random_world, some_clusters

CLUSTERS = {"X": 1, "Y": 1, "Z": 2}


def built(world: World, clusters: dict[str, int], **rules: Any) -> tuple[Home, Any]:
    """The world's edition with the tables that explain reads, and its settings."""
    runner = world.runner(clusters, **rules)
    for table in set(OF_EDITION) - {"edition_settings", "point_clusters", "clusters"}:
        runner.write(table, world.home.table(EDITION, table))
    for kind in ("pct", "sci"):
        (world.home.raw_kind(kind) / "small").mkdir(parents=True, exist_ok=True)
        empty = contracts.contract("rejects").empty()
        contracts.write("rejects", empty, world.home.delivery_report(f"{kind}.small", "rejects"))
    years = {
        f"{kind}_years": sorted({d.year for d in world.documents if d.kind == kind})
        for kind in ("pct", "sci")
    }
    return world.home, parse({"editions": {EDITION: {**years, **rules}}}, "test")


@pytest.fixture
def example(tmp_path: Path) -> tuple[Home, Any]:
    return built(worked_example(tmp_path / "home"), CLUSTERS)


def figure(held: tuple[Home, Any], *arguments: Any, **more: Any) -> str:
    return "\n".join(explain_figure(*held, EDITION, *arguments, **more))


def record(held: tuple[Home, Any], name: str) -> str:
    return "\n".join(explain_record(*held, EDITION, name))


def sums(text: str) -> Iterator[tuple[Decimal, Decimal]]:
    """For each block of parts: what its lines add up to, and the sum it names."""
    made = Decimal(0)
    for line in text.splitlines():
        found = re.match(r"  (?:\d{4}|sum)? *(\d+\.\d{15})\b(.*)", line)
        if not found or re.match(r" *\d+\.\d{15}  listing|    .* listings more", line):
            continue
        if line.startswith("  sum") or found[2].strip() == "sum":
            yield made, Decimal(found[1])
            made = Decimal(0)
        else:
            made += Decimal(found[1])


def test_a_count_is_taken_apart_into_years_files_documents_and_listings(example: tuple[Home, Any]) -> None:
    """Of D1 three of four listings lie in X and Y, of D2 one of three: 0.75 + 0.333…"""
    text = figure(example, "X–Y", "pct_count")
    assert "pct_count = 1.083333333333333" in text
    assert "1.083333333333333  of 2 documents, 4 listings" in text
    assert re.search(r"0\.750000000000000  D1, 2020, pct\.small: a, position 0\n", text)
    assert re.search(
        r"0\.250000000000000  listing 1, person 1: “X” \[no country\] → X \(locality, test\), 10\.0000, 20\.0000, point 1",
        text,
    )
    assert "0.333333333333333  listing 2, person 2" in text
    assert (
        [made for made, _ in sums(text)]
        == [named for _, named in sums(text)]
        == [Decimal("1.083333333333333")] * 3
    )


def test_what_is_not_shown_is_summed_in_one_line(example: tuple[Home, Any]) -> None:
    text = figure(example, "X–Y", "pct_count", limit=1)
    assert "0.333333333333333  1 applications more" in text
    assert all(made == named for made, named in sums(text))
    assert "1.083333333333333  2 applications more" in figure(example, "X–Y", "pct_count", limit=0)


def test_a_cluster_is_found_by_name_city_id_and_number(example: tuple[Home, Any]) -> None:
    heads = {figure(example, name, "rank").splitlines()[0] for name in ("x–y", "Y", "AA-1", "aa-1", "1")}
    assert len(heads) == 1
    assert heads.pop().startswith("X–Y (AA-1, rank 1), edition small, settings ")


def test_shares_totals_and_ranks_name_what_they_are_made_of(example: tuple[Home, Any]) -> None:
    assert "100 × pct_count 1.083333333333333" in figure(example, "X", "pct_share")
    assert "/ 2.000000000000000 applications of the world" in figure(example, "X", "pct_share")
    assert re.search(r"pct_share 54\.1\d+ \+ sci_share ", figure(example, "X", "total"))
    assert "0 clusters have a greater total" in figure(example, "X", "rank")
    assert "inhabitants (test, METHODOLOGY 15)" in figure(example, "X", "intensity")
    assert "2 points with 9 listings" in figure(example, "X", "points")


def test_the_file_of_all_listings_sums_to_the_figure_and_names_no_person(
    example: tuple[Home, Any], tmp_path: Path
) -> None:
    out = tmp_path / "parts.csv"
    assert f"All 4 listings, one a line: {out}" in figure(example, "X", "pct_count", out=out)
    with out.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert sum(Decimal(row["fraction"]) for row in rows) == Decimal("1.083333333333333")
    assert [(row["document_id"], row["listing_no"], row["person_no"]) for row in rows].count(
        ("D1", "3", "3")
    ) == 1
    with pytest.raises(BadInput, match="pct_share is made of pct_count"):
        figure(example, "X", "pct_share", out=out)


def test_a_record_is_followed_from_its_file_to_its_fractions(example: tuple[Home, Any]) -> None:
    text = record(example, "D1")
    assert text.startswith("D1, edition small, settings ")
    for words in (
        "Raw file: pct.small: a, position 0 (test), year 2020",
        "Lake: application of 2020 (publication), type Article; 4 inventors stated",
        "Technology fields: 4 with 0.500000000000000 (computed); 6 with 0.500000000000000 (computed)",
        "0.250000000000000  listing 4, person 4: “?” [no country] → not placed (test)",
        "  0.750000000000000  X–Y (rank 1)",
        "  0.250000000000000  unlocated",
        "  1.000000000000000  sum",
    ):
        assert words in text, words


def leave_out(home: Home, document: str) -> None:
    path = home.lake("documents", 2020)
    table = read_table(path)
    kept = [name != document for name in table["document_id"].to_pylist()]
    contracts.write("documents", table.filter(kept), path)


def test_a_record_in_no_window_says_so(example: tuple[Home, Any]) -> None:
    leave_out(example[0], "D3")
    text = record(example, "D3")
    assert "Raw file: sci.small: a" in text
    assert "It counts in no year of edition small" in text
    document = {"kind": "pct", "publication_year": 2019, "document_type": "A1", "index_name": None}
    rules = {"pct_years": [2020, 2021], "sci_years": [2020], "sci_indexes": ["SCIE"], "sci_doc_types": None}
    assert why_not(rules, document) == "its year 2019 is not in the window 2020–2021 of its kind"
    assert why_not(rules, {**document, "publication_year": 2020}) == ""
    article = {**document, "kind": "sci", "publication_year": 2020, "index_name": "SSCI"}
    assert why_not(rules, article) == "the edition takes only the indexes SCIE"
    assert why_not(rules, {**article, "index_name": None}) == ""


def test_what_is_unknown_is_answered_with_the_nearest_names(example: tuple[Home, Any]) -> None:
    with pytest.raises(BadInput, match=r"no cluster called 'X-Z'. The nearest names are Z, X–Y"):
        figure(example, "X-Z", "rank")
    with pytest.raises(BadInput, match="Did you mean sci_count"):
        figure(example, "X", "sci_cuont")
    with pytest.raises(BadInput, match=r"holds a record 'D9'\. The nearest ids are D1, D2, D3"):
        record(example, "D9")
    with pytest.raises(
        BadInput, match=r"'D8' was rejected when it was read: no_id\. \[pct\.small: a, line 7\]"
    ):
        home = example[0]
        row = {"delivery": "pct.small", "file_id": 1, "position": 7, "position_kind": "line", "record_id": "D8",
               "reason": "no_id", "excerpt": ""}  # fmt: skip
        empty = contracts.contract("rejects").empty()
        contracts.write(
            "rejects",
            type(empty).from_pylist([row], schema=empty.schema),
            home.delivery_report("pct.small", "rejects"),
        )
        record(example, "D8")


def test_an_edition_that_is_not_built_names_the_command(example: tuple[Home, Any]) -> None:
    home, settings = example
    home.table(EDITION, "ranking").unlink()
    with pytest.raises(MissingData, match=r"table ranking is not there.*stclusters run --edition small"):
        figure((home, settings), "X", "rank")


def test_a_lake_that_changed_since_is_told_apart_from_the_edition(example: tuple[Home, Any]) -> None:
    leave_out(example[0], "D2")
    with pytest.raises(
        ContractBroken, match=r"sum to 0\.75.*the lake has changed since edition small was built"
    ):
        figure(example, "X", "pct_count")


@pytest.mark.parametrize(
    "rules", [{}, {"fraction_split": "person"}, {"counting": "full"}, {"point_precision_min": "street"}]
)
def test_the_parts_sum_exactly_in_every_cluster_of_a_random_lake(
    tmp_path: Path, rules: dict[str, Any]
) -> None:
    world = random_world(tmp_path / "home", seed=5)
    held = built(world, some_clusters(world), **rules)
    numbers = read_table(held[0].table(EDITION, "ranking"), ["cluster_no"])["cluster_no"].to_pylist()
    assert len(numbers) >= 2
    for number in numbers:
        for name in ("pct_count", "sci_count"):
            text = figure(held, str(number), name, limit=1000, out=tmp_path / "parts.csv")
            assert all(made == counted for made, counted in sums(text)), text
    for document in world.documents[::30]:
        record(held, document.name)
