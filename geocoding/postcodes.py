"""Postal codes: how they stand in a text, and where each lies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

SHORTEST_PREFIX = 3
WIDEST_KM = 60.0  # codes that cover more say nothing about a town
ESTIMATED = 1  # accuracy of a point that the postal file only estimates
ROUGH, ROUGH_KM = frozenset({"CN", "RU"}), 60.0  # where such points are a province's or a prefecture's
ESTIMATED_KM = 20.0  # half width of such codes elsewhere, but for those that lie well, measured against towns of their names
WELL_ESTIMATED = frozenset({"GB", "US"})
RURAL = r"^[A-Z]0"  # Canadian codes that cover a province's countryside
_JUNK = re.compile(r"[^0-9A-Z]")
_OUTWARD = {"GB", "CA", "IE", "NL"}  # the file has the first part of their codes only
_OUTWARD_PART = re.compile(
    r"^([A-Z]{1,2}\d[A-Z\d]?)(?=\d[A-Z]{2}$)|^([A-Z]\d[A-Z])(?=\d[A-Z]\d$)|^(\d{4})(?=[A-Z]{2}$)|^([A-Z]\d[\dW])(?=[A-Z\d]{4}$)"
)


def normal(code: str) -> str:
    """A code with letters and digits only, in capitals, without CEDEX.

    >>> normal("290-8566"), normal("sw7 2az"), normal("01001 CEDEX")
    ('2908566', 'SW72AZ', '01001')
    """
    return _JUNK.sub("", code.upper().partition(" CEDEX")[0])


def tries(country: str, code: str) -> list[str]:
    """Keys under which a written code may be found, best first: whole, first part, shorter and shorter.

    >>> tries("GB", "SW72AZ")[:2]
    ['SW72AZ', 'SW7']
    """
    found = [code]
    if country in _OUTWARD and (part := _OUTWARD_PART.match(code)):
        found.append(part[0])
    if country == "US" and len(code) == 9:
        found.append(code[:5])
    if code.isdigit():
        found += [code[:length] + "*" for length in range(len(code) - 1, SHORTEST_PREFIX - 1, -1)]
    return found


def code_points(postal: pa.Table, joined: dict[tuple[str, str, str], str]) -> pa.Table:
    """One row per code and per useful beginning of one (`CN1000*`), sorted by key; wider ones than `WIDEST_KM` left out.

    Columns: key (country + code), latitude, longitude, spread_km (half width), name, region (GeoNames' code, empty for
    beginnings).
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = pc.replace_substring_regex(pc.utf8_upper(postal["code"]), r" CEDEX.*|[^0-9A-Z]", "")
    where = zip(
        *(postal[name].to_pylist() for name in ("country", "region_code", "region_name")), strict=True
    )
    rows = pa.table({
        "country": postal["country"], "code": codes, "latitude": postal["latitude"], "longitude": postal["longitude"],
        "least_km": _least_km(postal, codes), "name": postal["name"], "region": pa.array([joined.get(one, "") for one in where], pa.string()),
    })  # fmt: skip
    rows = rows.filter(pc.greater(pc.utf8_length(rows["code"]), 0))
    digits = rows.filter(pc.utf8_is_digit(rows["code"]))
    nameless = pa.array([""] * digits.num_rows, pa.string())
    parts = [rows]
    for length in range(SHORTEST_PREFIX, 8):
        start = pc.binary_join_element_wise(pc.utf8_slice_codeunits(digits["code"], 0, length), "*", "")
        part = digits.drop(["code", "name", "region"])
        part = (
            part.append_column("code", start)
            .append_column("name", nameless)
            .append_column("region", nameless)
        )
        parts.append(
            part.select(rows.column_names).filter(pc.greater(pc.utf8_length(digits["code"]), length))
        )
    return _grouped(pa.concat_tables(parts))


def _least_km(postal: pa.Table, codes: pa.Array) -> pa.Array:
    """Half width that each row's code has at least, for what its accuracy says."""
    import pyarrow as pa
    import pyarrow.compute as pc

    estimated = pc.fill_null(pc.equal(postal["accuracy"], ESTIMATED), False)
    estimated = pc.and_not(estimated, pc.is_in(postal["country"], value_set=pa.array(sorted(WELL_ESTIMATED))))
    rough = pc.is_in(postal["country"], value_set=pa.array(sorted(ROUGH)))
    rural = pc.and_(pc.equal(postal["country"], "CA"), pc.match_substring_regex(codes, RURAL))
    found = pc.if_else(estimated, pc.if_else(rough, ROUGH_KM, ESTIMATED_KM), 0.0)
    return pc.if_else(rural, ROUGH_KM, found)


def _grouped(rows: pa.Table) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = rows.append_column("key", pc.binary_join_element_wise(rows["country"], rows["code"], ""))
    sums = [("latitude", one) for one in ("mean", "min", "max")] + [
        ("longitude", one) for one in ("mean", "min", "max")
    ]
    sums.append(("least_km", "min"))
    found = rows.group_by("key", use_threads=False).aggregate([*sums, ("name", "first"), ("region", "first")])
    high = pc.subtract(found["latitude_max"], found["latitude_min"])
    wide = pc.multiply(pc.subtract(found["longitude_max"], found["longitude_min"]), 0.7)
    spread = pc.multiply(pc.max_element_wise(high, wide), 111.2 / 2)
    spread = pc.max_element_wise(spread, found["least_km_min"])
    table = pa.table({
        "key": found["key"], "latitude": found["latitude_mean"], "longitude": found["longitude_mean"],
        "spread_km": spread, "name": found["name_first"], "region": found["region_first"],
    })  # fmt: skip
    return table.filter(pc.less_equal(spread, WIDEST_KM)).sort_by("key")
