"""Deliveries: what is refused in one sentence, what is skipped, what is read again, and that nothing is half-written."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from extracts import detect, intake, stage
from extracts.alone import write_tables
from foundation import contracts
from foundation.errors import BadInput, StclustersError
from foundation.home import Home
from foundation.settings import Reader
from tests.extracts.tagged import export, record
from tests.extracts.test_patstat import ONE
from tests.extracts.world import folder, gz, patstat, rows, settings, snapshot

ARTICLE = export(record("WOS:1", C1="[Roe, Jane] Univ Lagos, Lagos, Nigeria."))


def refused(home: Home, raw: Path, kind: str = "sci", name: str | None = None) -> str:
    with pytest.raises(BadInput) as fault:
        stage.register_delivery(home, kind, raw, name)
    assert fault.value.todo
    return fault.value.sentence


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_missing_empty_and_unknown_folders_are_refused_and_nothing_is_written(
    home: Home, tmp_path: Path
) -> None:
    assert "not there" in refused(home, tmp_path / "nowhere")
    assert "empty" in refused(home, folder(tmp_path / "empty"))
    assert "empty" in refused(home, folder(tmp_path / "hidden", __DS_Store="x"))
    assert "No file" in refused(home, folder(tmp_path / "other", a__csv="x,y\n1,2\n", b__bin=b"\x00\x01"))
    assert not home.root.exists()


def test_a_file_is_refused_where_a_folder_is_taken(home: Home, tmp_path: Path) -> None:
    raw = folder(tmp_path / "raw", a__txt=ARTICLE)
    assert "takes a folder, and this is a file" in refused(home, raw / "a.txt")
    assert not home.root.exists()


def test_all_folders_are_looked_at_before_any_is_linked(home: Home, tmp_path: Path) -> None:
    good, other = (
        folder(tmp_path / "a" / "exp", a__txt=ARTICLE),
        folder(tmp_path / "b" / "exp", a__txt=ARTICLE),
    )
    with pytest.raises(BadInput, match="not there"):
        stage.register_deliveries(home, [("sci", good, None), ("sci", tmp_path / "nowhere", None)])
    with pytest.raises(BadInput, match="Two folders would be the delivery"):
        stage.register_deliveries(home, [("sci", good, None), ("sci", other, None)])
    assert not home.root.exists()
    assert stage.register_deliveries(home, [("sci", good, None), ("sci", other, "more"), ("sci", good, None)]) == [
        "sci.exp", "sci.more",
    ]  # fmt: skip


def test_a_delivery_whose_folder_is_gone_is_named_and_its_tables_still_count(
    home: Home, tmp_path: Path
) -> None:
    raw = folder(tmp_path / "raw", a__txt=ARTICLE)
    key = stage.register_delivery(home, "sci", raw)
    stage.read_delivery(home, settings(), key)
    years = stage.read_years(home)
    raw.rename(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="The folder of delivery sci\\.raw is gone") as fault:
        stage.read_delivery(home, settings(), key)
    assert str(raw) in str(fault.value)
    assert home.lost() == {key: raw}
    assert stage.read_years(home) == years != []


def test_files_of_the_other_kind_are_refused_with_the_right_option(home: Home, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--sci"):
        stage.register_delivery(home, "pct", folder(tmp_path / "wos", a__txt=ARTICLE))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_folder_that_may_not_be_read_is_refused(home: Home, tmp_path: Path) -> None:
    raw = folder(tmp_path / "raw", a__txt=ARTICLE)
    raw.chmod(0)
    try:
        assert "cannot be read" in refused(home, raw)
    finally:
        raw.chmod(0o755)


def test_fault_of_the_system_while_looking_becomes_a_sentence(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = folder(tmp_path / "raw", a__txt=ARTICLE)

    def fail(*_: Any) -> None:
        raise PermissionError(13, "Permission denied", str(raw))

    monkeypatch.setattr(detect, "_files", fail)
    assert refused(home, raw) == "The raw files cannot be read: permission denied."


def test_link_that_leaves_the_delivery_is_refused(home: Home, tmp_path: Path) -> None:
    outside = folder(tmp_path / "outside", a__txt=ARTICLE)
    raw = folder(tmp_path / "raw", b__txt=ARTICLE)
    (raw / "a.txt").symlink_to(outside / "a.txt")
    assert "leaves its delivery" in refused(home, raw)


def test_delivery_is_named_after_its_folder_and_linked_not_copied(home: Home, tmp_path: Path) -> None:
    raw = folder(tmp_path / "WoS Exports (2023)", a__txt=ARTICLE)
    assert stage.register_delivery(home, "sci", raw) == "sci.wos-exports-2023"
    assert home.raw("sci.wos-exports-2023").is_symlink()
    assert stage.register_delivery(home, "sci", raw) == "sci.wos-exports-2023"
    other = folder(tmp_path / "x" / "wos exports 2023", a__txt=ARTICLE)
    assert "another folder" in refused(home, other)
    assert stage.register_delivery(home, "sci", other, "second") == "sci.second"


def test_unknown_file_beside_known_ones_is_skipped_and_named(home: Home, tmp_path: Path) -> None:
    key = stage.register_delivery(
        home, "sci", folder(tmp_path / "raw", a__txt=ARTICLE, places__csv="city,lon\nx,1\n")
    )
    report = stage.read_delivery(home, settings(), key)
    assert report.warnings[0] == "Skipped, since no known format: places.csv."
    files = contracts.read("files", home.delivery_report(key, "files")).to_pylist()
    assert [(row["path"], row["format"], row["records"]) for row in files] == [
        ("a.txt", "wos_tagged", 1),
        ("places.csv", "unknown", 0),
    ]


def test_every_record_is_kept_filtered_a_duplicate_or_rejected(home: Home, tmp_path: Path) -> None:
    one = export(record("WOS:1"), record("WOS:1"), record("WOS:2", DT="Review"), record("WOS:3")[:-4])
    key = stage.register_delivery(home, "sci", folder(tmp_path / "raw", a__txt=one))
    with pytest.raises(BadInput, match=r"1 of 4 records could not be read.*a\.txt, line .*truncated"):
        stage.read_delivery(home, settings(), key)
    assert not home.delivery(key).exists()
    report = stage.read_delivery(home, settings(reject_share_max=1), key)
    row = contracts.read("files", home.delivery_report(key, "files")).to_pylist()[0]
    parts = {name: row[name] for name in ("records", "kept", "filtered", "duplicates", "rejected")}
    assert parts == {"records": 4, "kept": 1, "filtered": 1, "duplicates": 1, "rejected": 1}
    assert report.counts["filtered"] == {"type": 1}
    rejects = contracts.read("rejects", home.delivery_report(key, "rejects")).to_pylist()
    assert [(r["record_id"], r["reason"], r["position_kind"]) for r in rejects] == [
        ("WOS:3", "truncated", "line")
    ]


def test_archive_that_breaks_off_keeps_what_came_before(home: Home, tmp_path: Path) -> None:
    import random

    draw = random.Random(1)
    many = export(*(record(f"WOS:{n}", TI=f"{draw.random()}") for n in range(3000)))
    key = stage.register_delivery(home, "sci", folder(tmp_path / "raw", a__gz=gz(many)[:-4000]))
    report = stage.read_delivery(home, settings(reject_share_max=1, address_share_min=0), key)
    reasons = contracts.read("rejects", home.delivery_report(key, "rejects"))["reason"].to_pylist()
    assert 0 < report.counts["kept"] < 3000
    assert "damaged_archive" in reasons


def test_unchanged_delivery_is_not_read_again_and_a_changed_one_is(home: Home, tmp_path: Path) -> None:
    raw = folder(tmp_path / "raw", a__txt=ARTICLE, b__txt=export(record("WOS:2", PY="2019")))
    key = stage.register_delivery(home, "sci", raw)
    first = stage.read_delivery(home, settings(), key)
    before = {path: path.stat().st_mtime_ns for path in home.delivery(key).rglob("*")}
    again = stage.read_delivery(home, settings(), key)
    assert {path: path.stat().st_mtime_ns for path in home.delivery(key).rglob("*")} == before
    assert (again.counts["read_anew"], again.versions, again.warnings) == (
        False,
        first.versions,
        first.warnings,
    )
    folder(raw, b__txt=export(record("WOS:2", PY="2018")))
    changed = stage.read_delivery(home, settings(), key)
    assert changed.counts["read_anew"]
    assert changed.versions["2020"] == first.versions["2020"]
    assert sorted(changed.versions) == ["2018", "2020"]
    assert not home.delivery_table(key, "documents", 2019).exists()


def test_damaged_table_of_a_delivery_is_made_again(home: Home, tmp_path: Path) -> None:
    key = stage.register_delivery(home, "sci", folder(tmp_path / "raw", a__txt=ARTICLE))
    stage.read_delivery(home, settings(), key)
    path = home.delivery_table(key, "documents", 2020)
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    assert stage.read_delivery(home, settings(), key).counts["read_anew"]
    assert path.read_bytes() == whole


def test_other_reader_settings_are_refused_once_the_home_was_read(home: Home, tmp_path: Path) -> None:
    key = stage.register_delivery(home, "sci", folder(tmp_path / "raw", a__txt=ARTICLE))
    stage.read_delivery(home, settings(), key)
    before = snapshot(home.delivery(key))
    with pytest.raises(BadInput, match="other rules"):
        stage.read_delivery(home, settings(sci_year="early_access"), key)
    assert snapshot(home.delivery(key)) == before


@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_interruption_and_full_disk_leave_the_old_tables(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    raw = folder(tmp_path / "raw", a__txt=ARTICLE)
    key = stage.register_delivery(home, "sci", raw)
    stage.read_delivery(home, settings(), key)
    before = snapshot(home.root / "lake")
    folder(raw, b__txt=export(record("WOS:2")))

    def fail(*_: Any) -> None:
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr("extracts.delivery._write_beside", fail)
        with pytest.raises((KeyboardInterrupt, StclustersError)) as caught:
            stage.read_delivery(home, settings(), key)
    if isinstance(fault, OSError):
        assert "disk is full" in str(caught.value)
    assert snapshot(home.root / "lake") == before
    assert stage.read_delivery(home, settings(), key).counts["kept"] == 2


def test_file_that_changes_while_it_is_read_is_an_error(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = folder(tmp_path / "raw", a__txt=ARTICLE)
    key = stage.register_delivery(home, "sci", raw)
    read = intake.read_articles

    def slowly(*given: Any) -> Any:
        os.utime(raw / "a.txt", ns=(1, 1))
        return read(*given)

    monkeypatch.setattr(intake, "read_articles", slowly)
    with pytest.raises(StclustersError, match="changed while it was read"):
        stage.read_delivery(home, settings(), key)
    assert not home.delivery(key).exists()


def test_number_of_processes_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        f"f{n}__txt": export(*(record(f"WOS:{n}{k}", PY=str(2018 + k % 3)) for k in range(20)))
        for n in range(4)
    }
    raw = folder(tmp_path / "raw", **files)
    monkeypatch.setattr(intake, "WORTH_A_PROCESS", 1)
    made = []
    for processes in (1, 2):
        home = Home(tmp_path / f"home{processes}")
        key = stage.register_delivery(home, "sci", raw)
        given = settings(address_share_min=0)
        limits = given.limits.model_copy(update={"processes": processes})
        stage.read_delivery(home, given.model_copy(update={"limits": limits}), key)
        made.append(snapshot(home.root / "lake"))
    assert made[0] == made[1]


def test_progress_goes_where_the_caller_says(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foundation.progress.EVERY_SECONDS", 0.0)
    key = stage.register_delivery(home, "pct", patstat(tmp_path / "raw", **ONE))
    lines: list[str] = []
    stage.read_delivery(home, settings(address_share_min=0), key, lines.append)
    assert lines
    assert lines[-1].startswith("reading pct.raw: ")


def test_too_few_addresses_fail_the_check_with_the_reason(home: Home, tmp_path: Path) -> None:
    key = stage.register_delivery(home, "sci", folder(tmp_path / "raw", a__txt=export(record("WOS:1"))))
    with pytest.raises(
        BadInput, match=r"Only 0 of 1 listings \(0.0%\) have an address, less than reader.address_share_min"
    ) as fault:
        stage.read_delivery(home, settings(address_share_min=0.8), key)
    assert "Full Record" in fault.value.todo
    assert not home.delivery(key).is_dir()
    assert stage.read_delivery(home, settings(), key).counts["listings"] == 1


def test_report_says_addresses_with_and_without_country_and_the_last_publication(
    home: Home, tmp_path: Path
) -> None:
    text = "document_id,publication_date,address,country\na,2019-05-01,Oslo,NO\nb,2020-02-03,Nowhere at all,\nc,2020-01-01,Oslo,NO\n"
    raw = folder(
        tmp_path / "raw",
        a__csv=text,
        b__txt=export(record("WOS:1", PY="2021", C1="Univ A, Bern, Switzerland.")),
    )
    report = stage.read_delivery(home, settings(), stage.register_delivery(home, "sci", raw, "both"))
    raw = folder(tmp_path / "dated", a__csv=text)
    dated = stage.read_delivery(home, settings(), stage.register_delivery(home, "sci", raw))
    named = (
        "addresses_with_country",
        "addresses_without_country",
        "last_publication_date",
        "last_publication_year",
    )
    assert [dated.counts[name] for name in named] == [1, 1, "2020-02-03", 2020]
    assert [report.counts[name] for name in named] == [2, 1, "", 2021]  # the last article gives no date


def test_report_of_documents_without_dates_says_their_last_year(home: Home, tmp_path: Path) -> None:
    raw = folder(tmp_path / "raw", b__txt=export(record("WOS:1", PY="2021")))
    report = stage.read_delivery(home, settings(), stage.register_delivery(home, "sci", raw))
    assert (report.counts["last_publication_date"], report.counts["last_publication_year"]) == ("", 2021)


def test_reading_alone_writes_the_tables_and_names_the_check_that_fails(tmp_path: Path) -> None:
    raw = folder(tmp_path / "raw", a__txt=export(record("WOS:1")))
    done = write_tables(raw, "sci", tmp_path / "out", Reader())
    assert (tmp_path / "out" / "listings.parquet").is_file()
    assert [text.split(" have")[0] for text in done.failed] == ["Only 0 of 1 listings (0.0%)"]


def test_sensor_waits_until_files_are_still(home: Home, tmp_path: Path) -> None:
    key = stage.register_delivery(home, "sci", folder(tmp_path / "raw", a__txt=ARTICLE))
    now = time.time()
    arriving = {key: "is still arriving: it is read once no file has changed for 5 s"}
    assert stage.look_at_deliveries(home, 5.0, now) == ({}, arriving)
    marks, waiting = stage.look_at_deliveries(home, 5.0, now + 60)
    assert (list(marks), waiting) == ([key], {})
    assert stage.look_at_deliveries(home, 5.0, now + 90)[0] == marks


def test_what_is_no_delivery_is_named_with_what_to_do(home: Home, tmp_path: Path) -> None:
    raw = home.raw_kind("sci")
    for name in ("good", "Bad Name!", "new\nline", "empty", ".hidden", "x" * 64):
        (raw / name).mkdir(parents=True)
    (raw / "good" / "a.txt").write_bytes(ARTICLE if isinstance(ARTICLE, bytes) else ARTICLE.encode())
    (raw / "loose.txt").write_text("x", encoding="utf-8")
    (raw / "gone").symlink_to(tmp_path / "nowhere")
    (raw.parent / "patstat").mkdir()
    os.mkfifo(raw / "pipe")
    marks, waiting = stage.look_at_deliveries(home, 0.0, time.time() + 60)
    assert list(marks) == ["sci.good"]
    rename = "cannot name a delivery: rename it to lower-case letters, digits, dots and dashes, 63 at most"
    assert waiting == {
        "raw/sci/Bad Name!": rename,
        "raw/sci/'new\\nline'": rename,
        f"raw/sci/{'x' * 64}": rename,
        "raw/sci/loose.txt": "is a file: put it into a folder of its own",
        "raw/sci/pipe": "is a file: put it into a folder of its own",
        "raw/patstat": "lies beside the deliveries: move it into raw/pct or raw/sci, in a folder of its own",
        "sci.empty": "holds no file that can be seen: put files into it, or delete it",
    }
    assert list(home.lost()) == ["sci.gone"]


def test_a_folder_that_may_not_be_read_does_not_keep_the_others_from_it(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Itself, or one inside it: half a delivery is not read as if it were whole."""
    for name in ("closed", "half", "open"):
        stage.register_delivery(home, "sci", folder(tmp_path / name, a__txt=ARTICLE))
    (tmp_path / "half" / "inside").mkdir()
    scandir = os.scandir

    def refused(path: str) -> Any:
        if Path(path).name in ("closed", "inside"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    marks, waiting = stage.look_at_deliveries(home, 0.0, time.time() + 60)
    assert list(marks) == ["sci.open"]
    assert stage.mark_of_delivery(home, "sci.open") == marks["sci.open"]
    assert stage.mark_of_delivery(home, "sci.closed") == ""
    for key in ("sci.closed", "sci.half"):
        assert waiting[key].startswith("cannot be looked through (Permission denied)")


def test_delivered_listings_point_to_delivered_addresses(home: Home, tmp_path: Path) -> None:
    key = stage.register_delivery(home, "sci", folder(tmp_path / "raw", a__txt=ARTICLE))
    stage.read_delivery(home, settings(), key)
    known = {row["address_id"] for row in rows(home, key, "addresses")}
    assert {row["address_id"] for row in rows(home, key, "listings")} == known
