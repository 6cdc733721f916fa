"""The made marts are those that the dbt project promises: a renamed column must not pass here unseen."""

import functools

import pytest
import yaml

from foundation.home import model_descriptions
from publishing import dictionary
from publishing.release import REQUIRED
from tests.publishing.editions import MARTS

DECLARED = {
    "TEXT": {"string"},
    "integer": {"int32"},
    "smallint": {"int16"},
    "bigint": {"int64"},
    "double": {"double"},
    "boolean": {"bool"},
    "varchar": {"string"},
    "varchar[]": {"list<item: string>", "list<element: string>"},
    "decimal(38,15)": {"decimal128(38, 15)"},
}


@functools.cache
def models() -> dict[str, dict[str, str]]:
    found = {}
    for path in model_descriptions():
        for model in (yaml.load(path.read_bytes(), yaml.CSafeLoader) or {}).get("models", []):
            name = (model.get("config") or {}).get("alias") or model["name"]
            found[name] = {column["name"]: column.get("data_type", "") for column in model.get("columns", [])}
    return found


@pytest.mark.parametrize("mart", sorted(MARTS))
def test_made_mart_has_the_columns_and_types_of_its_model(mart: str) -> None:
    promised = models()[mart]
    assert list(MARTS[mart]) == list(promised)
    wrong = {
        name: (str(kind), promised[name])
        for name, kind in MARTS[mart].items()
        if str(kind) not in DECLARED[promised[name]]
    }
    assert wrong == {}


def test_every_mart_a_release_needs_is_described_by_the_dbt_project() -> None:
    assert set(REQUIRED) & set(MARTS) <= set(dictionary.marts())
