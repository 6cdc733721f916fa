"""An edition of one document, without PCT and without population: zeros and nulls with reasons, no division by zero."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from foundation.home import Home
from tests.reference.model_runner import PROJECT, ModelRunner
from tests.reference.small_world import Document, Listed, Place, World, worked_example

MARTS = sorted(file.stem for file in (PROJECT / "models" / "marts").glob("*.sql"))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> ModelRunner:
    article = Document("A", "sci", 2020, [Listed(1, 1, "X")])
    world = World(Home(tmp_path_factory.mktemp("alone")), {"X": Place(10.0, 20.0, "JP")}, [article])
    world.write()
    return world.runner(
        {"X": 1}, {}, pct_years=[2020], sci_years=[2020], rta_min_cluster=0, rta_min_expected=0
    )


@pytest.mark.parametrize("mart", MARTS)
def test_every_mart_of_one_document_is_made_without_infinite_figures(alone: ModelRunner, mart: str) -> None:
    alone.make(mart)
    found = alone.connection.sql(f'select * from "{mart}"')
    for column, kind in zip(found.columns, found.types, strict=True):
        if str(kind) == "DOUBLE":
            query = f'select count(*) from "{mart}" where not isfinite("{column}")'
            assert alone.connection.execute(query).fetchone() == (0,), column


def test_one_article_without_pct_and_population_is_ranked_with_reasons(alone: ModelRunner) -> None:
    (row,) = alone.table("ranking").to_dict("records")
    assert (row["rank"], row["pct_share"], row["sci_share"], row["total"]) == (1, 0.0, 100.0, 100.0)
    assert math.isnan(row["intensity"])
    assert (row["intensity_why"], row["growth_why"]) == ("no population", "no previous edition")
    assert row["previous_rank_why"] == "no previous edition"
    # that the world holds no application is what the data test world_is_not_empty names
    empty = alone.table("world_totals").query("documents == 0")
    assert empty["kind"].tolist() == ["pct"]
    assert "top_two_pct" not in set(alone.table("findings")["statement"])


def broken(runner: ModelRunner, test: str, model: str) -> list[str]:
    """First column of the rows that a generic test of the project finds in a model."""
    text = (PROJECT / "tests" / "generic" / f"{test}.sql").read_text("utf-8")
    found = re.search(r"{% test .*? %}(.*){% endtest %}", text, re.DOTALL)
    assert found
    query = found[1].replace("{{ model }}", runner.make(model))
    return [row[0] for row in runner.connection.execute(query).fetchall()]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, []),
        ({"world_total": "located"}, []),
        ({"world_total": "given", "world_totals": {"pct": 2, "sci": 2}}, []),
        ({"world_total": "given", "world_totals": {"pct": 2, "sci": 1.5}}, ["sci"]),
    ],
)
def test_a_given_world_smaller_than_its_documents_is_a_failed_check(
    tmp_path: Path, settings: dict[str, Any], expected: list[str]
) -> None:
    runner = worked_example(tmp_path).runner({"X": 1, "Y": 2}, **settings)
    assert broken(runner, "world_holds_its_documents", "world_totals") == expected
