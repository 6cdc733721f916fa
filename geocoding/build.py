"""The gazetteer index is made here: places, names, regions, postal codes and spelling, from the adapters' rows to files.

Reading the index belongs in `index.py`; which file holds what is said there. Measured on one core: about 40 s of processor time and 2 GB.
"""

from __future__ import annotations

import gc
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import OSA

from foundation.atomic import new_folder
from geocoding import dumps, forms, gazetteer, hangul, pinyin, postcodes, regions, respelling, spelling
from geocoding.arrays import save, save_texts
from geocoding.countries import names as country_names
from geocoding.gazetteer import Place
from geocoding.normalise import key
from geocoding.old_names import old_names
from geocoding.postal_places import near, postal_places, rough

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from geocoding.regions import Regions

FAR_BIGGER = 6  # times the inhabitants of every other place of a region
SHORT_NAME = 5  # letters of a name up to which another one near it is another name
WELL_KNOWN = 100_000  # inhabitants of a town whose other names of three letters are names: Fez
BIG_CITY = 30_000  # inhabitants; a postal name of such a city hardly counts elsewhere
POSTAL_WEIGHT, POSTAL_WEIGHT_OF_BIG, ROMANISED_WEIGHT = 70, 35, 80
DOUBLED = frozenset({"AT", "CH", "DE"})  # whose towns of two names are often called by the first
Named = list[tuple[str, int, int]]  # country + key, number of the place, weight


def build(
    folder: Path,
    user_files: list[Path],
    say: Callable[[str], None],
    meta: dict[str, object],
    replace: bool = False,
) -> None:
    """The index written to `folder`, whole or not at all. `meta` is stored beside counts.

    With `replace`, a user's GeoNames dump or postal file stands for the package of its kind instead of adding to it.
    """
    say("gazetteer: reading places")
    gc.disable()  # millions of small objects that all stay: a quarter of the time
    try:
        _build(folder, dumps.read(user_files), say, meta, replace)
    finally:
        gc.enable()


def _build(
    folder: Path, given: dumps.Given, say: Callable[[str], None], meta: dict[str, object], replace: bool
) -> None:
    places = dumps.all_places(given, replace)
    district_numbers = _with_own_places(places, gazetteer.taiwan_districts())
    own_numbers = _with_own_places(places, gazetteer.own_places())
    user_numbers = _with_user_places(places, given.listed)
    mains: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        mains[place.country + key(place.name)].append(place)
    say("gazetteer: reading regions and postal codes")
    known = regions.from_points(places)
    regions.add_given(known, given.regions)
    postal = dumps.all_postal(given, replace)
    joined = {} if postal is None else regions.add_postal_names(known, places, postal)
    regions.add_aliases(known)
    if postal is not None:
        towns = {place.country + key(name) for place in places for name in (place.name, *place.alternates)}
        regions.add_counties(known, rough(postal, True), joined, towns)
    codes = None if postal is None else postcodes.code_points(postal, joined)
    extra = [] if postal is None else postal_places(mains, postal, joined)
    say("gazetteer: making names")
    named = _names(places, known) + _postal_names(extra, len(places), mains)
    places += extra
    source = np.zeros(len(places), np.uint8)
    source[len(places) - len(extra) :] = 1
    source[own_numbers] = 3
    source[district_numbers] = 4
    source[user_numbers] = 2
    say("gazetteer: writing the index")
    with new_folder(folder) as part:
        table = _write_regions(part, places, known)
        _write_places(part, places, table, source)
        names = _write_names(part, named, np.array([table[p.country, p.region] for p in places]), len(table))
        counted = _write_codes(part, codes, table)
        counts = {"places": len(places), "names": names, "regions": len(table), "codes": counted}
        text = json.dumps({**meta, "counts": counts}, indent=1, sort_keys=True, ensure_ascii=False)
        (part / "meta.json").write_text(text + "\n", encoding="utf-8")


def _with_own_places(places: list[Place], own: list[Place]) -> list[int]:
    """Our own places joined to `places`: other names where a town has the name, a new place with its region where none has."""
    around: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        around[place.country, round(place.latitude), round(place.longitude)].append(number)
    added = []
    for one in own:
        where = [
            number
            for north in (-1, 0, 1)
            for east in (-1, 0, 1)
            for number in around[one.country, round(one.latitude) + north, round(one.longitude) + east]
        ]
        names = {key(name) for name in (one.name, *one.alternates)}
        same = [
            n for n in where if key(places[n].name) in names and near(places[n], one.latitude, one.longitude)
        ]
        if same:
            places[same[0]].alternates += [one.name, *one.alternates]
            continue
        closest = min(where, key=lambda n: (_apart(places[n], one), n), default=None)
        one.region = places[closest].region if closest is not None else ""
        added.append(len(places))
        places.append(one)
    return added


