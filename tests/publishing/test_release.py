"""A release: what it holds, its name, its checksums, what happens when nothing or something changed."""

import json
import subprocess
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from foundation.errors import ContractBroken, MissingData
from foundation.home import Home
from foundation.settings import Settings
from publishing import stage
from publishing.folder import SUMS, names
from publishing.reading import Release
from publishing.release import REQUIRED
from tests.publishing.editions import EDITION, World, usual, write_edition, write_places


def content(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names(folder)}


def test_release_holds_all_tables_but_the_exact_points(opened: Release) -> None:
    files = set(names(opened.folder))
    for name in set(REQUIRED) - {"point_classes"}:
        assert f"{name}.parquet" in files
    assert {"points.parquet", "land.parquet", "settings.json", "build.json", SUMS} <= files
    assert "point_classes.parquet" not in files


def test_every_file_says_that_it_is_simulated_and_whose_it_is(opened: Release) -> None:
    for name in names(opened.folder):
        if name.endswith(".parquet"):
            said = {
                key.decode(): text.decode()
                for key, text in (pq.read_schema(opened.folder / name).metadata or {}).items()
            }
            assert said["simulated"] == "true"
            assert said["edition"] == EDITION
            assert said["settings_hash"] == opened.build["settings_hash"]
            assert said["build"] == opened.build["build"]
            assert "GeoNames" in said["credits"]
            assert "CC BY 4.0" in said["credits"]


def test_checksums_agree_with_sha256sum(opened: Release) -> None:
    run = subprocess.run(
        ["sha256sum", "--strict", "--quiet", "-c", SUMS], cwd=opened.folder, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout
    assert len((opened.folder / SUMS).read_text().splitlines()) == len(names(opened.folder)) - 1


def test_same_tables_in_another_home_give_the_same_bytes(tmp_path: Path, opened: Release) -> None:
    home = Home(tmp_path / "elsewhere")
    settings = write_edition(home, usual())
    write_places(home)
    stage.release(home, settings, EDITION)
    assert content(home.release(EDITION)) == content(opened.folder)


def test_unchanged_edition_is_not_written_again(published: tuple[Home, Settings]) -> None:
    home, settings = published
    folder = home.release(EDITION).resolve()
    before = {name: (folder / name).stat().st_mtime_ns for name in names(folder)}
    report = stage.release(home, settings, EDITION)
    assert report.counts["written"] is False
    assert {name: (folder / name).stat().st_mtime_ns for name in names(folder)} == before


def test_damaged_release_is_written_anew(tmp_path: Path) -> None:
    home = Home(tmp_path)
    settings = write_edition(home, usual())
    stage.release(home, settings, EDITION)
    whole = content(home.release(EDITION))
    (home.release(EDITION) / "ranking.parquet").write_bytes(b"cut")
    assert stage.release(home, settings, EDITION).counts["written"] is True
    assert content(home.release(EDITION)) == whole


def test_changed_table_gives_another_build_and_only_the_last_two_stay(tmp_path: Path) -> None:
    home = Home(tmp_path)
    builds = []
    for step in range(3):
        world = usual()
        world.clusters[0].pct += step
        settings = write_edition(home, world)
        builds.append(stage.release(home, settings, EDITION).counts["build"])
    assert len(set(builds)) == 3
    assert home.release(EDITION).resolve().name == f"{EDITION}-{builds[2]}"
    kept = sorted(path.name for path in home.release_build(EDITION, builds[0]).parent.iterdir())
    assert kept == sorted(f"{EDITION}-{build}" for build in builds[1:])


def test_points_left_out_are_counted_in_the_build(opened: Release) -> None:
    build = json.loads((opened.folder / "build.json").read_text("utf-8"))
    assert build["points"]["places_hidden"] == 1  # the noise with four listings
    assert build["points"]["listings_hidden"] == 4


def test_missing_table_is_named(tmp_path: Path) -> None:
    home = Home(tmp_path)
    settings = write_edition(home, usual())
    home.table(EDITION, "economies").unlink()
    with pytest.raises(MissingData, match="economies"):
        stage.release(home, settings, EDITION)
    assert not home.release(EDITION).exists()


def test_tables_of_other_settings_are_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write_edition(home, usual())
    other = usual()
    other.more["eps_km"] = 13
    settings = write_edition(Home(tmp_path / "other"), other)
    with pytest.raises(MissingData, match="made with settings"):
        stage.release(home, settings, EDITION)


def test_pages_without_a_release_are_refused_in_a_sentence(tmp_path: Path) -> None:
    settings = write_edition(Home(tmp_path / "a"), usual())
    for step in (stage.site, stage.downloads):
        with pytest.raises(MissingData, match="has no release"):
            step(Home(tmp_path / "b"), settings, EDITION)


def test_mart_without_a_column_that_pages_need_is_named(tmp_path: Path) -> None:
    home = Home(tmp_path)
    settings = write_edition(home, usual())
    path = home.table(EDITION, "ranking")
    pq.write_table(pq.read_table(path).drop(["total"]), path)
    stage.release(home, settings, EDITION)
    with pytest.raises(ContractBroken, match="total"):
        stage.site(home, settings, EDITION)
    assert not home.site(EDITION).exists()


def test_real_edition_is_not_called_simulated(tmp_path: Path) -> None:
    home = Home(tmp_path)
    world: World = usual()
    world.simulated = False
    settings = write_edition(home, world)
    stage.release(home, settings, EDITION)
    said = pq.read_schema(home.release(EDITION) / "ranking.parquet").metadata
    assert said[b"simulated"] == b"false"
    assert b"none is real" not in said[b"credits"]
