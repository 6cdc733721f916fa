import numpy as np
import pytest

from clustering.cities import Cities
from clustering.economies import clusters_by_economy, economies, label, wipo_names
from clustering.names import Activity, Naming, balanced, names, told_apart
from clustering.tables import BUILT_IN_FORMS, read_forms, read_overrides
from foundation.errors import BadInput, MissingData
from foundation.home import seed_file

GAZETTEER = [
    (1850147, "Tokyo", "40", "JP", 35.6895, 139.69171, 9_733_276),
    (1848354, "Yokohama", "19", "JP", 35.44778, 139.6425, 3_574_443),
    (1859642, "Kawasaki", "19", "JP", 35.52056, 139.71722, 1_306_785),
    (4140963, "Washington", "DC", "US", 38.89511, -77.03637, 689_545),
    (4347778, "Baltimore", "MD", "US", 39.29038, -76.61219, 585_708),
    (5392171, "San Jose", "CA", "US", 37.33939, -121.89496, 1_026_908),
    (5391959, "San Francisco", "CA", "US", 37.77493, -122.41942, 864_816),
    (1880252, "Singapore", "", "SG", 1.28967, 103.85007, 5_638_700),
    (1732752, "Johor Bahru", "01", "MY", 1.4655, 103.7578, 802_489),
    (2708365, "Lund", "27", "SE", 55.70584, 13.19321, 91_940),
    (1821274, "Macau", "02", "MO", 22.20056, 113.54611, 649_335),
    (1790437, "Zhuhai", "30", "CN", 22.27694, 113.56778, 2_207_090),
    (5391811, "San Diego", "CA", "US", 32.71571, -117.16472, 1_394_928),
    (3981609, "Tijuana", "02", "MX", 32.5027, -117.00371, 1_922_523),
    (7, "Hamlet", "ZZ", "IS", 64.0, -20.0, 300),
]


def gazetteer(rows=None):
    rows = sorted(GAZETTEER if rows is None else rows)
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    return Cities(
        np.array(columns[0], np.int64), list(columns[1]), list(columns[2]), list(columns[3]),
        np.array(columns[4], float), np.array(columns[5], float), np.array(columns[6], np.int64),
    )  # fmt: skip


def named(listings, rule=None, cities=None):
    """Name of one cluster with `listings` of (city, country, count): each lies a kilometre north of the city."""
    spots = {row[1]: row for row in GAZETTEER}
    points = Activity(
        np.zeros(len(listings), np.int64),
        [country for _, country, _ in listings],
        np.array([spots[city][4] + 0.01 for city, _, _ in listings]),
        np.array([spots[city][5] for city, _, _ in listings]),
        np.array([count for _, _, count in listings], float),
    )
    return names(points, 1, cities or gazetteer(), rule or Naming())[0]


def test_cities_are_joined_by_an_en_dash_in_order_of_listings():
    found = named([("Yokohama", "JP", 40), ("Tokyo", "JP", 100)])
    assert found.name == "Tokyo–Yokohama"
    assert (found.cities, found.place_id) == (["Tokyo", "Yokohama"], 1850147)
    assert named([("Yokohama", "JP", 100), ("Tokyo", "JP", 40)]).name == "Yokohama–Tokyo"


def test_a_city_below_the_share_of_the_first_is_not_named():
    assert named([("Tokyo", "JP", 100), ("Yokohama", "JP", 35)]).name == "Tokyo–Yokohama"
    assert named([("Tokyo", "JP", 100), ("Yokohama", "JP", 34.9)]).name == "Tokyo"


def test_a_city_too_near_a_named_one_is_not_named():
    # Kawasaki lies 10.6 km from Yokohama and 18.9 km from Tokyo
    assert (
        named([("Tokyo", "JP", 100), ("Yokohama", "JP", 50), ("Kawasaki", "JP", 40)]).name == "Tokyo–Yokohama"
    )
    assert (
        named([("Tokyo", "JP", 100), ("Yokohama", "JP", 40), ("Kawasaki", "JP", 50)]).name == "Tokyo–Kawasaki"
    )


def test_states_stand_once_when_shared_and_else_at_each_city():
    assert named([("Washington", "US", 100), ("Baltimore", "US", 60)]).name == "Washington, DC–Baltimore, MD"
    assert named([("San Jose", "US", 100), ("San Francisco", "US", 90)]).name == "San Jose–San Francisco, CA"
    assert named([("San Jose", "US", 100)]).name == "San Jose, CA"
    assert named([("San Diego", "US", 100), ("Tijuana", "MX", 90)]).name == "San Diego, CA–Tijuana"


def test_listings_go_to_a_city_of_their_own_economy_and_near_cities_of_two_economies_are_both_named():
    # a Malaysian listing in the middle of Singapore goes to Johor Bahru, 21 km away: beyond 20 km, so to none
    assert named([("Singapore", "SG", 10), ("Singapore", "MY", 100)]).name == "Singapore"
    assert named([("Singapore", "SG", 100), ("Johor Bahru", "MY", 50)]).name == "Singapore–Johor Bahru"
    forms = read_forms(BUILT_IN_FORMS)
    assert named([("Macau", "MO", 100), ("Zhuhai", "CN", 50)], Naming(forms=forms)).name == "Macao SAR–Zhuhai"


def test_at_most_so_many_cities_are_named():
    listings = [("Tokyo", "JP", 100), ("Yokohama", "JP", 90)]
    assert named(listings, Naming(max_cities=1)).name == "Tokyo"


def test_a_smaller_city_serves_where_there_is_no_larger_one():
    assert named([("Lund", "SE", 10)]).name == "Lund"


