"""What an asset's page shows of a table: its first rows, and nothing about a person; an equal table is no new version."""

from pathlib import Path

import dagster as dg
import pyarrow as pa

from foundation import contracts
from foundation.home import Home
from foundation.parquet import write_table
from orchestration.dbt import with_rows
from orchestration.pictures import ROWS_SHOWN, first_rows

ADDRESS = {
    "address_id": 2**60,
    "country": "PT",
    "text": "Rua Augusta 1, Lisboa",
    "postcode": "1100",
    "city": "Lisboa",
}


def test_a_preview_tells_no_persons_address(tmp_path: Path) -> None:
    home = Home(tmp_path)
    nothing = {
        field.name: "" for field in contracts.contract("addresses").schema if pa.types.is_string(field.type)
    }
    row = {**nothing, "latitude": 38.7, "longitude": -9.1, "listings": 1, **ADDRESS}
    file = home.lake("addresses", 2021)
    contracts.write(
        "addresses", pa.Table.from_pylist([row], schema=contracts.contract("addresses").schema), file
    )
    (record,) = first_rows("addresses", file)["preview"].records
    assert record.data["country"] == "PT"
    assert record.data["address_id"] == str(2**60), "a browser would show another number"
    assert not {"text", "postcode", "latitude", "longitude"} & record.data.keys()


def test_a_preview_is_ten_rows_of_plain_values(tmp_path: Path) -> None:
    table = pa.table(
        {
            "name": [f"City {n}" for n in range(50)],
            "parts": [["a", "b"]] * 50,
            "area": [None] * 50,
            "at": [35.123456789] * 50,
            "shape": [b""] * 50,
        }
    )
    write_table(table, tmp_path / "ranking.parquet")
    records = first_rows("ranking", tmp_path / "ranking.parquet")["preview"].records
    assert len(records) == ROWS_SHOWN
    assert records[3].data == {"name": "City 3", "parts": "a, b", "area": "", "at": 35.1235}
    write_table(table.slice(0, 0), tmp_path / "ranking.parquet")
    assert first_rows("ranking", tmp_path / "ranking.parquet") == {}


def test_a_dbt_table_with_the_same_content_is_the_same_version(tmp_path: Path) -> None:
    """So an edition that is built again with the same result leaves those that compare themselves with it up to date."""
    home, said = Home(tmp_path), dg.Output(None, "cluster_ranks", metadata={"Execution Duration": 0.5})
    table, file = pa.table({"cluster_no": [1, 2]}), home.table("one", "cluster_ranks")
    made = []
    for content in (table, table, table.slice(0, 1)):
        write_table(content, file)
        made.append(with_rows(said, home, "one"))
    assert made[0].data_version == made[1].data_version != made[2].data_version
    assert made[2].metadata["rows"].value == 1
