"""`stclusters run`: deliveries, years, the previous edition, the edition, in one process."""

from __future__ import annotations

import time
from pathlib import Path

import click

from foundation.errors import BadInput, BadSettings
from foundation.home import Home
from foundation.settings import Settings
from stclusters.options import editions_option, find_home, find_settings, home_option


def named(values: tuple[str, ...]) -> list[tuple[str | None, Path]]:
    """(name or None, folder) of each `--pct` or `--sci` value, which is DIR or NAME=DIR."""
    pairs: list[tuple[str | None, Path]] = []
    for value in values:
        name, separator, folder = value.partition("=")
        has_name = bool(separator) and not Path(value).exists()
        pairs.append((name, Path(folder)) if has_name else (None, Path(value)))
    return pairs


def take_deliveries(
    home: Home, settings: Settings, edition: str, folders: dict[str, tuple[str, ...]]
) -> None:
    """Link the given folders into the home, or write the simulated world's files."""
    from extracts.stage import register_deliveries

    rules = settings.edition(edition)
    given = any(folders.values())
    if rules.simulated and given:
        raise BadInput(
            f"Edition '{edition}' is simulated and takes no --pct or --sci.", "Name an edition of your own."
        )
    home.check_world(
        simulated=rules.simulated
    )  # the home is claimed last: a refused folder leaves it as it was
    register_deliveries(
        home, [(kind, folder, name) for kind, values in folders.items() for name, folder in named(values)]
    )
    if not rules.simulated and not home.deliveries():
        raise BadInput(
            "This home holds no delivery.", "Give raw files by --pct DIR or --sci DIR.", str(home.root)
        )
    home.claim(simulated=rules.simulated)


def check_files(home: Home, settings: Settings, edition: str) -> None:
    """Refuse a run whose settings name a file that is not there, or one that cannot be used: a population raster by its
    header, files of names by every line.

    Raises
    ------
    BadSettings, BadInput
    """
    from clustering.tables import read_forms, read_overrides

    named_files = {
        f"editions.{one}.{field}": getattr(settings.edition(one), field)
        for one in settings.chain(edition)
        for field in ("population_raster", "name_forms", "name_overrides")
    }
    named_files |= {
        f"reader.{field}": getattr(settings.reader, field) for field in ("ipc_extra", "index_journals")
    }
    for setting, relative in named_files.items():
        if relative is not None and not home.inside(relative).is_file():
            raise BadSettings(
                f"{setting} names a file that is not there: {home.inside(relative)}.",
                "Put it there, or mend the setting; its path begins in the home.",
                settings.source,
            )
    for one in settings.chain(edition):
        rules = settings.edition(one)
        for relative, read in ((rules.name_forms, read_forms), (rules.name_overrides, read_overrides)):
            if relative is not None:
                read(home.inside(relative))
        if rules.population_raster is not None:
            from clustering import rasters

            rasters.check(home.inside(rules.population_raster))


@click.command("run", context_settings={"max_content_width": 100})
@home_option
@editions_option
@click.option("--edition", required=True, help="Edition to build, as named in the settings file.")
@click.option("--pct", multiple=True, metavar="[NAME=]DIR", help="Folder of PCT files; may be repeated.")
@click.option("--sci", multiple=True, metavar="[NAME=]DIR", help="Folder of article files; may be repeated.")
def command(
    home: str | None, editions: str | None, edition: str, pct: tuple[str, ...], sci: tuple[str, ...]
) -> None:
    """Raw files to a ranking, a map and files to download.

    Reads the deliveries, prepares the years, builds the previous edition and the edition, writes the pages. What is
    done and unchanged is not done again; after an interruption the same command continues.

    \b
    stclusters run --home demo --edition demo
    stclusters run --edition mine --editions mine.yaml --pct raw/patstat --sci raw/wos
    """
    started = time.perf_counter()
    place, settings = find_home(home), find_settings(editions)
    rules = settings.edition(edition)
    check_files(place, settings, edition)
    take_deliveries(place, settings, edition, {"pct": pct, "sci": sci})
    simulating = 0.0
    if rules.simulated:
        from simulation.stage import simulate

        click.echo("simulate", err=True)
        simulating = simulate(
            place, settings, edition, lambda line: click.echo(f"  {line}", err=True)
        ).seconds
    from orchestration.run import run_edition
    from stclusters.summary import summary

    done = run_edition(place, settings, edition, lambda line: click.echo(line, err=True))
    seconds = {"simulate": simulating, **done.seconds} if rules.simulated else done.seconds
    text = summary(place, settings, edition, seconds, done.skipped, time.perf_counter() - started)
    click.echo(text)
