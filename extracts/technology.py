"""Technology fields of an application from its IPC symbols (METHODOLOGY 16): main group first, then subclass.

The concordance is a seed of the dbt project (`ipc_technology`), given as a file; users may add patterns by a second one.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from foundation.errors import BadInput

_PATTERN = re.compile(r"^([A-H]\d{2}[A-Z])(?:\s+(\d{1,4}))?$")


class Concordance:
    """Field number of an IPC symbol.

    >>> from foundation.home import seed_file
    >>> fields = Concordance.load(seed_file("ipc_technology"))
    >>> (
    ...     fields.field("G01N 33/48"),
    ...     fields.field("G01N 330/1"),
    ...     fields.field("H04W 4/00"),
    ...     fields.field("G01N"),
    ... )
    (11, None, 4, None)
    """

    def __init__(self, subclasses: dict[str, int], groups: dict[tuple[str, int], int]) -> None:
        self._subclasses, self._groups = subclasses, groups

    @classmethod
    def load(cls, *files: Path) -> Concordance:
        """The patterns of all files; a later file wins. Raises BadInput for a file that holds none."""
        subclasses: dict[str, int] = {}
        groups: dict[tuple[str, int], int] = {}
        for file in files:
            for pattern, field in _rows(file):
                subclass, group = pattern
                if group is None:
                    subclasses[subclass] = field
                else:
                    groups[subclass, group] = field
        return cls(subclasses, groups)

    def field(self, symbol: str) -> int | None:
        """Field of a symbol in the form `H04L 9/08`; None where no pattern fits (a bare split subclass)."""
        subclass, _, rest = symbol.partition(" ")
        if rest:
            found = self._groups.get((subclass, int(rest.split("/", 1)[0])))
            if found is not None:
                return found
        return self._subclasses.get(subclass)


def _rows(file: Path) -> list[tuple[tuple[str, int | None], int]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except OSError as fault:
        raise BadInput(
            f"The table of technology fields cannot be read: {fault.strerror}.",
            "Check reader.ipc_extra.",
            str(file),
        ) from None
    found = []
    for row in rows:
        pattern = _PATTERN.match((row.get("ipc_pattern") or "").strip().upper())
        number = (row.get("field_nr") or "").strip()
        if pattern is None or not number.isdigit() or not 1 <= int(number) <= 35:
            raise BadInput(
                f"The table of technology fields holds a row that is no pattern: {dict(row)}.",
                "Give columns ipc_pattern (H04W or G01N 33) and field_nr (1 to 35).",
                str(file),
            )
        found.append(((pattern.group(1), int(pattern.group(2)) if pattern.group(2) else None), int(number)))
    return found
