import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_bounds

from clustering.cities import Cities
from clustering.outlines import outline
from clustering.population import from_gazetteer, from_raster
from foundation.errors import BadInput

# rasterio multiplies matrices the old way
pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")


def raster(path, cells, bounds=(-180, -90, 180, 90), crs="EPSG:4326", nodata=None):
    height, width = cells.shape
    transform = from_bounds(*bounds, width, height)
    with rasterio.open(
        path, "w", driver="GTiff", height=height, width=width, count=1, dtype="float32", crs=crs,
        transform=transform, nodata=nodata,
    ) as made:  # fmt: skip
        made.write(cells.astype("float32"), 1)
    return path


def cities(rows, country="XX", region="1"):
    """Cities of latitude, longitude, inhabitants and maybe their own region and country."""
    full = [(*row, *(region, country)[len(row) - 3 :]) for row in rows]
    latitude, longitude, people, regions, countries = zip(*full, strict=True)
    return Cities(
        np.arange(1, len(rows) + 1), [str(n) for n in range(len(rows))], list(regions), list(countries),
        np.array(latitude, float), np.array(longitude, float), np.array(people, np.int64),
    )  # fmt: skip


def ones(step=0.5):
    return np.ones((int(180 / step), int(360 / step)))


def test_cells_count_by_the_part_inside(tmp_path):
    path = raster(tmp_path / "people.tif", 100 * ones())
    shapes = [
        shapely.box(10, 40, 11, 41),
        shapely.box(10.25, 40, 10.5, 40.5),
        shapely.box(0.1, 0.1, 0.2, 0.2),
    ]
    found = from_raster(shapes, path, 2020)
    assert found.inhabitants == [400, 50, 4]
    assert (found.source, found.year, found.approximate) == ("people.tif", 2020, False)
    assert found.coverage == pytest.approx([1.0, 1.0, 1.0])


@pytest.mark.parametrize("bounds", [(-180, -90, 180, 90), (0, -90, 360, 90)])
def test_an_outline_across_the_antimeridian_loses_nothing(tmp_path, bounds):
    path = raster(tmp_path / "people.tif", ones(0.1), bounds)
    across = outline(
        np.array([-17.0, -16.0, -16.0, -17.0]), np.array([179.5, 179.5, -179.5, -179.5]), ratio=1.0
    )
    over_greenwich = shapely.box(-0.5, 0, 0.5, 1)
    found = from_raster([across.geometry, over_greenwich], path)
    assert found.inhabitants[0] == pytest.approx(100, abs=1)
    assert found.inhabitants[1] == 100


def test_a_raster_in_mollweide_gives_the_same_people(tmp_path):
    # one person per square kilometre: people = area, to the 0.6 % between Mollweide's sphere and the ellipsoid
    cells = np.ones((1804, 3608)) * 100.0
    path = raster(
        tmp_path / "moll.tif", cells, (-18_040_000, -9_020_000, 18_040_000, 9_020_000), "ESRI:54009"
    )
    rng = np.random.default_rng(4)
    for latitude, longitude in ((48.0, 11.0), (-17.0, 180.0), (60.0, -150.0)):
        found = outline(
            latitude + rng.normal(0, 0.3, 300), (longitude + rng.normal(0, 0.3, 300) + 180) % 360 - 180
        )
        people = from_raster([found.geometry], path)
        assert people.inhabitants[0] == pytest.approx(found.area_km2, rel=7e-3)
        assert people.coverage[0] > 0.999


def test_declared_missing_cells_are_left_out_and_undeclared_ones_refused(tmp_path):
    cells = 10 * ones()
    cells[:, 400:] = -200
    shape = [shapely.box(19.5, 0, 20.5, 1)]  # half of it on missing cells
    assert from_raster(shape, raster(tmp_path / "a.tif", cells, nodata=-200)).inhabitants == [20]
    with pytest.raises(BadInput, match="negative cells"):
        from_raster(shape, raster(tmp_path / "b.tif", cells))


def test_a_raster_without_projection_is_refused(tmp_path):
    with pytest.raises(BadInput, match="names no projection"):
        from_raster([shapely.box(0, 0, 1, 1)], raster(tmp_path / "a.tif", ones(), crs=None))


def test_a_raster_that_misses_a_cluster_is_refused(tmp_path):
    europe = raster(tmp_path / "europe.tif", np.ones((40, 40)), (0, 40, 20, 60))
    assert from_raster([shapely.box(1, 41, 2, 42)], europe).inhabitants == [4]
    with pytest.raises(BadInput, match=r"values for 0\.0 % of the outline"):
        from_raster([shapely.box(1, 41, 2, 42), shapely.box(-100, 40, -99, 41)], europe)
    with pytest.raises(BadInput, match=r"values for 50\.0 % of the outline"):
        from_raster([shapely.box(-1, 41, 1, 42)], europe)


def test_a_wrong_projection_is_refused_and_gives_no_zero(tmp_path):
    metres = raster(tmp_path / "wrong.tif", np.ones((40, 40)), (0, 40, 20, 60), "ESRI:54009")
    with pytest.raises(BadInput, match=r"values for 0\.0 % of the outline"):
        from_raster([shapely.box(1, 41, 2, 42)], metres)


def test_a_file_that_is_no_raster_is_refused(tmp_path):
    (tmp_path / "people.tif").write_text("not a raster")
    with pytest.raises(BadInput, match="cannot be read"):
        from_raster([shapely.box(0, 0, 1, 1)], tmp_path / "people.tif")


