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
from dagster._core.definitions.freshness import TimeWindowFreshnessPolicy

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
            "checks": sorted(key.name for key in graph.asset_check_keys if key.asset_key == node.key),
            "fresh": type(node.freshness_policy).__name__ if node.freshness_policy else None,
        }
    repository = definitions.get_repository_def()
    return {
        "assets": assets,
        "jobs": sorted(job.name for job in repository.get_all_jobs()),
        "schedules": {s.name: s.cron_schedule for s in repository.schedule_defs},
        "sensors": sorted(sensor.name for sensor in repository.sensor_defs),
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


def fields_of(schema: Any, *way: str) -> Any:
    """Fields of a job's configuration, from its top down."""
    fields = schema.run_config_schema_type.fields
    for name in way:
        fields = fields[name].config_type.fields
    return fields


def test_the_launchpad_offers_and_describes_every_field_that_may_be_tried(
    definitions: dg.Definitions,
) -> None:
    """What a person may change in one run of clustering, with the words and units of the settings file."""
    job = definitions.resolve_job_def("edition")
    wanted = {
        "point_clusters": {"eps_km", "min_samples", "merge_within_km", "merge_core_km"},
        "describe": {"outline_ratio"},
    }
    for step, names in wanted.items():
        fields = fields_of(job.run_config_schema, "ops", step, "config")
        described = {name: field.description for name, field in fields.items()}
        assert set(described) == names
        assert all(text and "METHODOLOGY" in text for text in described.values())
    eps_km = fields_of(job.run_config_schema, "ops", "point_clusters", "config")["eps_km"]
    assert eps_km.description == "Radius, km, METHODOLOGY 7. Left out: the edition's setting."
    assert job.partitioned_config is not None
    opened = job.partitioned_config.get_run_config_for_partition_key("now")
    assert opened == {"ops": {step: {"config": dict.fromkeys(names)} for step, names in wanted.items()}}
    assert dg.validate_run_config(job, opened)


def test_the_launchpad_offers_nothing_of_the_machine(definitions: dg.Definitions) -> None:
    """dbt's program and folders stood there first; only Dagster's own store of results, which we do not use, is left."""
    job = definitions.resolve_job_def("edition")
    for name, field in fields_of(job.run_config_schema, "resources").items():
        config = field.config_type.fields["config"].config_type
        assert name == "io_manager" or not getattr(config, "fields", {}), name


def test_every_asset_says_where_its_code_stands(definitions: dg.Definitions) -> None:
    root = project_root()
    for node in definitions.resolve_asset_graph().asset_nodes:
        if not node.is_executable:
            continue
        references = node.metadata["dagster/code_references"].code_references
        files = [Path(one.file_path).resolve().relative_to(root) for one in references]
        assert all((root / file).is_file() for file in files), node.key
        folder = "dbt_project" if "dbt" in node.kinds else "orchestration"
        assert folder in {file.parts[0] for file in files}, node.key


def test_what_is_published_may_not_get_older_than_a_year_unnoticed(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    policies = {node.key.to_user_string(): node.freshness_policy for node in graph.asset_nodes}
    published = {"release", "downloads", "briefs", "site"}
    for name in published:
        policy = policies.pop(name)
        assert isinstance(policy, TimeWindowFreshnessPolicy)
        assert (policy.warn_window.to_timedelta().days, policy.fail_window.to_timedelta().days) == (366, 396)


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


LOADING = """
import json, sys, time
start = time.process_time()
import dagster_dbt
imported, before, touched = time.process_time() - start, set(sys.modules), []
def hook(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen"):
        touched.append(event)
    elif event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(sys.argv[1]):
        touched.append(arguments[0])
sys.addaudithook(hook)
from pathlib import Path
start = time.process_time()
from foundation.home import Home, project_root
from foundation.settings import load
from orchestration.definitions import build_definitions
build_definitions(load(project_root() / "editions.yaml"), Home(Path(sys.argv[1])))
ours = time.process_time() - start
loaded = sorted({name.split(".")[0] for name in set(sys.modules) - before})
print(json.dumps({"imported": imported, "ours": ours, "loaded": loaded, "touched": touched}))
"""


def loading(home: Path) -> dict[str, Any]:
    """What loading the definitions in a fresh process took (seconds of CPU), imported and touched."""
    command = [sys.executable, "-W", "ignore", "-c", LOADING, str(home)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=project_root())
    told: dict[str, Any] = json.loads(printed.stdout.splitlines()[-1])
    return told


def test_loading_is_quick_and_touches_no_heavy_library_network_database_or_data(tmp_path: Path) -> None:
    """Our own part against the import of dagster_dbt in the same process: 0.45 of it; both measured by CPU time."""
    rooms = ["orchestration", "foundation", "clustering", "extracts", "geocoding", "publishing"]
    folders = [str(project_root() / room) for room in rooms]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *folders], check=True)  # as `make setup` does
    told = [loading(tmp_path) for _ in range(2)]
    assert set(told[0]["loaded"]) & HEAVY == set()
    assert told[0]["touched"] == []
    assert list(tmp_path.iterdir()) == []
    assert min(one["ours"] / one["imported"] for one in told) <= 0.75, told


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    import tempfile

    made = definitions.__wrapped__(
        type("F", (), {"mktemp": staticmethod(lambda _: Path(tempfile.mkdtemp()))})
    )  # type: ignore[attr-defined]
    SNAPSHOT.parent.mkdir(exist_ok=True)
    SNAPSHOT.write_text(json.dumps(snapshot(made), indent=1, sort_keys=True) + "\n", encoding="utf-8")
