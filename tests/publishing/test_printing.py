"""Figures in print."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from publishing import printing


def test_half_is_rounded_up_and_not_to_even() -> None:
    assert printing.whole(2.5) == "3"
    assert printing.share(0.25) == "0.3"
    assert printing.share(10.05) == "10.1"  # binary 10.05 lies below: the shortest decimal decides


def test_share_that_rounds_to_nothing_is_not_printed_as_nothing() -> None:
    assert printing.share(0.0) == "0.0"
    assert printing.share(0.0499) == "<0.1"
    assert printing.share(0.05) == "0.1"


def test_a_count_that_rounds_to_nothing_is_not_printed_as_nothing() -> None:
    assert [printing.whole(value) for value in (0, 0.4, 0.5, 3)] == ["0", "<1", "1", "3"]


def test_counts_have_commas() -> None:
    assert printing.whole(137705.5) == "137,706"


def test_lists_have_and_before_the_last_without_a_comma() -> None:
    assert printing.listed([]) == ""
    assert printing.listed(["A"]) == "A"
    assert printing.listed(["A", "B"]) == "A and B"
    assert printing.listed(["A", "B", "C"]) == "A, B and C"


def test_numbers_up_to_ten_are_words_and_agree_with_their_noun() -> None:
    assert printing.counted(0, "cluster", "clusters") == "no clusters"
    assert printing.counted(1, "cluster", "clusters") == "one cluster"
    assert printing.counted(10, "cluster", "clusters") == "ten clusters"
    assert printing.counted(1100, "cluster", "clusters") == "1,100 clusters"


def test_windows_with_gaps_are_listed() -> None:
    assert printing.span([2019, 2020, 2021]) == "2019–2021"
    assert printing.span([2019, 2021]) == "2019 and 2021"
    assert printing.span([2019]) == "2019"


def test_positions_have_hemispheres() -> None:
    assert printing.degrees(-33.865, 151.209) == "33.87°\u00a0S, 151.21°\u00a0E"


@given(st.floats(0, 1e9, allow_nan=False), st.integers(0, 4))
def test_printed_figure_is_within_half_a_unit_of_its_last_place(value: float, decimals: int) -> None:
    printed = printing.rounded(value, decimals)
    assert abs(printed - Decimal(str(value))) <= Decimal(5).scaleb(-decimals - 1)
    assert printed == Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
