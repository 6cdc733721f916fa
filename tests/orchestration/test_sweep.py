"""After a crash: dead runs are named as failed, their slots freed, leftovers removed; the living are left alone."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from foundation.home import Home
from orchestration.instance import open_instance
from orchestration.sweep import START_SECONDS, sweep


@dg.job
def any_job() -> None:
    pass


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("DAGSTER_HOME", "")
    return Home(tmp_path)


@pytest.fixture
def instance(home: Home) -> Iterator[dg.DagsterInstance]:
    with open_instance(home) as opened:
        yield opened


def started_run(instance: dg.DagsterInstance, pid: int | None) -> dg.DagsterRun:
    run = instance.create_run_for_job(any_job)
    instance.report_run_starting = instance.report_engine_event  # the launcher is not under test here
    event = dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, "any_job") if pid else None
    if pid:
        instance.report_engine_event(
            f"Executing steps in process (pid: {pid})",
            run,
            dg._core.events.EngineEventData(metadata={"pid": dg.MetadataValue.text(str(pid))}),
        )
        instance.report_dagster_event(event, run.run_id)
    return run


@pytest.fixture
def gone() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_a_run_whose_process_is_gone_is_marked_and_its_slots_are_free(
    home: Home, instance: dg.DagsterInstance, gone: int
) -> None:
    run = started_run(instance, gone)
    storage = instance.event_log_storage
    claim = storage.claim_concurrency_slot("warehouse", run.run_id, "marts")
    assert claim.is_claimed
    swept = sweep(home, instance)
    assert swept.runs == (run.run_id,)
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    assert found.status == dg.DagsterRunStatus.FAILURE
    assert storage.get_concurrency_info("warehouse").active_slot_count == 0
    assert sweep(home, instance).runs == ()


def test_a_run_at_work_is_left_alone(home: Home, instance: dg.DagsterInstance) -> None:
    run = started_run(instance, os.getpid())
    assert sweep(home, instance).runs == ()
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    assert found.status == dg.DagsterRunStatus.STARTED


def test_a_process_that_took_over_the_number_does_not_count(home: Home, instance: dg.DagsterInstance) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        run = started_run(instance, other.pid)
        # the run began, by its own account, a minute before this process did
        with instance.run_storage.connect() as connection:
            connection.exec_driver_sql("update runs set start_time = start_time - 60")
        assert sweep(home, instance).runs == (run.run_id,)
        other.kill()


def test_leftovers_of_a_killed_writer_are_counted(
    home: Home, instance: dg.DagsterInstance, gone: int
) -> None:
    folder = home.warehouse("demo")
    folder.mkdir(parents=True)
    (folder / f".points.parquet.{gone}-12345678.part").write_text("half")
    (folder / "points.parquet").write_text("whole")
    swept = sweep(home, instance)
    assert swept.leftovers == 1
    assert list(swept.sentences()) == ["Removed 1 half-written file(s) or folder(s) of killed writers."]
    assert [entry.name for entry in folder.iterdir()] == ["points.parquet"]


@pytest.mark.skipif(sys.platform != "linux", reason="orphans go to process 1 on Linux")
def test_a_dbt_without_a_parent_is_ended(home: Home, instance: dg.DagsterInstance) -> None:
    script = home.root / "dbt.py"
    script.write_text("import time; time.sleep(600)", encoding="utf-8")
    environment = {**os.environ, "STCLUSTERS_WAREHOUSE": str(home.warehouse("demo"))}
    start = "import subprocess, sys; print(subprocess.Popen([sys.executable, sys.argv[1]], start_new_session=True, stdout=-3, stderr=-3).pid)"
    printed = subprocess.run(
        [sys.executable, "-c", start, str(script)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    pid = int(printed.stdout)
    time.sleep(0.3)
    parent = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1]
    if parent != "1":
        os.kill(pid, 9)
        pytest.skip("a subreaper takes orphans here")
    assert sweep(home, instance).orphans == (pid,)


def test_a_run_that_is_still_starting_is_left_alone(home: Home, instance: dg.DagsterInstance) -> None:
    run = instance.create_run_for_job(any_job)
    instance.report_dagster_event(
        dg.DagsterEvent(dg.DagsterEventType.RUN_STARTING.value, "any_job"), run.run_id
    )
    assert sweep(home, instance).runs == ()
    assert sweep(home, instance, now=time.time() + START_SECONDS + 1).runs == (run.run_id,)
