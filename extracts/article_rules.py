"""Which articles count, and under which year: database, index, type, retracted, year, in this order (METHODOLOGY 2).

Each distinct text of a batch is decided once; the rest is array arithmetic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from extracts import meaning
from extracts.address_book import coded
from foundation.settings import Reader

Mask = npt.NDArray[np.bool_]
REASONS = ("", "database", "index", "journal", "type", "retracted", "year")  # "" keeps the article
_NUMBER = {name: number for number, name in enumerate(REASONS)}
NO_YEAR = -1

Codes = npt.NDArray[np.int8]  # of REASONS
Years = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Rules:
    """The reader settings that decide on articles, with the ISSNs of `index_journals`."""

    reader: Reader
    journals: frozenset[str] = frozenset()


def _reasons(column: pa.Array, decide: Callable[[str], str]) -> Codes:
    """The reason that each row's text gives, decided once per distinct text."""
    made, which = coded(column, lambda text: _NUMBER[decide(text)])
    return np.array(made, np.int8)[which]


def _by_index(batch: pa.RecordBatch, rules: Rules) -> Codes:
    """Articles left out by their index, or by their journal where no index is named and a list of journals decides."""
    reader = rules.reader
    wanted = set(reader.sci_indexes)
    like = "SCIE" in wanted

    def by_index(text: str) -> str:
        found = meaning.index_names(text)
        if found:
            return "" if wanted & set(found) or (like and meaning.LIKE_SCIE in found) else "index"
        return {"keep": "", "drop": "index", "by_journal": "journal"}[reader.index_when_absent]

    def by_journal(text: str) -> str:
        return "" if rules.journals & set(meaning.issns(text)) else "journal"

    found = _reasons(batch["indexes"], by_index)
    if (found == _NUMBER["journal"]).any():
        found = np.where(found == _NUMBER["journal"], _reasons(batch["issns"], by_journal), found)
    return found


def filtered_by(batch: pa.RecordBatch, rules: Rules, counts: Counter[str]) -> Codes:
    """The rule that leaves each article out, by its place in REASONS, before its year is looked at."""
    types = set(rules.reader.sci_doc_types)

    def by_type(text: str) -> str:
        tokens = meaning.type_tokens(text)
        if not tokens or tokens[0] not in types:
            return "type"
        retracted = "Retracted Publication" in tokens and not rules.reader.sci_include_retracted
        return "retracted" if retracted else ""

    by_index, kind = _by_index(batch, rules), _reasons(batch["doc_type"], by_type)
    core = np.zeros(batch.num_rows, bool)
    for beginning in meaning.CORE:
        core |= np.asarray(pc.starts_with(batch["record_id"], beginning))
    reasons = np.where(core, np.where(by_index, by_index, kind), np.int8(_NUMBER["database"]))
    silent = np.asarray(pc.equal(batch["indexes"], ""))
    counts["without_index"] += int((silent & (reasons == 0)).sum())
    counts["without_type"] += pc.sum(pc.equal(batch["doc_type"], "")).as_py() or 0
    return reasons


def years_of(batch: pa.RecordBatch, reader: Reader) -> tuple[Years, Mask]:
    """Year that counts (NO_YEAR without one), and whether it is that of early access."""

    def of(name: str) -> Years:
        made, which = coded(batch[name], meaning.year_in)
        return np.array([NO_YEAR if year is None else year for year in made], np.int16)[which]

    issue, early = of("issue_year"), of("early_access")
    if reader.sci_year == "issue":
        return np.where(issue != NO_YEAR, issue, early), issue == NO_YEAR
    return np.where(early != NO_YEAR, early, issue), early != NO_YEAR
