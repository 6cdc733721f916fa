"""One workbook that opens on its readme: a table a sheet, header in row 1, dictionary and licences at the end."""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING, Any

from publishing import credits, dictionary
from publishing.reading import Release

if TYPE_CHECKING:
    import pyarrow as pa
    import xlsxwriter

#: longer tables are in the other files; half a million cells would open slowly and take ten seconds to write
MOST_ROWS = 6000
_SHEET = 31
_WIDEST = 44
_SAMPLE = 200


def book(release: Release, tables: list[dict[str, Any]]) -> bytes:
    """The workbook; `tables` are the catalogue's entries in their order."""
    import xlsxwriter

    held = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
        "in_memory": True,
    }
    whole = xlsxwriter.Workbook(held, options)
    last = max(release.edition["pct_years"] + release.edition["sci_years"])
    title = f"{release.title}{' (SIMULATED)' if release.simulated else ''}"
    whole.set_properties(
        {"title": title, "comments": _cite(release), "created": datetime.datetime(last + 1, 1, 1)}
    )
    fit = [table for table in tables if table["rows"] <= MOST_ROWS and release.has(table["name"])]
    _readme(whole, release, fit, [table for table in tables if table not in fit])
    for table in fit:
        _table(whole, str(table["name"])[:_SHEET], release.table(table["name"]))
    _dictionary(whole, release, fit)
    _licences(whole, release)
    whole.close()
    return held.getvalue()


def _cite(release: Release) -> str:
    build = release.build
    return credits.citation(
        build["title"], build["edition"], build["simulated"], build["settings_hash"], build["build"]
    )


def _readme(
    whole: xlsxwriter.Workbook, release: Release, fit: list[dict[str, Any]], long: list[dict[str, Any]]
) -> None:
    sheet = whole.add_worksheet("Readme")
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 110)
    bold = whole.add_format({"bold": True})
    lines: list[tuple[str, str]] = [("Title", release.title)]
    if release.simulated:
        lines.append(("SIMULATED", "Every figure in this workbook is invented. Do not quote it as fact."))
    lines += [
        ("Edition", str(release.build["edition"])),
        ("Data", credits.vintage(release.settings)),
        ("Settings", str(release.build["settings_hash"])),
        ("Build", str(release.build["build"])),
        ("How to cite", _cite(release)),
    ]
    lines += [
        (f"Sheet {str(table['name'])[:_SHEET]}", f"{table['rows']:,} rows. {table['grain']}") for table in fit
    ]
    if long:
        names = ", ".join(str(table["name"]) for table in long)
        lines.append(
            (
                "Not here",
                f"Tables of more than {MOST_ROWS:,} rows, and shapes, are in the other files: {names}",
            )
        )
    for row, (name, text) in enumerate(lines):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, text)


def _table(whole: xlsxwriter.Workbook, name: str, table: pa.Table) -> None:
    import pyarrow as pa

    sheet = whole.add_worksheet(name)
    bold = whole.add_format({"bold": True})
    place = 0
    for field in table.schema:
        if pa.types.is_binary(field.type):
            continue
        cells = [_cell(value) for value in table[field.name].to_pylist()]
        sheet.write_string(0, place, field.name, bold)
        for row, value in enumerate(cells, 1):
            if isinstance(value, str):
                sheet.write_string(row, place, value)
            elif isinstance(value, bool):
                sheet.write_boolean(row, place, value)
            elif value is not None:
                sheet.write_number(row, place, value)
        longest = max(
            [len(field.name), *(len(str(value)) for value in cells[:_SAMPLE] if isinstance(value, str))]
        )
        sheet.set_column(place, place, min(longest + 2, _WIDEST))
        place += 1
    sheet.freeze_panes(1, 0)
    if len(table) and place:
        sheet.autofilter(0, 0, len(table), place - 1)


def _cell(value: Any) -> str | bool | float | int | None:
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, list):
        return "; ".join("" if item is None else str(item) for item in value)
    return float(value) if hasattr(value, "quantize") else str(value)


def _dictionary(whole: xlsxwriter.Workbook, release: Release, tables: list[dict[str, Any]]) -> None:
    sheet = whole.add_worksheet("Dictionary")
    bold = whole.add_format({"bold": True})
    sheet.write_row(0, 0, ["table", "column", "type", "unit", "meaning"], bold)
    row = 1
    for table in tables:
        for entry in dictionary.entries(table["name"], release.table(table["name"]).schema):
            sheet.write_row(row, 0, [table["name"], entry.column, entry.type, entry.unit, entry.meaning])
            row += 1
    sheet.set_column(0, 2, 22)
    sheet.set_column(4, 4, 100)
    sheet.freeze_panes(1, 0)


def _licences(whole: xlsxwriter.Workbook, release: Release) -> None:
    sheet = whole.add_worksheet("Licences")
    bold = whole.add_format({"bold": True})
    sheet.write_row(0, 0, ["what", "source", "licence", "address"], bold)
    for row, credit in enumerate(credits.credits(release.settings), 1):
        sheet.write_row(row, 0, [credit.what, credit.source, credit.licence, credit.address])
    sheet.set_column(0, 3, 48)