def _apart(place: Place, other: Place) -> float:
    return abs(place.latitude - other.latitude) + abs(place.longitude - other.longitude)


def _with_user_places(places: list[Place], given: list[Place]) -> list[int]:
    """The user's places joined to `places`: moved where the gazetteer knows the name nearby, added where it does not."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        numbers[place.country + key(place.name)].append(number)
    touched = set()
    for place in given:
        same = [
            n
            for n in numbers[place.country + key(place.name)]
            if near(places[n], place.latitude, place.longitude)
        ]
        if same:
            number = min(same, key=lambda n: (-places[n].population, places[n].place_id))
            places[number].latitude, places[number].longitude = place.latitude, place.longitude
            places[number].population = place.population or places[number].population
        else:
            number = len(places)
            places.append(place)
            numbers[place.country + key(place.name)].append(number)
        touched.add(number)
    return sorted(touched)


def _names(places: list[Place], known: Regions) -> Named:
    listed = old_names(places)
    named: Named = [(name, number, forms.ALTERNATE) for name, number in listed.items()]
    chief, biggest = _chief_towns(places)
    for number, place in enumerate(places):
        country, main = place.country, key(place.name)
        found = dict(forms.main_forms(place.name)[::-1])
        if country in DOUBLED and (rest := forms.before_hyphen(place.name)) is not None:
            found.setdefault(rest, forms.SHORT)
        for name in place.alternates:
            extra = forms.alternate_forms(name)
            if place.population >= WELL_KNOWN and forms.is_short_name(name):
                extra.append((key(name), forms.ALTERNATE))
            if country == "KR":
                extra += [(form, ROMANISED_WEIGHT) for form in hangul.romanised(name)]
            if (rest := forms.cjk_stripped(name)) is not None:
                extra.append((rest, forms.STRIPPED))
            for form, weight in extra:
                other = _is_other(country, form, known) and not _same_name(form, main, number in biggest)
                if form != main and (number in chief or not other):
                    found[form] = max(weight, found.get(form, 0))
        _respell(found, country, place.name)
        kept = {form for form in found if form == main or listed.get(country + form, number) == number}
        named += [(country + form, number, weight) for form, weight in found.items() if form in kept and form]
    return named


def _respell(found: dict[str, int], country: str, name: str) -> None:
    """Add the forms that other systems of writing a country's names in Latin letters give."""
    if country == "TW":
        for form in pinyin.taiwanese(name):
            found[form] = max(forms.ALTERNATE, found.get(form, 0))
    if country == "JP":
        for form, weight in list(found.items()):
            other = respelling.respelt(country, form)
            if other is not None and len(other) >= 3:
                found[other] = max(min(weight, forms.SHORT), found.get(other, 0))


def _chief_towns(places: list[Place]) -> tuple[frozenset[int], frozenset[int]]:
    """Numbers of towns that hold most of their region, so that its names are theirs (Praha, Wien), and of all biggest ones.

    Districts stand beside their town in the file, so a town also counts that is far bigger than every other place.
    """
    inhabitants: Counter[tuple[str, str]] = Counter()
    sizes: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for number, place in enumerate(places):
        inhabitants[place.country, place.region] += place.population
        sizes[place.country, place.region].append((place.population, -number))
    found, biggest = set(), set()
    for where, members in sizes.items():
        first, second = sorted([*members, (0, 0)])[-1:-3:-1]
        biggest.add(-first[1])
        if 2 * first[0] > inhabitants[where] or first[0] > FAR_BIGGER * max(second[0], 1_000):
            found.add(-first[1])
    return frozenset(found), frozenset(biggest)


def _is_other(country: str, form: str, known: Regions) -> bool:
    """Whether an alternate name is really a region's or a country's, as Henan among those of Luoyang."""
    level, _ = known.keys.get(country + form, (regions.SECOND, ()))
    return level == regions.FIRST or country_names().get(form, country) != country


def _same_name(form: str, main: str, biggest: bool) -> bool:
    """Whether a name that is a region's too is the town's own in another romanisation or without its kind: Mueang Nonthaburi."""
    if biggest and len(form) > SHORT_NAME and main.endswith(form):
        return True
    return len(main) > SHORT_NAME and OSA.distance(form, main, score_cutoff=2) <= 2


def _postal_names(extra: list[Place], start: int, mains: dict[str, list[Place]]) -> Named:
    named: Named = []
    for number, place in enumerate(extra, start):
        found = dict(forms.main_forms(place.name)[::-1])
        for form in hangul.romanised(place.name):
            found[form] = forms.MAIN
        if place.country == "KR" and (rest := forms.cjk_stripped(place.name)) is not None:
            found[rest] = forms.STRIPPED
            found.update(dict.fromkeys(hangul.romanised(rest), forms.STRIPPED))
        _respell(found, place.country, "")
        for form in found:
            big = any(p.population >= BIG_CITY for p in mains.get(place.country + form, ()))
            named.append((place.country + form, number, POSTAL_WEIGHT_OF_BIG if big else POSTAL_WEIGHT))
    return named


