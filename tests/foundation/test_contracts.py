"""A table is what its contract says, or it is not written."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import contracts
from foundation.errors import ContractBroken, MissingData, StclustersError


def filtered(**changes: list[object]) -> pa.Table:
    columns: dict[str, list[object]] = {
        "delivery": ["pct.a", "pct.a"], "file_id": [2, 1], "reason": ["year", "type"], "records": [3, 4],
    }  # fmt: skip
    columns.update(changes)
    return pa.table(columns)


def test_every_contract_takes_its_own_empty_table() -> None:
    assert len(contracts.names()) >= 20
    for found in contracts.all_contracts():
        assert found.conform(found.empty()).num_rows == 0
        assert found.grain.endswith(".")
        assert set(found.key) <= set(found.schema.names)


def test_every_column_says_what_it_is() -> None:
    for found in contracts.all_contracts():
        for column in found.columns:
            assert column.description, f"{found.name}.{column.name}"


def test_rows_are_written_in_the_order_of_the_key(tmp_path) -> None:
    path = tmp_path / "filtered.parquet"
    assert contracts.write("filtered", filtered(), path) == 2
    assert contracts.read("filtered", path).column("file_id").to_pylist() == [1, 2]


def test_the_same_rows_give_the_same_bytes_whatever_their_order(tmp_path) -> None:
    one, two = tmp_path / "one.parquet", tmp_path / "two.parquet"
    contracts.write("filtered", filtered(), one)
    contracts.write("filtered", filtered().take([1, 0]), two)
    assert one.read_bytes() == two.read_bytes()


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(1, 3), st.sampled_from(["index", "type", "year"])),
        unique=True,
        max_size=12,
    )
)
def test_rows_end_in_the_order_of_the_key_whether_they_began_in_it_or_not(rows) -> None:
    contract = contracts.contract("filtered")
    deliveries, files, reasons = zip(*rows, strict=True) if rows else ((), (), ())
    columns = {
        "delivery": [f"pct.{one}" for one in deliveries],
        "file_id": list(files),
        "reason": list(reasons),
        "records": [1] * len(rows),
    }
    made = contract.conform(pa.table(columns, schema=contract.schema))
    found = list(zip(*(made[name].to_pylist() for name in contract.key), strict=True))
    assert found == sorted((f"pct.{delivery}", file, reason) for delivery, file, reason in rows)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": ["year", "weather"]}, "holds 'weather' in 'reason'"),
        ({"records": [0, 1]}, "holds 0 in 'records', below 1"),
        ({"file_id": [1, None]}, "empty cells in 'file_id'"),
        ({"records": ["many", "few"]}, "does not fit its types"),
        ({"file_id": [1, 1], "reason": ["year", "year"]}, "rows too many for its key"),
    ],
)
def test_a_broken_promise_is_named_and_nothing_is_written(tmp_path, changes, words) -> None:
    path = tmp_path / "filtered.parquet"
    with pytest.raises(ContractBroken, match=words):
        contracts.write("filtered", filtered(**changes), path)
    assert list(tmp_path.iterdir()) == []


def test_a_column_too_few_or_too_many_is_named() -> None:
    found = contracts.contract("filtered")
    with pytest.raises(ContractBroken, match="lacks columns \\['records'\\]"):
        found.conform(filtered().drop_columns(["records"]))
    with pytest.raises(ContractBroken, match="unknown ones \\['weather'\\]"):
        found.conform(filtered(weather=["dry", "wet"]))


def test_a_file_with_other_columns_is_refused_when_read(tmp_path) -> None:
    path = tmp_path / "rejects.parquet"
    contracts.write("filtered", filtered(), path)
    with pytest.raises(ContractBroken, match="The table rejects has no column 'position'"):
        contracts.read("rejects", path)


def test_a_missing_and_a_damaged_file_are_named(tmp_path) -> None:
    with pytest.raises(MissingData, match="The table filtered is not there yet"):
        contracts.read("filtered", tmp_path / "filtered.parquet")
    damaged = tmp_path / "filtered.parquet"
    contracts.write("filtered", filtered(), damaged)
    damaged.write_bytes(damaged.read_bytes()[:-20])
    with pytest.raises(StclustersError, match=r"filtered\.parquet is damaged"):
        contracts.read("filtered", damaged)
