import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clustering.mutants import MUTANTS

ROOT = Path(__file__).resolve().parents[2]
CASES = 400


def first_fault(name, cases):
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-m", "tests.clustering.mutants", name, str(cases)]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env=env, cwd=ROOT
    ).stdout.strip()


@pytest.mark.parametrize("name", [name for name in MUTANTS if name != "none"])
def test_the_cases_see_a_deliberate_error(name):
    assert first_fault(name, CASES) != "not seen"


def test_the_cases_see_nothing_in_the_right_program():
    assert first_fault("none", 60) == "not seen"
