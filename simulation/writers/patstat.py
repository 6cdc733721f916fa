"""PATSTAT tables as the bulk product delivers them: comma, text quoted, CRLF, a header in every part, parts of a table.

Beside each international application (kind W) stand some national ones (kind A) of the same inventors and artificial
ones (kind D); a reader must count neither. Ids are given in the order of the documents.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from simulation import rates
from simulation.addresses import PERSONS_MOST, AddressBook
from simulation.applications import APPLICANTS_MOST, Applications, Slips
from simulation.draws import mixed, mixed_one
from simulation.styles import style_of
from simulation.words import invented
from simulation.world import World

HEADERS = {
    "tls201": '"appln_id","appln_auth","appln_nr","appln_kind","appln_filing_date","appln_filing_year","receiving_office",'
    '"internat_appln_id","earliest_publn_date","earliest_publn_year","docdb_family_id","nb_applicants","nb_inventors"',
    "tls206": '"person_id","person_name","person_address","person_ctry_code","doc_std_name_id","psn_name","psn_sector","han_name"',
    "tls207": '"person_id","appln_id","applt_seq_nr","invt_seq_nr"',
    "tls209": '"appln_id","ipc_class_symbol","ipc_position"',
    "tls211": '"pat_publn_id","publn_auth","publn_nr","publn_kind","appln_id","publn_date"',
}
PARTS = {"tls201": 1, "tls206": 3, "tls207": 2, "tls209": 2, "tls211": 1}
FIRST_APPLICATION, FIRST_PERSON, FIRST_PUBLICATION = 540_000_001, 70_000_001, 560_000_001
JUNK_CODES = ("--", "..", "75", "@@", "0B")
LETTER_COUNTRIES = {
    "CN": "China", "US": "United States", "GB": "United Kingdom", "HK": "Hong Kong", "MO": "Macau",
}  # fmt: skip


@dataclass
class Tables:
    """Rows of each table as lines, and the persons met so far with their ids."""

    world: World
    book: AddressBook
    names: list[str]
    rows: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in HEADERS})
    texts: dict[int, tuple[str, str]] = field(default_factory=dict)
    _inventors: dict[int, int] = field(default_factory=dict)
    _applicants: dict[int, int] = field(default_factory=dict)
    _applications: int = FIRST_APPLICATION
    _persons: int = FIRST_PERSON
    _publications: int = FIRST_PUBLICATION
    _companies: list[str] = field(default_factory=list)

    def add_year(self, applications: Applications) -> None:
        """The rows of one publication year."""
        count = len(applications.lead)
        drawn = mixed(np.arange(count) + applications.year * 10_000_000, 12).tolist()
        start, symbol_start = applications.inventor_start.tolist(), applications.symbol_start.tolist()
        inventors = [self._inventor(person) for person in self._slipped(applications.person)]
        twice = set(applications.twice.tolist())
        for row in range(count):
            people = inventors[start[row] : start[row + 1]]
            listed = [*people, people[0]] if row in twice else people
            symbols = applications.symbols[symbol_start[row] : symbol_start[row + 1]]
            self._application(applications, row, drawn[row], listed, symbols)

    def _application(
        self, applications: Applications, row: int, drawn: int, listed: list[int], symbols: list[str]
    ) -> None:
        world = self.world
        country = str(world.places.country[world.site_place[applications.lead[row]]])
        published = date(applications.year, 1, 1) + timedelta(days=int(applications.day[row]))
        filed = published - timedelta(days=190 + drawn % 200)
        companies = [self._applicant(int(code)) for code in applications.applicants[row] if code >= 0]
        apply = bool(applications.inventors_apply[row])
        stated = int(applications.stated[row])
        appln = self._applications
        applicants = len(companies) + (len(listed) if apply else 0)
        self._first_table(appln, country, "W", filed, published, country, 0, applicants, stated)
        self._links(appln, listed, companies, apply)
        self._symbols(appln, symbols)
        self._publish(appln, applications.year, row, published, drawn)
        self._applications += 1
        if drawn % 10_000 < rates.NATIONAL * 10_000:
            national = self._applications
            entered = published + timedelta(days=330)
            self._first_table(national, country, "A", filed, entered, "", appln, applicants, stated)
            self._links(national, listed, companies, apply)
            self._symbols(national, symbols)
            number = f"{entered.year}{drawn % 1_000_000:07d}"
            self._publication(country, number, "A", national, entered)
            self._applications += 1
        elif drawn % 10_000 >= 10_000 - rates.DUMMY * 10_000:
            self._first_table(self._applications, country, "D", filed, None, "", 0, 0, 0)
            self._applications += 1

    def _first_table(
        self, appln: int, office: str, kind: str, filed: date, published: date | None, receiving: str,
        international: int, applicants: int, inventors: int,
    ) -> None:  # fmt: skip
        day, year = (published.isoformat(), published.year) if published else ("9999-12-31", 9999)
        self.rows["tls201"].append(
            f'{appln},"{office}","{filed.year}{appln % 1_000_000:06d}","{kind}",{filed.isoformat()},{filed.year},'
            f'"{receiving}",{international},{day},{year},{appln - 500_000_000},{applicants},{inventors}'
        )

    def _links(self, appln: int, inventors: list[int], companies: list[int], apply: bool) -> None:
        rows = self.rows["tls207"]
        rows += [f"{person},{appln},{number},0" for number, person in enumerate(companies, 1)]
        for number, person in enumerate(inventors, 1):
            rows.append(f"{person},{appln},{len(companies) + number if apply else 0},{number}")

    def _symbols(self, appln: int, symbols: list[str]) -> None:
        distinct = dict.fromkeys(symbols)
        self.rows["tls209"] += [
            f'{appln},"{symbol}","{"L" if number else "F"}"' for number, symbol in enumerate(distinct)
        ]

    def _publish(self, appln: int, year: int, row: int, published: date, drawn: int) -> None:
        number = f"{year}{row + 1:06d}"
        first = "A2" if drawn % 100 < 100 * rates.SECOND_PUBLICATION_WITHOUT_REPORT else "A1"
        self._publication("WO", number, first, appln, published)
        rest = drawn // 100 % 10_000
        for kind, rate in rates.LATER_PUBLICATION.items():
            if rest < rate * 10_000 and (kind != "A3" or first == "A2"):
                self._publication("WO", number, kind, appln, published + timedelta(days=90 + drawn % 200))

    def _publication(self, office: str, number: str, kind: str, appln: int, day: date) -> None:
        self.rows["tls211"].append(
            f'{self._publications},"{office}","{number}","{kind}",{appln},{day.isoformat()}'
        )
        self._publications += 1

    def _slipped(self, person: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[int]:
        new = np.unique(person)
        slips = Slips.of(new)
        kinds = np.select(
            [slips.no_address, slips.no_country, slips.other_country, slips.junk_country, slips.missing], [1, 2, 3, 4, 5], 0
        )  # fmt: skip
        for number, kind in zip(new.tolist(), kinds.tolist(), strict=True):
            if number not in self._inventors:
                self._new_inventor(number, kind)
        people: list[int] = person.tolist()
        return people

    def _inventor(self, person: int) -> int:
        return self._inventors[person]

    def _new_inventor(self, person: int, slip: int) -> None:
        place, number = divmod(person, PERSONS_MOST)
        identity = self._persons
        self._persons += 1
        self._inventors[person] = identity
        country = str(self.world.places.country[place])
        address = self.book.person_text(place, number)
        if slip == 1:
            address = ""
        elif slip in (2, 3):
            named = LETTER_COUNTRIES.get(country) or self.book.place_text(place).article_country
            address = f"{address}, {named}"
        code = {2: "", 3: "US" if country == "CN" else "CN", 4: JUNK_CODES[person % len(JUNK_CODES)]}.get(
            slip, country
        )
        if address and slip != 5:
            self.texts[person] = (address, code)
        name = self.names[(person * 2654435761) % len(self.names)]
        if slip != 5:  # the link stays, the person is missing
            self._person(identity, name.upper() if person % 2 else name, address, code, name, "INDIVIDUAL")

    def _person(self, identity: int, name: str, address: str, code: str, standard: str, sector: str) -> None:
        written = address.replace('"', '""')
        self.rows["tls206"].append(
            f'{identity},"{name}","{written}","{code}",{identity % 9_000_000},"{standard.upper()}","{sector}","{standard}"'
        )

    def _applicant(self, code: int) -> int:
        if code not in self._applicants:
            group, number = divmod(code, APPLICANTS_MOST)
            identity = self._persons
            self._persons += 1
            self._applicants[code] = identity
            place = self._main_place(group)
            country = str(self.world.places.country[place])
            name, sector = self._company(place, group, number, country)
            drawn = mixed_one(code, 13)
            has_address = drawn % 1000 < rates.APPLICANT_ADDRESS * 1000
            address = self.book.person_text(place, PERSONS_MOST - 1 - number) if has_address else ""
            self._person(identity, name, address, country, name.split(",")[0], sector)
        return self._applicants[code]

    def _main_place(self, group: int) -> int:
        low, high = np.searchsorted(self.world.site_group, [group, group + 1])
        return int(self.world.site_place[low + int(np.argmax(self.world.site_pct[low:high]))])

    def _company(self, place: int, group: int, number: int, country: str) -> tuple[str, str]:
        if number % 9 == 4:
            return self.book.organisation(place, number // 9).upper(), "UNIVERSITY"
        if not self._companies:
            self._companies = invented(6000, self.world.seed + 40)
        drawn = mixed_one(group * APPLICANTS_MOST + number, 14)
        suffixes = style_of(country).suffixes
        word = self._companies[drawn % len(self._companies)].upper()
        return f"{word} {suffixes[drawn // 7 % len(suffixes)]}", "COMPANY"

    def write(self, folder: Path) -> list[Path]:
        """The parts of each table; a few rows stand in two parts."""
        paths = []
        for name, lines in self.rows.items():
            parts = PARTS[name]
            size = -(-len(lines) // parts)
            for part in range(parts):
                rows: Iterable[str] = lines[part * size : (part + 1) * size]
                if part:
                    repeated = max(1, round(rates.REPEATED_ROWS * len(lines)))
                    rows = [*lines[part * size - repeated : part * size], *rows]
                paths.append(folder / f"{name}_part{part + 1:02d}.csv.gz")
                _write(paths[-1], HEADERS[name], rows)
        return paths


def _write(path: Path, header: str, rows: Iterable[str]) -> None:
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as stream:
        stream.write("\r\n".join([header, *rows, ""]).encode("utf-8"))
