"""A home joins all paths, keeps to itself, and is one world."""

import pytest

from foundation.errors import BadInput
from foundation.home import Home


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a\nb", "x" * 64, "a,b", "a|b"])
def test_names_that_leave_the_home_are_refused(tmp_path, name) -> None:
    home = Home(tmp_path)
    with pytest.raises(BadInput, match="no valid name"):
        home.warehouse(name)
    with pytest.raises(BadInput, match="no valid name"):
        home.delivery(f"pct.{name}")


def test_a_users_path_stays_in_the_home(tmp_path) -> None:
    home = Home(tmp_path)
    assert home.inside("rasters/a.tif") == tmp_path / "rasters" / "a.tif"
    for path in ("../a.tif", "/etc/passwd", "rasters/../../a"):
        with pytest.raises(BadInput, match="leaves the home"):
            home.inside(path)


def test_the_home_is_given_or_named_by_the_environment(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STCLUSTERS_HOME", raising=False)
    assert Home.find().root == tmp_path / "data"
    monkeypatch.setenv("STCLUSTERS_HOME", str(tmp_path / "elsewhere"))
    assert Home.find().root == tmp_path / "elsewhere"
    assert Home.find(tmp_path / "given").root == tmp_path / "given"


def test_simulated_and_real_deliveries_never_share_a_home(tmp_path) -> None:
    home = Home(tmp_path)
    home.claim(simulated=True)
    home.claim(simulated=True)
    with pytest.raises(BadInput, match="holds simulated deliveries; real ones may not join"):
        home.claim(simulated=False)


def test_a_home_read_by_other_rules_is_refused(tmp_path) -> None:
    home = Home(tmp_path)
    home.claim_reader("abc", "pct_date: publication")
    home.claim_reader("abc", "pct_date: publication")
    with pytest.raises(BadInput, match="read by other rules \\(pct_date: publication\\)"):
        home.claim_reader("def", "pct_date: filing")


def test_deliveries_are_listed_by_kind_and_name(tmp_path) -> None:
    home = Home(tmp_path)
    for folder in ("raw/sci/wos", "raw/pct/2024", "raw/pct/.hidden"):
        (tmp_path / folder).mkdir(parents=True)
    assert home.deliveries() == ["pct.2024", "sci.wos"]
