"""Formats that are known and not read: their names, how they are told, and what to do instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_BIBTEX = re.compile(rb"^\s*@[A-Za-z]+\s*\{", re.M)
_RIS = re.compile(rb"^(?:\xef\xbb\xbf)?\s*TY  - ", re.M)


@dataclass(frozen=True)
class Refused:
    """A format that is named and refused. `told` looks at the first bytes, as UTF-8 with LF; `raw` at them as they are."""

    name: str
    title: str
    advice: str
    told: Callable[[bytes], bool] | None = None
    raw: Callable[[bytes], bool] | None = None


def _holds(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda head: any(mark in head for mark in marks)


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(marks)


def _json(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.lstrip()[:1] in (b"{", b"[") and any(mark in head for mark in marks)


def _header(*names: str) -> Callable[[bytes], bool]:
    def told(head: bytes) -> bool:
        line = head.split(b"\n", 1)[0].decode("utf-8", "replace").lower().replace('"', "")
        cells = {cell.strip() for cell in re.split(r"[|,;\t]", line)}
        return set(names) <= cells

    return told


REFUSED = (
    Refused("7z", "7z archive", "Unpack it first (7z x FILE) and give the folder.", raw=_begins(b"7z\xbc\xaf\x27\x1c")),
    Refused("rar", "RAR archive", "Unpack it first and give the folder.", raw=_begins(b"Rar!\x1a")),
    Refused("bzip2", "bzip2 file", "Unpack it first, or pack it by gzip or Zstandard.", raw=_begins(b"BZh")),
    Refused("xz", "xz file", "Unpack it first, or pack it by gzip or Zstandard.", raw=_begins(b"\xfd7zXZ\x00")),
    Refused("pdf", "PDF document", "Export the records as text.", raw=_begins(b"%PDF-")),
    Refused(
        "us_grants", "US grants or applications (USPTO XML)",
        "US documents are not PCT applications: give PATSTAT, REGPAT, WIPO or EP files.",
        told=_holds(b"<us-patent-grant", b"<us-patent-application", b"<PATDOC", b"<sequence-cwu"),
    ),
    Refused(
        "docdb", "EPO DOCDB XML",
        "DOCDB has no addresses of inventors: give PATSTAT, WIPO or EP full text instead.",
        told=_holds(b"exchange-document"),
    ),
    Refused(
        "wipo_json", "WIPO status report as JSON",
        "Ask the service for XML, or give the weekly XML files.",
        told=_json(b"wo-bibliographic-data", b"wo-international-application-status"),
    ),
    Refused(
        "wos_api_json", "Web of Science API records as JSON",
        "Ask the API for XML, or export tagged text.",
        told=_json(b'"static_data"'),
    ),
    Refused(
        "ris", "RIS", "Export from Web of Science as plain text, full record.",
        told=lambda head: _RIS.match(head) is not None,
    ),
    Refused(
        "bibtex", "BibTeX", "Export from Web of Science as plain text, full record.",
        told=lambda head: _BIBTEX.match(head) is not None,
    ),
    Refused("medline", "PubMed text (nbib)", "PubMed is not Web of Science: export there.", told=_begins(b"PMID- ")),
    Refused("scopus_csv", "Scopus CSV", "Scopus is not read: bring it as a canonical table (stclusters formats --template sci).",
        told=_header("authors", "author full names", "eid")),
    Refused(
        "regpat_epo", "OECD REGPAT, EPO part",
        "These are EPO applications, not PCT: give the files named PCT_*.",
        told=_header("app_nbr", "appln_id"),
    ),
    Refused(
        "regpat_regions", "OECD REGPAT, names of regions", "It is not needed.",
        told=_header("reg_code", "reg_label"),
    ),
)  # fmt: skip
SPREADSHEET = Refused(
    "spreadsheet",
    "spreadsheet that is no Web of Science export",
    "Save it as CSV in the form of `stclusters formats --template`.",
)
PARQUET = Refused(
    "parquet",
    "Parquet file that is no canonical table",
    "See `stclusters formats --template sci` for its columns.",
)
OUTSIDE = Refused(
    "outside",
    "member of an archive whose name leaves the archive's folder",
    "Pack it again without .. in its names.",
)
NESTED = Refused("nested", "archive within too many archives", "Unpack the outer ones.")
DAMAGED = Refused("damaged", "damaged or cut-off archive, or member of one", "Get it again.")
_ALL = {one.name: one for one in (*REFUSED, SPREADSHEET, PARQUET, OUTSIDE, NESTED, DAMAGED)}


def refused_name(raw: bytes, text: bytes) -> str | None:
    """Name of the refused format that a payload begins like; None when it is none of them."""
    for one in REFUSED:
        if (one.raw is not None and one.raw(raw)) or (one.told is not None and one.told(text)):
            return one.name
    return None


def refused(name: str) -> Refused | None:
    """The refused format called `name`."""
    return _ALL.get(name)
