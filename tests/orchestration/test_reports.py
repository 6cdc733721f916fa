"""A failed run is told to people: what failed, in which partition, where, what to do; by file, webhook and mail."""

import json
import socketserver
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.events import EngineEventData
from dagster._utils.error import serializable_error_info_from_exc_info

from foundation.errors import BadInput
from foundation.home import Home
from orchestration.alerts import tell
from orchestration.history import INTERRUPTED, RunFigures, StepFigures, figures_of, find, latest
from orchestration.metadata import failures_as_sentences
from orchestration.reports import duration, text
from orchestration.sensors import report_run


@dg.asset(partitions_def=dg.StaticPartitionsDefinition(["2019"]))
def documents(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    if context.run.tags.get("broken"):
        with failures_as_sentences():
            raise BadInput(
                "The file ends in the middle of a record.", "Fetch it again.", "raw/sci/jos.txt:812"
            )
    return dg.MaterializeResult(metadata={"rows": 1234, "seconds": 0.5, "peak_mb": 321.0})


@dg.asset(deps=[documents], partitions_def=dg.StaticPartitionsDefinition(["2019"]))
def listings() -> None:
    return


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as opened:
        yield opened


def ran(instance: dg.DagsterInstance, **tags: str) -> dg.DagsterRun:
    result = dg.materialize(
        [documents], partition_key="2019", instance=instance, tags=tags, raise_on_error=False
    )
    run = instance.get_run_by_id(result.run_id)
    assert run is not None
    return run


class Received:
    """A local server that keeps what it was sent."""

    def __init__(self) -> None:
        self.messages: list[str] = []


@pytest.fixture
def webhook() -> Iterator[tuple[str, Received]]:
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.messages.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(500 if self.path == "/broken" else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()
    server.server_close()


@pytest.fixture
def mail_server() -> Iterator[tuple[str, Received]]:
    received = Received()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            data: list[str] = []
            inside = False
            while line := self.rfile.readline():
                said = line.decode().rstrip("\r\n")
                if inside:
                    if said == ".":
                        inside = False
                        received.messages.append("\n".join(data))
                        self.wfile.write(b"250 taken\r\n")
                    else:
                        data.append(said)
                elif said.upper() == "DATA":
                    inside = True
                    self.wfile.write(b"354 go on\r\n")
                elif said.upper() == "QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 ok\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"smtp://127.0.0.1:{server.server_address[1]}", received
    server.shutdown()
    server.server_close()


def test_the_report_says_what_where_and_what_to_do(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    run = ran(instance, broken="yes")
    report_run(instance, run, Home(tmp_path), lambda _: None)
    report = (tmp_path / "reports" / f"failed-{run.run_id[:8]}.txt").read_text(encoding="utf-8")
    for words in (
        "documents 2019: failure after",
        "Step documents: The file ends in the middle of a record.",
        "Where: raw/sci/jos.txt:812",
        "What to do: Fetch it again.",
        "Re-execute",
    ):
        assert words in report, report


def test_steps_that_were_never_reached_are_told_as_such(instance: dg.DagsterInstance) -> None:
    result = dg.materialize(
        [documents, listings],
        partition_key="2019",
        instance=instance,
        tags={"broken": "yes"},
        raise_on_error=False,
    )
    record = instance.get_run_record_by_id(result.run_id)
    assert record is not None
    states = {step.step: step.state for step in figures_of(instance, record).steps}
    assert states["documents"] == "failed"
    assert states["listings"] in ("not run", "skipped")


def test_a_finished_run_tells_rows_seconds_and_memory(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    run = ran(instance)
    report_run(instance, run, Home(tmp_path), lambda _: None)
    report = (tmp_path / "reports" / f"run-{run.run_id[:8]}.txt").read_text(encoding="utf-8")
    assert "1,234" in report
    assert "at most 321 MB" in report
    assert "What failed" not in report


def test_both_ways_of_telling_work(
    webhook: tuple[str, Received], mail_server: tuple[str, Received], instance: dg.DagsterInstance,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("STCLUSTERS_ALERT_WEBHOOK", webhook[0])
    monkeypatch.setenv("STCLUSTERS_ALERT_MAIL", "statistics@example.org")
    monkeypatch.setenv("STCLUSTERS_SMTP", mail_server[0])
    said: list[str] = []
    report_run(instance, ran(instance, broken="yes"), Home(tmp_path), said.append)
    assert said == ["Told by webhook.", "Told by mail."]
    posted = json.loads(webhook[1].messages[0])
    assert posted["subject"].startswith("stclusters: documents 2019: failure")
    assert "Fetch it again." in posted["text"]
    assert "To: statistics@example.org" in mail_server[1].messages[0]


def test_a_run_that_is_tried_again_by_itself_alarms_nobody(
    webhook: tuple[str, Received],
    instance: dg.DagsterInstance,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STCLUSTERS_ALERT_WEBHOOK", webhook[0])
    run = ran(instance, broken="yes", **{"dagster/will_retry": "true"})
    report_run(instance, run, Home(tmp_path), lambda _: None)
    assert webhook[1].messages == []
    assert "tried once more by itself" in next((tmp_path / "reports").iterdir()).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"STCLUSTERS_ALERT_WEBHOOK": "ftp://example.org"}, "must begin with https://"),
        ({"STCLUSTERS_ALERT_WEBHOOK": "http://127.0.0.1:9"}, "could not be sent"),
        (
            {"STCLUSTERS_ALERT_MAIL": "a@example.org", "STCLUSTERS_SMTP": "127.0.0.1"},
            "must look like smtp://",
        ),
        (
            {"STCLUSTERS_ALERT_MAIL": "a@example.org", "STCLUSTERS_SMTP": "smtp://127.0.0.1:9"},
            "could not be sent",
        ),
    ],
)
def test_a_way_that_fails_is_said_and_does_not_raise(environment: dict[str, str], words: str) -> None:
    (sentence,) = tell("subject", "body", environment)
    assert words in sentence


def test_an_error_of_the_webhook_is_said(webhook: tuple[str, Received]) -> None:
    (sentence,) = tell("subject", "body", {"STCLUSTERS_ALERT_WEBHOOK": f"{webhook[0]}/broken"})
    assert "500" in sentence


def test_history_is_the_instances_own(instance: dg.DagsterInstance) -> None:
    first, second = ran(instance), ran(instance, broken="yes")
    newest, older = latest(instance, 5)
    assert (newest.run_id, newest.state, older.state) == (second.run_id, "failure", "success")
    assert (older.rows, older.peak_mb, older.steps[0].assets) == (1234, 321.0, ["documents"])
    assert older.steps[0].seconds > 0
    found = find(instance, first.run_id[:8])
    assert found is not None
    assert found.run_id == first.run_id
    assert text(found).startswith("documents 2019: success after")
    assert find(instance, "00000000") is None


@pytest.mark.parametrize(
    ("steps", "interrupted"),
    [
        ([("failed", INTERRUPTED)], True),
        ([("started", "")], True),
        ([("failed", "The file ends in the middle of a record.")], False),
        ([("done", ""), ("failed", INTERRUPTED), ("failed", "No space.")], False),
    ],
)
def test_an_interruption_is_told_from_a_fault(steps: list[tuple[str, str]], interrupted: bool) -> None:
    """By a signal, or with its process: then running it again is all there is to do."""
    figures = tuple(StepFigures("read", state=state, sentence=sentence) for state, sentence in steps)
    assert RunFigures("1", "read_delivery", "sci.a", "failure", 0.0, 1.0, figures).interrupted is interrupted
    assert not RunFigures("1", "read_delivery", "sci.a", "success", 0.0, 1.0, figures).interrupted


def test_durations_read_well() -> None:
    assert [duration(s) for s in (4.25, 99.9, 185.4)] == ["4.2 s", "99.9 s", "3 min 05 s"]


def dropped(instance: dg.DagsterInstance, message: str, cause: ConnectionError) -> str:
    """The report of a run that Dagster gave up: as its run monitoring and its queue do, with an engine event."""
    job = dg.define_asset_job("edition", "*")
    definitions = dg.Definitions([documents, listings], jobs=[job])
    run = instance.create_run_for_job(definitions.resolve_job_def("edition"))
    try:
        raise cause
    except ConnectionError:
        error = serializable_error_info_from_exc_info(sys.exc_info())
    instance.report_engine_event("Caught an unrecoverable error", run, EngineEventData(error=error))
    instance.report_run_failed(run, message)
    record = instance.get_run_record_by_id(run.run_id)
    assert record is not None
    return text(figures_of(instance, record))


def test_a_run_that_dagster_gave_up_says_what_dagster_says(instance: dg.DagsterInstance) -> None:
    cause = ConnectionError("Could not reach user code server. gRPC Error code: UNAVAILABLE")
    report = dropped(
        instance, "This run has been marked as failed from outside the execution context.", cause
    )
    assert "before any step began" in report
    assert (
        "Dagster says: Caught an unrecoverable error Because: ConnectionError: Could not reach user code server."
        in report
    )
    assert "Dagster says: This run has been marked as failed from outside the execution context." in report
    assert "see that the code location loads" in report


def test_a_worker_that_died_is_told_with_the_step_at_work(instance: dg.DagsterInstance) -> None:
    run = RunFigures(
        "1" * 36, "edition", "demo", "failure", 0.0, 5.0, (StepFigures("lineage", "done"), StepFigures("dbt_marts", "started")),
        ("Run worker failed: terminated by signal 9 (SIGKILL).",),
    )  # fmt: skip
    report = text(run)
    assert "killed while dbt_marts was at work" in report
    assert "Dagster says: Run worker failed: terminated by signal 9 (SIGKILL)." in report
    assert "full memory or disk" in report
