"""The stages: the index with its places, and a year's geocodes."""

import pyarrow as pa
import pytest

from foundation import contracts
from foundation.errors import MissingData, StclustersError
from foundation.settings import parse
from geocoding import fallback, stage, workers


def made_settings(processes=1, gazetteers=()):
    return parse(
        {
            "editions": {"x": {"pct_years": [2019, 2020], "sci_years": [2018, 2019]}},
            "limits": {"processes": processes},
            "geocoding": {"gazetteers": list(gazetteers)},
        },
        "test",
    )


def write_addresses(home, year, rows):
    full = [
        {name: row.get(name) for name in contracts.contract("addresses").schema.names} | {"listings": 1}
        for row in rows
    ]
    table = pa.Table.from_pylist(full, contracts.contract("addresses").schema)
    contracts.write("addresses", table, home.lake("addresses", year))


ROWS = [
    {"address_id": 5, "country": "CN", "text": "shenzhen, china"},
    {"address_id": -3, "country": "IT", "text": "Univ Napoli Federico II, I-80138 Naples, Italy"},
    {"address_id": 9, "country": "DE", "text": ""},
    {"address_id": 1, "country": "FR", "text": "somewhere", "latitude": 48.12345678, "longitude": 2.5},
    {"address_id": 2, "country": "SE", "text": "Chalmers", "city": "Gothenburg"},
]


def test_the_index_is_built_once_with_its_places(shared_home):
    first = stage.build_index(shared_home, made_settings())
    again = stage.build_index(shared_home, made_settings())
    assert first.versions == again.versions
    assert again.seconds < 1.5
    places = contracts.read("places", shared_home.places())
    assert places.num_rows == first.rows == first.counts["places"]
    assert places["place_id"].to_pylist() == sorted(places["place_id"].to_pylist())


def test_a_year_is_placed_by_address(shared_home):
    write_addresses(shared_home, 2019, ROWS)
    report = stage.geocode_year(shared_home, made_settings(), 2019)
    table = contracts.read("geocodes", shared_home.lake("geocodes", 2019))
    rows = {row["address_id"]: row for row in table.to_pylist()}
    assert table["address_id"].to_pylist() == [-3, 1, 2, 5, 9]
    assert rows[5]["place_name"] == "Shenzhen"
    assert (rows[1]["method"], rows[1]["precision"], rows[1]["latitude"]) == ("given", "street", 48.123457)
    assert (rows[9]["precision"], rows[9]["latitude"]) == ("country", None)
    assert rows[2]["country"] == "SE"
    assert rows[2]["latitude"] == pytest.approx(57.7, abs=0.1)
    assert report.counts["located"] == 4
    assert report.counts["addresses"] == 5


def test_a_year_that_fits_is_left_as_it_is(shared_home):
    write_addresses(shared_home, 2021, ROWS)
    first = stage.geocode_year(shared_home, made_settings(), 2021)
    before = shared_home.lake("geocodes", 2021).stat().st_mtime_ns
    again = stage.geocode_year(shared_home, made_settings(), 2021)
    assert shared_home.lake("geocodes", 2021).stat().st_mtime_ns == before
    assert (again.versions, again.counts["newly placed"]) == (first.versions, 0)


def test_answers_of_another_year_are_used_again(shared_home):
    write_addresses(shared_home, 2014, ROWS)
    write_addresses(shared_home, 2015, [*ROWS, {"address_id": 77, "country": "JP", "text": "Osaka, Japan"}])
    stage.geocode_year(shared_home, made_settings(), 2014)
    report = stage.geocode_year(shared_home, made_settings(), 2015)
    assert report.counts["newly placed"] == 1


def test_the_result_is_the_same_for_any_number_of_processes(shared_home, monkeypatch):
    rows = [
        {"address_id": number, "country": "US", "text": f"Univ {number}, {town} USA"}
        for number, town in enumerate(
            ["Boston, MA 02139", "Austin, TX", "Springfield, IL", "Portland, OR"] * 10
        )
    ]
    monkeypatch.setattr(workers, "WORTH_PROCESSES", 1)
    monkeypatch.setattr(workers, "CHUNK", 7)
    versions = []
    for processes in (1, 2):
        write_addresses(shared_home, 2012, rows)
        shared_home.lake("geocodes", 2012).unlink(missing_ok=True)
        versions.append(stage.geocode_year(shared_home, made_settings(processes), 2012).versions)
    assert versions[0] == versions[1]


def test_an_empty_year_gives_an_empty_table(shared_home):
    write_addresses(shared_home, 2013, [])
    report = stage.geocode_year(shared_home, made_settings(), 2013)
    assert (report.rows, report.counts["located"]) == (0, 0)


def test_a_year_without_addresses_says_what_to_run(shared_home):
    with pytest.raises(MissingData, match="addresses"):
        stage.geocode_year(shared_home, made_settings(), 2029)


def test_every_chunk_is_done_once_and_neighbours_go_to_the_same_worker():
    shares = workers._Shares(7, 2)
    assert [shares.next(0), shares.next(0), shares.next(1)] == [0, 1, 3]
    rest = [shares.next(0) for _ in range(4)]  # its own last one, then the other's from the back
    assert rest == [2, 6, 5, 4]
    assert shares.next(0) is shares.next(1) is None


def test_a_worker_that_ends_early_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "WORTH_PROCESSES", 1)
    tasks = [(n, "Bonn", "DE") for n in range(3)]
    with pytest.raises(StclustersError, match="ended before its work was done"):
        list(workers.place_all(workers.Sources(tmp_path), tasks, 2))


class Interrupted:
    """A service that knows one village and falls silent after so many questions."""

    def __init__(self, most):
        self.asked, self._most = [], most

    def geocode(self, query, **_):
        if len(self.asked) >= self._most:
            raise KeyboardInterrupt
        self.asked.append(query)
        return


def test_an_interrupted_run_asks_another_geocoder_nothing_twice(shared_home, monkeypatch):
    pytest.importorskip("geopy")
    names = [f"Qqqzz {number}" for number in range(6)]
    rows = [{"address_id": n, "country": "FJ", "text": name} for n, name in enumerate(names)]
    write_addresses(shared_home, 2011, [*rows, ROWS[0] | {"address_id": 77}])
    chosen = made_settings()
    chosen = chosen.model_copy(
        update={"geocoding": chosen.geocoding.model_copy(update={"fallback": "nominatim"})}
    )
    monkeypatch.setattr(fallback.time, "sleep", lambda _: None)
    first, second = Interrupted(4), Interrupted(99)
    monkeypatch.setattr(fallback, "service", lambda _: first)
    with pytest.raises(KeyboardInterrupt):
        stage.geocode_year(shared_home, chosen, 2011)
    monkeypatch.setattr(fallback, "service", lambda _: second)
    report = stage.geocode_year(shared_home, chosen, 2011)
    assert sorted(first.asked + second.asked) == names
    assert len(second.asked) == 2
    assert report.counts["located"] == 1
