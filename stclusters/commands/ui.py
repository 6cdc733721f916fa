"""`stclusters ui`: Dagster's web interface over a home, with the daemon that works, or read-only for visitors."""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path

import click

from foundation.errors import BadInput
from foundation.home import Home, project_root
from stclusters import serving
from stclusters.options import editions_file, editions_option, find_home, find_settings, home_option

#: pages are served so many ports above the interface, to which its links lead
PAGES_AFTER = 10
#: how long the code server lives without a word of its parent; an orphan of a killed `stclusters ui` stays as long
PATIENCE_SECONDS = 900


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_host(host: str, read_only: bool, expose: bool) -> None:
    """Refuse an address that others reach, unless the user says that this is meant.

    Raises
    ------
    BadInput
        The interface has no login: whoever reaches it may start runs, that is, run code.
    """
    if is_loopback(host) or expose:
        return
    may = "read every run and its logs" if read_only else "start runs and change what is published"
    raise BadInput(
        f"The interface has no login: whoever reaches {host} could {may}.",
        "Leave it on 127.0.0.1 behind a proxy that asks for a password (docs/operations.md), or add --expose.",
    )


def _prepare(home: Home, editions: str | None) -> None:
    from orchestration.instance import open_instance
    from orchestration.sweep import sweep

    # a fault in the settings is said here, not by a code location that fails to load
    limits = find_settings(editions).limits
    with open_instance(home, limits) as instance:
        for line in sweep(home, instance).sentences():
            click.echo(line, err=True)
    # Dagster's code server ends itself 30 s after it last heard of its parent, and is not started anew: a machine that slept
    # or stood still for so long came back to an interface in which nothing ran
    os.environ.setdefault("DAGSTER_GRPC_PROXY_HEARTBEAT_TTL_SECONDS", str(PATIENCE_SECONDS))
    os.environ["STCLUSTERS_HOME"] = str(home.root)
    os.environ["STCLUSTERS_EDITIONS"] = str(editions_file(editions))


@click.command("ui")
@home_option
@editions_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=3000, show_default=True, help="Port to listen at.")
@click.option(
    "--read-only", is_flag=True, help="For visitors: look at everything, start nothing; without the daemon."
)
@click.option(
    "--expose", is_flag=True, help="Allow an address that other machines reach: the interface has no login."
)
def command(
    home: str | None, editions: str | None, host: str, port: int, read_only: bool, expose: bool
) -> None:
    """Start the Dagster UI, the daemon that runs schedules and sensors, and a server of the pages it links to.

    \b
    stclusters ui --home demo
    stclusters ui --home ~/clusters --editions mine.yaml --port 3001
    stclusters ui --home ~/clusters --read-only --port 3002
    """
    check_host(host, read_only, expose)
    found = find_home(home)
    _prepare(found, editions)
    pages = port + PAGES_AFTER
    os.environ.setdefault("STCLUSTERS_PAGES", f"http://{host}:{pages}")
    serving.start(found.sites(), host, pages)
    program, *arguments = ("dagster-webserver", "--read-only") if read_only else ("dagster", "dev")
    path = str(Path(sys.executable).parent / program)
    os.chdir(project_root())
    click.echo(f"http://{host}:{port}   (Ctrl-C ends it; pages of editions: http://{host}:{pages})", err=True)
    os.execv(path, [path, *arguments, "-w", "workspace.yaml", "-h", host, "-p", str(port)])  # noqa: S606 - our own command
