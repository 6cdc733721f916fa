"""The gazetteer index on disk, opened: names, places, regions, postal codes, spelling. Nothing is decided here.

names.marisa      country + key -> name number; name_off, name_place, name_weight: which places have that name
place_*.npy       id, point, inhabitants, region, source, name (offsets and UTF-8)
regions.json      codes (country, code, name) and what a key means as a region
codes.marisa      country + postal code -> number; code_*.npy: point, spread, region, place name
region_*.npy      names of each region's places, for comparing them all
typo_*.npy        hashes of names and their one-letter deletions (`spelling.py`)
key_* sound_*.npy names in Latin letters as bytes, as written and as they sound
meta.json         versions and counts
Arrays are mapped, not read: worker processes share them through the page cache, and opening takes a fraction of a second.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from foundation.errors import BadInput, StclustersError
from foundation.home import Home
from geocoding import gazetteer, spelling
from geocoding.arrays import Texts, array
from geocoding.vocabulary import data_files

if TYPE_CHECKING:
    import numpy.typing as npt

SCHEMA = 11  # of the index's files and of the rules that make them: raised when either changes
CACHED_NAMES = 400_000
FIRST = 1  # level of a region below its country
SHORTEST_REGION = 5  # letters of a region's name from which a slip in it is recognised
MOST_COMPARED = 120_000  # names of a country or region up to which all are compared with a misspelt one
POSTAL, USER = 1, 2  # numbers of the sources, as in `SOURCES`
SOURCES = (gazetteer.GEONAMES, gazetteer.POSTAL, "user", gazetteer.OWN, gazetteer.TAIWAN)


class Candidate(NamedTuple):
    """A place that has a given name: its number, weight of the name (0 to 1), inhabitants, point, region's code, source."""

    place: int
    weight: float
    population: int
    latitude: float
    longitude: float
    region: str
    source: int


class CodePoint(NamedTuple):
    """Where a postal code lies: its number, point, half width in km, region's code, whether only its beginning is known."""

    number: int
    latitude: float
    longitude: float
    spread_km: float
    region: str
    partial: bool


def user_files(gazetteers: list[str]) -> list[Path]:
    """The user's gazetteer files, which must exist."""
    paths = [Path(name).expanduser() for name in gazetteers]
    for path in paths:
        if not path.is_file():
            raise BadInput("The gazetteer file is not there.", "Mend geocoding.gazetteers.", str(path))
    return paths


def version(gazetteers: list[str], replace: bool = False) -> str:
    """Name of the index that these packages, rules and user files make: 12 hex digits."""
    made_by = [SCHEMA, gazetteer.versions(), gazetteer.sizes(), *(["replace"] if replace else [])]
    digest = hashlib.sha256(json.dumps(made_by, sort_keys=True).encode())
    for path in [*data_files(), *user_files(gazetteers)]:
        digest.update(_hash(path))
    return digest.hexdigest()[:12]


def _hash(path: Path) -> bytes:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").digest()


def ensure(home: Home, gazetteers: list[str], say: Callable[[str], None], replace: bool = False) -> str:
    """Version of the index, which is built when neither the home nor the cache that homes share has it yet.

    Parameters
    ----------
    gazetteers : list of str
        The user's files: GeoNames dumps, GeoNames postal files, tables of places.
    replace : bool
        Whether a dump or postal file replaces the package of its kind instead of adding to it.

    Raises
    ------
    MissingData
        No gazetteer package is installed and no dump is given.
    BadInput
        A package's data file is not the one of its version, or a user's gazetteer file is missing or unusable.
    """
    wanted = version(gazetteers, replace)
    if not (home.gazetteer(wanted) / "meta.json").is_file():
        from geocoding import dumps
        from geocoding.build import build

        paths = user_files(gazetteers)
        meta: dict[str, object] = {
            "version": wanted,
            "schema": SCHEMA,
            "packages": gazetteer.versions(),
            "pinned": gazetteer.check_pins(),
            "lacking": gazetteer.lacking(dumps.replaced(paths)),
            "replace": replace,
            "user_files": [
                {"name": path.name, "kind": dumps.kind(path), "sha256": _hash(path).hex()} for path in paths
            ],
        }
        in_shared_or_own(home, wanted, lambda folder: build(folder, paths, say, meta, replace))
    return wanted


