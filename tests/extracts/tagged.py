"""Tagged records for tests, written by us."""

import io
from collections.abc import Iterable
from typing import Any

from extracts.formats import wos_tagged
from extracts.records import REJECTS


def record(ut: str, **fields: str | Iterable[str]) -> str:
    """One record; a field with several items stands on several lines."""
    given = {"PT": "J", "AF": ["Roe, Jane"], "DT": "Article", "PY": "2020", **fields, "UT": ut}
    lines = []
    for tag, value in given.items():
        items = [value] if isinstance(value, str) else list(value)
        if items and items != [""]:
            lines += [f"{tag} {items[0]}", *(f"   {item}" for item in items[1:])]
    return "\n".join([*lines, "ER", "", ""])


def export(*records: str) -> bytes:
    """A whole file."""
    return ("FN Clarivate Analytics Web of Science\nVR 1.0\n" + "".join(records) + "EF\n").encode()


def read(raw: bytes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Articles and rejects of a file, as dictionaries."""
    found: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for batch in wos_tagged.read(io.BytesIO(raw)):
        found[batch.schema.names == REJECTS.names].extend(batch.to_pylist())
    return found
