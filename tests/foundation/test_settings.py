"""Settings are one model; every fault names the file, the key and what to do."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from foundation.cron import is_cron
from foundation.errors import BadSettings
from foundation.settings import load, parse

CHECKOUT = Path(__file__).resolve().parents[2]
WINDOWS = {"pct_years": [2020, 2021], "sci_years": [2019, 2020]}


def settings(edition: dict[str, Any] | None = None, **blocks: Any) -> dict[str, Any]:
    return {"editions": {"mine": {**WINDOWS, **(edition or {})}}, **blocks}


def test_the_checkouts_own_editions_load() -> None:
    found = load(CHECKOUT / "editions.yaml")
    assert found.chain("demo") == ["demo-previous", "demo"]
    assert found.used_years() == list(range(2017, 2024))
    assert found.partition_years()[0] == 2007


def test_defaults_are_the_published_ones() -> None:
    mine = parse(settings(), "x").edition("mine")
    assert (mine.eps_km, mine.min_samples, mine.merge_within_km, mine.merge_core_km) == (15, 4500, 5, 20)
    assert (mine.counting, mine.fraction_split, mine.world_total) == ("fractional", "listing", "documents")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (settings({"eps_kn": 15}), "Unknown setting 'editions.mine.eps_kn'.*Did you mean 'eps_km'"),
        (settings(defaults={"min_sample": 3}), "Unknown setting 'defaults.min_sample'.*'min_samples'"),
        (settings(reader={"pct_dates": "filing"}), "Unknown setting 'reader.pct_dates'.*'pct_date'"),
        (settings(edition=None, edtions={}), "Unknown setting 'edtions'.*'editions'"),
        (settings({"eps_km": -1}), "'editions.mine.eps_km' cannot be used \\(it is -1\\)"),
        (settings({"pct_years": []}), "window needs at least one year"),
        (settings({"sci_years": []}), "window needs at least one year"),
        (
            settings({"merge_rule": "distance_and_partner", "merge_within_km": 0}),
            "contradicts merge_within_km: 0",
        ),
        (settings({"previous_rank_mode": "published"}), "needs a reference table"),
        (settings({"world_total": "given"}), "needs world_totals"),
        (settings({"world_totals": {"pct": 5, "sci": 5}}), "not used with world_total: documents"),
        (settings({"world_total": "given", "world_totals": {"pct": 0, "sci": 5}}), "not 0 for pct"),
        (
            settings({"world_total": "given", "world_totals": {"pct": 1e30, "sci": 5}}),
            "at most 1,000,000,000",
        ),
        (
            settings({"world_total": "given", "world_totals": {"pct": float("nan"), "sci": 5}}),
            "finite number",
        ),
        (settings({"simulated": True}), "needs world"),
        (settings({"sci_indexes": ["SSCI"]}), "which reader.sci_indexes does not let in"),
        (settings({"previous_edition": "gone"}), "There is no edition 'gone'"),
        (settings({"previous_edition": "mine"}), "round in a circle"),
        (settings({"indicators": []}), "indicators' cannot be used.*each once"),
        (settings({"indicators": ["pct", "pct"]}), "indicators' cannot be used.*each once"),
        (settings({"schedule": "whenever"}), "schedule' cannot be used \\(it is 'whenever'\\).*cron line"),
        (settings({"eps_km": True}), "eps_km' cannot be used \\(it is True\\).*no switch"),
        (settings({"pct_years": [2020, True]}), "no switch"),
        (settings(limits={"processes": True}), "'limits.processes' cannot be used \\(it is True\\)"),
        (settings({"merge_within_km": float("inf")}), "merge_within_km' cannot be used"),
        (settings({"growth_min_output": float("nan")}), "growth_min_output' cannot be used"),
        (
            {"editions": {"mine": {"pct_yeers": [2020], "sci_years": [2020]}}},
            "Unknown setting 'editions.mine.pct_yeers'",
        ),
        ({"editions": {}}, "names no edition"),
        ({"editions": {"mine": {"pct_years": [2020]}}}, "'editions.mine.sci_years' is missing"),
        ({"editions": {"a/b": WINDOWS}}, "no valid name of an edition"),
        ({"editions": ["mine"]}, "must be a block"),
        (["editions"], "holds no keys"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(raw, words) -> None:
    with pytest.raises(BadSettings, match=words) as caught:
        parse(raw, "mine.yaml")
    assert caught.value.where == "mine.yaml"
    assert caught.value.todo


def test_an_edition_and_its_previous_one_follow_the_same_rules() -> None:
    raw = settings({"previous_edition": "before"})
    raw["editions"]["before"] = {**WINDOWS, "eps_km": 20}
    with pytest.raises(BadSettings, match="differ in eps_km"):
        parse(raw, "x")


@pytest.mark.parametrize(
    "rule",
    [{"counting": "full"}, {"world_total": "located"}, {"growth_area": "present"}, {"ranked_size": 50}, {"indicators": ["sci"]}],
)  # fmt: skip
def test_every_kind_of_rule_must_be_alike_in_both_editions(rule: dict[str, Any]) -> None:
    raw = settings({"previous_edition": "before"})
    raw["editions"]["before"] = {**WINDOWS, **rule}
    with pytest.raises(BadSettings, match=f"differ in {next(iter(rule))}"):
        parse(raw, "x")
    raw["editions"]["before"] = {**WINDOWS, "title": "Earlier", "pct_years": [2018]}
    assert parse(raw, "x").chain("mine") == ["before", "mine"]


def test_an_unknown_edition_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(BadSettings, match="Did you mean 'mine'"):
        parse(settings(), "x").edition("mien")


def test_the_hash_changes_with_a_setting_and_not_with_the_order_of_keys() -> None:
    one = parse(settings({"eps_km": 15, "min_samples": 90}), "x")
    two = parse(settings({"min_samples": 90, "eps_km": 15}), "elsewhere.yaml")
    three = parse(settings({"eps_km": 16, "min_samples": 90}), "x")
    assert one.hash("mine") == two.hash("mine") != three.hash("mine")
    assert len(one.hash("mine")) == 12


@pytest.mark.parametrize(
    ("content", "words"), [(b"editions: [", "no valid YAML, line"), (b"\xff\xfe\x00", "not UTF-8")]
)
def test_a_file_that_is_no_settings_file_is_named(tmp_path, content, words) -> None:
    file = tmp_path / "e.yaml"
    file.write_bytes(content)
    with pytest.raises(BadSettings, match=words):
        load(file)
    with pytest.raises(BadSettings, match="cannot be read"):
        load(tmp_path / "absent.yaml")


def test_no_setting_of_an_edition_is_without_a_word_on_it() -> None:
    from foundation.settings import Edition

    assert [name for name, field in Edition.model_fields.items() if not field.description] == []
    assert yaml.safe_load((CHECKOUT / "editions.yaml").read_text())


def test_a_key_that_stands_twice_is_refused_with_its_file_and_lines(tmp_path: Path) -> None:
    file = tmp_path / "e.yaml"
    window = "{pct_years: [2020], sci_years: [2020]}"
    file.write_text(f"editions:\n  mine: {window}\n  other: {window}\n  mine: {window}\n")
    with pytest.raises(BadSettings, match="'mine' stands twice in one block, in lines 2 and 4") as caught:
        load(file)
    assert caught.value.where == str(file)
    file.write_text(
        "editions:\n  mine:\n    pct_years: [2020]\n    sci_years: [2020]\n    pct_years: [2021]\n"
    )
    with pytest.raises(BadSettings, match="'pct_years' stands twice"):
        load(file)


def test_a_merged_block_may_be_overridden(tmp_path: Path) -> None:
    file = tmp_path / "e.yaml"
    file.write_text(
        "editions:\n  one: &one {pct_years: [2020], sci_years: [2020], eps_km: 15}\n"
        "  two:\n    <<: *one\n    eps_km: 20\n"
    )
    assert [load(file).edition(name).eps_km for name in ("one", "two")] == [15, 20]


@pytest.mark.parametrize(
    "line",
    ["0 6 * * *", "*/15 0-6,22 1,15 jan-mar MON", "@weekly", "5 4 * * 7", "0 0 31 12 0", "1-10/3 * * * *"],
)
def test_a_cron_line_is_taken_as_a_schedule(line: str) -> None:
    assert parse(settings({"schedule": line}), "x").edition("mine").schedule == line


@settings_of_hypothesis(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["*", "*/2", "1-5", "5-1", "jan", "mon-fri", "0", "61", "1,2", "*/0", "x", "7", "24", "-1"]
            ),
            st.integers(0, 70).map(str),
        ),
        min_size=4,
        max_size=6,
    )
)
def test_what_is_taken_as_a_schedule_dagster_takes_too(fields: list[str]) -> None:
    from dagster._utils.schedules import is_valid_cron_schedule

    line = " ".join(fields)
    assert not is_cron(line) or is_valid_cron_schedule(line)
