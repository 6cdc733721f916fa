"""Large raw files for the benchmarks: complete records of the shared samples, repeated with new ids until they are long enough.

Only complete records are taken (most shared exports were cut short), so that bytes per record are those of a real export.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
COMPLETE = ("twin/lbl_tagged.txt.gz", "twin/wosfile_tagged.txt.gz", "tagged/three_letter_lines.txt.gz")


def _unpacked(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw


def _tagged_records() -> list[bytes]:
    found = []
    for name in COMPLETE:
        text = _unpacked(SHARED / "wos" / name).removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        for part in text.split(b"\nER\n")[:-1]:
            at = part.find(b"PT J")
            # three-letter lines go the careful way by design; here they would decide the speed of every block
            if at >= 0 and not re.search(rb"\nRID ", part):
                found.append(part[at:] + b"\nER\n\n")
    return found


def tagged(path: Path, size: int, first: int = 0) -> int:
    """A tagged file of at least `size` bytes, its ids counted from `first`; returns its records."""
    records = _tagged_records()
    pieces = [re.split(rb"(?<=\nUT )WOS:[A-Z0-9]+", record, maxsplit=1) for record in records]
    count = 0
    with path.open("wb") as out:
        written = out.write(b"FN Clarivate Analytics Web of Science\nVR 1.0\n")
        while written < size:
            for before, after in pieces:
                written += out.write(b"%sWOS:%015d%s" % (before, first + count, after))
                count += 1
        out.write(b"EF\n")
    return count


def tab(path: Path, size: int) -> int:
    """A tab-delimited file of at least `size` bytes; returns its records."""
    text = _unpacked(SHARED / "wos" / "twin" / "lbl_tab.txt.gz").removeprefix(b"\xef\xbb\xbf")
    header, *rows = text.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    pieces = [re.split(rb"WOS:[A-Z0-9]+", row, maxsplit=1) for row in rows]
    count = 0
    with path.open("wb") as out:
        written = out.write(header + b"\n")
        while written < size:
            for before, after in pieces:
                written += out.write(b"%sWOS:%015d%s\n" % (before, count, after))
                count += 1
    return count


def xml(path: Path, size: int) -> int:
    """A file of raw XML records of all editions of at least `size` bytes; returns its records."""
    records: list[bytes] = []
    for name in ("AHCI", "BHCI", "BSCI", "ESCI", "ISSHP", "ISTP", "SCI", "SSCI", "annual_one"):
        records += re.findall(rb"<REC[ >].*?</REC>", _unpacked(SHARED / "wos" / "xml" / f"{name}.xml"), re.S)
    pieces = [re.split(rb"(?<=<UID>)[^<]+", record, maxsplit=1) for record in records]
    count = 0
    with path.open("wb") as out:
        written = out.write(b'<records xmlns="http://clarivate.com/schema/wok5.30/public/FullRecord">\n')
        while written < size:
            for before, after in pieces:
                written += out.write(b"%sWOS:%015d%s\n" % (before, count, after))
                count += 1
        out.write(b"</records>\n")
    return count


def openalex(path: Path, size: int) -> int:
    """JSON lines of works of at least `size` bytes; returns the works."""
    lines: list[bytes] = []
    for name in ("works_1", "works_2", "works_3", "works_4", "works_2025_walden"):
        raw = _unpacked(SHARED / "openalex" / f"{name}.jsonl.gz")
        lines += [line for line in raw.split(b"\n") if line]
    pieces = [re.split(rb'(?<="id":"https://openalex.org/)W\d+', line, maxsplit=1) for line in lines]
    pieces = [pair for pair in pieces if len(pair) == 2]
    count = 0
    with path.open("wb") as out:
        written = 0
        while written < size:
            for before, after in pieces:
                written += out.write(b"%sW%d%s\n" % (before, 1_000_000_000 + count, after))
                count += 1
    return count


def xls(path: Path) -> int:
    """The largest shared spreadsheet, unpacked; returns its bytes."""
    return path.write_bytes(_unpacked(SHARED / "wos" / "twin" / "lbl_xls.xls.gz"))
