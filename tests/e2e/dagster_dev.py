"""The real daemon and webserver over a home, driven as the UI drives them: by GraphQL."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from foundation.home import Home

LOCATION = "orchestration.definitions"
REPOSITORY = {"repositoryName": "__repository__", "repositoryLocationName": LOCATION}


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class DagsterDev:
    """`stclusters ui` in a process group of its own, and what the UI can ask and order."""

    def __init__(self, home: Home, editions: Path, log: Path) -> None:
        self.port = free_port()
        self._log = log.open("w")
        command = [
            str(Path(sys.executable).parent / "stclusters"), "ui", "--home", str(home.root),
            "--editions", str(editions), "--port", str(self.port),
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, stdout=self._log, stderr=self._log, start_new_session=True,
            env={**os.environ, "STCLUSTERS_SENSOR_SECONDS": "2"},
        )  # fmt: skip

    def stop(self) -> None:
        """End the whole group: politely, then for good."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._log.close()

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of a GraphQL query."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = Request(f"http://127.0.0.1:{self.port}/graphql", body, {"Content-Type": "application/json"})
        with urlopen(request, timeout=60) as answer:
            told = json.loads(answer.read())
        assert "errors" not in told, told["errors"]
        found: dict[str, Any] = told["data"]
        return found

    def wait(self, what: str, until: Callable[[], Any], seconds: float = 600) -> Any:
        """The first true answer of `until`; fails with `what` when none comes in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "dagster dev ended"
            try:
                if found := until():
                    return found
            except OSError:  # not up yet
                pass
            time.sleep(0.5)
        raise AssertionError(f"{what} did not happen within {seconds:.0f} s")

    def ready(self) -> None:
        """Wait for the interface and the code location."""
        query = "{ workspaceOrError { ... on Workspace { locationEntries { name loadStatus locationOrLoadError { __typename } } } } }"

        def loaded() -> bool:
            entries = self.ask(query)["workspaceOrError"]["locationEntries"]
            return [
                e["locationOrLoadError"]["__typename"] for e in entries if e["loadStatus"] == "LOADED"
            ] == ["RepositoryLocation"]

        self.wait("The interface", loaded)

    def launch(self, job: str, partition: str) -> str:
        """Start a job for one partition, as the Launchpad does; the run's id."""
        params = {
            "selector": {**REPOSITORY, "jobName": job},
            "runConfigData": "{}",
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": partition}]},
        }
        query = """mutation($p: ExecutionParams!) { launchRun(executionParams: $p) { __typename
            ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
        answer = self.ask(query, p=params)["launchRun"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return str(answer["run"]["runId"])

    def backfill(self, assets: list[str], partitions: list[str]) -> str:
        """Start a backfill of assets over partitions, as the asset page does."""
        params = {"assetSelection": [{"path": [asset]} for asset in assets], "partitionNames": partitions}
        query = """mutation($p: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $p) { __typename
            ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
        answer = self.ask(query, p=params)["launchPartitionBackfill"]
        assert answer["__typename"] == "LaunchBackfillSuccess", answer
        return str(answer["backfillId"])

    def backfill_state(self, backfill: str) -> str:
        """The state of a backfill."""
        query = "query($b: String!) { partitionBackfillOrError(backfillId: $b) { ... on PartitionBackfill { status } } }"
        return str(self.ask(query, b=backfill)["partitionBackfillOrError"]["status"])

    def set_sensor(self, name: str, running: bool) -> None:
        """Switch a sensor on or off, as its page does."""
        if running:
            query = """mutation($s: SensorSelector!) { startSensor(sensorSelector: $s) { __typename } }"""
            answer = self.ask(query, s={**REPOSITORY, "sensorName": name})["startSensor"]
        else:
            found = self.ask(
                "query($s: SensorSelector!) { sensorOrError(sensorSelector: $s) { ... on Sensor { sensorState { id } } } }",
                s={**REPOSITORY, "sensorName": name},
            )
            query = "mutation($i: String!) { stopSensor(id: $i) { __typename } }"
            answer = self.ask(query, i=found["sensorOrError"]["sensorState"]["id"])["stopSensor"]
        assert answer["__typename"] in ("Sensor", "StopSensorMutationResult"), answer

    def stop_schedule(self, name: str) -> None:
        """Switch a schedule off, as its page does."""
        query = """query($s: ScheduleSelector!) { scheduleOrError(scheduleSelector: $s) {
            ... on Schedule { scheduleState { id } } } }"""
        found = self.ask(query, s={**REPOSITORY, "scheduleName": name})["scheduleOrError"]["scheduleState"][
            "id"
        ]
        query = "mutation($i: String!) { stopRunningSchedule(id: $i) { __typename } }"
        answer = self.ask(query, i=found)["stopRunningSchedule"]
        assert answer["__typename"] == "ScheduleStateResult", answer

    def reload(self) -> None:
        """Reload the code location, as after a change of editions.yaml."""
        query = (
            "mutation($l: String!) { reloadRepositoryLocation(repositoryLocationName: $l) { __typename } }"
        )
        answer = self.ask(query, l=LOCATION)["reloadRepositoryLocation"]
        assert answer["__typename"] == "WorkspaceLocationEntry", answer
        self.ready()

    def runs(self) -> list[dict[str, Any]]:
        """All runs, the newest first."""
        query = "{ runsOrError(limit: 200) { ... on Runs { results { runId jobName status tags { key value } assetSelection { path } } } } }"
        found: list[dict[str, Any]] = self.ask(query)["runsOrError"]["results"]
        for run in found:
            run["tags"] = {tag["key"]: tag["value"] for tag in run["tags"]}
            run["partition"] = run["tags"].get("dagster/partition", "")
            run["assets"] = sorted(key["path"][-1] for key in run["assetSelection"] or [])
        return found

    def at_rest(self) -> bool:
        """Whether no run is at work or waiting."""
        return all(run["status"] in ("SUCCESS", "FAILURE", "CANCELED") for run in self.runs())

    def status_of(self, run_id: str) -> str:
        """A run's status."""
        return next(str(run["status"]) for run in self.runs() if run["runId"] == run_id)
