"""A year in the life of an edition, through the real daemon and webserver.

A delivery arrives and is read once it is still; its years, and only they, are prepared; the edition says what is
missing; the missing year is backfilled; the schedule builds the edition at its time; its checks pass and its pages
appear; a corrected delivery comes, and only what depends on it is done again.
"""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from foundation.home import Home
from orchestration.history import latest
from orchestration.instance import DAGSTER_YAML, open_instance
from orchestration.reports import step_table
from tests.e2e.dagster_dev import DagsterDev
from tests.e2e.raw_files import unpacked

pytestmark = pytest.mark.slow
WORLD = {"simulated": True, "world": {"seed": 7, "scale": 0.002}}
RULES = {"eps_km": 15, "merge_within_km": 5, "min_samples": 9}
WINDOWS = {"pct_years": [2021, 2022], "sci_years": [2021, 2022]}
CORRECTED = "2021"
#: seconds in which a delivery's files arrive, each of them restarting the wait for stillness
ARRIVING = 6.0
#: the daemon's own pauses, where it lets them be set: the queue is looked at every second instead of every five
QUICK = "run_coordinator: {module: dagster.core.run_coordinator, class: QueuedRunCoordinator, config: {dequeue_interval_seconds: 1}}\n"


def write_editions(path: Path, schedule: str | None = None) -> Path:
    edition = {**WINDOWS, **({"schedule": schedule} if schedule else {})}
    path.write_text(yaml.safe_dump({"defaults": RULES, "editions": {"yearly": edition}}), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def raw(stclusters: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Raw files of a small world, somewhere on the disk."""
    folder = tmp_path_factory.mktemp("raw")
    editions = folder / "world.yaml"
    world = {"defaults": {**RULES, **WORLD}, "editions": {"world": WINDOWS}}
    editions.write_text(yaml.safe_dump(world), encoding="utf-8")
    stclusters("simulate", "--home", folder / "home", "--edition", "world", "--editions", editions)
    return folder / "home" / "raw"


def one_year(source: Path, target: Path, year: str) -> None:
    """A delivery that repeats one article of `year` with another author's address."""
    for file in sorted(source.rglob("*")):
        if not file.is_file():
            continue
        text = unpacked(file).decode()
        for record in text.split("\nPT ")[1:]:
            if f"\nPY {year}\n" in record and "\nC1 [" in record and "\nDT Article" in record:
                body = record.split("\nEF")[0]
                target.mkdir(parents=True)
                content = f"FN Clarivate Analytics Web of Science\nVR 1.0\nPT {body}"
                changed = content.replace("\nC1 [", "\nC1 [Doe, Jane] Univ Lisbon, Lisbon, Portugal\n   [", 1)
                (target / "correction.txt").write_text(changed.rstrip("\n") + "\nEF\n", encoding="utf-8")
                return
    raise AssertionError("no article of the year")


def checks_of(home: Home) -> dict[str, bool]:
    """Outcome of each check of the last edition run."""
    import dagster as dg

    with open_instance(home) as instance:
        run = next(r for r in instance.get_runs(dg.RunsFilter(job_name="edition")) if r.is_success)
        found = {}
        for entry in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION):
            assert entry.dagster_event is not None
            data = entry.dagster_event.asset_check_evaluation_data
            found[f"{data.asset_key.to_user_string()}.{data.check_name}"] = data.passed
        return found


def test_a_year_in_the_life(
    raw: Path,
    new_home: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home: Home = new_home(tmp_path / "home")
    home.dagster().mkdir(parents=True)
    (home.dagster() / "dagster.yaml").write_text(DAGSTER_YAML + QUICK, encoding="utf-8")
    editions = write_editions(tmp_path / "editions.yaml")
    took: dict[str, float] = {}
    dev = DagsterDev(home, editions, tmp_path / "dagster.log")
    try:
        with timed(took, "the interface is up"):
            dev.ready()
        with timed(took, "a delivery is read once it is still"):
            a_delivery_is_read_once_it_is_still(dev, home, raw)
        with timed(took, "its years are prepared, no others"):
            its_years_are_prepared_and_no_others(dev, home)
        with timed(took, "the edition says what is missing"):
            the_edition_says_what_is_missing(dev, home)
        with timed(took, "missing years are backfilled"):
            backfill = missing_years_are_backfilled(dev, home, raw)
        with timed(took, "the schedule builds the edition"):
            the_schedule_builds_the_edition(dev, home, editions)
        assert dev.backfill_state(backfill) == "COMPLETED_SUCCESS"
        with timed(took, "a correction redoes what depends on it"):
            a_correction_redoes_only_what_depends_on_it(dev, home, raw)
    finally:
        dev.stop()
    with capsys.disabled():
        sys.stdout.write(summary(home, took))


@contextmanager
def timed(took: dict[str, float], what: str) -> Iterator[None]:
    """Keep the seconds of one part of the year."""
    start = time.monotonic()
    yield
    took[what] = time.monotonic() - start


def a_delivery_is_read_once_it_is_still(dev: DagsterDev, home: Home, raw: Path) -> None:
    files = sorted(file for file in (raw / "sci" / "simulated").rglob("*") if file.is_file())
    target = home.raw_kind("sci") / "2023-spring"
    target.mkdir(parents=True)
    for file in files:
        shutil.copy(file, target / file.name)
        last = time.time()
        time.sleep(ARRIVING / len(files))  # still arriving
    dev.wait("Reading the delivery", lambda: [r for r in dev.runs() if r["jobName"] == "read_delivery"])
    with open_instance(home) as instance:
        (record,) = [r for r in instance.get_run_records() if r.dagster_run.job_name == "read_delivery"]
        assert record.create_timestamp.timestamp() - last >= 5.0
        assert record.dagster_run.tags["dagster/partition"] == "sci.2023-spring"
    dev.wait("The end of reading", dev.at_rest)


def its_years_are_prepared_and_no_others(dev: DagsterDev, home: Home) -> None:
    def prepared() -> bool:
        return all(home.lake("geocodes", year).is_file() for year in (2021, 2022)) and dev.at_rest()

    dev.wait("Preparing the years", prepared)
    with_articles = {
        y for y in range(2000, 2040) if home.delivery_table("sci.2023-spring", "documents", y).is_file()
    }
    years = {int(run["partition"]) for run in dev.runs() if "documents" in run["assets"] and run["partition"]}
    assert years == with_articles


def the_edition_says_what_is_missing(dev: DagsterDev, home: Home) -> None:
    """No delivery holds applications yet: the edition would rank without them, and says so; it is stopped here by hand
    by taking a year away."""
    home.year_manifest(2022).rename(tmp := home.year_manifest(2022).with_suffix(".away"))
    run = dev.launch("edition", "yearly")
    dev.wait("The edition's failure", lambda: dev.status_of(run) == "FAILURE")
    report = home.run_report(f"failed-{run[:8]}.txt")
    dev.wait("The report of the failure", report.is_file)
    text = report.read_text(encoding="utf-8")
    assert "The publication year 2022 is not prepared" in text
    assert "What to do: " in text
    tmp.unlink()


def missing_years_are_backfilled(dev: DagsterDev, home: Home, raw: Path) -> str:
    """The backfill's id. The daemon looks at backfills every 30 s: its end is asked for after the edition was built."""
    dev.set_sensor("stale_years", running=False)
    shutil.copytree(raw / "pct" / "simulated", home.raw_kind("pct") / "2023-spring")
    dev.wait("Reading the applications", lambda: home.delivery_report("pct.2023-spring", "report").is_file())
    dev.wait("The end of reading", dev.at_rest)
    tables = [
        "documents",
        "listings",
        "applicants",
        "organisations",
        "ipc",
        "technology_fields",
        "subjects",
        "addresses",
    ]
    backfill = dev.backfill([*tables, "geocodes"], ["2021", "2022"])

    def prepared() -> bool:
        """Whether a run of the backfill ended well for each year."""
        done = [run for run in dev.runs() if run["tags"].get("dagster/backfill") == backfill]
        return {run["partition"] for run in done if run["status"] == "SUCCESS"} == {"2021", "2022"}

    dev.wait("The backfill", prepared)
    dev.set_sensor("stale_years", running=True)
    return backfill


def the_schedule_builds_the_edition(dev: DagsterDev, home: Home, editions: Path) -> None:
    began = datetime.now(UTC)
    write_editions(
        editions, schedule="* * * * *"
    )  # the daemon sees a new schedule within a minute, and ticks at the next
    dev.reload()

    def started() -> list[dict[str, Any]]:
        return [r for r in dev.runs() if r["tags"].get("dagster/schedule_name") == "edition_yearly"]

    run_id = dev.wait("The scheduled run", started)[-1]["runId"]
    dev.stop_schedule("edition_yearly")
    dev.wait("The scheduled edition", lambda: dev.status_of(run_id) == "SUCCESS")
    with open_instance(home) as instance:
        record = instance.get_run_record_by_id(run_id)
        assert record is not None
        at = datetime.fromisoformat(record.dagster_run.tags["dagster/run_key"])
        assert at.second == 0
        assert began < at <= record.create_timestamp
    assert (home.site("yearly") / "index.html").is_file()
    found = checks_of(home)
    assert len(found) > 100
    assert [name for name, passed in found.items() if not passed] == []


def a_correction_redoes_only_what_depends_on_it(dev: DagsterDev, home: Home, raw: Path) -> None:
    dev.wait("Rest", dev.at_rest)
    before = {run["runId"] for run in dev.runs()}
    page = home.site("yearly").resolve()
    other = home.lake("geocodes", 2022).stat()
    one_year(raw / "sci" / "simulated", home.raw_kind("sci") / "2023-summer", CORRECTED)
    old = home.lake("documents", int(CORRECTED)).stat().st_mtime_ns
    dev.wait(
        "Preparing the corrected year",
        lambda: home.lake("documents", int(CORRECTED)).stat().st_mtime_ns != old,
    )
    dev.wait("Rest", dev.at_rest)
    time.sleep(5)
    dev.wait("Rest", dev.at_rest)
    anew = [run for run in dev.runs() if run["runId"] not in before]
    assert {run["partition"] for run in anew if "documents" in run["assets"]} == {CORRECTED}
    assert home.lake("geocodes", 2022).stat().st_mtime_ns == other.st_mtime_ns
    run = dev.launch("edition", "yearly")
    dev.wait("The corrected edition", lambda: dev.status_of(run) == "SUCCESS")
    assert home.site("yearly").resolve() != page


def summary(home: Home, took: dict[str, float]) -> str:
    with open_instance(home) as instance:
        runs = latest(instance, 200)
    lines = [
        f"A year in the life: {len(runs)} runs, {sum(len(r.steps) for r in runs)} steps, "
        f"{sum(r.retries for r in runs)} retries, {sum(r.rows for r in runs):,} rows"
    ]
    lines += [f"{r.job} {r.partition}: {r.state}, {r.seconds:.1f} s, {r.rows:,} rows" for r in reversed(runs)]
    lines += [f"{what}: {seconds:.0f} s" for what, seconds in took.items()]
    edition = next(run for run in runs if run.job == "edition" and run.state == "success")
    return "\n".join(["", *lines, *step_table(edition.steps), ""])
