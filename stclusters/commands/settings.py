"""`stclusters settings`: print an edition's resolved settings, or write a first settings file for one's own data."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from foundation.atomic import write_text
from foundation.errors import BadInput
from stclusters.commands.run import named
from stclusters.options import editions_option, find_settings


@click.command("settings")
@editions_option
@click.option("--edition", help="Edition whose resolved settings are printed; all when left out.")
@click.option("--new", metavar="NAME", help="Write a first settings file with an edition of this name.")
@click.option("--pct", multiple=True, metavar="DIR", help="With --new: folder of PCT files; may be repeated.")
@click.option(
    "--sci", multiple=True, metavar="DIR", help="With --new: folder of article files; may be repeated."
)
@click.option(
    "--out", type=click.Path(dir_okay=False), help="With --new: file to write; NAME.yaml when left out."
)
def command(
    editions: str | None,
    edition: str | None,
    new: str | None,
    pct: tuple[str, ...],
    sci: tuple[str, ...],
    out: str | None,
) -> None:
    """Print resolved settings, or write a first settings file for your own data.

    \b
    stclusters settings --edition demo
    stclusters settings --new mine --pct raw/patstat --sci raw/wos
    """
    if new is not None:
        click.echo(write_new(new, {"pct": pct, "sci": sci}, Path(out or f"{new}.yaml")))
        return
    found = find_settings(editions)
    names = [edition] if edition else sorted(found.editions)
    for name in names:
        click.echo(
            json.dumps({**found.resolved(name), "hash": found.hash(name)}, indent=2, ensure_ascii=False)
        )


def write_new(name: str, folders: dict[str, tuple[str, ...]], target: Path) -> str:
    """Read the folders once, write a settings file whose windows fit the years found, and say what to run next."""
    from stclusters.first_settings import documents_in_windows, first_settings, look_at, scaled_min_samples

    if not any(folders.values()):
        raise BadInput("--new needs raw files to look at.", "Give --pct DIR or --sci DIR, or both.")
    if target.exists():
        raise BadInput("The settings file exists already.", "Name another one by --out FILE.", str(target))
    with tempfile.TemporaryDirectory(prefix="stclusters-") as scratch:
        pairs = {kind: named(values) for kind, values in folders.items()}
        seen = look_at(Path(scratch), pairs, lambda line: click.echo(f"  {line}", err=True))
    write_text(target, first_settings(name, seen))
    arguments = " ".join(f"--{kind} {folder}" for kind, values in folders.items() for folder in values)
    documents = documents_in_windows(seen)
    scaled = f"min_samples is {scaled_min_samples(documents)}, scaled to {documents:,} documents; the file says how."
    return f"Wrote {target}; {scaled} Next:\nstclusters run --editions {target} --edition {name} {arguments}"
