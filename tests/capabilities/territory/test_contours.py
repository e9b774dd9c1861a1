"""The commune of a point: by contour (holes, islands, borders), by the nearest centre when there is none."""

import pytest
from shapely.geometry import shape

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.territory.actions.contours import import_contours
from lacydon.kernel.errors import BadInput, OutsideTerritory
from lacydon.kernel.folder import FaultyFolder

pytestmark = pytest.mark.usefixtures("small_territory")


def square(lon: float, lat: float, half: float = 0.05) -> list[list[float]]:
    west, east, south, north = lon - half, lon + half, lat - half, lat + half
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*rings) -> dict:
    return {"type": "Polygon", "coordinates": list(rings)}


def collection(**by_code) -> dict:
    features = [
        {"type": "Feature", "properties": {"code": code[1:], "nom": code}, "geometry": geometry}
        for code, geometry in by_code.items()
    ]
    return {"type": "FeatureCollection", "features": features}


HOLE = square(5.08, 43.08, 0.01)
WHOLE = collection(
    _97001=polygon(square(5.1, 43.1), HOLE),
    _97002=polygon(square(5.2, 43.1)),
    _97003={"type": "MultiPolygon", "coordinates": [[square(5.1, 43.2)], [HOLE]]},
    _98001=polygon(square(5.2, 43.2)),
)


@pytest.fixture
def contours():
    return import_contours(WHOLE, source="essai.geojson")


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (5.1, 43.1, "97001"),
        (5.14, 43.06, "97001"),
        (5.08, 43.08, "97003"),
        (5.068, 43.08, "97001"),
        (5.1, 43.2, "97003"),
        (5.2, 43.1, "97002"),
        (5.24, 43.24, "98001"),
        (5.0495, 43.1, "97001"),
    ],
)
def test_a_point_belongs_to_the_contour_around_it(contours, lon, lat, code):
    found = territory.place_at(lon=lon, lat=lat)
    assert (found.commune.code, found.how, found.notice) == (code, "contour", "")


def test_a_border_gives_one_commune_and_says_it_is_near(contours):
    found = territory.place_at(lon=5.15, lat=43.1)
    assert found.commune.code in ("97001", "97002")
    assert found.near_boundary_m == 0
    assert territory.place_at(lon=5.151, lat=43.1).near_boundary_m == pytest.approx(81, abs=2)
    assert territory.place_at(lon=5.2, lat=43.1).near_boundary_m is None


def test_a_corner_of_four_communes_always_gives_the_same(contours):
    assert len({territory.place_at(lon=5.15, lat=43.15).commune.code for _turn in range(5)}) == 1


@pytest.mark.parametrize(("lon", "lat"), [(5.04, 43.1), (5.2, 43.26), (2.35, 48.85), (-180, 90), (0, 0)])
def test_outside_it_is_said_whom_to_ask(contours, lon, lat):
    with pytest.raises(OutsideTerritory) as refusal:
        territory.place_at(lon=lon, lat=lat)
    assert "demandez à sa mairie" in str(refusal.value.sentence)
    assert refusal.value.facts["nearest"]


def test_swapped_coordinates_are_recognised(contours):
    with pytest.raises(BadInput) as refusal:
        territory.place_at(lon=43.1, lat=5.1)
    assert refusal.value.code == "swapped-coordinates"


def test_without_contours_the_nearest_centre_answers_and_says_so():
    found = territory.place_at(lon=5.08, lat=43.08)
    assert (found.commune.code, found.how) == ("97001", "centre")
    assert "contours" in found.notice


def test_a_commune_without_contour_is_told_by_its_centre():
    done = import_contours(collection(_97001=polygon(square(5.1, 43.1))), source="essai")
    assert done.missing == ("97002", "97003", "98001")
    assert territory.place_at(lon=5.1, lat=43.1).how == "contour"
    assert territory.place_at(lon=5.2, lat=43.2).how == "centre"


def test_the_same_twice_changes_nothing_and_another_just_that(contours):
    assert contours.changed == 4
    assert import_contours(WHOLE, source="essai.geojson").changed == 0
    assert import_contours(WHOLE | {"features": WHOLE["features"][1:]}, source="x").changed == 0
    assert import_contours(collection(_97002=polygon(square(5.2, 43.1, 0.04))), source="x").changed == 1


def test_an_arrondissement_may_have_its_contour(contours):
    import_contours(collection(_98201=polygon(square(5.19, 43.2, 0.02))), source="x")
    assert territory.place_at(lon=5.195, lat=43.2).arrondissement.code == "98201"


def test_a_contour_that_crosses_itself_is_repaired():
    bow = [[5.05, 43.05], [5.15, 43.15], [5.15, 43.05], [5.05, 43.15], [5.05, 43.05]]
    assert import_contours(collection(_97001=polygon(bow)), source="x").repaired == ("97001",)
    assert territory.place_at(lon=5.14, lat=43.1).how == "contour"


@pytest.mark.parametrize(
    ("geometry", "found"),
    [
        (None, "None"),
        ({"type": "Point", "coordinates": [5, 43]}, "Point"),
        ({"type": "Polygon"}, "illisibles"),
        ({"type": "Polygon", "coordinates": "x"}, "illisibles"),
        ({"type": "Polygon", "coordinates": [[["a", 1], [2, 3], [3, 4], ["a", 1]]]}, "illisibles"),
        (polygon([[lat, lon] for lon, lat in square(5.1, 43.1)]), "loin"),
        (polygon(square(500, 43.1)), "globe"),
        (polygon(square(5.1, 95)), "globe"),
        (polygon([[5.1, 43.1]] * 4), "vide"),
    ],
)
def test_a_wrong_shape_is_told_and_nothing_is_written(geometry, found):
    with pytest.raises(FaultyFolder) as refusal:
        import_contours(collection(_97002=polygon(square(5.2, 43.1)), _97001=geometry), source="c.json")
    [fault] = refusal.value.faults
    assert fault.file == "c.json" and "97001" in fault.found and found in fault.found
    assert territory.place_at(lon=5.2, lat=43.1).how == "centre"


def test_every_fault_is_told_at_once():
    features = [{}, {"properties": {"code": 3}}, *WHOLE["features"], WHOLE["features"][0], None]
    with pytest.raises(FaultyFolder) as refusal:
        import_contours({"type": "FeatureCollection", "features": features}, source="c.json")
    assert len(refusal.value.faults) == 4


def test_the_api_gives_the_contour_that_was_imported(contours, client):
    drawn = client.get("/api/v1/communes/97001").json()["contour"]
    assert drawn["type"] == "Polygon" and len(drawn["coordinates"]) == 2
    assert shape(drawn).equals_exact(shape(polygon(square(5.1, 43.1), HOLE)), 1e-6, normalize=True)
