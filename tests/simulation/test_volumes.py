from __future__ import annotations

import pytest

from simulation import tables, volumes


def test_published_clusters_have_the_counts_of_the_2023_table() -> None:
    totals = tables.world_totals()
    by_name = {volume.name: volume for volume in volumes.published()}
    beijing = by_name["Beijing"]
    assert beijing.basis == "published 2023"
    assert (beijing.pct * totals["pct"], beijing.sci * totals["sci"]) == pytest.approx((38067, 279485))
    assert (beijing.rank_2023, beijing.rank_2024) == (4, 3)


def test_all_hundred_names_of_2024_are_there_and_later_ranks_say_extrapolated() -> None:
    published = volumes.published()
    assert [volume.rank_2024 for volume in published] == list(range(1, 101))
    assert sum(volume.basis == "published 2023" for volume in published) == 35
    assert {volume.basis for volume in published} == {"published 2023", "extrapolated"}


def test_extrapolated_totals_fall_with_rank_and_follow_the_fitted_curve() -> None:
    extrapolated = [volume for volume in volumes.published() if volume.basis == "extrapolated"]
    totals = [volume.pct + volume.sci for volume in extrapolated]
    assert totals == sorted(totals, reverse=True)
    _, slope = volumes.fitted_curve()
    assert -1.2 < slope < -0.5
    assert all(0 < volume.pct < volume.pct + volume.sci for volume in extrapolated)


def test_the_tail_fills_what_clusters_hold_of_both_kinds() -> None:
    published = volumes.published()
    totals = volumes.tail_totals(300, published)
    assert totals[0] < min(volume.pct + volume.sci for volume in published)
    assert all(totals[:-1] >= totals[1:])
    pct, sci = volumes.split_tail(totals, ["US", "CN", "DE"] * 100, published)
    assert pct.sum() + sum(volume.pct for volume in published) == pytest.approx(volumes.CLUSTERED)
    assert sci.sum() + sum(volume.sci for volume in published) == pytest.approx(volumes.CLUSTERED)


def test_five_years_around_the_base_year_make_the_known_world_totals() -> None:
    made = sum(volumes.documents("sci", year, 1.0) for year in range(2017, 2022))
    assert made == pytest.approx(tables.world_totals()["sci"], rel=0.002)
    assert volumes.documents("pct", 2023, 0.02) > volumes.documents("pct", 2019, 0.02)


def test_every_table_names_its_source() -> None:
    folder = tables._DATA
    files = sorted(folder.glob("*.csv"))
    assert len(files) >= 8
    assert [path.name for path in files if not path.read_text(encoding="utf-8").startswith("# source:")] == []