def in_shared_or_own(home: Home, version: str, make: Callable[[Path], None]) -> None:
    """`make` the folder of a version in the cache that homes share, or in the home where that cannot be written."""
    folder = home.gazetteer(version)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder.parent, os.W_OK)
    except OSError:
        writable = False
    make(folder if writable else home.own_gazetteer(version))


def _together(numbers: list[npt.NDArray[np.uint32]]) -> npt.NDArray[np.uint32]:
    """Sorted numbers of all parts (each sorted), each once; none when there are more than `MOST_COMPARED`."""
    if sum(map(len, numbers)) > 3 * MOST_COMPARED or not numbers:
        return np.zeros(0, np.uint32)
    if len(numbers) > 1:
        found = np.sort(np.concatenate(numbers))
        found = found[np.concatenate([[True], found[1:] != found[:-1]])] if len(found) else found
    else:
        found = np.asarray(numbers[0])
    return found if len(found) <= MOST_COMPARED else np.zeros(0, np.uint32)


class Index:
    """The gazetteer, opened for reading.

    Parameters
    ----------
    folder : Path
        What `build.build` wrote.

    Raises
    ------
    StclustersError
        The folder is missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        import marisa_trie

        try:
            self.meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
            regions = json.loads((folder / "regions.json").read_text(encoding="utf-8"))
            self._names, self._codes = marisa_trie.Trie(), marisa_trie.Trie()
            self._names.mmap(str(folder / "names.marisa"))
            self._codes.mmap(str(folder / "codes.marisa"))
            self._open_arrays(folder)
        except (OSError, ValueError, RuntimeError, KeyError) as fault:
            raise StclustersError(
                f"The gazetteer index is missing or damaged: {fault}.",
                "Delete its folder; it is built again.",
                str(folder),
            ) from fault
        self.folder = folder
        self.version: str = self.meta.get("version", "")
        self.region_codes: list[tuple[str, str, str]] = [tuple(row) for row in regions["codes"]]
        self._region_code = [code for _, code, _ in self.region_codes]
        self._regions_of: dict[str, list[tuple[int, str]]] = {}
        for number, (country, code, _) in enumerate(self.region_codes):
            self._regions_of.setdefault(country, []).append((number, code))
        self._region_keys: dict[str, list[object]] = regions["keys"]
        self._region_names = {(country, code): name for country, code, name in self.region_codes}
        self._cache: dict[str, tuple[Candidate, ...]] = {}
        self.remembered_regions: dict[tuple[str, tuple[str, ...]], object] = {}  # of `evidence.region_of`
        self.remembered_ngrams: dict[tuple[str, tuple[object, ...], int, bool], object] = {}  # of `ngrams`
        self.remembered_mentions: dict[tuple[str, tuple[str, ...]], frozenset[str]] = {}  # of `scoring`
        self.remembered_splits: dict[tuple[str, tuple[str, ...]], object] = {}  # of `evidence.split_region`
        self._long_regions: dict[str, list[str]] = {}  # keys of first-level regions of a country
        self._numbers_in: dict[tuple[str, frozenset[str]], spelling.Group] = {}
        self._geonames = self.place_id[
            : int(np.argmax(np.append(self.place_id, -1) < 0))
        ]  # sorted, before all others

    def _open_arrays(self, folder: Path) -> None:
        self._name_off, self._name_place = array(folder, "name_off"), array(folder, "name_place")
        self._name_weight = array(folder, "name_weight")
        self._region_off, self._region_name = array(folder, "region_off"), array(folder, "region_name")
        self.place_id, self.place_pop = array(folder, "place_id"), array(folder, "place_pop")
        self.place_lat, self.place_lon = array(folder, "place_lat"), array(folder, "place_lon")
        self.place_region, self.place_source = array(folder, "place_region"), array(folder, "place_source")
        self._place_name, self._code_name = Texts(folder, "place_name"), Texts(folder, "code_name")
        self._code_lat, self._code_lon = array(folder, "code_lat"), array(folder, "code_lon")
        self._code_spread, self._code_region = array(folder, "code_spread"), array(folder, "code_region")
        self.near = spelling.Near(folder, self._names.restore_key)

    def places_named(self, country: str, name_key: str) -> tuple[Candidate, ...]:
        """Places of `country` with that key: most inhabitants first, then the smaller id."""
        wanted = country + name_key
        found = self._cache.get(wanted)
        if found is None:
            number = self._names.get(wanted)
            found = () if number is None else self._candidates(number)
            if len(self._cache) >= CACHED_NAMES:
                self._cache.clear()
            self._cache[wanted] = found
        return found

    def knows(self, wanted: str) -> bool:
        """Whether a place has the name `wanted`: country + key."""
        return wanted in self._names

    def _candidates(self, number: int) -> tuple[Candidate, ...]:
        found = []
        for position in range(int(self._name_off[number]), int(self._name_off[number + 1])):
            place = int(self._name_place[position])
            found.append(
                Candidate(
                    place,
                    int(self._name_weight[position]) / 100,
                    int(self.place_pop[place]),
                    float(self.place_lat[place]),
                    float(self.place_lon[place]),
                    self._region_code[int(self.place_region[place])],
                    int(self.place_source[place]),
                )
            )
        found.sort(key=lambda one: (-one.population, -one.weight, int(self.place_id[one.place])))
        return tuple(found)

    def names_within(self, country: str, text: str) -> list[str]:
        """Keys of places of `country` with which `text` (a key) begins, longest first."""
        return [found[2:] for found in reversed(self._names.prefixes(country + text)) if len(found) > 3]

    def lengths_named(self, country: str, text: str) -> frozenset[int]:
        """Lengths of the beginnings of `text` (a key) that are keys of places of `country`."""
        return frozenset([len(found) - 2 for found in self._names.prefixes(country + text)])

    def names_beginning(self, country: str, start: str, most: int) -> list[str]:
        """Keys of places of `country` that begin with `start`, sorted; empty when there are more than `most`."""
        found: list[str] = []
        for name in self._names.iterkeys(country + start):
            found.append(name[2:])
            if len(found) > most:
                return []
        return sorted(found)

    def names_in(self, country: str, regions: frozenset[str]) -> spelling.Group:
        """Names of places in the regions of `country` (none: anywhere in it); empty when too many to compare."""
        wanted = (country, regions)
        found = self._numbers_in.get(wanted)
        if found is None:
            numbers = [
                self._region_name[self._region_off[n] : self._region_off[n + 1]]
                for n, region in self._regions_of.get(country, ())
                if not regions or region in regions
            ]
            self._numbers_in[wanted] = found = self.near.group(_together(numbers))
        return found

    def region(self, country: str, name_key: str) -> tuple[int, tuple[str, ...]] | None:
        """Level and first-level codes that a key means as a region of `country`; None when it means none."""
        found = self._region_keys.get(country + name_key)
        return None if found is None else (found[0], tuple(found[1]))  # type: ignore[arg-type, return-value]

    def region_like(self, country: str, name_key: str) -> str | None:
        """The key of the only first-level region of `country` that one slip in a key may mean; None for short ones."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if not self._long_regions:
            for named, (level, _) in self._region_keys.items():
                if level == FIRST and len(named) >= 2 + SHORTEST_REGION and named.isascii():
                    self._long_regions.setdefault(named[:2], []).append(named[2:])
        listed = self._long_regions.get(country, [])
        near = [one for one, _, _ in process.extract(name_key, listed, scorer=OSA.distance, score_cutoff=1)]
        codes = {self.region(country, one) for one in near}
        return min(near) if len(codes) == 1 else None

    def region_name(self, country: str, code: str) -> str:
        """English name of a first-level region, empty when unknown."""
        return self._region_names.get((country, code), "")

    def code_point(self, code_key: str) -> CodePoint | None:
        """Where country + postal code (or country + its beginning + `*`) lies."""
        number = self._codes.get(code_key)
        if number is None:
            return None
        region = int(self._code_region[number])
        return CodePoint(
            number,
            float(self._code_lat[number]),
            float(self._code_lon[number]),
            float(self._code_spread[number]),
            self._region_code[region] if region >= 0 else "",
            code_key.endswith("*"),
        )

    def code_name(self, number: int) -> str:
        """Name of the place that a postal code belongs to."""
        return self._code_name[number]

    def place_number(self, geonames_id: int) -> int:
        """Number of the place with a GeoNames id, -1 when there is none."""
        number = int(np.searchsorted(self._geonames, geonames_id))
        known = number < len(self._geonames) and int(self._geonames[number]) == geonames_id
        return number if known else -1

    def place_name(self, place: int) -> str:
        """Name of a place."""
        return self._place_name[place]

    def place_country(self, place: int) -> str:
        """Country of a place."""
        return self.region_codes[int(self.place_region[place])][0]

    def place_region_code(self, place: int) -> str:
        """Code of a place's first-level region."""
        return self._region_code[int(self.place_region[place])]

    def __len__(self) -> int:
        return len(self.place_id)
