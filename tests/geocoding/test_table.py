"""A CSV file in, the same file with places out; the command; the explanation; the probabilities."""

import csv
import gzip

import pytest
from click.testing import CliRunner

from foundation.errors import BadInput
from geocoding import explanation, reliability, table, workers
from geocoding.table import Request, geocode_file
from geocoding.workers import Sources
from stclusters.commands.geocode import command

ROWS = 'address,country,note\n"Univ Leeds, Leeds LS2 9JT, England",GB,first\n"Paris, France",FR,"two\nlines"\nnowhere,,\n'


@pytest.fixture
def sources(shared_home, geocoder):
    return Sources(geocoder.index.folder)


def request_for(tmp_path, text=ROWS, name="in.csv", **more):
    source = tmp_path / name
    source.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    given = {"column": "address", "country_column": "country"} | more
    return Request(source, tmp_path / "out.csv", **given)


def read(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_row_and_column_is_kept_in_order(tmp_path, sources):
    request = request_for(tmp_path)
    counts = geocode_file(request, sources)
    rows = read(request.target)
    assert [row["note"] for row in rows] == ["first", "two\nlines", ""]
    assert [row["place"] for row in rows] == ["Leeds", "Paris", ""]
    assert list(rows[0])[:3] == ["address", "country", "note"]
    assert rows[0]["geocoded_country"] == "GB"
    assert (rows[2]["latitude"], rows[2]["score"], rows[2]["precision"]) == ("", "", "none")
    assert counts["rows"] == 3


def test_a_gzipped_file_gives_the_same(tmp_path, sources):
    plain = request_for(tmp_path)
    geocode_file(plain, sources)
    before = plain.target.read_bytes()
    plain.target.unlink()
    geocode_file(request_for(tmp_path, name="in.csv.gz"), sources)
    assert plain.target.read_bytes() == before


def test_two_processes_give_the_same_file(tmp_path, sources, monkeypatch):
    monkeypatch.setattr(workers, "WORTH_PROCESSES", 1)
    monkeypatch.setattr(workers, "CHUNK", 2)
    request = request_for(tmp_path)
    geocode_file(request, sources, processes=1)
    before = request.target.read_bytes()
    request.target.unlink()
    geocode_file(request, sources, processes=2)
    assert request.target.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "more", "sentence"),
    [
        ("where\nx\n", {}, "no column 'address'"),
        ("address,country,address\nx,FR,y\n", {}, "stands twice"),
        ("address,country\nx\n", {}, "Row 2 has 1 cells"),
        ("", {}, "empty"),
        ("address\nx\n", {"country_column": "land"}, "no column 'land'"),
        ("address,country\nx,\ud800\n", {}, "UTF-8"),
    ],
)
def test_an_unusable_file_is_a_sentence_and_nothing_is_written(tmp_path, sources, text, more, sentence):
    request = request_for(tmp_path, "address\nx\n", **more)
    request.source.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(BadInput, match=sentence):
        geocode_file(request, sources)
    assert not request.target.exists()


def test_an_output_that_exists_is_not_overwritten(tmp_path, sources):
    request = request_for(tmp_path)
    request.target.write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="exists already"):
        geocode_file(request, sources)
    assert request.target.read_text(encoding="utf-8") == "mine"


def test_columns_that_the_file_has_already_get_another_name():
    assert table.added_columns(["latitude", "x"])[:2] == ["geocoded_latitude", "longitude"]


def test_the_command_explains_an_answer(shared_home, geocoder):
    result = CliRunner().invoke(
        command, ["--explain", "Springfeld, IL", "--country", "US", "--home", str(shared_home.root)]
    )
    assert result.exit_code == 0, result.output
    assert "candidate" in result.output
    assert "stated region" in result.output
    assert "Springfield, Illinois, US" in result.output


def test_the_command_says_what_became_of_a_file_without_rows(tmp_path, shared_home):
    file, output = tmp_path / "none.csv", tmp_path / "out.csv"
    file.write_text("address\n", encoding="utf-8")
    arguments = [str(file), "--output", str(output), "--home", str(shared_home.root)]
    said = CliRunner().invoke(command, arguments)
    assert said.output.strip().splitlines()[-1] == f"0 rows written to {output}."


def test_the_command_needs_an_output(tmp_path):
    result = CliRunner().invoke(command, [str(tmp_path / "in.csv")])
    assert isinstance(result.exception, BadInput)


@pytest.mark.parametrize(
    ("text", "country"), [("", "FR"), ("Eindhoven, Netherlands", "CN"), ("Paris", None), ("???", "SU")]
)
def test_any_answer_can_be_explained(geocoder, text, country):
    lines = explanation.explain(geocoder, text, country)
    assert any(line.startswith("answer") for line in lines)


def test_probabilities_rise_with_strength_and_stay_between_0_and_1():
    for rule in ("name_unique", "ngram", "bare_spelling", "anywhere_organisation", "unheard of"):
        found = [reliability.probability(rule, strength / 4) for strength in range(-20, 40)]
        assert found == sorted(found)
        assert 0 <= found[0] <= found[-1] <= 1


def test_an_american_town_filed_elsewhere_gets_no_point(geocoder):
    answer = geocoder.place("cambridge, ma", "CN")
    assert (answer.latitude, answer.method) == (None, "country_conflict")


def test_an_unknown_town_of_an_organisation_is_not_corrected_to_another(geocoder):
    answer = geocoder.place("Univ X, Trop Garden, Beijinh 666303, Yunnan", "CN")
    assert answer.place_name != "Beijing"
