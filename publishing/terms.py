"""Words that come from tables (fields, regions, reasons, units) as pages show them, in the language that is spoken."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from pathlib import Path

from publishing.language import say


@functools.cache
def shown() -> Mapping[str, str]:
    """English wording by the word of the table, from `data/terms.csv`."""
    file = Path(__file__).resolve().parent / "data" / "terms.csv"
    with file.open(encoding="utf-8", newline="") as handle:
        return {row["word"]: row["shown"] or row["word"] for row in csv.DictReader(handle)}


def term(word: str | None) -> str:
    """A table's word as it is shown; one that nobody lists is shown as it is, with spaces for underscores.

    Examples
    --------
    >>> term("lower_middle"), term("Optics"), term(None)
    ('Lower-middle income', 'Optics', '')
    """
    return say(shown().get(word, word.replace("_", " "))) if word else ""
