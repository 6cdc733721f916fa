"""Whether a delivery can be used, and what its user should know: the checks and the warnings of a reading.

A check that fails refuses the delivery before anything is written. A warning changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from extracts.delivery import Unit
from extracts.refused import refused
from foundation.errors import BadInput
from foundation.settings import Reader

NAMED = 10  # names in a warning; the table `files` has them all


def check(units: list[Unit], counts: dict[str, Any], reader: Reader, folder: str) -> None:
    """Raise BadInput when too many records cannot be read, too many persons are missing, or too few listings have an address."""
    records, rejected = counts["records"], counts["rejected"]
    if rejected > reader.reject_share_max * records:
        raise BadInput(
            f"{rejected:,} of {records:,} records could not be read, more than reader.reject_share_max"
            f" ({reader.reject_share_max:g}) allows: {_first_rejects(units)}.",
            "Get these files again, or raise the limit.",
            folder,
        )
    rows, dangling = counts.get("person_rows", 0), counts.get("person_rows_dangling", 0)
    if dangling > reader.dangling_share_max * rows:
        raise BadInput(
            f"{dangling:,} of {rows:,} rows of tls207 point to persons that are not there, more than"
            f" reader.dangling_share_max ({reader.dangling_share_max:g}) allows.",
            "Add the missing parts of tls206, or raise the limit.",
            folder,
        )
    few = few_addresses(counts, reader)
    if few:
        raise BadInput(few, _about_addresses(counts), folder)


def few_addresses(counts: dict[str, Any], reader: Reader) -> str:
    """Why a delivery has too few addresses, or nothing."""
    listings, located = counts["listings"], counts.get("listings_with_address", 0)
    if located >= reader.address_share_min * listings:
        return ""
    return (
        f"Only {located:,} of {listings:,} listings ({located / listings:.1%}) have an address, less than"
        f" reader.address_share_min ({reader.address_share_min:g}) asks for."
    )


def _about_addresses(counts: dict[str, Any]) -> str:
    what = (
        "Add tls206 with the column person_address filled"
        if "person_rows" in counts
        else 'Export "Full Record", which has the field C1'
    )
    return f"{what}, or lower the limit if these documents really have no more."


def _first_rejects(units: list[Unit]) -> str:
    found = []
    for unit in units:
        for row in unit.reading.rejects.filter(unit.reading.rejects["whole"]).slice(0, 3).to_pylist():
            path = unit.payloads[row["file_no"]].path
            found.append(f"{path}, {row['position_kind']} {row['position']:,}, {row['reason']}")
    return "; ".join(found[:3])


def _names(paths: list[str]) -> str:
    more = len(paths) - NAMED
    return ", ".join(paths[:NAMED]) + (f" and {more:,} more" if more > 0 else "")


@dataclass(frozen=True)
class Skipped:
    """Paths of a delivery that no reader read: all of them, those of the other kind, those in refused formats."""

    unknown: list[str]
    foreign: dict[str, str]
    refused: dict[str, str]

    def sentences(self) -> list[str]:
        """What was skipped and why, and what to do with what is known and not read."""
        known = {**self.foreign, **self.refused}
        rest = [path for path in self.unknown if path not in known]
        found = [f"Skipped, since no known format: {_names(rest)}."] if rest else []
        if self.foreign:
            names = [f"{path} ({name})" for path, name in sorted(self.foreign.items())]
            found.append(f"Skipped, since of the other kind: {_names(names)}.")
        for name in sorted(set(self.refused.values())):
            paths = sorted(path for path, other in self.refused.items() if other == name)
            what = refused(name)
            assert what is not None
            found.append(f"Skipped, since not read ({what.title}): {_names(paths)}. {what.advice}")
        return found


def warnings_of(units: list[Unit], counts: dict[str, Any], reader: Reader, skipped: Skipped) -> list[str]:
    """Sentences for the delivery's report, in a fixed order."""
    found = skipped.sentences()
    notes = {name: value for unit in units for name, value in unit.reading.notes.items()}
    found += _patent_warnings(counts, notes, reader)
    found += _article_warnings(counts, reader)
    beside = sum(unit.reading.rejects.num_rows for unit in units)
    if beside:
        found.append(f"{beside:,} records, or parts of records, were set aside: see the table rejects.")
    return found


def _patent_warnings(counts: dict[str, Any], notes: dict[str, Any], reader: Reader) -> list[str]:
    if "person_rows" not in counts:
        return []
    found = []
    if notes.get("pct_unknown"):
        found.append(
            "The tables do not tell PCT applications from others: all are kept (reader.pct_kind_when_absent)."
        )
    if reader.pct_date == "filing":
        found.append(
            "Filing years stand in for publication years (reader.pct_date): windows lie about a year early."
        )
    sentences = {
        "person_rows_dangling": "{:,} rows of tls207 point to persons that are not there: those listings have no address.",
        "application_missing": "{:,} rows of tls207 belong to applications that tls201 does not hold: left out.",
        "nb_inventors_misread": "{:,} applications state an impossible number of inventors: the listed ones count.",
        "ipc_unreadable": "{:,} rows of tls209 hold no IPC symbol: left out.",
        "fields_unlike_computed": "{:,} rows of tls230 differ from what the IPC symbols give; tls230 is used.",
        "wo_number_unknown": "{:,} documents have a number that is no WO number: they are kept under it.",
        "shares_unlike": "{:,} applications state shares of inventors unlike one part each: ours are used.",
        "without_filing_year": "{:,} applications have no filing year, which reader.pct_date: filing asks for: left out.",
        "documents_without_persons": "{:,} applications list no inventor: they count as unlocated.",
    }
    found += [text.format(counts[name]) for name, text in sentences.items() if counts.get(name)]
    if notes.get("ipc_unmatched"):
        named = ", ".join(f"{symbol} ({count:,})" for symbol, count in sorted(notes["ipc_unmatched"].items()))
        found.append(f"IPC subclasses without a technology field: {named}.")
    return found


def _article_warnings(counts: dict[str, Any], reader: Reader) -> list[str]:
    found = []
    if counts.get("without_index") and reader.index_when_absent == "keep":
        found.append(
            f"{counts['without_index']:,} articles come from exports without an index (most before 2022) and are kept"
            " (reader.index_when_absent)."
        )
    sentences = {
        "without_type": "{:,} records have no document type (short exports) and are left out: export full records.",
        "like_scie": "{:,} articles come from OpenAlex, cut to journals like those of SCIE: wider than SCIE.",
        "early_access": "{:,} articles count under their early-access year.",
        "documents_without_address": "{:,} articles have no address: they count as unlocated.",
    }
    return found + [text.format(counts[name]) for name, text in sentences.items() if counts.get(name)]
