"""Share of labelled addresses that are placed within 25 km, per set, kind and economy; unplaced counts as wrong.

    python benchmarks/geocoding/accuracy.py LABELS_FOLDER [--home HOME] [--registry FILE] [--errors SET] [--rows N]

The labelled sets are CSV files with text, country, latitude, longitude, also, text_city, note. The truth of the two ROR sets is
the headquarters or an explicit city in the text. Beside our share stand, in the same run, those of simpler ways (`peers.py`),
our own without `geocoding/data/science_places.csv`, and the share of wrong countries where none is given.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import math
import time
from collections import defaultdict
from pathlib import Path

from peers import Peer, Point, peers

from foundation.home import Home
from geocoding import organisation_names
from geocoding.answers import Answer
from geocoding.countries import same_country
from geocoding.evidence import kilometres
from geocoding.geocoder import Geocoder
from geocoding.index import SOURCES, Candidate, Index, ensure
from geocoding.organisations import Organisations

SETS = ("wos", "ror_springer", "ror_crossref", "s2aff", "us_street", "fr_street", "patent_city_misspellings")
ECONOMIES = ("US", "CN", "JP", "DE", "KR", "FR", "GB", "IN", "IT", "CA", "TW", "RU", "IR", "BR", "TR", "IL")
WITHIN_KM = 25.0
OWN = SOURCES.index("stclusters")


class WithoutOwnPlaces(Index):
    """The gazetteer without our own list of islands, stations and campuses."""

    def places_named(self, country: str, name_key: str) -> tuple[Candidate, ...]:
        return tuple(one for one in super().places_named(country, name_key) if one.source != OWN)


def read_set(folder: Path, name: str, most: int) -> list[dict[str, str]]:
    """At most `most` rows of a labelled set, evenly spaced; the file may be gzipped."""
    path = folder / f"{name}.csv.gz"
    if path.is_file():
        with gzip.open(path, "rt", encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
    else:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(line for line in handle if not line.startswith("#")))
    step = max(1, len(rows) // most)
    return rows[::step][:most]


def accepted(row: dict[str, str], text_city: bool) -> list[Point]:
    """Points that count as right for a row."""
    points = [(float(row["latitude"]), float(row["longitude"]))]
    more = row["also"].split("|") if row.get("also") else []
    if text_city and row.get("text_city"):
        more.append(row["text_city"])
    for point in more:
        latitude, longitude = point.split(":")
        points.append((float(latitude), float(longitude)))
    return points


def near(point: Point | None, points: list[Point]) -> bool:
    return point is not None and any(kilometres(point, one) <= WITHIN_KM for one in points)


def right(answer: Answer, points: list[Point]) -> bool:
    """Whether an answer has a point within 25 km of one of `points`."""
    if answer.latitude is None or answer.longitude is None:
        return False
    return near((answer.latitude, answer.longitude), points)


def groups(name: str, row: dict[str, str]) -> list[str]:
    """Lines of the table that a row counts in."""
    found = [name]
    if name == "wos":
        found += ["wos hand-read"] if row["note"] == "read" else []
        found += [f"wos {row['country']}"] if row["country"] in ECONOMIES else []
    if name == "hard":
        checked = "agrees with" in row["note"] or "knowledge alone" in row["note"]
        found += ["hard second reading" if checked else "hard first reading"]
        found += [f"hard {row['country']}"] if row["country"] in ECONOMIES else []
    if name == "patent_city_misspellings":
        kind = row["note"].split(";")[0]
        found.append(f"misspellings {kind}")
        found += ["misspellings typo + fragment"] if kind in ("typo", "fragment") else []
    return found


def interval(good: int, total: int) -> str:
    """Wilson's 95 % interval of a share, in percent."""
    z, share = 1.96, good / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return f"{100 * (middle - half):5.1f}-{100 * (middle + half):5.1f}"


