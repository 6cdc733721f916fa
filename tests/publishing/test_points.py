"""Rounded points, METHODOLOGY 18."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from publishing.points import land_cells, rounded_points


def classes(rows: list[tuple[float, float, str, int, int, int]]) -> pa.Table:
    names = ("latitude", "longitude", "class", "cluster_no", "pct_listings", "sci_listings")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    table = pa.table({**columns, "rank": pa.array([None] * len(rows), pa.int32())})
    return table.set_column(3, "cluster_no", pa.array(columns["cluster_no"], pa.int32()))


def test_noise_with_few_records_at_its_rounded_place_is_left_out_and_counted() -> None:
    table = classes(
        [
            (10.001, 20.001, "noise", -1, 2, 1),
            (10.002, 20.002, "noise", -1, 1, 1),  # together five: shown
            (11.0, 21.0, "noise", -1, 4, 0),  # four: hidden
            (11.0, 21.0, "ranked", 1, 1, 0),  # a cluster's point is shown whatever it holds
        ]
    )
    shown, counts = rounded_points(table, 2, 5)
    assert shown.select(["latitude", "longitude", "class", "points", "pct_listings"]).to_pylist() == [
        {"latitude": 10.0, "longitude": 20.0, "class": "noise", "points": 2, "pct_listings": 3},
        {"latitude": 11.0, "longitude": 21.0, "class": "ranked", "points": 1, "pct_listings": 1},
    ]
    assert counts == {"points": 4, "places": 3, "places_hidden": 1, "listings_hidden": 4}


def test_minus_zero_and_zero_are_one_place() -> None:
    shown, _ = rounded_points(
        classes([(-0.001, 0.001, "noise", -1, 5, 0), (0.001, -0.001, "noise", -1, 5, 0)]), 2, 5
    )
    assert shown.num_rows == 1
    assert shown["points"].to_pylist() == [2]


def test_edition_without_points_has_no_rounded_ones() -> None:
    shown, counts = rounded_points(classes([]), 2, 5)
    assert shown.num_rows == 0
    assert counts["listings_hidden"] == 0


@given(
    st.lists(
        st.tuples(
            st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(["noise", "ranked"]), st.just(1),
            st.integers(0, 9), st.integers(0, 9),
        ),
        min_size=1, max_size=40,
    ),
    st.integers(0, 6),
)  # fmt: skip
def test_no_listing_is_lost_between_shown_and_hidden(
    rows: list[tuple[float, float, str, int, int, int]], decimals: int
) -> None:
    shown, counts = rounded_points(classes(rows), decimals, 5)
    kept = sum(shown["pct_listings"].to_pylist()) + sum(shown["sci_listings"].to_pylist())
    assert kept + counts["listings_hidden"] == sum(row[4] + row[5] for row in rows)
    again, _ = rounded_points(classes(rows[::-1]), decimals, 5)
    assert again.equals(shown)


def test_land_has_each_cell_once() -> None:
    places = pa.table({"latitude": [1.01, 1.04, -3.0], "longitude": [2.0, 2.0, 4.0]})
    assert land_cells(places).to_pylist() == [
        {"latitude_tenths": -30, "longitude_tenths": 40},
        {"latitude_tenths": 10, "longitude_tenths": 20},
    ]
