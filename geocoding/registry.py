"""Reads a registry of organisations: the Research Organization Registry's v2 JSON dump, or a table in its layout.

A dump may be zipped or gzipped, a table gzipped; what a file is, its first bytes say. One record at a time is in memory.
What is made of the records belongs in `organisations.py`.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from foundation.errors import BadInput
from geocoding.countries import valid_codes

TABLE = ("id", "name", "country", "latitude", "longitude")
OTHERS = 4  # ranks from here on are of organisations that are no university
CLOSED = 12  # and from here on of those that are no longer active
HINT = "Give the registry's v2 JSON dump (zipped or not) or a table with id, name, aliases, acronyms, country, city, latitude, longitude."


@dataclass(frozen=True)
class Organisation:
    """One site of an organisation: its names (the first is displayed), acronyms, town, point, rank (smaller comes first)."""

    id: str
    names: tuple[str, ...]
    acronyms: tuple[str, ...]
    country: str
    city: str
    geonames_id: int
    latitude: float
    longitude: float
    rank: int


def read(path: Path) -> Iterator[Organisation]:
    """Sites of all organisations with a country and a point, in the file's order.

    Raises
    ------
    BadInput
        The file cannot be read, is neither of the two layouts, or holds no organisation.
    """
    found = 0
    try:
        with _opened(path) as handle:
            start = handle.read(2048).lstrip("\ufeff \t\r\n")
            handle.seek(0)
            records = _dump(handle, path) if start.startswith("[") else _table(handle, path)
            for record in records:
                found += 1
                yield record
    except (
        OSError,
        EOFError,
        UnicodeDecodeError,
        csv.Error,
        zipfile.BadZipFile,
        json.JSONDecodeError,
    ) as fault:
        raise BadInput(f"The registry cannot be read: {fault}.", HINT, str(path)) from None
    if not found:
        raise BadInput("The registry holds no organisation with a country and a point.", HINT, str(path))


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        magic = raw.read(4)
        raw.seek(0)
        if magic.startswith(b"PK"):
            with zipfile.ZipFile(raw) as folder, folder.open(_member(folder, path)) as inner:
                yield io.TextIOWrapper(inner, encoding="utf-8", newline="")
        elif magic.startswith(b"\x1f\x8b"):
            with gzip.open(raw, "rt", encoding="utf-8", newline="") as text:
                yield text
        else:
            yield io.TextIOWrapper(raw, encoding="utf-8", newline="")


def _member(folder: zipfile.ZipFile, path: Path) -> str:
    names = sorted(name for name in folder.namelist() if name.endswith((".json", ".csv")))
    dumps = [n for n in names if n.endswith(".json")]
    wanted = [n for n in dumps if "v2" in n] or dumps or names
    if not wanted:
        raise BadInput("The zipped registry holds neither a JSON dump nor a table.", HINT, str(path))
    return wanted[0]


def _dump(handle: TextIO, path: Path) -> Iterator[Organisation]:
    decoder = json.JSONDecoder()
    text, position, ended = "", 0, False
    while True:
        while position < len(text) and text[position] in "[, \t\r\n\ufeff":
            position += 1
        if position < len(text) and text[position] == "]":
            return
        try:
            record, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError:
            if ended:
                raise
            more = handle.read(1 << 20)
            text, position, ended = text[position:] + more, 0, not more
            continue
        yield from _sites(record, path)


def _sites(record: Any, path: Path) -> Iterator[Organisation]:  # a foreign file's record
    if not isinstance(record, dict) or "locations" not in record or not isinstance(record.get("names"), list):
        raise BadInput("The registry's records are not of schema version 2.", HINT, str(path))
    names = [one for one in record["names"] if isinstance(one, dict) and isinstance(one.get("value"), str)]
    shown = [one["value"] for one in names if "ror_display" in one.get("types", ())]
    acronyms = [one["value"] for one in names if "acronym" in one.get("types", ())]
    other = [one["value"] for one in names if "acronym" not in one.get("types", ())]
    listed = tuple(dict.fromkeys([*shown, *other]))
    kinds = [str(kind) for kind in record.get("types", ())]
    children = sum(one.get("type") == "child" for one in record.get("relationships", ()))
    for place in record["locations"]:
        details = place.get("geonames_details") or {}
        yield from _site(
            str(record.get("id", "")), listed, tuple(acronyms), details.get("country_code"), details.get("name"),
            place.get("geonames_id"), details.get("lat"), details.get("lng"),
            _rank(kinds, str(record.get("status", "")), children),
        )  # fmt: skip


def _table(handle: TextIO, path: Path) -> Iterator[Organisation]:
    reader = csv.DictReader(handle)
    absent = [name for name in TABLE if name not in (reader.fieldnames or ())]
    if absent:
        raise BadInput(f"The registry's table has no column '{absent[0]}'.", HINT, str(path))
    for row in reader:
        names = [row["name"], *(row.get("aliases") or "").split("|")]
        acronyms = (row.get("acronyms") or "").split("|")
        kinds = (row.get("types") or "").split("|")
        yield from _site(
            row["id"], tuple(filter(None, names)), tuple(filter(None, acronyms)), row["country"], row.get("city"),
            row.get("geonames_id"), row["latitude"], row["longitude"], _rank(kinds, row.get("status") or "", 0),
        )  # fmt: skip


def _site(
    number: str, names: tuple[str, ...], acronyms: tuple[str, ...], country: Any, city: Any, place: Any,
    latitude: Any, longitude: Any, rank: int,
) -> Iterator[Organisation]:  # fmt: skip
    """The site, unless its point or country cannot be used."""
    try:
        point = float(latitude), float(longitude)
        geonames_id = int(place or 0)
    except (TypeError, ValueError):
        return
    code = str(country or "").upper()
    if not names or code not in valid_codes() or not (abs(point[0]) <= 90 and abs(point[1]) <= 180):
        return
    short = number.rpartition("/")[2]
    yield Organisation(short, names, acronyms, code, str(city or ""), geonames_id, *point, rank)


def _rank(kinds: list[str], status: str, children: int) -> int:
    """Smaller for what an address means more often: active before closed, universities before companies, large ones first.

    That a university funds others, or has parts, speaks for its size.
    """
    lower = {kind.lower() for kind in kinds}
    kind = 0 if "education" in lower else 1 if lower & {"facility", "healthcare", "government"} else 2
    closed = status.lower() in ("inactive", "withdrawn")
    return CLOSED * closed + OTHERS * kind + 2 * (kind > 0 or "funder" not in lower) + (not children)
