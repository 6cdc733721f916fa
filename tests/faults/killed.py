"""Run one stage and end the process by a signal just before its n-th step towards the disk, or count those steps.

The steps are the calls by which a write becomes visible or durable: fsync, rename and replace, symbolic links, and
removing. They are counted in the home only, in the order met; with one thread of ours that order is the same each time.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.chain import Stage

_STEPS = ("fsync", "replace", "rename", "symlink", "unlink", "rmdir")


def count_steps(home: str, before_step: Callable[[int], None]) -> list[int]:
    """Wrap the system's calls; `before_step(n)` is called before the n-th one (from 1) in `home`."""
    met = [0]

    def in_home(argument: Any) -> bool:
        if isinstance(argument, int):  # an open file
            return str(Path(f"/proc/self/fd/{argument}").readlink()).startswith(home)
        return os.fspath(argument).startswith(home)

    def wrap(name: str) -> None:
        original = getattr(os, name)

        def wrapped(*arguments: Any, **more: Any) -> Any:
            if any(
                in_home(argument)
                for argument in arguments[:2]
                if isinstance(argument, int | str | os.PathLike)
            ):
                met[0] += 1
                before_step(met[0])
            return original(*arguments, **more)

        setattr(os, name, wrapped)

    for name in _STEPS:
        wrap(name)
    return met


def disturbed(home: str, editions: str, stage: Stage, step: int, number: int, counted: str) -> None:
    """Run a stage and end this process by signal `number` before its step; step 0 counts the steps into a file."""
    from foundation.home import Home
    from foundation.settings import load
    from tests.faults.chain import run

    def before_step(n: int) -> None:
        if n == step:
            os.kill(os.getpid(), number)
            signal.pause()  # a signal of Python's own is delivered between two instructions

    # whoever started the tests in the background made them deaf to SIGINT, which is inherited
    for one, heard in ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL)):
        signal.signal(one, heard)
    met = count_steps(home, before_step)
    try:
        run(stage, Home(Path(home)), load(Path(editions)))
    except KeyboardInterrupt:  # of SIGINT; its traceback would hide the table
        raise SystemExit(1) from None
    Path(counted).write_text(str(met[0]), encoding="utf-8")


#: loaded once in the process that all disturbed ones are forked from: a stage is then killed within a second
PRELOADED = [
    "tests.faults.killed", "tests.faults.chain", "extracts.stage", "geocoding.stage", "clustering.stage", "publishing.stage",
    "pandas", "duckdb", "pyarrow.parquet", "pyarrow.compute", "foundation.contracts.edition_settings",
]  # fmt: skip


def main() -> None:
    """`HOME EDITIONS STAGE(JSON)`: run a stage in this process, whose group the caller ends."""
    home, editions, stage = sys.argv[1:4]
    disturbed(home, editions, Stage(**json.loads(stage)), 0, signal.SIGKILL, os.devnull)


if __name__ == "__main__":
    main()
