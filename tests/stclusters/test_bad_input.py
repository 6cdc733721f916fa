"""What a user can give wrong: one clear sentence, what to do, exit code 2 or 1, nothing half-written."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from foundation.home import Home
from foundation.settings import load
from orchestration.run import Runner
from stclusters import cli as entry
from tests.extracts.tagged import export, record
from tests.extracts.world import folder

WINDOWS = {"pct_years": [2020], "sci_years": [2020]}


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "editions.yaml").write_text(yaml.safe_dump({"editions": {"mine": WINDOWS}}), encoding="utf-8")

    def run(*arguments: object) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            entry.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out + captured.err

    return run


def home_is_untouched(tmp_path: Path) -> bool:
    return not [path for path in (tmp_path / "home").rglob("*") if not path.is_dir()]


def test_a_missing_folder_is_named(call: Any, tmp_path: Path) -> None:
    code, said = call("run", "--home", "home", "--edition", "mine", "--pct", tmp_path / "absent")
    assert code == 2
    assert "absent" in said
    assert home_is_untouched(tmp_path)


def test_an_empty_folder_is_named(call: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, said = call("run", "--home", "home", "--edition", "mine", "--sci", tmp_path / "empty")
    assert code == 2
    assert "empty" in said
    assert home_is_untouched(tmp_path)


def test_a_folder_without_a_known_file_is_refused(call: Any, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear reader,\n", encoding="utf-8")
    code, said = call("run", "--home", "home", "--edition", "mine", "--pct", folder)
    assert code == 2
    assert "letters" in said
    assert home_is_untouched(tmp_path)


def test_a_bad_folder_leaves_no_good_one_linked(call: Any, tmp_path: Path) -> None:
    good = folder(tmp_path / "good", a__txt=export(record("WOS:1")))
    code, said = call(
        "run", "--home", "home", "--edition", "mine", "--sci", good, "--pct", tmp_path / "absent"
    )
    assert code == 2
    assert "absent" in said
    assert home_is_untouched(tmp_path)
    assert not list((tmp_path / "home").rglob("good"))


def test_a_linked_folder_that_vanished_is_named(call: Any, tmp_path: Path) -> None:
    link = tmp_path / "home" / "raw" / "sci" / "wos"
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "gone")
    code, said = call("run", "--home", "home", "--edition", "mine")
    assert code == 2
    assert "sci.wos is gone" in said
    assert str(tmp_path / "gone") in said
    code, said = call("status", "--home", "home")
    assert code == 0
    assert f"Folder gone: sci.wos was {tmp_path / 'gone'}" in said


def test_what_was_read_of_a_folder_that_vanished_is_used_with_a_warning(tmp_path: Path) -> None:
    home, said = Home(tmp_path / "home"), []
    home.raw("sci.wos").parent.mkdir(parents=True)
    home.raw("sci.wos").symlink_to(tmp_path / "gone")
    home.delivery("sci.wos").mkdir(parents=True)
    home.delivery_report("sci.wos", "report").write_text("{}", encoding="utf-8")
    # no instance: reading it would fail
    Runner.deliveries(SimpleNamespace(home=home, say=said.append), home.deliveries())  # type: ignore[arg-type]
    assert "sci.wos is gone" in said[0]
    assert str(tmp_path / "gone") in said[0]


@pytest.mark.parametrize(
    "block",
    [
        {"editions": {"mine": {**WINDOWS, "population_raster": "rasters/people.tif"}}},
        {
            "editions": {
                "mine": {**WINDOWS, "previous_edition": "old"},
                "old": {**WINDOWS, "population_raster": "rasters/people.tif"},
            }
        },
        {"editions": {"mine": WINDOWS}, "reader": {"ipc_extra": "rasters/people.tif"}},
    ],
)
def test_a_file_that_a_setting_names_and_is_not_there_is_named_first(
    call: Any, tmp_path: Path, block: dict[str, Any]
) -> None:
    (tmp_path / "editions.yaml").write_text(yaml.safe_dump(block), encoding="utf-8")
    code, said = call("run", "--home", "home", "--edition", "mine", "--sci", tmp_path)
    assert code == 2
    assert "people.tif" in said
    assert "not there" in said
    assert home_is_untouched(tmp_path)


def test_a_wrong_line_of_a_file_of_names_is_told_before_any_work(call: Any, tmp_path: Path) -> None:
    block = {"editions": {"mine": {**WINDOWS, "name_overrides": "names.csv"}}}
    (tmp_path / "editions.yaml").write_text(yaml.safe_dump(block), encoding="utf-8")
    (tmp_path / "home").mkdir()
    names = tmp_path / "home" / "names.csv"
    names.write_text("cluster_id,name,economies\nJP-1,X,QQ\n", encoding="utf-8")
    code, said = call("run", "--home", "home", "--edition", "mine", "--sci", tmp_path)
    assert code == 2
    assert "Line 2 names the economy 'QQ'" in said
    assert "names.csv" in said
    assert [one.name for one in (tmp_path / "home").iterdir()] == ["names.csv"]


def test_a_reader_setting_that_is_no_yaml_is_one_sentence(call: Any, tmp_path: Path) -> None:
    code, said = call(
        "read", tmp_path, "--kind", "sci", "--reader", "sci_indexes=[SCIE", "--out", tmp_path / "o"
    )
    assert code == 2
    assert "The value of --reader sci_indexes is no valid YAML" in said
    assert "Traceback" not in said


def test_a_file_that_cannot_be_read_alone_is_named_by_its_own_path(call: Any, tmp_path: Path) -> None:
    (tmp_path / "zero.txt").write_bytes(b"")
    (tmp_path / "letter.txt").write_text("Dear reader,\n", encoding="utf-8")
    for name, words in {"zero.txt": "The file is empty.", "letter.txt": "The file is in no format"}.items():
        code, said = call("read", tmp_path / name, "--kind", "sci", "--out", tmp_path / "o")
        assert code == 2
        assert words in said
        assert f"[{tmp_path / name}]" in said
        assert not (tmp_path / "o").exists()


def test_a_table_of_articles_given_as_applications_is_told_so(call: Any, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("document_id,publication_year,address,country,doc_type\na,2020,Oslo,NO,Article\n")
    code, said = call("read", file, "--kind", "pct", "--out", tmp_path / "o")
    assert code == 2
    assert "they are of ARTICLE" in said
    assert "--sci" in said
    assert "tls211" not in said


def test_formats_names_both_options_and_a_template_needs_a_folder(call: Any, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("document_id,publication_year,address,country\na,2020,Oslo,NO\n")
    said = call("formats", file)[1]
    assert "--pct or --sci" in said
    assert "--any" not in said
    code, said = call("formats", "--template", "sci", "--out", tmp_path / "nowhere" / "x.csv")
    assert code == 2
    assert "folder of the file is not there" in said


def test_a_damaged_state_of_the_home_is_one_sentence(call: Any, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    for damaged in ("{", "[1]", "\ufeff{", ""):
        (tmp_path / "home" / "home.json").write_text(damaged, encoding="utf-8")
        code, said = call("status", "--home", "home")
        assert code == 2
        assert "home.json" in said
        assert "Traceback" not in said


def test_an_unknown_edition_is_answered_with_the_nearest(call: Any) -> None:
    code, said = call("run", "--home", "home", "--edition", "mien")
    assert code == 2
    assert "Did you mean 'mine'" in said


def test_a_run_without_deliveries_says_how_to_give_some(call: Any, tmp_path: Path) -> None:
    code, said = call("run", "--home", "home", "--edition", "mine")
    assert code == 2
    assert "--pct DIR or --sci DIR" in said
    assert home_is_untouched(tmp_path)


def test_a_settings_file_that_is_not_there_is_named(call: Any) -> None:
    code, said = call("run", "--edition", "mine", "--editions", "gone.yaml")
    assert code == 2
    assert "gone.yaml" in said


def test_an_unknown_command_and_option_are_answered_in_a_line(call: Any) -> None:
    assert call("rnu")[0] == 2
    assert call("run", "--edtion", "mine")[0] == 2


def test_pages_that_are_not_there_are_missing_data(call: Any) -> None:
    code, said = call("open", "--home", "home", "--edition", "mine")
    assert code == 1
    assert "has no pages yet" in said
    assert "--edition mine" in said


def test_status_of_an_empty_home_says_what_to_do(call: Any) -> None:
    code, said = call("status", "--home", "home")
    assert code == 0
    assert "Next: Give raw files: stclusters run --edition NAME --pct DIR --sci DIR" in said
    assert "lacks years 2020" in said


def test_status_names_what_is_not_read_and_why(call: Any, tmp_path: Path) -> None:
    raw = tmp_path / "home" / "raw" / "sci"
    (raw / "Spring 2023").mkdir(parents=True)
    folder(raw / "summer", a__txt=export(record("WOS:1")))
    code, said = call("status", "--home", "home")
    assert code == 0
    assert "Not read: raw/sci/Spring 2023 cannot name a delivery: rename it" in said
    assert "Not read: sci.summer is not read yet" in said
    assert "Next: Mend what is not read, or wait until it is; then: stclusters run --edition NAME" in said


def test_a_delivery_whose_last_reading_failed_is_named_with_its_reason(call: Any, tmp_path: Path) -> None:
    """An empty folder beside it stops nothing: it is named, and the others are read."""
    raw = tmp_path / "home" / "raw" / "sci"
    folder(raw / "summer", a__bin="\0" * 90)
    (raw / "autumn").mkdir()
    code, said = call("run", "--home", "home", "--edition", "mine")
    assert code == 2
    assert "Warning: sci.autumn holds no file that can be seen" in said
    assert "summer" in said
    code, said = call("status", "--home", "home")
    assert code == 0
    assert (
        "Not read: sci.summer could not be read: No file in the folder is in a format that is read for --sci"
        in said
    )
    assert "Next: Mend sci.summer, or take it out of raw/; then: stclusters run --edition NAME" in said


def test_settings_are_printed_resolved_with_their_hash(call: Any) -> None:
    code, said = call("settings", "--edition", "mine")
    assert code == 0
    assert '"min_samples": 4500' in said
    assert '"hash"' in said


def test_a_new_settings_file_needs_files_and_a_free_name(call: Any, tmp_path: Path) -> None:
    assert "Give --pct DIR or --sci DIR" in call("settings", "--new", "own")[1]
    (tmp_path / "own.yaml").write_text("", encoding="utf-8")
    code, said = call("settings", "--new", "own", "--pct", tmp_path)
    assert code == 2
    assert "exists already" in said


def test_a_first_settings_file_scales_the_listings_of_a_cluster_to_the_sample(
    call: Any, tmp_path: Path
) -> None:
    raw = folder(tmp_path / "raw", a__txt=export(*(record(f"WOS:{number}") for number in range(3))))
    code, said = call("settings", "--new", "own", "--sci", raw)
    assert code == 0
    assert "min_samples is 2, scaled to 3 documents" in said
    text = (tmp_path / "own.yaml").read_text("utf-8")
    assert load(tmp_path / "own.yaml").edition("own").min_samples == 2
    assert "published: 4500 for the world's 8,712,500 documents" in text


def test_pages_of_an_edition_that_has_not_run_are_answered_with_the_command(call: Any) -> None:
    code, said = call("site", "--home", "home", "--edition", "mine")
    assert code == 1
    assert "Edition 'mine' has not been run in this home" in said
    assert "stclusters run --home" in said
    assert "--edition mine" in said


@pytest.mark.parametrize("command", [[], *([name] for name in entry.COMMANDS)])
def test_every_command_explains_itself_with_an_example(command: list[str]) -> None:
    shown = CliRunner().invoke(entry.cli, [*command, "--help"])
    assert shown.exit_code == 0
    assert "stclusters " in shown.output


def test_help_comes_at_once() -> None:
    import subprocess
    import sys

    command = str(Path(sys.executable).parent / "stclusters")
    subprocess.run([command, "--help"], check=True, capture_output=True)
    before = os.times()
    subprocess.run([command, "--help"], check=True, capture_output=True)
    after = os.times()
    used = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    assert used < 0.3  # CPU seconds, so that a busy machine does not fail it
