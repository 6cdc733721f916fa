"""Definitions load from settings and the manifest alone, resolve without a cycle, and stay thin."""

import ast
import json
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from foundation.home import Home, project_root
from foundation.settings import parse
from orchestration.definitions import build_definitions

SNAPSHOT = Path(__file__).parent / "snapshots" / "definitions.json"
HEAVY = {
    "pandas",
    "sklearn",
    "geopandas",
    "numba",
    "rasterio",
    "matplotlib",
    "polars",
    "duckdb",
    "scipy",
    "shapely",
}


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    windows = {"pct_years": [2019, 2020], "sci_years": [2018, 2019]}
    settings = parse(
        {
            "editions": {
                "now": {**windows, "previous_edition": "before", "schedule": "0 6 1 9 *"},
                "before": {"pct_years": [2018, 2019], "sci_years": [2017, 2018]},
            }
        },
        "editions.yaml",
    )
    return build_definitions(settings, Home(tmp_path_factory.mktemp("home")))


def mapping_of(graph: Any, node: Any, parent: dg.AssetKey) -> str:
    mapping = node.partition_mappings.get(parent)
    return type(mapping).__name__ if mapping is not None else "same"


def snapshot(definitions: dg.Definitions) -> dict[str, Any]:
    graph = definitions.resolve_asset_graph()
    assets = {}
    for node in sorted(graph.asset_nodes, key=lambda node: node.key):
        assets[node.key.to_user_string()] = {
            "group": node.group_name,
            "partitions": type(node.partitions_def).__name__ if node.partitions_def else None,
            "parents": {p.to_user_string(): mapping_of(graph, node, p) for p in sorted(node.parent_keys)},
            "kinds": sorted(node.kinds),
            "automation": node.automation_condition is not None,
        }
    repository = definitions.get_repository_def()
    return {
        "assets": assets,
        "jobs": sorted(job.name for job in repository.get_all_jobs()),
        "schedules": {s.name: s.cron_schedule for s in repository.schedule_defs},
        "sensors": sorted(sensor.name for sensor in repository.sensor_defs),
        "own_checks": sorted(
            key.name for key in graph.asset_check_keys if key.asset_key.path in (["point_clusters"], ["site"])
        ),
    }


def test_definitions_are_those_that_were_reviewed(definitions: dg.Definitions) -> None:
    """A change is seen here first: `python -m tests.orchestration.test_definitions` writes the file anew."""
    assert snapshot(definitions) == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_everything_resolves(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_an_edition_needs_exactly_its_years(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    parent = dg.AssetKey("documents")
    mapping = graph.get(dg.AssetKey("edition_settings")).partition_mappings[parent]
    assert isinstance(mapping, dg.StaticPartitionMapping)
    wanted = graph.get(dg.AssetKey("edition_settings")).partitions_def
    years = graph.get(parent).partitions_def
    found = mapping.get_upstream_mapped_partitions_result_for_partitions(
        wanted.subset_with_partition_keys(["now"]), wanted, years
    )
    assert sorted(found.partitions_subset.get_partition_keys()) == ["2018", "2019", "2020"]


def test_every_asset_of_ours_is_described_and_grouped(definitions: dg.Definitions) -> None:
    for node in definitions.resolve_asset_graph().asset_nodes:
        assert node.description, node.key
        assert node.group_name != "default", node.key
        assert node.owners == [f"team:{node.group_name}"], node.key


def test_every_check_says_what_it_guards_and_what_to_do_when_it_fails(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    told = {key: graph.get_check_spec(key).description or "" for key in graph.asset_check_keys}
    assert len(told) > 100
    assert [key for key, text in told.items() if not re.search(r"[Ww]hen it (fails|warns)", text)] == []
    key = dg.AssetCheckKey(dg.AssetKey("cluster_profiles"), "has_a_reason_cluster_profiles_hhi__hhi_why")
    assert told[key].startswith("hhi is missing exactly where hhi_why says why. When it fails: ")


def test_the_launchpad_describes_every_field_that_may_be_tried(definitions: dg.Definitions) -> None:
    """What a person may change in one run of clustering, with the words and units of the settings file."""
    schema = definitions.resolve_job_def("edition").run_config_schema.run_config_schema_type
    fields = schema.fields["ops"].config_type.fields["point_clusters"].config_type.fields["config"]
    described = {name: field.description for name, field in fields.config_type.fields.items()}
    assert set(described) == {"eps_km", "min_samples", "merge_within_km", "merge_core_km", "outline_ratio"}
    assert described["eps_km"] == "Radius, km, METHODOLOGY 7. Left out: the edition's setting."
    assert all(text and "METHODOLOGY" in text for text in described.values())


def test_asset_functions_only_call(definitions: dg.Definitions) -> None:
    del definitions
    for file in sorted((project_root() / "orchestration" / "assets").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                body = [
                    part
                    for part in node.body
                    if not isinstance(part, ast.Expr) or not isinstance(part.value, ast.Constant)
                ]
                lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
                assert lines <= 15, f"{file.name}:{node.name} has {lines} lines"


def test_loading_touches_no_heavy_library(tmp_path: Path) -> None:
    code = (
        "import sys, dagster_dbt; before = set(sys.modules); import time; start = time.process_time();"
        "from foundation.settings import load; from foundation.home import Home, project_root;"
        "from orchestration.definitions import build_definitions; from pathlib import Path;"
        f"build_definitions(load(project_root() / 'editions.yaml'), Home(Path({str(tmp_path)!r})));"
        "print(sorted({name.split('.')[0] for name in set(sys.modules) - before}))"
    )
    printed = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(ast.literal_eval(printed.stdout.strip().splitlines()[-1]))
    assert loaded & HEAVY == set()
    assert list(tmp_path.iterdir()) == []


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    import tempfile

    made = definitions.__wrapped__(
        type("F", (), {"mktemp": staticmethod(lambda _: Path(tempfile.mkdtemp()))})
    )  # type: ignore[attr-defined]
    SNAPSHOT.parent.mkdir(exist_ok=True)
    SNAPSHOT.write_text(json.dumps(snapshot(made), indent=1, sort_keys=True) + "\n", encoding="utf-8")
