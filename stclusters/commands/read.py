"""`stclusters read`: raw files to the canonical tables in a folder, without a home."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from foundation.errors import BadInput, BadSettings
from stclusters.options import find_settings

if TYPE_CHECKING:
    from foundation.settings import Reader


def reader_settings(editions: str | None, changes: tuple[str, ...]) -> Reader:
    """Reader settings of a settings file (the defaults without one), with KEY=VALUE changes."""
    from foundation.settings import Reader, parse
    from foundation.yaml_text import loaded

    base = find_settings(editions).reader if editions else Reader()
    block: dict[str, Any] = base.model_dump()
    for change in changes:
        name, separator, value = change.partition("=")
        if not separator:
            raise BadSettings(f"'{change}' is no setting.", "Write it as KEY=VALUE, as in pct_date=filing.")
        block[name] = loaded(value, f"The value of --reader {name}", "")
    raw = {"editions": {"any": {"pct_years": [2020], "sci_years": [2020]}}, "reader": block}
    return parse(raw, editions or "--reader").reader


@click.command("read", context_settings={"max_content_width": 100})
@click.argument("path", type=click.Path())
@click.option("--kind", type=click.Choice(["pct", "sci"]), required=True, help="What the files hold.")
@click.option("--out", required=True, type=click.Path(file_okay=False), help="Folder for the tables.")
@click.option(
    "--editions", help="Settings file whose reader: block decides what counts; the defaults when left out."
)
@click.option(
    "--reader", "changes", multiple=True, metavar="KEY=VALUE", help="One reader setting; may be repeated."
)
@click.option("--json", "as_json", is_flag=True, help="One object per file, the total last.")
@click.option("--strict", is_flag=True, help="Exit with 1 when a check on rejects fails.")
def command(
    path: str,
    kind: str,
    out: str,
    editions: str | None,
    changes: tuple[str, ...],
    as_json: bool,
    strict: bool,
) -> None:
    """Read raw files of one kind and write the canonical tables as Parquet, with a report of what became of each record.

    PATH is a file or a folder. Persons' names are in no table.

    \b
    stclusters read exports/ --kind sci --out tables
    stclusters read patstat/ --kind pct --out tables --reader pct_date=filing --json
    """
    from extracts.alone import write_tables

    source = Path(path).expanduser()
    if not source.exists():
        raise BadInput("The file or folder is not there.", "Give one that holds raw files.", str(source))
    emit = (lambda line: click.echo(line, err=True)) if as_json else None
    done = write_tables(source, kind, Path(out), reader_settings(editions, changes), emit)
    for warning in done.warnings:
        click.echo(f"Warning: {warning}", err=True)
    for check in done.failed:
        click.echo(f"Check failed: {check}", err=True)
    if as_json:
        for row in done.files:
            click.echo(json.dumps(row, ensure_ascii=False))
        click.echo(json.dumps(done.total()))
    else:
        click.echo(_report(done, out))
    if strict and done.failed:
        raise click.exceptions.Exit(1)


def _report(done: Any, out: str) -> str:
    total, counts = done.total(), done.counts
    lines = [f"{row['format']:12} {row['records']:>10,} records  {row['path']}" for row in done.files[:50]]
    if len(done.files) > 50:
        lines.append(f"… and {len(done.files) - 50:,} more files: see files.parquet")
    lines += [f"{name:12} {value:>10,}" for name, value in total.items()]
    lines += [f"  filtered by {name}: {value:,}" for name, value in sorted(counts["filtered_by"].items())]
    lines += [
        f"addresses with country {counts['addresses_with_country']:,}, without {counts['addresses_without_country']:,}"
    ]
    lines += [f"documents withdrawn {counts['deletions']:,}"] if counts.get("deletions") else []
    last = counts["last_publication_date"] or counts["last_publication_year"]
    lines += [f"last publication {last}"] if last else []
    lines.append(f"Tables in {out}")
    return "\n".join(lines)
