"""`stclusters ui`: Dagster's web interface and daemon over a home, on this machine only."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from foundation.home import project_root
from stclusters.options import editions_file, editions_option, find_home, find_settings, home_option


@click.command("ui")
@home_option
@editions_option
@click.option("--port", default=3000, show_default=True, help="Port on 127.0.0.1.")
def command(home: str | None, editions: str | None, port: int) -> None:
    """Start the Dagster UI on 127.0.0.1.

    \b
    stclusters ui --home demo
    stclusters ui --home ~/clusters --editions mine.yaml --port 3001
    """
    from orchestration.instance import open_instance
    from orchestration.sweep import sweep

    place = find_home(home)
    find_settings(editions)  # a fault in the settings is said here, not by a code location that fails to load
    with open_instance(place) as instance:
        for line in sweep(place, instance).sentences():
            click.echo(line, err=True)
    os.environ["STCLUSTERS_HOME"] = str(place.root)
    os.environ["STCLUSTERS_EDITIONS"] = str(editions_file(editions))
    dagster = str(Path(sys.executable).parent / "dagster")
    os.chdir(project_root())
    click.echo(f"http://127.0.0.1:{port}   (Ctrl-C ends it)", err=True)
    os.execv(dagster, [dagster, "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)])  # noqa: S606 - our own command
