"""Other geocoders, against a local server that answers in Nominatim's form; decisions of people, and the list for them."""

import csv
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlparse

import pytest

from foundation.errors import BadInput, BadSettings, Transient
from geocoding import decisions
from geocoding.answers import Answer
from geocoding.decisions import Doubtful, write_review
from geocoding.fallback import Fallback, service
from geocoding.table import Request, geocode_file
from geocoding.workers import Sources

PLACES = {
    "Votua Village, Korolevu": ("-18.21", "177.73", "Votua, Fiji", "fj"),
    "Atlantis": ("1.0", "2.0", "Atlantis, Elsewhere", "xx"),
}


@pytest.fixture
def server():
    class Handler(BaseHTTPRequestHandler):
        asked: ClassVar[list[str]] = []
        failures: ClassVar[int] = 0

        def do_GET(self):
            query = parse_qs(urlparse(self.path).query)["q"][0]
            Handler.asked.append(query)
            if Handler.failures > 0:
                Handler.failures -= 1
                self.send_response(503)
                self.end_headers()
                return
            found = PLACES.get(query)
            body = []
            if found:
                lat, lon, name, code = found
                body = [{"lat": lat, "lon": lon, "display_name": name, "address": {"country_code": code}}]
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_):
            return

    running = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running, Handler
    running.shutdown()


def made(server, path, waits):
    pytest.importorskip("geopy")
    running, _ = server
    asked = service("nominatim", domain=f"127.0.0.1:{running.server_port}", scheme="http")
    return Fallback("nominatim", asked, path, pause=waits.append)


def test_an_answer_is_asked_for_once_and_kept(server, tmp_path):
    waits: list[float] = []
    path = tmp_path / "cache" / "answers.sqlite"
    first = made(server, path, waits).place("Votua Village, Korolevu", "FJ")
    again = made(server, path, waits)
    assert again.place("Votua Village, Korolevu", "FJ") == first
    assert (first.latitude, first.method, first.country) == (-18.21, "fallback_nominatim", "FJ")
    assert again.requests == 0
    assert len(server[1].asked) == 1


def test_not_found_is_kept_too_and_another_country_is_no_answer(server, tmp_path):
    fallback = made(server, tmp_path / "a.sqlite", [])
    assert fallback.place("unheard of", "FJ") is None
    assert fallback.place("unheard of", "FJ") is None
    assert fallback.place("Atlantis", "FJ") is None
    assert fallback.requests == 2


class Said:
    """A place as a library gives it."""

    def __init__(self, raw):
        self.raw, self.address, self.latitude, self.longitude = raw, "Votua, Fiji", -18.21, 177.73


def google(code, kind):
    return {"types": [kind, "political"], "address_components": [{"short_name": code, "types": ["country"]}]}


@pytest.mark.parametrize(
    ("provider", "right", "wrong"),
    [
        (
            "nominatim",
            {"addresstype": "village", "address": {"country_code": "fj"}},
            [{"addresstype": "state", "address": {"country_code": "fj"}}, {"addresstype": "village"}],
        ),
        (
            "photon",
            {"properties": {"countrycode": "FJ", "type": "city"}},
            [
                {"properties": {"countrycode": "FR", "type": "city"}},
                {"properties": {"countrycode": "FJ", "type": "county"}},
            ],
        ),
        (
            "arcgis",
            {"address": "Votua", "attributes": {"Country": "FJI", "Type": "City"}},
            [
                {"attributes": {"Country": "FJI", "Type": "State or Province"}},
                {"attributes": {"Country": "FRA", "Type": "City"}},
            ],
        ),
        (
            "google",
            google("FJ", "locality"),
            [google("FJ", "administrative_area_level_1"), google("FR", "locality"), {}],
        ),
    ],
)
def test_only_a_town_in_the_country_given_is_an_answer_of_any_provider(tmp_path, provider, right, wrong):
    class Library:
        def geocode(self, query, **options):
            return Said([right, *wrong][int(query)])

    fallback = Fallback(provider, Library(), tmp_path / "a.sqlite", pause=lambda _: None)
    answers = [fallback.place(str(number), "FJ") for number in range(1 + len(wrong))]
    assert (answers[0].latitude, answers[0].country) == (-18.21, "FJ")
    assert answers[1:] == [None] * len(wrong)


def test_requests_keep_their_distance_and_are_tried_again(server, tmp_path):
    waits: list[float] = []
    fallback = made(server, tmp_path / "a.sqlite", waits)
    server[1].failures = 2
    assert fallback.place("Votua Village, Korolevu", "FJ") is not None
    assert fallback.requests == 3
    assert {2.0, 4.0} <= set(waits)
    fallback.place("unheard of", "FJ")
    assert waits[-1] > 0.5


def test_a_service_that_stays_away_is_a_sentence(server, tmp_path):
    fallback = made(server, tmp_path / "a.sqlite", [])
    server[1].failures = 99
    with pytest.raises(Transient, match="does not answer"):
        fallback.place("Votua Village, Korolevu", "FJ")


def test_google_without_a_key_is_a_sentence(monkeypatch):
    pytest.importorskip("geopy")
    monkeypatch.delenv("STCLUSTERS_FALLBACK_KEY", raising=False)
    with pytest.raises(BadSettings, match="needs a key"):
        service("google")


def answer(score):
    return Answer(1.0, 2.0, "locality", 1, "Here", "", "FR", "ngram", score, None, None)


def test_the_list_for_review_begins_with_most_expected_errors(tmp_path):
    path = tmp_path / "review.csv"
    rows = [
        Doubtful("sure", "FR", 100, answer(0.999)),
        Doubtful("often", "FR", 50, answer(0.9)),
        Doubtful("rare", "FR", 1, answer(0.2)),
    ]
    assert write_review(path, rows, most=2) == 2
    with path.open(encoding="utf-8") as handle:
        assert [row["address"] for row in csv.DictReader(handle)] == ["often", "rare"]


def test_a_signed_decision_wins_over_everything(tmp_path, geocoder):
    source = tmp_path / "in.csv"
    source.write_text('address,country\n"Paris, France",FR\nQqqzz,FR\n', encoding="utf-8")
    first = Request(source, tmp_path / "one.csv", "address", "country", review=tmp_path / "review.csv")
    geocode_file(first, Sources(geocoder.index.folder))
    with first.review.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        if row["address"] == "Paris, France":
            row |= {
                "latitude": "48.0",
                "longitude": "2.0",
                "place": "Elsewhere",
                "decided_by": "A",
                "decided_on": "2026-01-31",
            }
    back = tmp_path / "decided.csv"
    with back.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    second = Request(source, tmp_path / "two.csv", "address", "country", decisions=decisions.read(back))
    geocode_file(second, Sources(geocoder.index.folder))
    with second.target.open(encoding="utf-8") as handle:
        placed = list(csv.DictReader(handle))
    assert (placed[0]["latitude"], placed[0]["place"], placed[0]["method"]) == (
        "48.000000",
        "Elsewhere",
        "decided",
    )
    assert placed[1]["method"] == "not_found"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("address\nx\n", "no column 'country'"),
        (
            "address,country,latitude,longitude,place,decided_by,decided_on\nx,FR,1,2,p,A,yesterday\n",
            "no date",
        ),
        (
            "address,country,latitude,longitude,place,decided_by,decided_on\nx,FR,north,2,p,A,2026-01-31\n",
            "no usable point",
        ),
    ],
)
def test_an_unusable_table_of_decisions_is_a_sentence(tmp_path, text, sentence):
    path = tmp_path / "d.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=sentence):
        decisions.read(path)