def _write_regions(folder: Path, places: list[Place], known: Regions) -> dict[tuple[str, str], int]:
    codes = sorted({(p.country, p.region) for p in places} | set(known.names))
    listed = [[country, code, known.names.get((country, code), "")] for country, code in codes]
    keys = {name: [level, list(found)] for name, (level, found) in sorted(known.keys.items())}
    text = json.dumps({"codes": listed, "keys": keys}, ensure_ascii=False, separators=(",", ":"))
    (folder / "regions.json").write_text(text, encoding="utf-8")
    return {where: number for number, where in enumerate(codes)}


def _write_places(
    folder: Path, places: list[Place], table: dict[tuple[str, str], int], source: object
) -> None:
    save(folder, "place_id", [p.place_id for p in places], "i8")
    save(folder, "place_lat", np.round([p.latitude for p in places], 6), "f8")
    save(folder, "place_lon", np.round([p.longitude for p in places], 6), "f8")
    save(folder, "place_pop", [p.population for p in places], "i8")
    save(folder, "place_region", [table[p.country, p.region] for p in places], "i4")
    save(folder, "place_source", source, "u1")
    save_texts(folder, "place_name", [p.name for p in places])


def _write_names(folder: Path, named: Named, region_of: npt.NDArray[np.int64], regions_count: int) -> int:
    import marisa_trie

    unique = sorted({name for name, _, _ in named})  # a trie's ids follow the order of input
    trie = marisa_trie.Trie(unique)
    trie.save(str(folder / "names.marisa"))
    number_of = dict(zip(unique, map(trie.__getitem__, unique), strict=True))
    size = len(named)
    ids = np.fromiter((number_of[name] for name, _, _ in named), dtype=np.int64, count=size)
    places = np.fromiter((place for _, place, _ in named), dtype=np.int64, count=size)
    weights = np.fromiter((weight for _, _, weight in named), dtype=np.int64, count=size)
    order = np.lexsort((-weights, places, ids))
    ids, places, weights = ids[order], places[order], weights[order]
    first = np.concatenate([[True], (ids[1:] != ids[:-1]) | (places[1:] != places[:-1])])
    ids, places, weights = ids[first], places[first], weights[first]
    save(folder, "name_off", np.concatenate([[0], np.cumsum(np.bincount(ids, minlength=len(trie)))]), "u4")
    save(folder, "name_place", places, "i4")
    save(folder, "name_weight", weights, "u1")
    _write_region_names(folder, ids, region_of[places], weights, regions_count)
    best = np.zeros(len(trie), dtype=np.int64)
    np.maximum.at(best, ids, weights)
    correctable = [(name, number) for name, number in number_of.items() if best[number] != forms.LOST]
    hashes, hashed = spelling.table(correctable)
    save(folder, "typo_hash", hashes, "u4")
    save(folder, "typo_name", hashed, "u4")
    spelling.save_names(folder, unique, list(number_of.values()))
    return len(trie)


def _write_region_names(
    folder: Path,
    ids: npt.NDArray[np.int64],
    where: npt.NDArray[np.int64],
    weights: npt.NDArray[np.int64],
    count: int,
) -> None:
    """Names of each region's places, those left over from lost letters not among them."""
    kept = weights != forms.LOST
    pairs = np.unique((where[kept] << 32) | ids[kept])
    save(
        folder,
        "region_off",
        np.concatenate([[0], np.cumsum(np.bincount(pairs >> 32, minlength=count))]),
        "u4",
    )
    save(folder, "region_name", pairs & 0xFFFFFFFF, "u4")


def _write_codes(folder: Path, codes: pa.Table | None, table: dict[tuple[str, str], int]) -> int:
    import marisa_trie

    columns = ("key", "latitude", "longitude", "spread_km", "name", "region")
    keys, *rest = ([], [], [], [], [], []) if codes is None else (codes[name].to_pylist() for name in columns)
    trie = marisa_trie.Trie(keys)
    trie.save(str(folder / "codes.marisa"))
    order = np.argsort(np.fromiter((trie[code] for code in keys), dtype=np.int64, count=len(keys)))
    latitude, longitude, spread, names, regions_of = ([values[n] for n in order] for values in rest)
    save(folder, "code_lat", latitude, "f4")
    save(folder, "code_lon", longitude, "f4")
    save(folder, "code_spread", spread, "f4")
    save(
        folder,
        "code_region",
        [table.get((keys[n][:2], code), -1) for n, code in zip(order, regions_of, strict=True)],
        "i4",
    )
    save_texts(folder, "code_name", names)
    return len(keys)
