"""The rules on single values: indexes, types, years, numbers, symbols, names."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extracts import countries, intake, meaning, merge, tables, technology


@pytest.mark.parametrize(
    "module", [meaning, merge, tables, technology, intake, countries], ids=lambda m: m.__name__
)
def test_examples_in_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Science Citation Index Expanded (SCI-EXPANDED)", ("SCIE",)),
        ("Arts &amp; Humanities Citation Index (A&amp;HCI)", ("AHCI",)),
        ("Conference Proceedings Citation Index - Science (CPCI-S); Science Citation Index Expanded (SCI-EXPANDED)", ("CPCI-S", "SCIE")),
        ("", ()),
    ],
)  # fmt: skip
def test_index_names_are_short_and_in_order(text: str, names: tuple[str, ...]) -> None:
    assert meaning.index_names(text) == names


def test_first_token_of_the_type_decides() -> None:
    assert meaning.type_tokens("Article; Proceedings Paper")[0] == "Article"
    assert meaning.type_tokens("Proceedings Paper")[0] == "Proceedings Paper"
    assert meaning.type_tokens("") == ()


def test_early_access_without_a_year_is_no_year() -> None:
    assert [meaning.year_in(text) for text in ("MAR 2023", "EA APR", "2021.0", "", "12021")] == [
        2023,
        None,
        2021,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("WO02020444", "WO2002020444"),
        ("WO99016636", "WO1999016636"),
        ("WO1992010306", "WO1992010306"),
        ("2009/105044", "WO2009105044"),
        ("2025078629", "WO2025078629"),
        ("WO/2025/078629", "WO2025078629"),
        ("WO25078629", "WO2025078629"),
        ("9916636", "WO1999016636"),
        ("12", None),
        ("", None),
    ],
)
def test_wo_number_has_one_form(written: str, number: str | None) -> None:
    assert meaning.wo_number(written) == number


@given(st.integers(1978, 2077), st.integers(0, 999_999))
def test_wo_number_of_every_form_is_the_same(year: int, serial: int) -> None:
    whole = f"WO{year}{serial:06}"
    forms = [whole, f"WO/{year}/{serial:06}", f"{year}{serial:06}", f"{year % 100:02}{serial:06}"]
    assert {meaning.wo_number(form) for form in forms} == {whole}


@pytest.mark.parametrize("text", ["9999-12-31", "0", "", "20191345", None])
def test_stand_ins_for_no_date_are_no_date(text: str | None) -> None:
    assert meaning.date_of(text) is None


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("H04B   1/711", "H04B 1/711"),
        ("a61k8/04", "A61K 8/04"),
        ("A61K   8/04        20060101AFI", "A61K 8/04"),
        ("H04N", "H04N"),
        ("Y02E  10/50", None),
        ("H01L2224/05", None),
        ("G01", None),
    ],
)
def test_ipc_symbols_have_one_form_and_cpc_is_refused(written: str, symbol: str | None) -> None:
    assert meaning.ipc_symbol(written) == symbol


def test_legal_forms_and_accents_do_not_tell_organisations_apart() -> None:
    names = ("Société Générale S.A.", "SOCIETE GENERALE SA", "Societe Generale")
    assert {meaning.name_key(name) for name in names} == {"SOCIETE GENERALE"}
    assert meaning.name_key("SA") == "SA"
