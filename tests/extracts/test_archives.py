"""Packing: what is looked into, what is refused, and what breaks off; and that only changed files are read again."""

import io
import json
import os
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import zstandard

from extracts import intake, read_sci, stage
from extracts.archives import DEEPEST, Unpacking
from extracts.detect import described, payloads
from foundation import contracts
from foundation.home import Home
from tests.extracts.tagged import export, record
from tests.extracts.world import folder, gz, rows, settings, snapshot, spreadsheet

ARTICLE = export(record("WOS:1", C1="[Roe, Jane] Univ Lagos, Lagos, Nigeria."))


def zipped(packing: int = zipfile.ZIP_DEFLATED, /, **files: bytes) -> bytes:
    """A zip; with ZIP_STORED it packs nothing, so that its members' own members can be seen in it."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return raw.getvalue()


def tarred(mode: str, **files: bytes) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            entry = tarfile.TarInfo(name.replace("__", "."))
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return raw.getvalue()


def found(path: Path) -> list[tuple[str, str]]:
    return [(one.path, one.format) for one in payloads(path)]


@pytest.mark.parametrize("mode", ["w:", "w:gz"])
def test_tar_packed_or_not_is_looked_into(tmp_path: Path, mode: str) -> None:
    raw = folder(tmp_path, week__tar=tarred(mode, a__txt=ARTICLE, b__gz=gz(ARTICLE)))
    assert found(raw) == [("week.tar#a.txt", "wos_tagged"), ("week.tar#b.gz", "wos_tagged")]
    assert sum(batch.num_rows for batch in read_sci(raw)) == 2


def test_archives_in_archives_are_followed_to_a_fixed_depth(tmp_path: Path) -> None:
    raw = zipped(a__txt=ARTICLE)
    for _ in range(DEEPEST - 1):
        raw = zipped(x__zip=raw)
    assert [name for _, name in found(folder(tmp_path / "in", a__zip=raw))] == ["wos_tagged"]
    assert [name for _, name in found(folder(tmp_path / "deep", a__zip=zipped(x__zip=raw)))] == ["nested"]


SHEET = spreadsheet(
    [
        "Publication Type",
        "Author Full Names",
        "Addresses",
        "Document Type",
        "Publication Year",
        "UT (Unique WOS ID)",
    ],
    ["J", "Roe, Jane", "[Roe, Jane] Univ Lagos, Lagos, Nigeria.", "Article", "2020", "WOS:1"],
)


@pytest.mark.parametrize(
    "content",
    [
        SHEET, gz(SHEET), zipped(a__xlsx=SHEET), zipped(a__gz=gz(SHEET)), gz(zipped(a__xlsx=SHEET)),
        tarred("w:", a__xlsx=SHEET), tarred("w:gz", a__gz=gz(SHEET)), tarred("w:", a__zip=zipped(b__gz=gz(SHEET))),
    ],
)  # fmt: skip
def test_spreadsheet_is_found_in_every_packing_though_it_is_a_zip_itself(
    content: bytes, tmp_path: Path
) -> None:
    raw = folder(tmp_path, a=content)
    assert [name for _, name in found(raw)] == ["wos_excel"]
    assert sum(batch.num_rows for batch in read_sci(raw)) == 1


def test_packing_of_a_spreadsheet_is_that_around_it_and_too_deep_a_one_is_named(tmp_path: Path) -> None:
    (plain,) = payloads(folder(tmp_path / "plain", a__xlsx=SHEET))
    assert described(plain)["packing"] == "plain"
    deep = folder(
        tmp_path / "deep",
        a__zip=zipped(
            b__zip=zipped(
                zipfile.ZIP_STORED,
                c__zip=zipped(zipfile.ZIP_STORED, d__zip=zipped(zipfile.ZIP_STORED, e__xlsx=SHEET)),
            )
        ),
    )
    assert [name for _, name in found(deep)] == ["nested"]


@pytest.mark.parametrize(
    "content", [zipped(a__txt=ARTICLE)[:-30], gz(ARTICLE)[:12], zstandard.compress(ARTICLE)[:-5], b"PK\3\4"]
)
def test_packed_file_of_which_nothing_can_be_read_is_named_damaged(content: bytes, tmp_path: Path) -> None:
    assert [name for _, name in found(folder(tmp_path, a=content))] == ["damaged"]


def test_zstandard_that_breaks_off_between_blocks_is_a_reject(tmp_path: Path) -> None:
    packer = zstandard.ZstdCompressor().compressobj()
    begun = packer.compress(ARTICLE) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    whole = begun + packer.compress(export(record("WOS:2"))) + packer.flush()
    reasons = []
    for name, content in (("whole", whole + zstandard.compress(ARTICLE)), ("cut", begun)):
        home = Home(tmp_path / name)
        key = stage.register_delivery(home, "sci", folder(tmp_path / name / "raw", a__zst=content))
        stage.read_delivery(home, settings(reject_share_max=1), key)
        reasons.append(contracts.read("rejects", home.delivery_report(key, "rejects"))["reason"].to_pylist())
    assert reasons == [[], ["damaged_archive"]]


@pytest.mark.parametrize("pack", [bytes, gz, zstandard.compress])
def test_tar_that_breaks_off_gives_the_members_before_and_says_so(pack: Any, tmp_path: Path) -> None:
    whole = tarred("w:", a__txt=ARTICLE, b__txt=ARTICLE)
    (second,) = (at for at in range(512, len(whole), 512) if whole[at:].startswith(b"b.txt"))
    for number, end in enumerate((second, second + 512 + 40)):  # at a member's edge, and inside one
        raw = folder(tmp_path / str(number), a=pack(whole[:end]))
        assert ("a#a.txt", "wos_tagged") in found(raw)
        assert ("a#(cut off)", "damaged") in found(raw)
    home = Home(tmp_path / "home")
    report = stage.read_delivery(
        home, settings(reject_share_max=1), stage.register_delivery(home, "sci", raw)
    )
    assert report.counts["kept"] == 1
    assert any("a#(cut off)" in text for text in report.warnings)


def test_names_of_files_that_are_no_utf8_are_spelled_out(tmp_path: Path) -> None:
    raw, home = (
        folder(tmp_path / "raw", a__tar=tarred("w:", **{"\udce9.txt": ARTICLE})),
        Home(tmp_path / "home"),
    )
    Path(os.fsdecode(os.fsencode(raw) + b"/caf\xe9.txt")).write_bytes(export(record("WOS:2")))
    stage.read_delivery(home, settings(), stage.register_delivery(home, "sci", raw))
    files = contracts.read("files", home.delivery_report("sci.raw", "files"))
    assert files["path"].to_pylist() == ["a.tar#\\xe9.txt", "caf\\xe9.txt"]
    assert files["kept"].to_pylist() == [1, 1]


def test_member_that_would_leave_the_archive_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    raw = folder(tmp_path / "raw", a__tar=tarred("w:", **{"../../x.txt": ARTICLE, "ok.txt": ARTICLE}))
    assert sorted(name for _, name in found(raw)) == ["outside", "wos_tagged"]
    assert not (tmp_path / "x.txt").exists()


def test_file_that_unpacks_without_bound_breaks_off(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    bomb = gz(ARTICLE + b" " * (80 << 20))
    key = stage.register_delivery(home, "sci", folder(tmp_path / "raw", a__gz=bomb))
    report = stage.read_delivery(home, settings(reject_share_max=1), key)
    excerpts = contracts.read("rejects", home.delivery_report(key, "rejects"))["excerpt"].to_pylist()
    assert report.counts["kept"] == 1
    assert any("unpack_ratio_max" in text for text in excerpts)
    assert Unpacking(10, 1).most(200 << 20) == 1_000_000_000


def test_only_changed_files_are_read_again_and_a_killed_run_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"f{n}__txt": export(record(f"WOS:{n}")) for n in range(3)}
    raw = folder(tmp_path / "raw", **files)
    home = Home(tmp_path / "home")
    key = stage.register_delivery(home, "sci", raw)
    done: list[str] = []
    read = intake.read_articles

    def counted(payload: Any, rules: Any) -> Any:
        if len(done) == 2 and payload.path == "f2.txt" and "killed" not in done:
            done.append("killed")
            raise KeyboardInterrupt
        done.append(payload.path)
        return read(payload, rules)

    monkeypatch.setattr(intake, "read_articles", counted)
    with pytest.raises(KeyboardInterrupt):
        stage.read_delivery(home, settings(address_share_min=0), key)
    stage.read_delivery(home, settings(address_share_min=0), key)
    assert done == ["f0.txt", "f1.txt", "killed", "f2.txt"]
    folder(raw, f1__txt=export(record("WOS:1", PY="2019")))
    stage.read_delivery(home, settings(address_share_min=0), key)
    assert done[4:] == ["f1.txt"]
    other = Home(tmp_path / "other")
    stage.read_delivery(other, settings(address_share_min=0), stage.register_delivery(other, "sci", raw))
    assert snapshot(home.root / "lake" / "deliveries") == snapshot(other.root / "lake" / "deliveries")
    assert sorted(row["publication_year"] for row in rows(home, key, "documents")) == [2019, 2020, 2020]


def test_half_written_reading_is_made_again(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    key = stage.register_delivery(home, "sci", folder(tmp_path / "raw", a__txt=ARTICLE))
    stage.read_delivery(home, settings(), key)
    before = snapshot(home.root / "lake")
    for path in home.readings(key).rglob("*.parquet"):
        path.write_bytes(path.read_bytes()[:50])
    home.delivery_report(key, "report").unlink()
    stage.read_delivery(home, settings(), key)
    after = snapshot(home.root / "lake" / "deliveries")
    assert after == {
        name.removeprefix("deliveries/"): raw
        for name, raw in before.items()
        if name.startswith("deliveries/")
    }


def test_every_format_in_one_delivery_is_read_and_counted(tmp_path: Path) -> None:
    from tests.extracts.test_article_formats import ONE, REC, lines, tab, work

    raw = folder(
        tmp_path / "raw",
        a__txt=ARTICLE,
        b__txt=tab([*ONE[:-1], "WOS:2"]),
        c__xml=REC.format(uid="WOS:3"),
        d__jsonl=lines(work(4)),
        e__csv="document_id,publication_year,address,country\nx5,2020,Oslo,NO\n",
        f__ris="TY  - JOUR\nER  - \n",
        g__bib="@article{x, title={y}}\n",
        h__7z=b"7z\xbc\xaf\x27\x1c\x00",
    )
    home = Home(tmp_path / "home")
    report = stage.read_delivery(home, settings(), stage.register_delivery(home, "sci", raw))
    assert (report.counts["kept"], report.counts["records"], report.counts["files_skipped"]) == (5, 5, 3)
    assert sum("not read (" in text for text in report.warnings) == 3
    names = {
        json.dumps(row["format"])
        for row in contracts.read("files", home.delivery_report("sci.raw", "files")).to_pylist()
    }
    assert len(names) == 6


def test_only_a_plain_file_that_nobody_has_read_from_is_given_by_its_path(tmp_path: Path) -> None:
    from extracts.archives import Whole, path_of, stream_of

    plain, packed, archive = tmp_path / "a", tmp_path / "b.gz", tmp_path / "c.tar"
    plain.write_bytes(b"text")
    packed.write_bytes(gz("text"))
    with tarfile.open(archive, "w") as made:
        made.add(plain, "a")
    with stream_of(plain, (), 100) as stream:
        assert path_of(Whole(stream)) == str(plain)
        stream.read(1)
        assert path_of(Whole(stream)) is None
    for file, chain in ((packed, ()), (archive, ("a",))):
        with stream_of(file, chain, 100) as stream:
            assert path_of(Whole(stream)) is None
