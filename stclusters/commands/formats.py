"""`stclusters formats`: what raw files are, by their content, and which reader would take them; an empty canonical table."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import click

from foundation.errors import BadInput


@click.command("formats", context_settings={"max_content_width": 100})
@click.argument("path", required=False, type=click.Path())
@click.option(
    "--template", type=click.Choice(["pct", "sci"]), help="Write an empty canonical table and its dictionary."
)
@click.option(
    "--out", type=click.Path(), help="With --template: file to write; standard output when left out."
)
@click.option("--json", "as_json", is_flag=True, help="One object per file.")
def command(path: str | None, template: str | None, out: str | None, as_json: bool) -> None:
    """Say what raw files are and which reader would take them; without PATH, list all formats that are read.

    \b
    stclusters formats raw/wos
    stclusters formats --template sci --out listings.csv
    """
    if template is not None:
        _template(template, out)
    elif path is None:
        for row in _known():
            click.echo(json.dumps(row) if as_json else f"{row['format']:18} {row['kind']:4} {row['title']}")
    else:
        rows = look(Path(path).expanduser())
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))


def _known() -> list[dict[str, str]]:
    from extracts.detect import FORMATS

    return [{"format": one.name, "kind": one.kind, "title": one.title} for one in FORMATS]


def look(path: Path) -> list[dict[str, Any]]:
    """What each file is: its format, what reads it, or why it is not read and what to do."""
    from extracts.detect import described, format_of, is_known, payloads
    from extracts.refused import refused

    if not path.exists():
        raise BadInput("The file or folder is not there.", "Give one that holds raw files.", str(path))
    rows = []
    for payload in payloads(path):
        row: dict[str, Any] = {"path": payload.path, "format": payload.format, "bytes": payload.bytes}
        no = refused(payload.format)
        if is_known(payload.format):
            known = format_of(payload.format)
            row |= {"kind": known.kind, "title": known.title, "reader": known.name, "read": True}
            row |= described(payload)
        elif no is not None:
            row |= {"title": no.title, "read": False, "advice": no.advice}
        else:
            row |= {"title": "unknown", "read": False, "advice": "No reader knows it: it would be skipped."}
        rows.append(row)
    return rows


def _line(row: dict[str, Any]) -> str:
    if row["read"]:
        how = ", ".join(row[name] for name in ("packing", "encoding", "line_ends") if row.get(name))
        option = "--pct or --sci" if row["kind"] == "any" else f"--{row['kind']}"
        return f"{row['path']}: {row['title']} [{row['reader']}, {option}; {how}]"
    return f"{row['path']}: {row['title']}: not read. {row['advice']}"


def _template(kind: str, out: str | None) -> None:
    from extracts.formats.canonical import dictionary

    columns = dictionary(kind)
    if out is None:
        csv.writer(sys.stdout, lineterminator="\n").writerow(columns)
    else:
        target = Path(out)
        if target.exists():
            raise BadInput("The file exists already.", "Name another one by --out FILE.", out)
        if not target.parent.is_dir():
            raise BadInput(
                "The folder of the file is not there.", "Make it first, or name another file by --out.", out
            )
        target.write_text(",".join(columns) + "\n", encoding="utf-8")
        rows = "".join(f"{name}: {what}\n" for name, what in columns.items())
        target.with_suffix(".dictionary.txt").write_text(rows, encoding="utf-8")
    for name, what in columns.items():
        click.echo(f"{name}: {what}", err=True)
