"""What a run in this process makes of an interruption."""

import os
import signal
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest

from foundation.contracts.edition_settings import write_edition_settings
from foundation.home import Home
from foundation.settings import Settings, parse
from orchestration.freshness import made_files, reason_to_build
from orchestration.metadata import RETRY, failures_as_sentences
from orchestration.people_log import people_log
from orchestration.run import Runner, RunSummary


def interrupted(number: int) -> list[int]:
    """Attempts of a step that gets a signal in its first one."""
    attempts: list[int] = []

    @dg.asset(retry_policy=RETRY)
    def stopped() -> None:
        attempts.append(1)
        with failures_as_sentences():
            os.kill(os.getpid(), number)
            for _ in range(1000):  # the handler runs between two of Python's instructions
                pass

    job = dg.define_asset_job("work", [stopped])
    definitions = dg.Definitions(assets=[stopped], jobs=[job], loggers={"people": people_log})
    with dg.DagsterInstance.ephemeral() as instance:
        runner = SimpleNamespace(definitions=definitions, instance=instance)
        with pytest.raises(KeyboardInterrupt):
            Runner.job(runner, "work")  # type: ignore[arg-type]
    return attempts


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_step_is_not_tried_again(number: signal.Signals) -> None:
    assert interrupted(number) == [1]


def test_changed_settings_build_an_edition_again(tmp_path: Path) -> None:
    """Dagster learns of changed settings only when they are written: the run compares them itself."""

    def of(min_samples: int) -> Settings:
        edition = {"pct_years": [2020], "sci_years": [2020], "min_samples": min_samples}
        return parse({"editions": {"one": edition}}, "editions.yaml")

    home = Home(tmp_path)
    state = {"points": "fresh"}
    answers = SimpleNamespace(
        status=lambda key, _: state[key.to_user_string()], causes=lambda *_: ["has a new data version"]
    )

    def reason(min_samples: int) -> str:
        return reason_to_build(home, of(min_samples), answers, [dg.AssetKey("points")], "one")  # type: ignore[arg-type]

    assert reason(60) == "ranking.parquet is gone"
    write_edition_settings(home, of(60), "one")
    for path in made_files(home, "one"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert reason(60) == ""
    assert reason(61) == "its settings changed"
    state["points"] = "stale"
    assert reason(60) == "points: has a new data version"
    state["points"] = "fresh"
    (home.site("one") / "index.html").unlink()
    assert reason(60) == "index.html is gone"


def test_a_run_builds_what_has_a_reason_and_skips_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = {"pct_years": [2020], "sci_years": [2020]}
    settings = parse(
        {"editions": {"one": {**edition, "previous_edition": "before"}, "before": edition}}, "test"
    )
    monkeypatch.setattr(
        "orchestration.run.reason_to_build", lambda *given: "" if given[-1] == "before" else "new"
    )
    monkeypatch.setattr("orchestration.run.worth_asking", lambda *given: set())
    ran: list[str] = []
    job = SimpleNamespace(asset_layer=SimpleNamespace(executable_asset_keys=set()))
    runner = SimpleNamespace(
        home=None, instance=None, graph=None, settings=settings, say=lambda _: None, _freshness=None, summary=RunSummary(),
        definitions=SimpleNamespace(resolve_job_def=lambda _: job), job=lambda _, partition: ran.append(partition),
    )  # fmt: skip
    Runner.edition(runner, "one")  # type: ignore[arg-type]
    assert ran == ["one"]
    assert runner.summary.skipped == ["edition before"]
