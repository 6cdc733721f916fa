"""What a run in this process makes of an interruption."""

import os
import signal
from types import SimpleNamespace

import dagster as dg
import pytest

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
