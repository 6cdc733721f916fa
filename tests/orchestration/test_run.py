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
from orchestration.metadata import RETRY, failures_as_sentences
from orchestration.people_log import people_log
from orchestration.run import Runner


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

    home, ran = Home(tmp_path), []
    runner = SimpleNamespace(
        home=home, settings=of(60), say=lambda _: None,
        job=lambda name, partition: ran.append((name, partition)), job_if_stale=lambda *_: ran.append("asked"),
    )  # fmt: skip
    Runner.edition(runner, "one")  # type: ignore[arg-type]
    write_edition_settings(home, of(60), "one")
    Runner.edition(runner, "one")  # type: ignore[arg-type]
    runner.settings = of(61)
    Runner.edition(runner, "one")  # type: ignore[arg-type]
    assert ran == [("edition", "one"), "asked", ("edition", "one")]
