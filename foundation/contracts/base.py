"""What a contract is, and how a table is held against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from foundation.errors import ContractBroken

COUNT = pa.decimal128(38, 15)  # sums of fractions
FRACTION = pa.decimal128(18, 15)  # one fraction


@dataclass(frozen=True)
class Column:
    """One column: name, Arrow type, what it says, unit, where its value comes from, and what it may hold."""

    name: str
    type: pa.DataType
    description: str
    nullable: bool = False
    unit: str = ""
    source: str = ""
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Contract:
    """A table's promise. `partition` is `delivery`, `publication_year`, `edition` or empty."""

    name: str
    grain: str
    partition: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema; nullability is part of it."""
        return pa.schema([pa.field(column.name, column.type, column.nullable) for column in self.columns])

    def column(self, name: str) -> Column:
        """The column called `name`."""
        return next(column for column in self.columns if column.name == name)

    def empty(self) -> pa.Table:
        """A table without rows."""
        return self.schema.empty_table()

    def check_schema(self, schema: pa.Schema, columns: list[str] | None = None) -> None:
        """Raise ContractBroken unless `schema` has the contract's columns (or `columns` of it) with their types."""
        for column in self.columns:
            if columns is not None and column.name not in columns:
                continue
            position = schema.get_field_index(column.name)
            if position < 0:
                raise self._broken(f"has no column '{column.name}'")
            if schema.field(position).type != column.type:
                raise self._broken(
                    f"has column '{column.name}' as {schema.field(position).type}, not {column.type}"
                )
        extra = set(schema.names) - {column.name for column in self.columns}
        if extra:
            raise self._broken(f"has unknown columns {sorted(extra)}")

    def conform(self, table: pa.Table) -> pa.Table:
        """`table` with the contract's column order, types and row order; raises ContractBroken on any broken promise."""
        missing = [column.name for column in self.columns if column.name not in table.column_names]
        extra = [name for name in table.column_names if name not in self.schema.names]
        if missing or extra:
            raise self._broken(f"lacks columns {missing} and has unknown ones {extra}")
        table = table.select(self.schema.names)
        for column in self.columns:
            if not column.nullable and table[column.name].null_count:
                raise self._broken(f"has {table[column.name].null_count:,} empty cells in '{column.name}'")
        try:
            table = table.cast(self.schema)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as fault:
            raise self._broken(f"does not fit its types: {fault}") from None
        self._check_values(table)
        table = self._sorted(table)
        self._check_key(table)
        return table

    def _broken(self, what: str) -> ContractBroken:
        return ContractBroken(
            f"The table {self.name} {what}.",
            "This is a fault of the stage that writes it; nothing was written.",
        )

    def _check_values(self, table: pa.Table) -> None:
        for column in self.columns:
            values = table[column.name]
            if column.allowed and len(values):
                wrong = pc.invert(pc.is_in(values, value_set=pa.array(column.allowed)))
                found = values.filter(pc.and_(wrong, values.is_valid()))
                if len(found):
                    raise self._broken(f"holds '{found[0].as_py()}' in '{column.name}'")
            if column.minimum is None and column.maximum is None:
                continue
            bounds: Any = pc.min_max(values)
            low, high = bounds["min"].as_py(), bounds["max"].as_py()
            if low is not None and column.minimum is not None and low < column.minimum:
                raise self._broken(f"holds {low} in '{column.name}', below {column.minimum}")
            if high is not None and column.maximum is not None and high > column.maximum:
                raise self._broken(f"holds {high} in '{column.name}', above {column.maximum}")

    def _sorted(self, table: pa.Table) -> pa.Table:
        order = self.order or self.key
        if not order or table.num_rows < 2 or self._in_order(table, order):
            return table
        return table.sort_by([(name, "ascending") for name in order])

    def _in_order(self, table: pa.Table, order: tuple[str, ...]) -> bool:
        """Whether the rows stand in this order already, which takes a twentieth of sorting them to see."""
        if any(table[name].null_count for name in order):
            return False
        good = None
        for name in reversed(order):
            one, next_one = table[name].slice(0, table.num_rows - 1), table[name].slice(1)
            if good is None:
                good = pc.less_equal(one, next_one)
            else:
                good = pc.or_(pc.less(one, next_one), pc.and_(pc.equal(one, next_one), good))
        return bool(pc.all(good).as_py())

    def _distinct_in_order(self, table: pa.Table) -> bool:
        """Whether no row has the key of the row before, in a table sorted by its key; false says nothing of others."""
        first = (self.order or self.key)[: len(self.key)]
        if set(first) != set(self.key) or any(table[name].null_count for name in first):
            return False
        same = None
        for name in first:
            equal = pc.equal(table[name].slice(1), table[name].slice(0, table.num_rows - 1))
            same = equal if same is None else pc.and_(same, equal)
        return not pc.any(same).as_py()

    def _check_key(self, table: pa.Table) -> None:
        if not self.key or table.num_rows < 2 or self._distinct_in_order(table):
            return
        counted = table.select(list(self.key)).group_by(list(self.key)).aggregate([([], "count_all")])
        if counted.num_rows != table.num_rows:
            twice = counted.filter(pc.greater(counted["count_all"], 1)).slice(0, 1).to_pylist()[0]
            twice.pop("count_all")
            raise self._broken(
                f"has {table.num_rows - counted.num_rows:,} rows too many for its key, as {twice}"
            )
