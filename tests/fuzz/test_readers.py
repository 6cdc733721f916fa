"""Mutated raw files: a reader may reject what it cannot read, and never raises, hangs or loses count.

The short form runs with the tests; `STCLUSTERS_FUZZ=N` makes N mutants of each fixture (`make fuzz`).
"""

import gzip
import io
import json
import os
import random
import zipfile
from pathlib import Path

import pytest

from extracts import detect
from extracts.archives import Whole
from extracts.formats import ep_xml, wipo_xml
from extracts.records import ARTICLES, DELETED, REJECTS
from tests.extracts.tagged import export, record
from tests.extracts.test_article_formats import ONE, REC, TWO, lines, tab, work
from tests.extracts.test_patent_formats import APPLICANT, EP, REGPAT, WORLD, report
from tests.extracts.world import spreadsheet, table

MUTANTS = int(os.environ.get("STCLUSTERS_FUZZ", "40"))
PIECES = (b"\n", b"\r", b"\t", b'"', b"<", b">", b"&", b"]]>", b"\x00", b"\xff\xfe", b"{", b"}", b"\nER\n", b"\nEF\n",
          b"</REC>", b"<!--", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"   ", b";", b"[", b"]", b"\xc3", b"9" * 40)  # fmt: skip


def members_mutated(raw: bytes, draw: random.Random) -> bytes:
    """A zip that is whole, with one member changed inside: what gets past its own check sums."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w") as new:
        chosen = draw.choice([name for name in old.namelist() if name.startswith("xl/")])
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, mutant(content, draw) if name == chosen else content)
    return made.getvalue()


def data_mutated(raw: bytes, draw: random.Random) -> bytes:
    """A Parquet file whose footer is whole and whose pages are changed."""
    footer = int.from_bytes(raw[-8:-4], "little") + 8
    made = bytearray(raw)
    for _ in range(draw.randint(1, 6)):
        made[draw.randrange(4, len(raw) - footer)] = draw.randrange(256)
    return bytes(made)


ARTICLE_FIXTURES = {
    "wos_tagged": export(record("WOS:1", C1=["[Roe, Jane] Univ A, Oslo, Norway.", "Univ B, Bern, Switzerland."]), record("WOS:2", WE="x")),
    "wos_tab": tab(ONE, TWO).encode(),
    "wos_xml": ("<records>" + REC.format(uid="WOS:1") + REC.format(uid="WOS:2") + "</records>").encode(),
    "openalex": lines(work(1), work(2)),
    "canonical": b"document_id,publication_year,address,country\na,2020,x,NO\nb,2020,\"y\nz\",SE\n",
    "deletions": b"WOS,000208518000001,Y\nWOS,000208518000002,Y\n",
    "wos_excel": spreadsheet(
        ["Publication Type", "Author Full Names", "Addresses", "Document Type", "Publication Year", "UT (Unique WOS ID)"],
        ["J", "Roe, Jane; Poe, Max", "[Roe, Jane] Univ A, Oslo, Norway; Univ B, Bern, Switzerland", "Article", "2020", "WOS:1"],
    ),
    "canonical_parquet": table(document_id=["a", "b"], publication_year=[2020, 2021], address=["Oslo", "Bern"], country=["NO", "CH"]),
}  # fmt: skip
DOCUMENT_FIXTURES = {
    wipo_xml: (report() + report("2011000002")).encode(),
    ep_xml: EP.format(kind="A1", number="1", applicant=APPLICANT, world=WORLD).encode(),
}


def mutant(raw: bytes, draw: random.Random) -> bytes:
    made = bytearray(raw)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(made) + 1)
        kind = draw.randrange(5)
        if kind == 0:
            made[at:at] = draw.choice(PIECES)
        elif kind == 1:
            del made[at : at + draw.randint(1, 30)]
        elif kind == 2 and made:
            made[min(at, len(made) - 1)] = draw.randrange(256)
        elif kind == 3:
            other = draw.randrange(len(made) + 1)
            made[at:at] = made[other : other + 60]
        else:
            del made[at:]
    return bytes(made)


INSIDE = {"wos_excel": members_mutated, "canonical_parquet": data_mutated}


@pytest.mark.parametrize("name", sorted(INSIDE))
def test_changes_behind_a_files_own_checks_are_rejects_too(name: str) -> None:
    draw = random.Random(f"inside {name}")
    module = detect.format_of(name).module
    records = 0
    for _ in range(MUTANTS):
        raw = INSIDE[name](ARTICLE_FIXTURES[name], draw)
        module.fits(raw)
        for batch in module.read(Whole(io.BytesIO(raw))):
            assert batch.schema in (ARTICLES, REJECTS, DELETED)
            batch.validate(full=True)
            records += batch.num_rows
    assert records > 0  # some mutants are still read


@pytest.mark.parametrize("name", sorted(ARTICLE_FIXTURES))
def test_readers_of_articles_reject_and_never_raise(name: str) -> None:
    draw = random.Random(name)
    module = detect.format_of(name).module
    for _ in range(MUTANTS):
        raw = mutant(ARTICLE_FIXTURES[name], draw)
        module.sniff(raw)
        for batch in module.read(Whole(io.BytesIO(raw))):
            assert batch.schema in (ARTICLES, REJECTS, DELETED)
            batch.validate(full=True)


@pytest.mark.parametrize("module", DOCUMENT_FIXTURES, ids=lambda module: module.__name__)
def test_readers_of_documents_reject_and_never_raise(module: object) -> None:
    draw = random.Random(str(module.__name__))  # type: ignore[attr-defined]
    for _ in range(MUTANTS):
        raw = mutant(DOCUMENT_FIXTURES[module], draw)  # type: ignore[index]
        for one in module.documents(io.BytesIO(raw)):  # type: ignore[attr-defined]
            assert one is not None


def test_recognition_and_archives_never_raise(tmp_path: Path) -> None:
    draw = random.Random(7)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("a.txt", ARTICLE_FIXTURES["wos_tagged"])
        members.writestr("b.json", json.dumps({"results": []}))
    fixtures = [archive.getvalue(), gzip.compress(ARTICLE_FIXTURES["wos_tab"], mtime=0), REGPAT.encode()]
    for number in range(MUTANTS):
        file = tmp_path / f"f{number}"
        file.write_bytes(mutant(draw.choice(fixtures), draw))
    assert len(detect.payloads(tmp_path)) >= MUTANTS
