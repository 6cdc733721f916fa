"""An edition's database that another program holds open: wait for it, then name the program.

DuckDB lets one process write; somebody who looks at the file with the DuckDB shell would make dbt fail with a long
message of its own.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from foundation.errors import Busy

#: how long a run waits for a database that another program holds
WAIT_SECONDS = float(os.environ.get("STCLUSTERS_DATABASE_SECONDS", "600"))
PAUSE = 2.0
_HOLDER = re.compile(r"Conflicting lock is held in (.+?) \(PID (\d+)\)")


def holder(database: Path) -> str:
    """The program and process that hold `database`, as DuckDB tells; empty when nobody does."""
    import duckdb

    if not database.is_file():
        return ""
    try:
        duckdb.connect(str(database)).close()
    except duckdb.IOException as fault:
        named = _HOLDER.search(str(fault))
        if named is None:
            raise
        return f"{Path(named.group(1)).name} (process {named.group(2)})"
    return ""


def wait_for_database(database: Path, say: Callable[[str], None], seconds: float = WAIT_SECONDS) -> None:
    """Return once nobody else holds `database`; says once for whom it waits.

    Raises
    ------
    Busy
        It was still held after `seconds`.
    """
    deadline = time.monotonic() + seconds
    told = False
    while by := holder(database):
        if time.monotonic() >= deadline:
            raise Busy(
                f"The edition's database is held open by {by}.", "Close it and run again.", str(database)
            )
        if not told:
            say(f"waiting for {by}, which holds the edition's database")
        told = True
        time.sleep(PAUSE)
