"""Options that several commands share: where the home and the settings file are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from foundation.home import Home, project_root
from foundation.settings import Settings, load

_HOME = click.option(
    "--home",
    type=click.Path(file_okay=False),
    help="Data home; else STCLUSTERS_HOME, else ./data.",
    metavar="DIR",
)
_EDITIONS = click.option(
    "--editions", type=click.Path(dir_okay=False), envvar="STCLUSTERS_EDITIONS", metavar="FILE",
    help="Settings file; else STCLUSTERS_EDITIONS, else ./editions.yaml.",
)  # fmt: skip


def home_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --home."""
    return _HOME(function)


def editions_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --editions."""
    return _EDITIONS(function)


def find_home(given: str | None) -> Home:
    """The home that the command works in."""
    return Home.find(given)


def editions_file(given: str | None) -> Path:
    """The settings file: given, else in the working folder, else the checkout's."""
    if given:
        return Path(given).absolute()
    here = Path("editions.yaml")
    return (here if here.is_file() else project_root() / "editions.yaml").absolute()


def find_settings(given: str | None) -> Settings:
    """The settings that the command works by."""
    return load(editions_file(given))
