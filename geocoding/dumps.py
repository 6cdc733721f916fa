"""A user's gazetteer files: a GeoNames dump, a GeoNames postal file or a table, told apart by their first line.

A dump has 19 columns with tabs between (`allCountries.txt`, `cities500.txt`, `XX.txt`), a postal file 12; both may be zipped as
GeoNames gives them out. Anything else is a CSV table of places, read in `gazetteer.py`. What is made of the rows belongs in `build.py`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from foundation.errors import BadInput
from geocoding import gazetteer
from geocoding.countries import valid_codes
from geocoding.gazetteer import Place

if TYPE_CHECKING:
    import pyarrow as pa

DUMP, POSTAL, TABLE = "GeoNames dump", "GeoNames postal file", "table"
DUMP_COLUMNS, POSTAL_COLUMNS = 19, 12
GONE = frozenset({"PPLH", "PPLQ", "PPLW", "PPLCH"})  # feature codes of places that are no more
FIRST_DIVISION = "ADM1"
STANDS_FOR = {DUMP: gazetteer.GEONAMES, POSTAL: gazetteer.POSTAL}  # the package whose data each form has
_README = "readme.txt"


@dataclass
class Given:
    """What a user's files hold: places with GeoNames ids, names of first-level regions, places of tables, postal rows."""

    dumped: dict[int, Place] = field(default_factory=dict)
    regions: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    listed: list[Place] = field(default_factory=list)
    postal: list[pa.Table] = field(default_factory=list)


def kind(path: Path) -> str:
    """`DUMP`, `POSTAL` or `TABLE`, by the first line.

    Raises
    ------
    BadInput
        The file cannot be read, or its columns stand between tabs and are neither 19 nor 12.
    """
    with _lines(path) as handle:
        cells = handle.readline(100_000).decode("utf-8", "replace").rstrip("\r\n").split("\t")
    if len(cells) == DUMP_COLUMNS and cells[0].isdigit():
        return DUMP
    if len(cells) == POSTAL_COLUMNS and len(cells[0]) == 2:
        return POSTAL
    if len(cells) > 2:
        raise BadInput(
            f"The gazetteer file has {len(cells)} columns with tabs between.",
            f"A GeoNames dump has {DUMP_COLUMNS}, a postal file {POSTAL_COLUMNS}; a table of places has commas.",
            str(path),
        )
    return TABLE


def read(paths: Sequence[Path]) -> Given:
    """All rows of the files; where two have a GeoNames id, the later file counts.

    Raises
    ------
    BadInput
        A file cannot be read or has an unusable line.
    """
    given = Given()
    for path in paths:
        form = kind(path)
        if form == DUMP:
            _read_dump(path, given)
        elif form == POSTAL:
            with _lines(path) as handle:
                given.postal.append(gazetteer.read_postal(handle, path))
        else:
            given.listed += gazetteer.user_places(path)
    return given


def replaced(paths: Sequence[Path]) -> frozenset[str]:
    """The packages whose data these files can stand for."""
    return frozenset(STANDS_FOR[form] for form in map(kind, paths) if form in STANDS_FOR)


def all_places(given: Given, replace: bool) -> list[Place]:
    """Places with GeoNames ids, sorted by id: those of the package, each replaced by the dump's of the same id, and the dump's.

    With `replace`, or where the package is not installed, a dump's alone.
    """
    alone = replace or gazetteer.data_file(gazetteer.GEONAMES) is None
    if not given.dumped:
        return gazetteer.geonames_places()
    packaged = {} if alone else {place.place_id: place for place in gazetteer.geonames_places()}
    merged = packaged | given.dumped
    return [merged[number] for number in sorted(merged)]


def all_postal(given: Given, replace: bool) -> pa.Table | None:
    """Postal rows: those of the package whose code no user's file has, and the users'; with `replace` the users' alone."""
    import pyarrow as pa
    import pyarrow.compute as pc

    tables = list(given.postal)
    packaged = None if tables and replace else gazetteer.postal_table()
    if packaged is not None and tables:
        ours, theirs = (_codes(table) for table in (packaged, pa.concat_tables(tables)))
        tables.insert(0, packaged.filter(pc.invert(pc.is_in(ours, value_set=pc.unique(theirs)))))
    elif packaged is not None:
        return packaged
    return pa.concat_tables(tables).combine_chunks() if tables else None


def _codes(table: pa.Table) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(table["country"], table["code"], " ")


def _read_dump(path: Path, given: Given) -> None:
    with _lines(path) as handle:
        for number, line in enumerate(handle, 1):
            cells = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
            if len(cells) != DUMP_COLUMNS or not cells[0].isdigit():
                raise BadInput(
                    f"Line {number} of the GeoNames dump has no id and {DUMP_COLUMNS} columns.",
                    "Fetch the file again, or mend the line.",
                    str(path),
                )
            feature, code, country, region = cells[6], cells[7], cells[8], cells[10]
            if country not in valid_codes():
                continue
            if feature == "P" and code not in GONE:
                given.dumped[int(cells[0])] = _place(cells, path, number)
            elif code == FIRST_DIVISION and region:
                given.regions.setdefault((country, region), []).extend(dict.fromkeys(cells[1:3]))


def _place(cells: list[str], path: Path, number: int) -> Place:
    try:
        latitude, longitude = float(cells[4]), float(cells[5])
        population = int(cells[14] or 0)
    except ValueError:
        latitude, longitude, population = float("nan"), float("nan"), 0
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadInput(
            f"Line {number} of the GeoNames dump has no usable point or inhabitants: '{cells[1][:60]}'.",
            "Fetch the file again, or mend the line.",
            str(path),
        )
    others = [name for name in dict.fromkeys((cells[2], *cells[3].split(","))) if name and name != cells[1]]
    return Place(
        int(cells[0]),
        cells[1],
        cells[8],
        cells[10],
        latitude,
        longitude,
        max(population, 0),
        DUMP,
        others,
    )


@contextmanager
def _lines(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, or those of the one text inside a zip that is no readme."""
    try:
        with path.open("rb") as raw:
            if raw.read(4) != b"PK\x03\x04":
                raw.seek(0)
                yield raw
                return
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if Path(name).name.lower() != _README]
            if len(names) != 1:
                raise BadInput(
                    f"The zipped gazetteer file holds {len(names)} files beside the readme.",
                    "Unpack it and give the one that counts.",
                    str(path),
                )
            with archive.open(names[0]) as inner:
                yield inner
    except (OSError, zipfile.BadZipFile, EOFError) as fault:
        raise BadInput(
            f"The gazetteer file cannot be read: {fault}.", "Mend geocoding.gazetteers.", str(path)
        ) from None
