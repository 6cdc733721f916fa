"""dbt's own run on empty tables: every model, data test and unit test."""

from __future__ import annotations

from collections import Counter

from foundation import contracts
from foundation.home import Home
from tests.dbt_project.conftest import EDITION
from tests.dbt_project.dbt_calls import Called

STAGES = ("points", "counting", "marts")


def test_dbt_builds_and_tests_everything_without_data(empty_build: tuple[Home, Called]) -> None:
    home, built = empty_build
    assert built.returncode == 0, built.output
    assert len(built.results) == len(built.manifest["nodes"]) + len(built.manifest["unit_tests"])
    found = Counter((result["unique_id"].split(".")[0], result["status"]) for result in built.results)
    assert found["unit_test", "pass"] == len(built.manifest["unit_tests"]) > 0
    # an empty world has no documents of either kind, which is a warning, and nothing else goes wrong
    assert {status for _, status in found} <= {"success", "pass", "warn"}
    assert found["test", "warn"] == 1
    assert not list(home.warehouse(EDITION).glob("tmp_*"))
    # the adapter's own materialization would have written a row of nulls here
    assert contracts.read("cluster_ranks", home.table(EDITION, "cluster_ranks")).num_rows == 0


def test_each_call_of_an_edition_reads_only_what_earlier_calls_made(
    empty_build: tuple[Home, Called],
) -> None:
    nodes = {
        name: node
        for name, node in empty_build[1].manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }
    stage = {name: min(STAGES.index(tag) for tag in node["tags"]) for name, node in nodes.items()}
    for name, node in nodes.items():
        parents = [parent for parent in node["depends_on"].get("nodes", []) if parent in stage]
        assert all(stage[parent] <= stage[name] for parent in parents), name
