"""Places that only the postal file knows: villages, wards and districts, without those whose point is a guess. METHODOLOGY 5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geocoding import gazetteer, postcodes
from geocoding.gazetteer import Place
from geocoding.normalise import key

if TYPE_CHECKING:
    import pyarrow as pa

SAME_PLACE = 0.2  # degrees within which one name means one place
MOST_SPREAD = 0.6  # degrees of latitude over which one postal place may lie
NO_POSTAL_PLACES = frozenset({"RU", "SG", "MX", "PE"})  # estimated points; streets; quarters without number
ROUGH = frozenset({"CN"})  # whose estimated points are a prefecture's: 11 % lie within 25 km of the county
SURE_POINT = 4  # accuracy from which a postal place's own point is known
BY_DIVISION = frozenset({"JP", "KR", "CN", "IN"})  # their towns and wards stand in the divisions' columns


def near(place: Place, latitude: float, longitude: float) -> bool:
    """Whether a point is so near a place that one name means both."""
    return abs(place.latitude - latitude) < SAME_PLACE and abs(place.longitude - longitude) < 1.5 * SAME_PLACE


def rough(postal: pa.Table, wanted: bool) -> pa.Table:
    """Rows whose point is only estimated, in countries where such points are useless, or all others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    there = pc.is_in(postal["country"], value_set=pa.array(sorted(ROUGH)))
    found = pc.and_(there, pc.fill_null(pc.equal(postal["accuracy"], postcodes.ESTIMATED), False))
    return postal.filter(found if wanted else pc.invert(found))


def _divisions(postal: pa.Table) -> pa.Table:
    """Rows of places: in some countries towns stand in the columns of the divisions, not in the name's."""
    import pyarrow as pa
    import pyarrow.compute as pc

    postal = rough(postal, False)
    divided = pc.is_in(postal["country"], value_set=pa.array(sorted(BY_DIVISION)))
    left_out = pc.is_in(postal["country"], value_set=pa.array(sorted(NO_POSTAL_PLACES)))
    plain = postal.filter(pc.and_not(pc.invert(divided), left_out))
    whole = postal.filter(divided)
    whole = whole.append_column("town", pc.list_element(pc.split_pattern(whole["second_name"], " "), 0))
    columns = ["country", "region_code", "region_name", "below", "place", "latitude", "longitude", "accuracy"]
    parts = [plain.rename_columns({"name": "place", "second_name": "below"}).select(columns)]
    for name in ("second_name", "third_name", "town"):
        part = whole.rename_columns({name: "place"})
        parts.append(part.append_column("below", pa.array([""] * part.num_rows, pa.string())).select(columns))
    rows = pa.concat_tables(parts)
    rows = rows.set_column(columns.index("place"), "place", pc.utf8_trim_whitespace(rows["place"]))
    sums = [(name, how) for name in ("latitude", "longitude") for how in ("mean", "min", "max")]
    sums.append(("accuracy", "max"))
    return (
        rows.group_by(columns[:5], use_threads=False)
        .aggregate(sums)
        .sort_by([(n, "ascending") for n in columns[:5]])
    )


def postal_places(
    mains: dict[str, list[Place]], postal: pa.Table, joined: dict[tuple[str, str, str], str]
) -> list[Place]:
    """Places that only the postal file knows, one per country, region, division and key, sorted by these."""
    found: dict[tuple[str, str, str, str], Place] = {}
    grouped = _divisions(postal)
    columns = (
        "country",
        "region_code",
        "region_name",
        "below",
        "place",
        "latitude_mean",
        "longitude_mean",
        "accuracy_max",
    )
    height = (grouped["latitude_max"].to_numpy() - grouped["latitude_min"].to_numpy()) > MOST_SPREAD
    for country, code, region_name, below, name, latitude, longitude, accuracy, wide in zip(
        *(grouped[one].to_pylist() for one in columns), height.tolist(), strict=True
    ):
        name_key = key(name)
        if wide or len(name_key) < 2 or len(name) > 40:
            continue
        region = joined.get((country, code, region_name), "")
        unsure = accuracy is not None and accuracy < SURE_POINT
        if any(
            near(place, latitude, longitude) or (unsure and place.region == region)
            for place in mains.get(country + name_key, ())
        ):
            continue  # a town that is known, with its own point or a rough one
        where = (country, region, below, name_key)
        number = gazetteer.hashed_id(gazetteer.POSTAL, "\n".join(where))
        found.setdefault(
            where, Place(number, name, country, region, latitude, longitude, 0, gazetteer.POSTAL)
        )
    return [found[where] for where in sorted(found)]
