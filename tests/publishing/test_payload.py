"""The map's data script: the bytes read back are the release's places, outlines and clusters."""

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.map import bundle, coast, payload, topojson
from publishing.map.deltas import (
    bytes_to_rings,
    morton,
    read_varints,
    rings_to_bytes,
    unzigzag,
    varints,
    zigzag,
)
from publishing.reading import Release
from tests.publishing.editions import Made, World

Unpacked = tuple[dict[str, object], bytes]


def unpacked(script: str) -> tuple[dict, bytes]:  # type: ignore[type-arg]
    given = json.loads(script.removeprefix("window.STCLUSTERS_MAP=").removesuffix(";\n"))
    whole = zlib.decompress(base64.b64decode(given["data"]))
    size = int.from_bytes(whole[:4], "little")
    return json.loads(whole[4 : 4 + size]), whole[4 + size :]


def places(head: dict, data: bytes) -> list[list[tuple[int, int]]]:  # type: ignore[type-arg]
    """Latitude and longitude cells of each run, decoded in the plainest way."""
    steps = read_varints(data[: head["points"]["bytes"]]).astype(np.int64)
    found, at = [], 0
    for run in head["points"]["runs"]:
        codes = np.cumsum(steps[at : at + run])
        at += run
        found.append([(_every_second(int(code) >> 1), _every_second(int(code))) for code in codes])
    return found


def _every_second(code: int) -> int:
    return sum(((code >> (2 * bit)) & 1) << bit for bit in range(16))


@given(st.lists(st.integers(0, 2**35 - 1)))
def test_numbers_of_any_size_come_back(values: list[int]) -> None:
    assert read_varints(varints(np.array(values, dtype=np.uint64))).tolist() == values


@given(st.lists(st.integers(-(2**30), 2**30)))
def test_signs_come_back(values: list[int]) -> None:
    assert unzigzag(zigzag(np.array(values, dtype=np.int64))).tolist() == values


@given(st.integers(0, 18000), st.integers(0, 35999))
def test_morton_codes_hold_both_numbers(latitude: int, longitude: int) -> None:
    code = int(morton(np.array([latitude]), np.array([longitude]))[0])
    assert (_every_second(code >> 1), _every_second(code)) == (latitude, longitude)


def test_rings_come_back_without_repeated_corners() -> None:
    ring = np.array([[0.0, 0.0], [0.001, 0.0], [1.5, 0.0], [1.5, -2.25], [0.0, 0.0]])
    numbers, data = rings_to_bytes([ring, ring[:2]], 100)
    assert numbers == [4]
    assert bytes_to_rings(numbers, data, 100)[0].tolist() == [[0, 0], [1.5, 0], [1.5, -2.25], [0, 0]]


def test_the_script_holds_every_rounded_place_once_in_its_cluster(opened: Release) -> None:
    head, data = unpacked(payload.data_script(opened, None, "", {}))
    assert [one["id"] for one in head["clusters"]] == [row["cluster_id"] for row in opened.ranking]
    table = opened.table("points").to_pylist()
    numbers = [row["cluster_no"] for row in opened.ranking] + [-1]
    for number, found in zip(numbers, places(head, data), strict=True):
        wanted = {
            (round((row["latitude"] + 90) * 100), round((row["longitude"] + 180) * 100))
            for row in table
            if row["cluster_no"] == number
        }
        assert set(found) == wanted
        assert len(found) == len(wanted)
    assert all(of < len(head["clusters"]) for of in head["outlines"]["of"])


def test_edition_without_clusters_has_a_script_of_noise_alone(released: Callable[[World], Release]) -> None:
    release = released(World([]))
    head, data = unpacked(payload.data_script(release, None, "", {}))
    assert head["clusters"] == []
    assert [len(run) for run in places(head, data)] == [1]
    assert payload.insets(release) == []


def test_names_in_the_script_cannot_end_it(released: Callable[[World], Release]) -> None:
    script = payload.data_script(released(World([Made("</script><b>", ["JP"], 35, 139, 9, 9)])), None, "", {})
    assert "<" not in script


def test_a_ring_across_the_antimeridian_is_cut_in_two() -> None:
    fiji = np.array([[179.0, -17.0], [-179.0, -17.0], [-179.0, -16.0], [179.0, -16.0], [179.0, -17.0]])
    found = topojson.cut([(fiji, [])], 0.0, 0.0)
    assert sorted((ring[:, 0].min(), ring[:, 0].max()) for ring in found) == [(-180, -179), (179, 180)]


def test_a_ring_around_the_pole_is_closed_over_it() -> None:
    longitude = np.array([-170.0, -90.0, 0.0, 90.0, 170.0, -170.0])
    ring = np.stack([longitude, np.full(6, -70.0)], axis=1)
    found = topojson.cut([(ring, [])], 0.0, 0.0)
    area = sum(abs(float(np.dot(r[:-1, 0], r[1:, 1]) - np.dot(r[1:, 0], r[:-1, 1]))) / 2 for r in found)
    assert area == pytest.approx(360 * 20)
    assert all(r[:, 1].min() >= -90 for r in found)


def test_coast_is_read_back_and_found_around_a_window_beyond_the_antimeridian(tmp_path: Path) -> None:
    arcs = [[[0, 0], [20, 0], [0, 20], [-20, 0], [0, -20]]]
    topology = {
        "transform": {"scale": [0.1, 0.1], "translate": [-179.0, 10.0]},
        "arcs": arcs,
        "objects": {"land": {"geometries": [{"type": "Polygon", "arcs": [[0]]}]}},
    }
    for name in ("land-50m.json", "land-10m.json"):
        (tmp_path / name).write_text(json.dumps(topology), "utf-8")
    coast.make(tmp_path, tmp_path)
    found = coast.read(tmp_path)
    assert found is not None
    assert found.far[0][:, 0].tolist() == [-179, -177, -177, -179, -179]
    (near,) = found.near(9, 13, 178, 184)
    assert (near[:, 0].min(), near[:, 0].max()) == (181, 183)
    assert found.near(20, 30, 178, 184) == []


def test_absent_bundle_and_coast_are_nothing_and_not_an_error(tmp_path: Path) -> None:
    assert coast.read(tmp_path) is None
    assert bundle.read("map.js", tmp_path) is None


def test_bundle_holds_our_own_code_only() -> None:
    inputs = bundle.read("inputs.json")
    if inputs is None:
        pytest.skip("the browser code is not built here: make setup builds it where Node is at hand")
    assert all(name.startswith("src/") for name in json.loads(inputs))
