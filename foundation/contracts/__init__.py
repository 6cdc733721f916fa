"""One module per table: its Arrow schema, key, order, grain, columns with units and sources, and checks.

From a contract come the check on write, Dagster's column table, dbt's sources, empty tables for dbt's tests and the
data dictionary. dbt models carry theirs in YAML. `contract(name)` finds one, `all_contracts()` lists them.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

from foundation.contracts.base import Column, Contract

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Column", "Contract", "all_contracts", "contract", "names", "read", "write"]


def names() -> list[str]:
    """Names of all tables with a contract, sorted."""
    return sorted(
        module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if module.name != "base"
    )


def contract(name: str) -> Contract:
    """The contract of the table `name`."""
    found = importlib.import_module(f"foundation.contracts.{name}").CONTRACT
    assert isinstance(found, Contract)
    assert found.name == name
    return found


def all_contracts() -> list[Contract]:
    """All contracts, by name."""
    return [contract(name) for name in names()]


def write(name: str, table: pa.Table, path: Path, metadata: dict[str, str] | None = None) -> int:
    """Rows of `table` written to `path` after the contract's checks, in the contract's order."""
    from foundation.parquet import write_table

    return write_table(contract(name).conform(table), path, metadata)


def read(name: str, path: Path, columns: list[str] | None = None) -> pa.Table:
    """The rows of `path`, whose columns must be the contract's."""
    from foundation.parquet import read_table

    table = read_table(path, columns)
    contract(name).check_schema(table.schema, columns)
    return table
