"""Every shared export of Web of Science, in all its forms, against an independent count and its hash of rows."""

import csv
import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from extracts import detect
from extracts.archives import Whole
from extracts.detect import Payload, format_of, opened
from extracts.meaning import index_names, year_in
from extracts.records import ARTICLES, REJECTS

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "wos"
FORMATS = {"tagged": "wos_tagged", "tab": "wos_tab", "xls": "wos_excel", "xml": "wos_xml"}
#: the count is of the field AU: here group authors stand in for it (CA), or AF does for a glued "AUGilles, H"
MORE_AUTHORS = {"tab/utf16_cr_only.txt.gz": 15, "tagged/isi_tag_without_space.isi": 3}


def _payload(path: str) -> Payload:
    name, _, member = path.partition("#")
    return Payload(path, SHARED / name, member or None, 0)


def _expected() -> list[dict[str, str]]:
    if not (SHARED / "counts.csv").is_file():
        return []
    with (SHARED / "counts.csv").open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def _rows_hash(table: pa.Table) -> str:
    lines = []
    columns = ("record_id", "names", "addresses", "bracketed", "link_address", "link_name")
    for row in table.select(list(columns)).to_pylist():
        ut = "" if row["record_id"].startswith("wos-made:") else row["record_id"]
        for address, name in zip(row["link_address"], row["link_name"], strict=True):
            lines.append(f"{ut}\t{row['names'][name]}\t{row['addresses'][address]}".encode())
        for address, bracketed in zip(row["addresses"], row["bracketed"], strict=True):
            if not bracketed:
                lines.append(f"{ut}\t\t{address}".encode())
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()[:16] if lines else ""


def _counted(table: pa.Table) -> dict[str, Any]:
    rows = table.select(
        ["record_id", "doc_type", "issue_year", "early_access", "indexes", "bracketed"]
    ).to_pylist()
    articles = [row["doc_type"].split(";")[0] == "Article" for row in rows]
    indexes = [index_names(row["indexes"]) for row in rows]
    scie = ["SCIE" in names for names in indexes]
    uts = [row["record_id"] for row in rows if not row["record_id"].startswith("wos-made:")]
    years = [year for row in rows if (year := year_in(row["issue_year"])) is not None]
    return {
        "records": len(rows),
        "with_ut": len(uts),
        "unique_ut": len(set(uts)),
        "articles": sum(articles),
        "with_edition": sum(bool(names) for names in indexes),
        "scie": sum(scie),
        "scie_articles": sum(a and b for a, b in zip(articles, scie, strict=True)),
        "kept_default": sum(a and (b or not n) for a, b, n in zip(articles, scie, indexes, strict=True)),
        "with_address": sum(bool(row["bracketed"]) for row in rows),
        "addresses": sum(len(row["bracketed"]) for row in rows),
        "bracketed": sum(sum(row["bracketed"]) for row in rows),
        "plain": sum(not one for row in rows for one in row["bracketed"]),
        "links": len(table["link_name"].combine_chunks().flatten()),
        "address_but_no_link": sum(bool(row["bracketed"]) and not any(row["bracketed"]) for row in rows),
        "mixed": sum(any(row["bracketed"]) and not all(row["bracketed"]) for row in rows),
        "authors": pc.sum(table["authors"]).as_py() or 0,
        "no_year": sum(row["issue_year"] == "" for row in rows),
        "year_min": min(years),
        "year_max": max(years),
        "rows_sha256": _rows_hash(table),
    }


@pytest.mark.skipif(not _expected(), reason="../shared/data/wos is not beside this checkout")
@pytest.mark.parametrize("expected", _expected(), ids=lambda row: row["file"])
def test_counts_and_rows_of_a_real_export(expected: dict[str, str]) -> None:
    payload = detect._recognised(_payload(expected["file"]))
    assert payload.format == FORMATS[expected["format"]]
    with opened(payload) as stream:
        found = list(format_of(payload.format).module.read(Whole(stream)))
    batches = [batch for batch in found if batch.schema.names == ARTICLES.names]
    counted = _counted(pa.Table.from_batches(batches))
    counted["authors"] -= MORE_AUTHORS.get(expected["file"], 0)
    assert {name: str(value) for name, value in counted.items()} == {name: expected[name] for name in counted}
    assert not any(pc.any(batch["whole"]).as_py() for batch in found if batch.schema.names == REJECTS.names)


@pytest.mark.skipif(not _expected(), reason="../shared/data/wos is not beside this checkout")
def test_all_payloads_are_counted() -> None:
    assert len(_expected()) == 73
