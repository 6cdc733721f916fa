"""Projections, labels and pictures."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from publishing.map.labels import placed, short
from publishing.map.picture import DARK, LIGHT, PIXELS, Land, Points, cover, paint, png
from publishing.map.projection import EARTH_KM, azimuthal, equal_earth, regions, world

FRAME = regions()[1]


def points(*found: tuple[float, float, str]) -> Points:
    latitude, longitude, kind = zip(*found, strict=True)
    return Points(np.array(latitude, dtype=float), np.array(longitude, dtype=float), np.array(kind))


NO_LAND = Land(np.zeros(0), np.zeros(0))


@given(st.floats(-80, 80), st.floats(-170, 170))
def test_projections_keep_areas(latitude: float, longitude: float) -> None:
    step = 1e-4
    sphere = EARTH_KM**2 * np.radians(step) ** 2 * np.cos(np.radians(latitude))
    for project in (equal_earth, lambda a, b: azimuthal(a, b, (latitude - 3, longitude - 4))):
        corners = np.array([[0, 0], [1, 0], [0, 1]]) * step - step / 3
        x, y = project(latitude + corners[:, 0], longitude + corners[:, 1])
        area = abs((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]))
        assert area == pytest.approx(sphere, rel=1e-4)


def test_regions_share_one_scale() -> None:
    assert len({(frame.km_per_unit, frame.width, frame.height) for frame in regions()}) == 1


def test_world_shows_all_inhabited_latitudes() -> None:
    frame = world()
    x, y = frame.place(np.array([-54.8, 71.0]), np.array([-68.3, 180.0]))
    assert ((x >= 0) & (x <= frame.width) & (y >= 0) & (y <= frame.height)).all()


def colour_at(frame_points: Points, latitude: float, longitude: float) -> str:
    picture = paint(cover(FRAME, frame_points, NO_LAND), LIGHT)
    x, y = FRAME.place(np.array([latitude]), np.array([longitude]))
    found = picture.getpixel((int(x[0] * PIXELS), int(y[0] * PIXELS)))
    assert isinstance(found, tuple)
    return "#" + "".join(f"{part:02x}" for part in found)


def test_classes_have_their_colours() -> None:
    for kind, colour in (("ranked", LIGHT.ranked), ("below", LIGHT.below), ("noise", LIGHT.noise)):
        assert colour_at(points((50.0, 8.0, kind)), 50.0, 8.0) == colour


def test_ranked_lies_over_noise_whatever_comes_first() -> None:
    both = [(50.0, 8.0, "ranked"), (50.0, 8.0, "noise")]
    assert colour_at(points(*both), 50.0, 8.0) == colour_at(points(*both[::-1]), 50.0, 8.0) == LIGHT.ranked


def test_land_is_drawn_around_places_only() -> None:
    layers = cover(FRAME, points((40.0, -3.0, "noise")), Land(np.array([50.0]), np.array([8.0])))
    x, y = FRAME.place(np.array([50.0, 55.0]), np.array([8.0, 8.0]))
    there, far = (layers["land"][int(b * PIXELS), int(a * PIXELS)] for a, b in zip(x, y, strict=True))
    assert there > 0.5
    assert far == 0


def test_picture_has_the_same_bytes_for_any_order_of_points() -> None:
    found = [
        (50.0 + step / 9, 8.0 + step % 7 / 5, kind)
        for step, kind in enumerate(["noise", "ranked", "below"] * 9)
    ]
    one, other = (png(paint(cover(FRAME, points(*order), NO_LAND), DARK)) for order in (found, found[::-1]))
    assert one == other
    assert Image.open(io.BytesIO(one)).size == (FRAME.width * PIXELS, FRAME.height * PIXELS)


def test_points_outside_the_frame_are_left_out() -> None:
    layers = cover(FRAME, points((-33.0, 151.0, "ranked")), NO_LAND)
    assert layers["ranked"].max() == 0


def test_labels_do_not_overlap_and_the_first_ranked_get_room() -> None:
    spots = [(f"City {number}", 300.0 + number % 4 * 8, 200.0 + number // 4 * 6) for number in range(16)]
    labels = placed(spots, 13.5, 580, 420, 15)
    assert labels[0].text == "City 0"
    assert 2 < len(labels) < 16
    assert len({(label.x, label.y) for label in labels}) == len(labels)


def test_label_outside_the_picture_is_passed_over() -> None:
    assert placed([("Far", -5, 10), ("Near", 100, 100)], 13, 580, 420, 5)[0].text == "Near"


def test_short_names_keep_letters_of_other_languages() -> None:
    assert short("São Paulo") == "São Paulo"
    assert short("Washington, DC–Baltimore, MD") == "Washington"
    assert len(short("x" * 120)) == 28


def test_no_label_covers_what_is_kept_free() -> None:
    spots = [("Shizuoka", 20.0, 280.0)]
    free = placed(spots, 15, 560, 300, 7)
    kept = placed(spots, 15, 560, 300, 7, [(8.0, 262.0, 160.0, 292.0)])
    assert [label.text for label in free] == ["Shizuoka"]
    assert kept == [] or kept[0].y < 262


def test_a_name_stands_beside_its_circle_and_beside_the_next_one() -> None:
    spots = [("Tokyo", 200.0, 100.0), ("Osaka", 262.0, 100.0)]
    first, second = placed(spots, 15, 600, 300, 9, radii=[24.0, 6.0])
    assert first.anchor == "end" or first.x >= 224
    assert second.x >= 268
