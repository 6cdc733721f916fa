"""CSV that is safe to open in a spreadsheet: UTF-8, comma, LF, header row.

Text cells that begin with `= + - @`, tab, CR or LF get a leading apostrophe (quoting alone does not stop a formula).
Numbers stay numbers; lists are joined by `; `; an unknown value is an empty cell; Parquet holds the raw text.
A simulated edition's file has one line before the header that begins with `#`.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

SIMULATED_LINE = "# SIMULATED: every figure in this file is invented; do not quote it as fact\n"
_FORMULA = r"^[=+\-@\t\r\n]"


def text(table: pa.Table, simulated: bool) -> bytes:
    """`table` as CSV; geometry and other binary columns are left out."""
    import pyarrow as pa
    import pyarrow.csv as pc

    names = [field.name for field in table.schema if not pa.types.is_binary(field.type)]
    cells = pa.table({name: _cells(table[name]) for name in names})
    held = io.BytesIO()
    if simulated:
        held.write(SIMULATED_LINE.encode())
    pc.write_csv(cells, held, pc.WriteOptions(include_header=True, quoting_style="needed"))
    return held.getvalue()


def safe(cell: str) -> str:
    """A text cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> safe("=1+1"), safe("Basel")
    ("'=1+1", 'Basel')
    """
    return f"'{cell}" if re.match(_FORMULA, cell) else cell


def _cells(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        joined = ["; ".join(map(_item, cell)) if cell is not None else None for cell in column.to_pylist()]
        column, kind = pa.array(joined, pa.string()), pa.string()
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return column
    risky: Any = pc.match_substring_regex(column, _FORMULA)
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)


def _item(value: object) -> str:
    return "" if value is None else str(value)
