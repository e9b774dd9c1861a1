"""The embedded index through the territory's door: what residents type, what they are answered."""

import pytest

from lacydon.capabilities.territory import public as territory
from lacydon.connectors.address_index import connector
from lacydon.connectors.address_index.features import lambert93

pytestmark = pytest.mark.django_db
OLIVETTE_12 = "12 Rue de la République 97100 Olivette"
JAURES_5 = "5 Boulevard Jean Jaurès 97100 Olivette"


def labels(q: str, **asked) -> list[str]:
    return [each["properties"]["label"] for each in territory.search_addresses(q=q, **asked)["features"]]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("12 rue de la république olivette", OLIVETTE_12),
        ("12 RUE DE LA REPUBLIQUE OLIVETTE", OLIVETTE_12),
        ("12, rue de la Republique, 97100 Olivette", OLIVETTE_12),
        ("12 r de la republique olivette", OLIVETTE_12),
        ("12 rue de la repulique olivete", OLIVETTE_12),
        ("olivette 12 rue de la republique", OLIVETTE_12),
        ("rue de la republique 12 olivette", OLIVETTE_12),
        ("12bis rue republique olivette", "12bis Rue de la République 97100 Olivette"),
        ("12 b rue de la republique olivette", "12bis Rue de la République 97100 Olivette"),
        ("12 rue de la republique port clair", "12 Rue de la République 98001 Port-Clair"),
        ("12 rue de la republique 98001", "12 Rue de la République 98001 Port-Clair"),
        ("12 rue de la republique le galet", "12 Rue de la République 97120 Le Galet"),
        ("3 chemin des muriers", "3 Chemin des Mûriers 97100 Olivette"),
        ("chemin des muri", "Chemin des Mûriers 97100 Olivette"),
        ("place de l’église olivette", "Place de l'Église 97100 Olivette"),
        ("5 bd jean jaures", JAURES_5),
        ("5 blvd jaures olivette", JAURES_5),
        ("22 rue du 8 mai 1945", "22 Rue du 8 Mai 1945 97130 Les Salines-sur-Rade"),
        ("rue du 8 mai 1945", "Rue du 8 Mai 1945 97130 Les Salines-sur-Rade"),
        ("8 av mal foch salines", "8 Avenue du Maréchal Foch 97130 Les Salines-sur-Rade"),
        ("la bastide blanche", "La Bastide Blanche 97100 Olivette"),
        ("Olivette", "Olivette"),
        ("oliv", "Olivette"),
    ],
)
def test_what_residents_type_is_understood(addresses, typed, label):
    assert labels(typed)[:1] == [label]


def test_an_answer_is_in_the_shape_of_the_national_api(addresses):
    answer = territory.search_addresses(q="12 bis rue de la republique olivette", limit=1)
    x, y = lambert93(5.1014, 43.1012)
    [feature] = answer.pop("features")
    assert feature["geometry"] == {"type": "Point", "coordinates": [5.1014, 43.1012]}
    assert 0 < feature["properties"].pop("importance") < 1
    assert feature["properties"].pop("score") > 0.9
    assert feature["properties"] == {
        "label": "12bis Rue de la République 97100 Olivette",
        "housenumber": "12bis",
        "id": "97001_1200_00012_bis",
        "name": "12bis Rue de la République",
        "street": "Rue de la République",
        "postcode": "97100",
        "citycode": "97001",
        "city": "Olivette",
        "context": "97",
        "type": "housenumber",
        "x": x,
        "y": y,
    }
    assert answer == {
        "type": "FeatureCollection",
        "version": "draft",
        "attribution": "BAN",
        "licence": "ETALAB-2.0",
        "query": "12 bis rue de la republique olivette",
        "limit": 1,
        "source": "embedded",
        "degraded": False,
    }


def test_lambert_93_agrees_with_a_published_point():
    """8 Boulevard du Port, Amiens: the example of the API's documentation."""
    x, y = lambert93(2.290084, 49.897443)
    assert (x, y) == (pytest.approx(648952.58, abs=1), pytest.approx(6977867.14, abs=1))


@pytest.mark.parametrize(
    ("q", "kind"),
    [
        ("12 rue de la republique", "housenumber"),
        ("rue de la republique", "street"),
        ("bastide blanche", "locality"),
        ("olivette", "municipality"),
    ],
)
def test_a_type_keeps_only_its_kind(addresses, q, kind):
    found = territory.search_addresses(q=q, type=kind)["features"]
    assert found and {each["properties"]["type"] for each in found} == {kind}


@pytest.mark.parametrize(("asked", "found"), [("97001", "97001"), ("98001", "98201"), ("98201", "98201")])
def test_a_citycode_keeps_only_its_commune(addresses, asked, found):
    features = territory.search_addresses(q="12 rue de la republique", citycode=asked)["features"]
    assert {each["properties"]["citycode"] for each in features} == {found}


def test_a_postcode_keeps_only_its_addresses(addresses):
    assert labels("rue de la republique", postcode="97120") == ["Rue de la République 97120 Le Galet"]
    assert labels("rue de la republique", postcode="75002") == []


@pytest.mark.parametrize(
    ("lon", "lat", "city"), [(5.1, 43.1, "Olivette"), (5.2, 43.1, "Le Galet"), (5.19, 43.2, "Port-Clair")]
)
def test_what_is_near_comes_first(addresses, lon, lat, city):
    found = territory.search_addresses(q="12 rue de la republique", lon=lon, lat=lat)["features"]
    assert found[0]["properties"]["city"] == city


def test_a_number_that_does_not_exist_gives_its_street(addresses):
    [first, *_rest] = territory.search_addresses(q="999 rue de la republique olivette")["features"]
    assert (first["properties"]["type"], first["properties"]["citycode"]) == ("street", "97001")


def test_a_limit_is_kept_and_nonsense_finds_nothing(addresses):
    assert len(labels("rue de la republique", limit=2)) == 2
    assert labels("xkcdqwz vbnfrt") == []


def test_without_any_import_communes_are_found(small_territory):
    [found] = territory.search_addresses(q="port clair")["features"]
    assert (found["properties"]["type"], found["properties"]["citycode"]) == ("municipality", "98001")
    assert labels("12 rue de la republique olivette") == ["Olivette"]
    assert territory.reverse_address(lon=5.101, lat=43.101)["features"][0]["properties"]["label"] == "Olivette"
    assert connector.check().ok is False


def test_the_nearest_address_of_a_point(addresses):
    found = territory.reverse_address(lon=5.10125, lat=43.10112, limit=2)["features"]
    assert [each["properties"]["housenumber"] for each in found] == ["12", "12bis"]
    assert found[0]["properties"]["distance"] <= 15


def test_far_from_any_number_a_street_then_the_commune_answers(addresses):
    near = territory.reverse_address(lon=5.1235, lat=43.1165)["features"][0]["properties"]
    assert (near["label"], near["type"]) == ("La Bastide Blanche 97100 Olivette", "locality")
    nowhere = territory.reverse_address(lon=5.06, lat=43.05)["features"][0]["properties"]
    assert (nowhere["label"], nowhere["type"]) == ("Olivette", "municipality")


def test_the_state_of_the_index_is_told(addresses):
    assert connector.check().ok is True
