"""Sentences agree with the printed figures, count what they list, and know none, one and many."""

from collections.abc import Callable

from publishing import sentences
from publishing.reading import Release
from tests.publishing.editions import Made, World, usual

Released = Callable[[World], Release]


def world(*clusters: Made, **more: object) -> World:
    return World(list(clusters), **more)  # type: ignore[arg-type]


def made(name: str, pct: float, economies: str = "JP", **more: object) -> Made:
    return Made(name, economies.split("/"), 35.0, 139.0, pct, 0.0, **more)  # type: ignore[arg-type]


def test_leader_is_named_with_both_printed_shares(opened: Release) -> None:
    assert sentences.leader(opened) == (
        "Tokyo–Yokohama (Japan) leads with 11.7\u00a0% of all PCT applications and 2.3\u00a0% of all articles."
    )


def test_nobody_leads_when_the_printed_totals_are_alike(released: Released) -> None:
    release = released(world(made("A", 78.04), made("B", 78.01), made("C", 20.0)))
    said = sentences.leader(release)
    assert said == "A (Japan) and B (Japan) have the same printed total, 7.8; A comes first unrounded."


def test_cross_border_cluster_counts_for_each_of_its_economies(released: Released) -> None:
    release = released(world(made("A", 90, "DE"), made("Basel", 80, "CH/DE/FR"), made("B", 70, "US")))
    assert sentences.top_economies(release) == (
        "Germany has the most clusters in the ranking, 2, followed by Switzerland, France and the United States with 1 each."
    )


def test_economies_that_tie_for_the_first_place_are_all_named(released: Released) -> None:
    release = released(world(made("A", 90, "DE"), made("B", 80, "US")))
    assert (
        sentences.top_economies(release)
        == "Germany and the United States have one cluster each in the ranking."
    )


def test_only_economy_is_not_said_to_have_most(released: Released) -> None:
    release = released(world(made("A", 90, "DE")))
    assert sentences.top_economies(release) == "Germany has one cluster in the ranking."


def test_entrants_are_as_many_as_are_listed(released: Released) -> None:
    new = [made(f"N{number}", 50 - number, is_new=True) for number in range(5)]
    said = sentences.entrants(released(world(made("Old", 90, previous=1), *new)))
    assert said.startswith("Five clusters enter the ranking: N0 at rank 2, ")
    assert said.count(" at rank ") == 5


def test_one_entrant_enters_and_none_is_said(released: Released) -> None:
    assert (
        sentences.entrants(released(world(made("A", 9, is_new=True))))
        == "One cluster enters the ranking: A at rank 1."
    )


def test_no_entrant_has_its_own_sentence(opened: Release) -> None:
    assert sentences.entrants(opened) == "No cluster enters the top\u00a03."


def test_without_an_earlier_edition_nothing_is_said_to_be_new(released: Released) -> None:
    said = sentences.entrants(released(world(made("A", 9), previous=None)))
    assert said == "There is no earlier edition to compare with."


def test_top_is_only_said_of_a_full_ranking(released: Released, opened: Release) -> None:
    assert sentences.group(opened) == "top\u00a03"
    assert sentences.headline(opened) == "The three largest science and technology clusters"
    few = released(world(made("A", 9), made("B", 8)))
    assert sentences.group(few) == "ranking"
    assert sentences.headline(few) == "The two science and technology clusters"


def test_risers_that_rise_alike_are_all_named(released: Released) -> None:
    release = released(world(made("A", 9, previous=2), made("B", 8, previous=3), made("C", 7, previous=1)))
    assert sentences.riser(release) == "A and B rise by one place each, more than any other."


def test_stand_ins_are_said_on_every_page(released: Released) -> None:
    release = released(World(usual().clusters, reader={"pct_date": "filing", "pct_kind_when_absent": "keep"}))
    assert len(sentences.notices(release)) == 2


def test_scope_counts_documents(opened: Release) -> None:
    assert sentences.scope(opened) == "Four clusters found among 1,000 PCT applications and 2,000 articles."
