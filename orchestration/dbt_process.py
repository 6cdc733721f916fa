"""dbt as a process that works in an edition's folder and ends with the one that started it.

A killed run would otherwise leave its dbt behind, which goes on writing the edition's tables while the next run
builds them again. Linux can tie a child's life to its parent's; elsewhere `stclusters sweep` ends such orphans.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask the kernel to end this process when `parent` ends; end at once when it already has."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Become dbt of this environment, with this process's arguments, in the folder that the profile's places start from."""
    die_with_parent(os.getppid())
    if "STCLUSTERS_WAREHOUSE" in os.environ:
        os.chdir(os.environ["STCLUSTERS_WAREHOUSE"])
    dbt = str(Path(sys.executable).parent / "dbt")
    os.execv(dbt, [dbt, *sys.argv[1:]])  # noqa: S606 - our own environment's dbt