def measure(
    ways: dict[str, Peer], main: str, geocoder: Geocoder, folder: Path, name: str, most: int, show: bool
) -> None:
    """Print the lines of one set."""
    rows = read_set(folder, name, most)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for way, place in ways.items():
        for row in rows:
            good = near(place(row["text"], row["country"]), accepted(row, True))
            for group in groups(name, row):
                counts[group][way] += good
                counts[group]["rows"] += way == main
            if show and way == main and not good:
                answer = geocoder.place(row["text"], row["country"])
                wrong = f"{answer.place_name} {answer.region} {answer.method} {answer.precision}"
                print(
                    f"WRONG {row['country']} {row['text']} -> {wrong} | {row['latitude']} {row['longitude']} {row['note']}"
                )
    for group, found in counts.items():
        total = found["rows"]
        shares = "".join(f"{100 * found[way] / total:17.2f}" for way in ways)
        print(f"{group:32s}{total:7,d}{shares}   {interval(found[main], total)}")


def without_country(geocoder: Geocoder, folder: Path, name: str, most: int) -> None:
    """Print how often a row that is placed without its country lands in another one."""
    rows = read_set(folder, name, most)
    answers = [geocoder.place(row["text"], None) for row in rows]
    wrong = sum(
        a.latitude is not None and not same_country(a.country or "", (row["country"],))
        for a, row in zip(answers, rows, strict=True)
    )
    good = sum(right(a, accepted(row, True)) for a, row in zip(answers, rows, strict=True))
    print(
        f"{name:32s}{len(rows):7,d}   right {100 * good / len(rows):6.2f} %   wrong country {100 * wrong / len(rows):5.2f} %"
    )


def trusted(geocoder: Geocoder, folder: Path, name: str, most: int) -> None:
    """Print how many of the placed rows the scores expect to be right, and how many are."""
    rows = read_set(folder, name, most)
    answers = [(geocoder.place(row["text"], row["country"]), accepted(row, True)) for row in rows]
    placed = [
        (answer.score, right(answer, points)) for answer, points in answers if answer.latitude is not None
    ]
    expected, good = (100 * sum(column) / len(placed) for column in zip(*placed, strict=True))
    print(f"{name:32s}{len(placed):7,d}   expected right {expected:6.2f} %   right {good:6.2f} %")


def pointed(geocoder: Geocoder) -> Peer:
    def place(text: str, country: str) -> Point | None:
        answer = geocoder.place(text, country)
        return (
            None
            if answer.latitude is None or answer.longitude is None
            else (answer.latitude, answer.longitude)
        )

    return place


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--registry", type=Path)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--errors", default="")
    parser.add_argument("--quick", action="store_true", help="our own share only")
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    given = parser.parse_args()
    home = Home.find(given.home)
    folder = home.gazetteer(ensure(home, [], print))
    plain = Geocoder.open(folder)
    ways = {"ours": pointed(plain)}
    geocoder, best = plain, "ours"
    if given.registry:
        registry = Organisations(organisation_names.ensure(home, given.registry, print))
        geocoder, best = Geocoder(plain.index, registry), "with registry"
        ways[best] = pointed(geocoder)
    if not given.quick:
        ways["no own places"] = pointed(Geocoder(WithoutOwnPlaces(folder), geocoder.organisations))
        ways |= peers(plain)
    print(f"{'set':32s}{'rows':>7s}{''.join(f'{way:>17s}' for way in ways)}   95 % of '{best}'")
    start = time.perf_counter()
    for name in given.sets:
        measure(ways, best, geocoder, given.labels, name, given.rows, name == given.errors)
    print("\nplaced rows")
    for name in given.sets:
        trusted(geocoder, given.labels, name, given.rows)
    if not given.quick:
        print("\nwithout a country")
        for name in [one for one in given.sets if one in ("wos", "ror_springer", "s2aff")]:
            without_country(geocoder, given.labels, name, given.rows)
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
