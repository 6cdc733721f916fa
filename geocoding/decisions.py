"""Decisions of people about single addresses: a table that wins over everything, and the list of those worth deciding.

The list holds the least sure addresses by weight; a person fills in a point (or "none") with name and date and gives the file
back as `geocoding.decisions` or `--decisions`. METHODOLOGY 5.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from foundation.atomic import new_file
from foundation.errors import BadInput
from geocoding.answers import Answer
from geocoding.countries import resolve_code

COLUMNS = ("address", "country", "latitude", "longitude", "place", "decided_by", "decided_on")
SHOWN = (
    "address",
    "country",
    "weight",
    "doubt",
    "answer_latitude",
    "answer_longitude",
    "answer",
    "method",
    "score",
)
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
HINT = f"Give the columns {', '.join(COLUMNS)}; leave latitude and longitude empty where an address has no point."


class Decision(NamedTuple):
    """What a person decided: a point, or none, with the place's name."""

    latitude: float | None
    longitude: float | None
    place: str

    def answer(self, country: str | None) -> Answer:
        """The decision as an answer, certain."""
        codes = resolve_code(country)
        code = codes[0] if len(codes) == 1 else None
        precision = "none" if self.latitude is None else "locality"
        sure = 0.0 if self.latitude is None else 1.0
        return Answer(
            self.latitude, self.longitude, precision, None, self.place, "", code, "decided", sure, None, None
        )


@dataclass(frozen=True)
class Decisions:
    """Decisions by (address, country code as given), and a version that changes with the file."""

    by_address: dict[tuple[str, str], Decision]
    version: str

    def get(self, text: str | None, country: str | None) -> Decision | None:
        """The decision for an address, None when there is none."""
        return self.by_address.get(((text or "").strip(), (country or "").strip().upper()))


def read(path: Path) -> Decisions:
    """Decisions of a CSV file; rows that nobody signed are not decided and are skipped.

    Raises
    ------
    BadInput
        The file is missing, lacks a column, or a signed row has no date or no usable point.
    """
    found: dict[tuple[str, str], Decision] = {}
    try:
        content = path.read_bytes()
        reader = csv.DictReader(content.decode("utf-8-sig").splitlines(keepends=True))
        absent = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if absent:
            raise BadInput(f"The table of decisions has no column '{absent[0]}'.", HINT, str(path))
        for row in reader:
            if (row["decided_by"] or "").strip():
                found[row["address"].strip(), (row["country"] or "").strip().upper()] = _decision(
                    row, path, reader.line_num
                )
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(f"The table of decisions cannot be read: {fault}.", HINT, str(path)) from None
    return Decisions(found, hashlib.sha256(content).hexdigest()[:12])


def _decision(row: dict[str, str], path: Path, line: int) -> Decision:
    if not _DATE.match((row["decided_on"] or "").strip()):
        raise BadInput(f"Line {line} of the decisions has no date like 2026-01-31.", HINT, str(path))
    written = [(row[name] or "").strip() for name in ("latitude", "longitude")]
    if written == ["", ""]:
        return Decision(None, None, "")
    try:
        latitude, longitude = map(float, written)
    except ValueError:
        latitude = longitude = float("nan")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadInput(f"Line {line} of the decisions has no usable point: {written}.", HINT, str(path))
    return Decision(round(latitude, 6), round(longitude, 6), (row["place"] or "").strip())


class Doubtful(NamedTuple):
    """An address to decide: text, country, how many listings it stands for, and its answer."""

    text: str
    country: str
    weight: int
    answer: Answer

    @property
    def doubt(self) -> float:
        """Listings that are expected to be wrong: weight times what is missing from certainty."""
        return self.weight * (1.0 - self.answer.score)


def write_review(path: Path, addresses: Iterable[Doubtful], most: int = 200) -> int:
    """The `most` addresses with the most listings expected to be wrong, written for a person to decide; returns rows.

    Raises
    ------
    BadInput
        The file exists.
    """
    if path.exists():
        raise BadInput("The list for review exists already.", "Name another file.", str(path))
    ordered = sorted(addresses, key=lambda one: (-one.doubt, one.country, one.text))[:most]
    with new_file(path) as part, part.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow([*SHOWN, *COLUMNS[2:]])
        for one in ordered:
            a = one.answer
            point = (
                ["", ""]
                if a.latitude is None or a.longitude is None
                else [f"{a.latitude:.6f}", f"{a.longitude:.6f}"]
            )
            shown = [
                one.text,
                one.country,
                one.weight,
                f"{one.doubt:.3f}",
                *point,
                a.place_name,
                a.method,
                f"{a.score:.4f}",
            ]
            writer.writerow([*shown, *[""] * len(COLUMNS[2:])])
    return len(ordered)
