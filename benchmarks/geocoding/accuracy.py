"""Share of labelled addresses that are placed within 25 km, per set, kind and economy; unplaced counts as wrong.

    python benchmarks/geocoding/accuracy.py LABELS_FOLDER [--index FOLDER] [--errors SET] [--rows N]

The labelled sets are CSV files with text, country, latitude, longitude, also, text_city, note. Beside our share stands that of
the simplest rule, "the last segment that is a city's name as written", in the same run.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import time
from collections import defaultdict
from pathlib import Path

from foundation.home import Home
from geocoding.evidence import kilometres
from geocoding.geocoder import Answer, Geocoder
from geocoding.normalise import key, segments

SETS = ("wos", "ror_springer", "ror_crossref", "s2aff", "us_street", "fr_street", "patent_city_misspellings")
WITHIN_KM = 25.0


def read_set(folder: Path, name: str, most: int) -> list[dict[str, str]]:
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    step = max(1, len(rows) // most)
    return rows[::step][:most]


def accepted(row: dict[str, str], text_city: bool) -> list[tuple[float, float]]:
    points = [(float(row["latitude"]), float(row["longitude"]))]
    more = row["also"].split("|") if row["also"] else []
    if text_city and row.get("text_city"):
        more.append(row["text_city"])
    for point in more:
        latitude, longitude = point.split(":")
        points.append((float(latitude), float(longitude)))
    return points


def right(answer: Answer, points: list[tuple[float, float]]) -> bool:
    if answer.latitude is None or answer.longitude is None:
        return False
    return any(kilometres((answer.latitude, answer.longitude), point) <= WITHIN_KM for point in points)


def last_city(geocoder: Geocoder, row: dict[str, str]) -> bool:
    for part in reversed(segments(row["text"])):
        found = geocoder.index.places_named(row["country"], key(part))
        if found:
            point = found[0].latitude, found[0].longitude
            return any(kilometres(point, one) <= WITHIN_KM for one in accepted(row, True))
    return False


def groups(name: str, row: dict[str, str]) -> list[str]:
    found = [name]
    if name == "wos":
        found += [f"wos {row['note']}"] if row["note"] == "read" else []
        found += (
            [f"wos {row['country']}"]
            if row["country"] in ("US", "CN", "JP", "DE", "KR", "FR", "GB", "IN", "IT", "TW", "RU", "IR")
            else []
        )
    if name == "patent_city_misspellings":
        found.append(f"misspellings {row['note'].split(';')[0]}")
    return found


def measure(geocoder: Geocoder, folder: Path, name: str, most: int, show: bool) -> None:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = read_set(folder, name, most)
    start = time.perf_counter()
    answers = [geocoder.place(row["text"], row["country"]) for row in rows]
    seconds = time.perf_counter() - start
    for row, answer in zip(rows, answers, strict=True):
        good = right(answer, accepted(row, True))
        if show and not good:
            print(
                "WRONG",
                row["country"],
                row["text"],
                "->",
                answer.place_name,
                answer.region,
                answer.method,
                answer.precision,
                "| truth",
                row["latitude"],
                row["longitude"],
                row["note"],
            )
        for group in groups(name, row):
            counts[group][0] += 1
            counts[group][1] += good
            counts[group][2] += last_city(geocoder, row)
    for group, (total, good, simple) in counts.items():
        rate = f"{len(rows) / seconds:8,.0f}/s" if group == name else ""
        print(
            f"{group:40s} {total:6,d} rows  {100 * good / total:6.2f} %  last city {100 * simple / total:6.2f} %  {rate}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--registry", type=Path, default=None)
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--rows", type=int, default=6000)
    parser.add_argument("--errors", default="")
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    given = parser.parse_args()
    geocoder = Geocoder.ready(Home.find(given.home), registry=given.registry)
    print(f"gazetteer {geocoder.index.meta}")
    for name in given.sets:
        measure(geocoder, given.labels, name, given.rows, name == given.errors)


if __name__ == "__main__":
    main()
