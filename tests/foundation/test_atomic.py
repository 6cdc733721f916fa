"""A file or folder is old or new, never half of either."""

import pytest

from foundation.atomic import new_file, new_folder, swap_link, sweep, write_text


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


def test_a_link_is_swapped_and_relative(tmp_path) -> None:
    for build in ("a", "b"):
        (tmp_path / ".builds" / build).mkdir(parents=True)
        swap_link(tmp_path / "demo", tmp_path / ".builds" / build)
    assert str((tmp_path / "demo").readlink()) == ".builds/b"


def test_leftovers_of_killed_writers_are_swept(tmp_path) -> None:
    (tmp_path / ".a.parquet.1234.part").write_text("half")
    (tmp_path / ".pages.1234.part").mkdir()
    (tmp_path / "tmp_points.parquet").write_text("half")
    (tmp_path / "points.parquet").write_text("whole")
    assert sweep(tmp_path) == 3
    assert [entry.name for entry in tmp_path.iterdir()] == ["points.parquet"]
    assert sweep(tmp_path / "absent") == 0
