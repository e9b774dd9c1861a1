"""Addresses for what a resident typed, or around a point: from the national API when it answers, else from here.

The answer is in the shape of the national address API, and says more: `source` (who spoke), `degraded` and `notice`
(the API was meant to speak and is down), `outside` (what was found, when all of it is in other territories).
"""

from collections.abc import Callable
from typing import Any, get_args

from django.utils.translation import gettext as _

from lacydon.capabilities.territory.ports import (
    AddressFeature,
    AddressSource,
    AddressType,
    FeatureCollection,
    NotForThisSource,
    address_sources,
)
from lacydon.kernel.errors import BadInput, Unavailable
from lacydon.kernel.search.words import tidy

from .chart import Chart, chart
from .competences import unknown_commune
from .contours import checked_point

LONGEST = 200
MOST = 20
"""The most results one may ask for, as in the national API."""
SURE = 0.7
"""Score from which a second source is believed against a first one that knows the place elsewhere."""


def search_addresses(
    *,
    q: str,
    limit: int = 5,
    autocomplete: bool = True,
    citycode: str | None = None,
    postcode: str | None = None,
    type: str | None = None,
    lon: float | None = None,
    lat: float | None = None,
) -> FeatureCollection:
    """Addresses of the territory for what was typed, best first.

    `citycode` (INSEE, of a commune or an arrondissement), `postcode` and `type` keep only what fits; `lon, lat` favour
    what is near. Raises BadInput (nothing typed, more than 200 characters, a wrong limit, type or point) and
    UnknownCommune.
    """
    text = tidy(q)
    if not any(map(str.isalnum, text)):
        raise BadInput(_("Écrivez une adresse : un numéro, une rue, une commune."), field="q")
    if len(text) > LONGEST:
        raise BadInput(_("Écrivez une adresse en moins de %d caractères.") % LONGEST, field="q")
    _check(limit=limit, postcode=postcode, type=type)
    if lon is not None or lat is not None:
        lon, lat = checked_point(lon, lat)
    held = chart()
    wanted = _codes(held, citycode)

    def ask(source: AddressSource) -> FeatureCollection:
        return source.search(
            text,
            limit=limit,
            autocomplete=autocomplete,
            citycode=citycode,
            postcode=postcode,
            type=type,  # type: ignore[arg-type]
            lon=lon,
            lat=lat,
        )

    answer = _ask(ask, wanted=wanted)
    answer["query"] = text
    return _kept(answer, held=held, wanted=wanted, limit=limit)


def reverse_address(*, lon: float, lat: float, limit: int = 1) -> FeatureCollection:
    """Addresses near a point (WGS 84), nearest first. Raises BadInput, and OutsideTerritory."""
    lon, lat = checked_point(lon, lat)
    _check(limit=limit)
    held = chart()
    held.locate(lon=lon, lat=lat)
    wanted = _codes(held, None)
    answer = _ask(lambda source: source.reverse(lon, lat, limit=limit), wanted=wanted)
    return _kept(answer, held=held, wanted=wanted, limit=limit)


def _check(*, limit: int, postcode: str | None = None, type: str | None = None) -> None:
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST:
        raise BadInput(_("« limit » doit être un nombre entre 1 et %d.") % MOST, field="limit")
    if postcode is not None and not (len(postcode) == 5 and postcode.isascii() and postcode.isdigit()):
        raise BadInput(_("Un code postal a 5 chiffres."), field="postcode")
    if type is not None and type not in get_args(AddressType):
        kinds = ", ".join(get_args(AddressType))
        raise BadInput(_("« type » doit être l’un de : %s.") % kinds, field="type")


def _codes(held: Chart, citycode: str | None) -> frozenset[str]:
    """The INSEE codes a result may have: all those of the territory, or those of one commune."""
    if citycode is None:
        return frozenset(held.communes) | frozenset(held.arrondissements)
    if citycode in held.communes:
        return frozenset({citycode, *(part.code for part in held.communes[citycode].arrondissements)})
    if citycode in held.arrondissements:
        return frozenset({citycode})
    raise unknown_commune(citycode, held)


def _ask(ask: Callable[[AddressSource], FeatureCollection], *, wanted: frozenset[str]) -> FeatureCollection:
    """The answer of the first source that finds something here, else of the first that answers.

    Says when another one was meant to speak. A source that knows the place elsewhere is contradicted by a sure one
    only.
    """
    silent: list[str] = []
    elsewhere: FeatureCollection | None = None
    for source in address_sources.on():
        try:
            answer = ask(source)
        except NotForThisSource:
            continue
        except Unavailable:
            silent.append(source.id)
            continue
        answer["source"] = source.id
        answer["degraded"] = bool(silent)
        if silent:
            answer["notice"] = _(
                "Le service national des adresses ne répond pas : cette réponse vient de l’index local, "
                "qui peut être moins complet."
            )
        here = [each["properties"]["score"] for each in answer["features"] if each["properties"]["citycode"] in wanted]
        if here and (elsewhere is None or not elsewhere["features"] or max(here) >= SURE):
            return answer
        elsewhere = elsewhere or answer
    if elsewhere is None:
        raise Unavailable(_("La recherche d’adresses ne répond pas. Choisissez une commune dans la liste."))
    return elsewhere


def _kept(answer: FeatureCollection, *, held: Chart, wanted: frozenset[str], limit: int) -> FeatureCollection:
    """The features of the territory; when all of them are elsewhere, they are told apart as `outside`."""
    found = answer["features"]
    answer["features"] = [each for each in found if each["properties"]["citycode"] in wanted][:limit]
    answer["limit"] = limit
    outside = [each for each in found if not _here(each, held)]
    if outside and not answer["features"]:
        answer["outside"] = outside[:limit]
        notice: dict[str, Any] = {"label": outside[0]["properties"]["label"], "territory": _name(held)}
        told = _("« %(label)s » n’est pas dans le territoire (%(territory)s).") % notice
        answer["notice"] = f"{answer['notice']} {told}" if answer.get("notice") else told
    return answer


def _here(feature: AddressFeature, held: Chart) -> bool:
    code = feature["properties"]["citycode"]
    return code in held.communes or code in held.arrondissements


def _name(held: Chart) -> str:
    return held.territory.name if held.territory else ""
