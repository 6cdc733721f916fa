"""The ranking page read back and held against the mart: what a reader sees is what was computed.

Rounding is done here once more, on its own, so that a fault in `publishing.printing` shows.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser

from publishing.language import figure, say
from publishing.reading import Release, Row

#: class of a cell -> column of the mart and decimals printed
CELLS = {
    "rank": ("rank", 0),
    "pct-count": ("pct_count", 0),
    "sci-count": ("sci_count", 0),
    "pct-share": ("pct_share", 1),
    "sci-share": ("sci_share", 1),
    "total": ("total", 1),
    "intensity": ("intensity_rank", 0),
}


class _Rows(HTMLParser):
    """Texts of the ranking's cells by row id and the cell's first class."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: dict[str, dict[str, str]] = {}
        self._row = self._cell = ""
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        names = (found.get("class") or "").split()
        if tag == "tr" and found.get("data-cluster"):
            self._row = str(found["data-cluster"])
            self.rows[self._row] = {}
        elif tag in ("td", "th") and self._row and names:
            self._cell = names[0]
            self.rows[self._row][self._cell] = ""
        elif tag == "span" and self._cell and (self._silent or "vh" in names or "sub" in names):
            self._silent += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._silent:
            self._silent -= 1
        elif tag in ("td", "th"):
            self._cell = ""
        elif tag == "tr":
            self._row = ""

    def handle_data(self, data: str) -> None:
        if self._row and self._cell and not self._silent:
            self.rows[self._row][self._cell] += data


def read_rows(page: str) -> dict[str, dict[str, str]]:
    """Cells of the ranking table as text, by cluster id and the cell's first class."""
    parser = _Rows()
    parser.feed(page)
    return {
        cluster: {name: " ".join(cell.split()) for name, cell in cells.items()}
        for cluster, cells in parser.rows.items()
    }


def differences(page: str, release: Release) -> list[str]:
    """One sentence per cell that does not print its mart's figure, and per row that is missing or too many."""
    shown = read_rows(page)
    wanted = {row["cluster_id"]: row for row in release.ranking}
    found = [f"{name}: in the mart but not on the page" for name in wanted if name not in shown]
    found += [f"{name}: on the page but not in the mart" for name in shown if name not in wanted]
    for name, row in wanted.items():
        if name in shown:
            found += _row_differences(name, row, shown[name])
    return found


def _row_differences(name: str, row: Row, cells: dict[str, str]) -> list[str]:
    found = (
        []
        if cells.get("cluster") == " ".join(row["name"].split())
        else [f"{name}: its name is not printed as it is"]
    )
    for cell, (column, decimals) in CELLS.items():
        if cell in cells and cells[cell] != _printed(row[column], decimals):
            found.append(f"{name}, {column}: printed '{cells[cell]}', the mart has {row[column]}")
    if "change" in cells and cells["change"] != _change(row):
        found.append(f"{name}, rank_change: printed '{cells['change']}', the mart has {row['rank_change']}")
    return found


def _printed(value: float | int | None, decimals: int) -> str:
    if value is None:
        return "–"
    exact = Decimal(str(value))
    if 0 < exact < Decimal(5).scaleb(-decimals - 1):
        return figure(f"<{Decimal(1).scaleb(-decimals)}")
    return figure(f"{exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP):,}")


def _change(row: Row) -> str:
    if row["is_new"]:
        return say("New")
    moved = row["rank_change"]
    if moved is None:
        return "·"
    return "–" if moved == 0 else f"{'▲' if moved > 0 else '▼'}{abs(moved)}"
