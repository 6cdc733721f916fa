"""Pictures of the findings: they show the marts' figures, as many marks as there are things, and nothing that the text excludes."""

from types import SimpleNamespace
from typing import Any

from publishing.downloads import csvfile
from publishing.site import pictures

CLUSTERS = [
    {"cluster_no": number, "name": f"C{number}", "pct_share": 6.0 / number, "sci_share": 2.0 / number, "total": 8.0 / number,
     "pct_per_million": 50.0 / number, "sci_per_million": 100.0 / number, "intensity": 0.5 / number}
    for number in range(1, 13)
]  # fmt: skip


def release(**tables: list[dict[str, Any]]) -> Any:
    return SimpleNamespace(
        edition={"indicators": ["pct", "sci"], "rta_min_cluster": 100, "previous_edition": "before"},
        ranked=CLUSTERS,
        by_number={row["cluster_no"]: row for row in CLUSTERS},
        has=lambda name: name in tables,
        table=lambda name: SimpleNamespace(to_pylist=lambda: tables[name]),
    )


def row(item: str, value: float, **more: Any) -> dict[str, Any]:
    return {"item": item, "value": value, "key": "", "unit": "", "cluster_no": None, "economy": None, **more}


def test_the_largest_are_drawn_by_both_shares_and_print_their_total() -> None:
    found = pictures.of(
        release(),
        "top_five",
        [row("C1", 1, cluster_no=1, unit="rank"), row("C2", 2, cluster_no=2, unit="rank")],
    )
    assert found.printed == {0: "8.0", 1: "4.0"}
    assert 'class="pct" x="0.0" width="165.0"' in found.lines[0]
    assert 'class="sci" x="82.5" width="27.5"' in found.lines[1]
    assert ("C2", "sci_share", 1.0, "per cent of world") in found.figures
    assert found.csv(simulated=True).decode().startswith(csvfile.SIMULATED_LINE)


def test_two_leaders_and_the_rest_fill_the_world() -> None:
    found = pictures.of(release(), "top_two_pct", [row("C1 + C2", 9.0)])
    assert found.above.count("<rect") == 3
    assert [text for _, text in found.legend] == ["C1 6.0", "C2 3.0", "all others"]
    assert pictures.of(release(), "top_two_pct", [row("C1 + Gone", 9.0)]).above == ""


def test_an_economy_has_as_many_squares_as_clusters_and_a_loss_as_many_as_fall() -> None:
    rows = [row("China", 27, economy="CN"), row("Germany", 7, economy="DE")]
    drawn = pictures.of(release(), "clusters_per_economy", rows).lines
    assert [drawn[place].count("<rect") for place in (0, 1)] == [27, 7]
    fallen = pictures.of(release(), "shrinking_high_income", [row("clusters", 25, unit="of 62")]).above
    assert (fallen.count('class="loss"'), fallen.count('class="rest"')) == (25, 37)
    assert 'aria-label="25 of 62"' in fallen


def test_fields_are_parts_of_all_applications_and_the_first_tens_part_is_not_among_them() -> None:
    rows = [
        row("Optics", 30.0, key="field_1"),
        row("Control", 25.0, key="field_2"),
        row("top ten clusters", 60.0, key="top10_clusters_part"),
    ]
    found = pictures.of(release(), "half_of_top100_pct", rows)
    assert sorted(found.lines) == [0, 1]
    assert found.above.count('class="seg') == 2
    assert '<line class="half" x1="280"' in found.above


def test_a_sectors_dots_are_the_clusters_that_the_sentence_compares() -> None:
    profiles = [
        {
            "cluster_no": number,
            "electrical_share": 60.0 - number,
            "hhi_why": "too few" if number == 1 else None,
        }
        for number in range(1, 13)
    ]
    rows = [row("C2", 58.0, cluster_no=2), row("C3", 57.0, cluster_no=3)]
    found = pictures.of(release(cluster_profiles=profiles), "electrical_engineering_share", rows)
    assert (found.above.count('class="pct"'), found.above.count('class="rest"')) == (2, 9)
    assert "C1" not in [item for item, *_ in found.figures]
    few = pictures.of(release(cluster_profiles=profiles[:5]), "electrical_engineering_share", rows)
    assert few.above == ""


def test_the_dense_are_two_dots_on_one_line_and_an_unknown_one_is_left_out() -> None:
    rows = [row("C1", 1, cluster_no=1, unit="rank"), row("Gone", 2, cluster_no=99, unit="rank")]
    found = pictures.of(release(), "most_intensive", rows)
    assert sorted(found.lines) == [0]
    assert 'class="sci" cx="215.0"' in found.lines[0]
    assert 'class="pct" cx="110.0"' in found.lines[0]
