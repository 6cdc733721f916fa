"""The reading room: raw patent and article files become canonical tables, and deliveries become years.

What belongs here: recognising a raw format, reading it, the rules on what counts (METHODOLOGY 2 and 3), the tables
of a delivery, the copy of a document that stays, the merge of a year. What does not: a coordinate (geocoding),
a fraction (counting), a path name (foundation.home). Persons' names stay inside the readers.

>>> from extracts import read_sci, read_pct  # Arrow record batches of listings, from a file or a folder
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extracts.alone import read_pct, read_sci

__all__ = ["read_pct", "read_sci"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from extracts import alone

        return getattr(alone, name)
    raise AttributeError(f"module 'extracts' has no attribute {name!r}")
