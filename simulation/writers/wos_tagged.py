"""Web of Science tagged text: `PT` to `ER`, fields in the order of the exports, one author and one address per line.

The first file of a year holds half of its records; the second the rest and, at its end, copies of some records of the
first, as exports made on different days overlap.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simulation.addresses import AddressBook
from simulation.articles import FATES, Articles
from simulation.draws import mixed
from simulation.subjects import Journal

HEADER = "FN Clarivate Analytics Web of Science\nVR 1.0\n"
END = "EF\n"
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
EXPORTED = "2024-05-02"  # DA: the day of the export
_NEXT = "\n   "
_OTHER_DATABASE = FATES.index("database")


@dataclass(frozen=True)
class Texts:
    """What records are put together from: full and short names of persons, titles, journals, addresses."""

    full_names: list[str]
    short_names: list[str]
    titles: list[str]
    journals: list[Journal]
    book: AddressBook


def write_year(folder: Path, articles: Articles, texts: Texts) -> int:
    """Copies among the records of a year, written in two parts compressed by Zstandard; same records, same bytes."""
    records = list(_records(articles, texts))
    half = (len(records) + 1) // 2
    again = [records[row] for row in articles.repeated.tolist()]
    parts = (records[:half], records[half:] + again)
    for number, part in enumerate(parts, 1):
        _write(folder / f"savedrecs_{articles.year}_part{number}.txt.zst", part)
    return len(again)


def _write(path: Path, records: list[str]) -> None:
    import zstandard

    # a byte order mark at the front, as exports have it; no checksum of time or name enters the bytes
    packer = zstandard.ZstdCompressor(level=1)
    with path.open("wb") as raw, packer.stream_writer(raw) as stream:
        stream.write(("\ufeff" + HEADER).encode("utf-8"))
        for start in range(0, len(records), 2000):
            stream.write("".join(records[start : start + 2000]).encode("utf-8"))
        stream.write(END.encode("utf-8"))


def _wrapped(text: str) -> str:
    return text if len(text) <= 77 else _NEXT.join(textwrap.wrap(text, 77, break_on_hyphens=False))


def _records(articles: Articles, texts: Texts) -> Iterator[str]:
    names = [texts.full_names[row] for row in articles.author_name.tolist()]
    short = [texts.short_names[row] for row in articles.author_name.tolist()]
    linked = [names[row] for row in articles.link_author.tolist()]
    addresses = texts.book.article_texts(articles.address_code)
    author_at, address_at = articles.author_start.tolist(), articles.address_start.tolist()
    link_at = articles.link_start.tolist()
    titles = [f"TI {_wrapped(title)}\n" for title in texts.titles]
    journals = [_JournalLines.of(journal) for journal in texts.journals]
    numbers = mixed(np.arange(len(articles.fate)) + articles.year * 10_000_000, 9).tolist()
    for row, number in enumerate(numbers):
        authors = slice(author_at[row], author_at[row + 1])
        lines = _address_lines(row, address_at, link_at, linked, addresses)
        journal = journals[articles.journal[row]]
        yield "".join(
            (
                "PT J\nAU ", _NEXT.join(short[authors]), "\nAF ", _NEXT.join(names[authors]), "\n",
                titles[number % len(titles)], journal.source, "LA English\n", _type_line(articles.document_type[row]),
                _address_field(lines, articles.fate[row] == _OTHER_DATABASE), _reprint(lines, short[authors.start]),
                "NR 2\nCR Okonkwo A, 2011, J INVENTED RES, V4, P12\n   Brandt L, 2009, INVENTED LETT, V1, P3\n"
                if number % 41 == 0 else "", f"TC {number % 17}\nPU INVENTED PRESS\n", journal.codes,
                _issue(articles, row, number), journal.fields(articles.index[row]), _identity(articles, row), "ER\n\n",
            )
        )  # fmt: skip


@dataclass(frozen=True)
class _JournalLines:
    source: str
    codes: str
    categories: str
    areas: str

    @classmethod
    def of(cls, journal: Journal) -> _JournalLines:
        return cls(
            f"SO {journal.title}\n",
            f"SN {journal.issn}\nJ9 {journal.short}\n",
            f"WC {_wrapped(journal.categories)}\n",
            f"SC {_wrapped(journal.areas)}\n",
        )

    def fields(self, index: str) -> str:
        """Categories, index and research areas in the order of the exports."""
        return f"{self.categories}WE {_wrapped(index)}\n{self.areas}"


def _type_line(document_type: str) -> str:
    return f"DT {document_type}\n" if document_type else ""


def _address_lines(
    row: int, address_at: list[int], link_at: list[int], linked: list[str], addresses: list[str]
) -> list[str]:
    lines = []
    for address in range(address_at[row], address_at[row + 1]):
        people = linked[link_at[address] : link_at[address + 1]]
        lines.append(f"[{'; '.join(people)}] {addresses[address]}." if people else f"{addresses[address]}.")
    return lines


def _address_field(lines: list[str], other_database: bool) -> str:
    if not lines:
        return ""
    if other_database:  # several addresses on one line, nobody linked
        return f"C1 {'; '.join(line.split('] ')[-1] for line in lines)}\n"
    return f"C1 {_NEXT.join(lines)}\n"


def _reprint(lines: list[str], author: str) -> str:
    return f"RP {author} (corresponding author), {lines[0].split('] ')[-1]}\n" if lines else ""


def _issue(articles: Articles, row: int, number: int) -> str:
    """Publication month, year, volume, pages, DOI, early access."""
    issue, early, month = articles.issue_year[row], articles.early_year[row], articles.early_month[row]
    published = f"PD {MONTHS[number % 12]}\nPY {issue}\nVL {1 + number % 90}\n" if issue else ""
    access = ""
    if month:
        access = f"EA {MONTHS[month - 1]} {early}\n" if early else f"EA {MONTHS[month - 1]}\n"
    return f"{published}BP {1 + number % 900}\nEP {9 + number % 900}\nDI 10.5555/sim.{articles.year}.{row}\n{access}PG 9\n"


def _identity(articles: Articles, row: int) -> str:
    if articles.fate[row] == _OTHER_DATABASE:
        return f"UT MEDLINE:{articles.year % 100 * 1_000_000 + row:08d}\nDA {EXPORTED}\n"
    return f"UT WOS:000{articles.year}{row:08d}\nDA {EXPORTED}\n"