def test_a_cluster_far_from_every_city_takes_the_nearest_place():
    assert named([("Hamlet", "IS", 10)]).name == "Hamlet"
    assert named([("Hamlet", "GL", 10)]).name == "Hamlet"


def test_an_empty_gazetteer_is_an_error():
    with pytest.raises(MissingData, match="no place"):
        named([("Tokyo", "JP", 1)], cities=gazetteer([]))


def test_activity_weighs_inventors_and_authors_alike():
    pct, sci = np.array([10, 0]), np.array([0, 1000])
    assert balanced(pct, sci).tolist() == [0.5, 0.5]
    assert balanced(np.array([0, 0]), np.array([1, 3])).tolist() == [0.25, 0.75]
    assert balanced(np.array([0]), np.array([0])).tolist() == [0.0]


def test_the_built_in_forms_are_the_printed_ones():
    assert sorted(read_forms(BUILT_IN_FORMS).values()) == [
        "Cologne",
        "Göteborg",
        "Macao SAR",
        "Montreal",
        "Xian",
    ]


def test_files_of_names_are_checked(tmp_path):
    good = tmp_path / "overrides.csv"
    good.write_text(
        "cluster_id,name,economies\nMO-1821274,Macao SAR–Zhuhai,CN\nCN-1,Deep Bay,\n", encoding="utf-8"
    )
    found = read_overrides(good)
    assert (found["MO-1821274"].name, found["MO-1821274"].economies) == ("Macao SAR–Zhuhai", ["CN"])
    assert found["CN-1"].economies == []
    bad = tmp_path / "bad.csv"
    for text, message in (
        ("place,form\n1,x\n", "lacks the columns"),
        ("place_id,form\nabc,x\n", "Line 2"),
        ("place_id,form\n1,\n", "Line 2"),
        ("place_id,form\n1,x\n2,y\n1,z\n", r"Line 4 names '1' a second time\. \[.*bad.csv\]"),
    ):
        bad.write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match=message):
            read_forms(bad)
    with pytest.raises(BadInput, match="cannot be read"):
        read_forms(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("JP-1,X,JP\nJP-2,Z,\nJP-1,Y,JP\n", r"Line 4 names 'JP-1' a second time\. \[.*names.csv\]"),
        ("JP-1,X,JP\nJP-2,X,QQ\n", r"Line 3 names the economy 'QQ', which is unknown.* \[.*names.csv\]"),
        ("JP-1,X,CN/jp\n", "Line 2 names the economy 'jp'"),
        ("JP-1,X,CN/\n", "Line 2 names the economy ''"),
        ("JP-1,X,CN/CN\n", "Line 2 names the economy 'CN', which .* stands there twice"),
        ("JP-1,X\nJP-2,\n", "Line 3"),
    ],
)
def test_a_wrong_line_of_overrides_is_refused(tmp_path, lines, message):
    file = tmp_path / "names.csv"
    file.write_text("cluster_id,name,economies\n" + lines, encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        read_overrides(file)


def test_a_cross_border_cluster_lists_its_economies_by_activity():
    cluster = np.array([0, 0, 0, 1, 1])
    country = ["MY", "SG", "SG", "CH", "FR"]
    listings = np.array([10, 60, 30, 98, 2])
    found = economies(cluster, country, listings, listings / 100, 2, 0.03)
    assert found == [["SG", "MY"], ["CH"]]  # France has 2 %, Malaysia 10 %
    assert label(found[0]) == "SG/MY"
    assert economies(cluster, country, listings, listings / 100, 2, 0.02)[1] == ["CH", "FR"]


def test_one_economy_is_listed_even_below_the_share():
    cluster = np.zeros(3, np.int64)
    assert economies(cluster, ["A", "B", "C"], np.array([1, 1, 1]), np.array([1.0, 1, 1]), 1, 0.9) == [["A"]]
    assert economies(cluster[:1], ["A"], np.array([0]), np.array([0.0]), 1, 0.03) == [["A"]]


def test_a_cross_border_cluster_counts_once_for_each_economy():
    printed = wipo_names(seed_file("economies"))
    counts = clusters_by_economy([["CH", "DE", "FR"], ["DE"], ["TW"]], printed)
    assert list(counts.items()) == [
        ("Germany", 2), ("France", 1), ("Switzerland", 1), ("Taiwan (Province of China)", 1),
    ]  # fmt: skip


def test_of_clusters_with_one_name_all_but_the_largest_get_their_region() -> None:
    def named(*rows: tuple[str, str, int, str]) -> list[str]:
        printed, economies, listings, regions = map(list, zip(*rows, strict=True))
        return told_apart(printed, economies, np.array(listings), regions)

    assert named(
        ("Suzhou", "CN", 20, "Anhui"), ("Suzhou", "CN", 90, "Jiangsu"), ("Suzhou", "CN", 5, "Gansu")
    ) == ["Suzhou, Anhui", "Suzhou", "Suzhou, Gansu"]
    # another economy, an unknown region, the region of a larger one: as they were
    assert named(("Lund", "SE", 9, "Skåne"), ("Lund", "DK", 5, "Hovedstaden")) == ["Lund", "Lund"]
    assert named(("Lund", "SE", 9, "Skåne"), ("Lund", "SE", 5, "")) == ["Lund", "Lund"]
    assert named(("Lund", "SE", 9, "Skåne"), ("Lund", "SE", 5, "Skåne")) == ["Lund", "Lund"]
    # of equal size the first stays plain
    assert named(("Puyang", "CN", 5, "Henan"), ("Puyang", "CN", 5, "Hubei")) == ["Puyang", "Puyang, Hubei"]