def test_without_a_raster_the_cities_inside_are_summed_and_the_sum_is_rough():
    shapes = [shapely.box(0, 0, 1, 1), shapely.box(10, 10, 11, 11)]
    found = from_gazetteer(
        shapes, cities([(0.5, 0.5, 100), (0.2, 0.2, 50), (5.0, 5.0, 999), (10.5, 10.5, 0)])
    )
    assert found.inhabitants == [150, None]
    assert (found.source, found.year, found.approximate) == ("gazetteer", None, True)
    assert found.coverage == [None, None]


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(30.3, -97.7), (36.35, 127.4), (59.9, 10.7), (-17.0, 179.99)]
)
def test_the_cities_at_a_clusters_own_points_always_count(latitude, longitude):
    # most members of a small cluster are vertices of its hull, which the way back to degrees moves by a millimetre
    rng = np.random.default_rng(5)
    for _ in range(20):
        north, east = latitude + rng.normal(0, 0.1, 12), longitude + rng.normal(0, 0.1, 12)
        east = (east + 180) % 360 - 180
        members = cities([(a, b, 1000) for a, b in zip(north, east, strict=True)])
        found = from_gazetteer([outline(north, east).geometry], members)
        assert found.inhabitants == [12_000]


def test_a_district_counts_only_where_its_city_is_not_inside():
    # Brooklyn 9 km from New York City, its quarter Bushwick in it; Newark, 14 km west, is in another region
    rows = [
        (40.714, -74.006, 8_804_190),
        (40.650, -73.950, 2_736_074),
        (40.694, -73.919, 112_620),
        (40.736, -74.172, 281_764, "NJ"),
    ]
    whole, brooklyn = shapely.box(-74.3, 40.5, -73.8, 40.9), shapely.box(-73.96, 40.6, -73.8, 40.7)
    found = from_gazetteer([whole, brooklyn], cities(rows, "US", "NY"))
    assert found.inhabitants == [8_804_190 + 281_764, 2_736_074]


def country(path, nodata=-99999):
    """A world grid of one degree with people east of longitude 7 only, as a country's raster has them."""
    cells = 100 * ones(1.0)
    cells[:, :187] = nodata
    return raster(path, cells, nodata=nodata)


def test_a_raster_without_values_where_cities_are_is_refused_and_sea_is_not(tmp_path):
    across = [shapely.box(6, 47, 8, 48), shapely.box(20, 40, 21, 41)]
    path = country(tmp_path / "country.tif")
    east = cities([(47.5, 7.5, 1000), (40.5, 20.5, 1000)])
    found = from_raster(across, path, 2020, east)  # nobody lives west of 7 here: it may be sea
    assert found.inhabitants == [100, 100]
    assert found.coverage == pytest.approx([0.5, 1.0])
    both = cities([(47.5, 7.5, 1000), (47.5, 2.5, 500), (40.5, 20.5, 1000)])
    with pytest.raises(BadInput, match=r"Cluster 1 \(Basel\).* 66\.6 % of those who live in its cities"):
        from_raster([shapely.box(2, 47, 8, 48), across[1]], path, 2020, both, ["Basel", "Skopje"])


def test_an_outline_without_any_value_has_no_population_rather_than_none(tmp_path):
    found = from_raster([shapely.box(2, 47, 3, 48)], country(tmp_path / "country.tif"))
    assert found.inhabitants == [None]
    assert found.coverage == [0.0]


def test_a_port_beside_a_cell_with_a_value_counts_as_reached(tmp_path):
    port = cities([(47.5, 6.9, 1000)])  # on the last cell of sea
    assert from_raster(
        [shapely.box(5, 47, 8, 48)], country(tmp_path / "country.tif"), 2020, port
    ).inhabitants == [100]


def test_a_raster_in_another_unit_or_from_another_meridian_gives_the_same_people(tmp_path):
    cells = np.zeros((200, 400))
    cells[100 - 54, 200 + 3] = 1000.0  # grads: 53 to 54 north, 3 to 4 east of Paris
    paris = 2.5969213
    west, south = (3 + paris) * 0.9, 53 * 0.9
    around = [shapely.box(west - 0.1, south - 0.1, west + 1.0, south + 1.0)]
    path = raster(tmp_path / "grads.tif", cells, (-200, -100, 200, 100), "EPSG:4807")
    home = cities([(south + 0.45, west + 0.45, 900)])
    assert from_raster(around, path, 2020, home).inhabitants == [1000]


def test_degrees_that_cannot_be_degrees_are_refused(tmp_path):
    path = raster(tmp_path / "moll.tif", np.ones((90, 180)), (-18_040_000, -9_020_000, 18_040_000, 9_020_000))
    with pytest.raises(BadInput, match="says that it is in degrees"):
        from_raster([shapely.box(1, 41, 2, 42)], path)


def test_a_raster_that_is_empty_where_cities_are_is_refused(tmp_path):
    path = raster(tmp_path / "empty.tif", 0 * ones())
    with pytest.raises(BadInput, match="0 inhabitants in all clusters, the gazetteer's cities there 5,000"):
        from_raster([shapely.box(1, 41, 2, 42)], path, 2020, cities([(41.5, 1.5, 5000)]))


@pytest.mark.parametrize(("turned", "said"), [(False, "from south to north"), (True, "is rotated")])
def test_rasters_that_are_not_north_up_are_refused(tmp_path, turned, said):
    transform = rasterio.Affine(1, 0.2 if turned else 0, 0, 0, -1 if turned else 1, 40)
    with rasterio.open(
        tmp_path / "a.tif", "w", driver="GTiff", height=20, width=20, count=1, dtype="float32", crs="EPSG:4326",
        transform=transform,
    ) as made:  # fmt: skip
        made.write(np.ones((1, 20, 20), "float32"))
    with pytest.raises(BadInput, match=said):
        from_raster([shapely.box(1, 41, 2, 42)], tmp_path / "a.tif")
