"""The hand-read rows of the benchmark: usable, each once, each with its reason."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from geocoding.countries import valid_codes

PATH = Path(__file__).parents[2] / "benchmarks" / "geocoding" / "data" / "hard.csv"


@pytest.fixture(scope="module")
def read_rows():
    with PATH.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(line for line in handle if not line.startswith("#")))


def test_at_least_600_addresses_are_read_each_once(read_rows):
    assert len(read_rows) >= 600
    assert max(Counter((row["text"], row["country"]) for row in read_rows).values()) == 1


def test_each_has_a_country_a_point_and_a_reason(read_rows):
    for row in read_rows:
        also = [point.split(":") for point in row["also"].split("|") if point]
        for latitude, longitude in [(row["latitude"], row["longitude"]), *also]:
            assert -90 <= float(latitude) <= 90, row
            assert -180 <= float(longitude) <= 180, row
        assert row["country"] in valid_codes() | {"AN"}, row
        assert row["note"].strip(), row


def test_strings_are_reduced_and_name_no_person_by_mail(read_rows):
    assert max(len(row["text"]) for row in read_rows) < 100
    assert not [row for row in read_rows if "@" in row["text"]]
