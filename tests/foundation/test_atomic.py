"""A file or folder is old or new, never half of either."""

import os
import subprocess
import sys
import time

import pytest

from foundation import atomic
from foundation.atomic import (
    OLD_SECONDS,
    new_file,
    new_folder,
    swap_link,
    sweep,
    sweep_below,
    write_text,
)


class Stop(Exception):
    pass


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path) -> None:
    target = tmp_path / "a.txt"
    write_text(target, "old")
    with pytest.raises(Stop), new_file(target) as part:
        part.write_text("half")
        raise Stop
    assert target.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_a_failed_folder_leaves_the_old_folder(tmp_path) -> None:
    target = tmp_path / "pages"
    with new_folder(target) as part:
        (part / "index.html").write_text("old")
    with pytest.raises(Stop), new_folder(target) as part:
        (part / "index.html").write_text("half")
        raise Stop
    assert (target / "index.html").read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["pages"]


def test_a_new_folder_replaces_the_old_one_whole(tmp_path) -> None:
    target = tmp_path / "pages"
    for name in ("one.html", "two.html"):
        with new_folder(target) as part:
            (part / name).write_text("x")
    assert [entry.name for entry in target.iterdir()] == ["two.html"]


@pytest.mark.skipif(sys.platform != "linux", reason="no other system swaps two names in one step")
def test_a_folder_is_never_away_while_another_takes_its_place(tmp_path, monkeypatch) -> None:
    """No name is taken from the old folder before the new one has it: nothing but the one step touches either."""
    target = tmp_path / "pages"
    with new_folder(target) as part:
        (part / "index.html").write_text("old")
    monkeypatch.setattr(os, "replace", None)
    monkeypatch.setattr(os, "rename", None)
    with new_folder(target) as part:
        (part / "index.html").write_text("new")
    assert (target / "index.html").read_text() == "new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["pages"]


def test_where_names_cannot_be_swapped_a_killed_writers_old_folder_is_put_back(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(atomic, "_exchanged", lambda *_: False)
    target = tmp_path / "pages"
    for words in ("old", "new"):
        with new_folder(target) as part:
            (part / "index.html").write_text(words)
    assert (target / "index.html").read_text() == "new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["pages"]
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    target.replace(tmp_path / f".pages.{ended.pid}-12345678.old.part")
    assert sweep(tmp_path) == 0, "it is no leftover"
    assert (target / "index.html").read_text() == "new"


def test_a_link_is_swapped_and_relative(tmp_path) -> None:
    for build in ("a", "b"):
        (tmp_path / ".builds" / build).mkdir(parents=True)
        swap_link(tmp_path / "demo", tmp_path / ".builds" / build)
    assert str((tmp_path / "demo").readlink()) == ".builds/b"


def test_leftovers_of_killed_writers_are_swept_and_living_ones_kept(tmp_path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / f".a.parquet.{ended.pid}-12345678.part").write_text("half")
    (tmp_path / f".pages.{ended.pid}-12345678.old.part").mkdir()
    (tmp_path / "pages").mkdir()
    (tmp_path / f".b.parquet.{os.getpid()}-12345678.part").write_text("being written")
    (tmp_path / "tmp_points.parquet").write_text("half, and nobody knows whose")
    (tmp_path / "points.parquet").write_text("whole")
    assert sweep(tmp_path) == 2
    left = [f".b.parquet.{os.getpid()}-12345678.part", "pages", "points.parquet", "tmp_points.parquet"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == left
    assert sweep(tmp_path, alone=True) == 1
    assert sweep(tmp_path / "absent") == 0


def test_a_nameless_leftover_is_swept_after_a_day(tmp_path) -> None:
    below = tmp_path / "warehouse" / "demo"
    below.mkdir(parents=True)
    (below / "tmp_points.parquet").write_text("half")
    assert sweep_below(tmp_path) == 0
    yesterday = time.time() - OLD_SECONDS - 60
    os.utime(below / "tmp_points.parquet", (yesterday, yesterday))
    assert sweep_below(tmp_path) == 1


def test_a_killed_writers_sibling_tells_its_process(tmp_path) -> None:
    with new_file(tmp_path / "a.txt") as part:
        part.write_text("x")
        assert f".{os.getpid()}-" in part.name
        assert sweep(tmp_path, alone=True) == 0
