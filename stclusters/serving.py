"""The pages of a home over HTTP on this machine, read-only: a browser follows no link from the interface to a file.

`python -m stclusters.serving FOLDER HOST PORT` serves until the process that started it ends.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Quiet(SimpleHTTPRequestHandler):
    """Files of one folder; says nothing, lists nothing hidden."""

    def log_message(self, format: str, *args: object) -> None:
        del format, args

    def translate_path(self, path: str) -> str:
        found = super().translate_path(path)
        hidden = any(part.startswith(".") for part in Path(found).relative_to(self.directory).parts)
        return str(Path(self.directory) / ".hidden") if hidden else found


def server(folder: Path, host: str, port: int) -> ThreadingHTTPServer:
    """A server of the files below `folder`; names that begin with a dot are not there.

    Raises
    ------
    OSError
        The address is taken or not this machine's.
    """
    return ThreadingHTTPServer((host, port), functools.partial(_Quiet, directory=str(folder)))


def start(folder: Path, host: str, port: int) -> int:
    """Process that serves `folder` until this one ends, whatever program this one becomes."""
    command = [sys.executable, "-m", "stclusters.serving", str(folder), host, str(port)]
    return subprocess.Popen(command).pid


def _until_orphaned(parent: int, running: ThreadingHTTPServer) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    running.shutdown()


def main(folder: str, host: str, port: str) -> None:
    """Serve, or say in a sentence why not: the interface works without."""
    try:
        running = server(Path(folder), host, int(port))
    except OSError as fault:
        sys.stderr.write(f"The pages are not served at {host}:{port}: {fault.strerror}.\n")
        return
    watch = threading.Thread(target=_until_orphaned, args=(os.getppid(), running), daemon=True)
    watch.start()
    running.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
