"""The table of years × sources as a small picture: one row of cells for each indicator, coloured by its neighbours."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pyarrow as pa

CELL, LEFT, TOP = (74, 44), 150, 40
_COLOURS = {
    "usual": ("#dcebdc", "usual beside its neighbours"),
    "low": ("#f3c9a5", "below half of them"),
    "high": ("#c9b8e0", "above twice them"),
    "few": ("#ececec", "too few to tell"),
    "alone": ("#ececec", "no neighbours"),
}
_NAMES = {"pct": "PCT applications", "sci": "Articles"}


def _fonts() -> tuple[Any, Any]:
    from font_source_sans_pro import SourceSansPro, SourceSansProBold
    from PIL import ImageFont

    return ImageFont.truetype(SourceSansPro, 15), ImageFont.truetype(SourceSansProBold, 15)


def picture(table: pa.Table) -> bytes:
    """PNG of the rows of all economies together; a year without documents is an empty cell."""
    from PIL import Image, ImageDraw

    rows = [row for row in table.to_pylist() if row["economy"] == ""]
    years = list(
        range(min(r["publication_year"] for r in rows), max(r["publication_year"] for r in rows) + 1)
    )
    kinds = sorted({row["kind"] for row in rows})
    width, height = LEFT + CELL[0] * len(years) + 10, TOP + CELL[1] * len(kinds) + 40
    image = Image.new("RGB", (width, height), "white")
    draw, (plain, bold) = ImageDraw.Draw(image), _fonts()
    for x, year in enumerate(years):
        draw.text((LEFT + x * CELL[0] + CELL[0] / 2, TOP - 16), str(year), "#333333", bold, anchor="mm")
    for y, kind in enumerate(kinds):
        draw.text((10, TOP + y * CELL[1] + CELL[1] / 2), _NAMES[kind], "#333333", bold, anchor="lm")
    for row in rows:
        x = LEFT + (row["publication_year"] - years[0]) * CELL[0]
        y = TOP + kinds.index(row["kind"]) * CELL[1]
        box = (x + 1, y + 1, x + CELL[0] - 2, y + CELL[1] - 2)
        draw.rectangle(box, fill=_COLOURS[row["judgement"]][0])
        draw.text((x + CELL[0] / 2, y + CELL[1] / 2), f"{row['documents']:,}", "#111111", plain, anchor="mm")
    _legend(draw, plain, height - 20, [one for one in _COLOURS if one in {row["judgement"] for row in rows}])
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _legend(draw: Any, font: Any, y: int, judgements: list[str]) -> None:
    x = 10
    for judgement in judgements:
        colour, words = _COLOURS[judgement]
        draw.rectangle((x, y - 6, x + 12, y + 6), fill=colour, outline="#999999")
        draw.text((x + 18, y), words, "#333333", font, anchor="lm")
        x += 34 + int(draw.textlength(words, font))
