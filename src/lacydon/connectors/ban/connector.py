"""The national address API: **fetch** over the network, **parse**, and answer as an address source, before any other.

Documentation: https://adresse.data.gouv.fr/outils/api-doc/adresse. A resident waits for the answer, so it is given two
seconds and one try; the embedded index is next to be asked.
"""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, cast

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.capabilities.territory.public import (
    ADDRESS_TYPES,
    AddressFeature,
    AddressProperties,
    AddressType,
    CommuneView,
    FeatureCollection,
    NotForThisSource,
    UnknownCommune,
    address_sources,
    commune,
    communes,
)
from lacydon.connectors import Check
from lacydon.kernel.errors import Refused
from lacydon.kernel.http import AddressRefused, Breaker, HttpClient, OutsideUnavailable, Timeout, own_machine

TIMEOUT: Final = Timeout(connect=1.0, read=1.5, total=2.0)
LARGEST: Final = 1_000_000
MOST: Final = 20
"""The most results the API gives; all are asked for, those of other territories are left aside afterwards."""
SHORTEST: Final = 3
"""Characters; the API refuses a shorter question."""
TEXTS: Final = ("housenumber", "street", "district", "locality", "oldcity")
NUMBERS: Final = ("x", "y")
WHOLES: Final = ("population", "distance")


class NationalApi:
    """The address source that asks the national API."""

    id = "ban"
    rank = 10

    def is_on(self) -> bool:
        return bool(settings.ADDRESS_API_URL)

    def search(
        self,
        q: str,
        *,
        limit: int,
        autocomplete: bool,
        citycode: str | None = None,
        postcode: str | None = None,
        type: AddressType | None = None,
        lon: float | None = None,
        lat: float | None = None,
    ) -> FeatureCollection:
        """What the API finds, `limit` notwithstanding: 20, so that some are left when other territories are not."""
        if len(q) < SHORTEST or not q[0].isalnum():
            raise NotForThisSource(_("Écrivez au moins 3 caractères."))
        town = _whole(citycode)
        if town is not None:
            # In the API, the addresses of such a commune have the codes of its arrondissements.
            q, citycode = (q if town.name.casefold() in q.casefold() else f"{q} {town.name}")[:200], None
        if lon is None or lat is None:
            lon, lat = (town.lon, town.lat) if town else _middle()
        asked: dict[str, str | int | float | None] = {
            "q": q,
            "limit": max(limit, MOST),
            "autocomplete": int(autocomplete),
            "citycode": citycode,
            "postcode": postcode,
            "type": type,
            "lon": lon,
            "lat": lat,
        }
        return fetch("search", {name: value for name, value in asked.items() if value is not None})

    def reverse(self, lon: float, lat: float, *, limit: int) -> FeatureCollection:
        return fetch("reverse", {"lon": lon, "lat": lat, "limit": limit})


def fetch(operation: str, asked: Mapping[str, str | int | float]) -> FeatureCollection:
    """Ask the API. Raises Unavailable, and NotForThisSource when it refuses the question."""
    base = settings.ADDRESS_API_URL.rstrip("/")
    try:
        answer = _client(base).get(f"{base}/{operation}", params=asked, headers={"Accept": "application/json"})
    except AddressRefused as refusal:
        raise OutsideUnavailable(refusal.sentence) from refusal
    if answer.status == 400:
        raise NotForThisSource(_("L’API nationale des adresses refuse cette question."))
    if answer.status != 200:
        raise OutsideUnavailable(_("L’API nationale des adresses a répondu %d.") % answer.status)
    return parse(answer.json())


def parse(answer: Any) -> FeatureCollection:
    """An answer of the API, as the port wants it: what is not as documented is left out.

    Raises OutsideUnavailable when it is no FeatureCollection at all.
    """
    features = answer.get("features") if isinstance(answer, dict) else None
    if not isinstance(features, list) or answer.get("type") != "FeatureCollection":
        raise OutsideUnavailable(_("L’API nationale des adresses a répondu autre chose que des adresses."))
    read = (_feature(each) for each in features[:MOST])
    return {
        "type": "FeatureCollection",
        "version": "draft",
        "features": [each for each in read if each is not None],
        "attribution": _text(answer, "attribution") or "BAN",
        "licence": _text(answer, "licence") or "ETALAB-2.0",
    }


def check() -> Check:
    """Ask the API for the first commune of the territory."""
    if not settings.ADDRESS_API_URL:
        sentence = _("LACYDON_ADDRESS_API_URL n’est pas réglé : l’index local répond seul.")
        return Check(ok=None, sentence=sentence)
    name = next((each.name for each in communes()), "Paris")
    try:
        found = NationalApi().search(name, limit=1, autocomplete=False)
    except Refused as refusal:
        return Check(ok=False, sentence=_("%s L’index local répond à sa place.") % refusal.sentence)
    if not found["features"]:
        return Check(ok=False, sentence=_("L’API répond, mais ne trouve pas « %s ».") % name)
    return Check(ok=True, sentence=_("L’API répond : %s.") % found["features"][0]["properties"]["label"])


@cache
def _client(base: str) -> HttpClient:
    """One for each address: it holds the connections and the state of the circuit."""
    return HttpClient(
        name="addresses",
        timeout=TIMEOUT,
        retries=0,
        largest=LARGEST,
        allowed=own_machine(base),
        breaker=Breaker(failures=3, rest=30.0),
    )


def _whole(citycode: str | None) -> CommuneView | None:
    """The commune of this code when it has arrondissements and none of them is meant."""
    if citycode is None:
        return None
    try:
        found = commune(citycode)
    except UnknownCommune:
        return None
    return found if found.arrondissements and found.code == citycode else None


def _middle() -> tuple[float | None, float | None]:
    """Where most people of the territory are: what is near it is preferred."""
    every = communes()
    people = sum(each.population for each in every)
    if not people:
        return None, None
    lon = sum(each.lon * each.population for each in every) / people
    return round(lon, 4), round(sum(each.lat * each.population for each in every) / people, 4)


def _feature(given: Any) -> AddressFeature | None:
    properties = given.get("properties") if isinstance(given, dict) else None
    geometry = given.get("geometry") if isinstance(given, dict) else None
    if not isinstance(properties, dict) or not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    point = geometry.get("coordinates")
    if not isinstance(point, list) or len(point) < 2 or any(_number(each) is None for each in point[:2]):
        return None
    label, citycode, kind = (_text(properties, name) for name in ("label", "citycode", "type"))
    if not label or not citycode or kind not in ADDRESS_TYPES:
        return None
    read: dict[str, Any] = {
        "label": label,
        "score": min(max(_number(properties.get("score")) or 0.0, 0.0), 1.0),
        "id": _text(properties, "id"),
        "type": kind,
        "name": _text(properties, "name") or label,
        "postcode": _text(properties, "postcode"),
        "citycode": citycode,
        "city": _text(properties, "city"),
        "context": _text(properties, "context"),
        "importance": _number(properties.get("importance")) or 0.0,
    }
    read |= {name: _text(properties, name) for name in TEXTS if _text(properties, name)}
    read |= {name: value for name in NUMBERS if (value := _number(properties.get(name))) is not None}
    read |= {name: round(value) for name in WHOLES if (value := _number(properties.get(name))) is not None}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [float(point[0]), float(point[1])]},
        "properties": cast(AddressProperties, read),
    }


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return value[:300] if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


address_sources.plug(NationalApi())
