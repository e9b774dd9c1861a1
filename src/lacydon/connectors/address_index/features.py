"""An answer of the index as a GeoJSON feature, in the words of the national address API."""

import math
from typing import Final

from lacydon.capabilities.territory.public import AddressFeature, AddressProperties
from lacydon.connectors.address_index.search import Hit
from lacydon.connectors.address_index.towns import Town, Towns

EXCENTRICITY: Final = 0.0818191910428158
CONE, RADIUS, EAST, NORTH, MERIDIAN = 0.725607765053267, 11_754_255.426096, 700_000.0, 12_655_612.049876, 3.0
"""Lambert-93 on GRS 80: IGN, NTG_71, « Projection cartographique conique conforme de Lambert »."""


def lambert93(lon: float, lat: float) -> tuple[float, float]:
    """A point (WGS 84, degrees) in Lambert-93, metres: what the BAN calls x and y."""
    sine = math.sin(math.radians(lat))
    isometric = math.atanh(sine) - EXCENTRICITY * math.atanh(EXCENTRICITY * sine)
    far, angle = RADIUS * math.exp(-CONE * isometric), CONE * math.radians(lon - MERIDIAN)
    return round(EAST + far * math.sin(angle), 2), round(NORTH - far * math.cos(angle), 2)


def feature_of(hit: Hit, *, towns: Towns, distance: float | None = None) -> AddressFeature:
    """The feature of an answer; `distance` in metres, for what was found around a point."""
    if hit.town is not None:
        properties = _town(hit.town)
    else:
        properties = _street(hit, towns=towns)
    properties["score"] = round(min(hit.score, 1.0), 4)
    properties["type"] = hit.kind
    properties["importance"] = round(hit.weight, 4)
    if "x" not in properties:
        properties["x"], properties["y"] = lambert93(*hit.point)
    if distance is not None:
        properties["distance"] = round(distance)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(hit.point)},
        "properties": properties,
    }


def _town(town: Town) -> AddressProperties:
    properties: AddressProperties = {
        "label": town.name,
        "score": 0.0,
        "id": town.code,
        "type": "municipality",
        "name": town.name,
        "postcode": town.postcodes[0] if town.postcodes else "",
        "citycode": town.code,
        "city": town.city,
        "context": town.departement,
        "importance": 0.0,
    }
    if town.whole:
        properties["population"] = town.population
    else:
        properties["district"] = town.name
    return properties


def _street(hit: Hit, *, towns: Towns) -> AddressProperties:
    street, number = hit.street, hit.number
    assert street is not None
    town = towns.by_code.get(street.citycode)
    city = town.city if town else street.city
    place = number or street
    name = f"{number.number}{number.suffix} {street.name}" if number else street.name
    properties: AddressProperties = {
        "label": " ".join(filter(None, (name, place.postcode, city))),
        "score": 0.0,
        "id": place.ban_id,
        "type": "street",
        "name": name,
        "postcode": place.postcode,
        "citycode": street.citycode,
        "city": city,
        "context": town.departement if town else street.citycode[:2],
        "importance": 0.0,
    }
    if number:
        properties["housenumber"] = f"{number.number}{number.suffix}"
    if street.locality:
        properties["locality"] = street.name
    else:
        properties["street"] = street.name
    if town and not town.whole:
        properties["district"] = town.name
    if street.old_city:
        properties["oldcity"] = street.old_city
    if place.x is not None and place.y is not None:
        properties["x"], properties["y"] = place.x, place.y
    return properties
