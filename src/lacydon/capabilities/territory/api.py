"""The JSON face of the territory: competences, communes (national commune API), addresses (BAN)."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router
from shapely.geometry import mapping

from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import BadInput
from lacydon.kernel.problems import free_parameters
from lacydon.kernel.texts import said

from .queries import addresses, chart, communes, competences, places
from .queries.answers import authority_out, because_out, question_out
from .queries.chart import CommuneView

router = Router(tags=["territory"])
Limit = Annotated[int, Query(ge=1, le=100)]
COMMUNE_FIELDS = (
    "nom",
    "code",
    "codesPostaux",
    "siren",
    "codeEpci",
    "codeDepartement",
    "population",
    "centre",
    "contour",
)
DEFAULT_FIELDS = ("nom", "code", "codesPostaux", "siren", "codeEpci", "codeDepartement", "population")


@router.get("/competences/resolve", summary="Who is in charge of a theme at a place, and why")
@open_to_all
@free_parameters
def resolve(
    request: HttpRequest,
    theme: str,
    citycode: str | None = None,
    lon: float | None = None,
    lat: float | None = None,
    date: date | None = None,
) -> dict[str, Any]:
    """Any other parameter is a condition (`voie.classe=departementale`). Just one of `authority`, `question` and
    `nobody` is set; `because` gives the rules that led there."""
    named = {"theme", "citycode", "lon", "lat", "date", "lang"}
    found = competences.resolve(
        theme=theme,
        citycode=citycode,
        lon=lon,
        lat=lat,
        conditions={name: str(value) for name, value in request.GET.items() if name not in named},
        on=date,
    )
    answer: dict[str, Any] = {
        "theme": found.theme,
        "citycode": found.citycode,
        "date": found.on,
        "because": because_out(found.because),
    }
    if found.located is not None:
        answer["located_by"] = found.located.how
    if found.question:
        return answer | {"question": question_out(found.question)}
    if found.nobody:
        return answer | {"nobody": True}
    return answer | {"authority": authority_out(found.authority), "handled_by": authority_out(found.handled_by)}


@router.get("/competences/themes", summary="Themes, and the conditions each depends on")
@open_to_all
def themes(request: HttpRequest) -> dict[str, Any]:
    found = competences.themes()
    return {
        "count": len(found),
        "results": [
            {"id": each.id, "title": said(each.title), "conditions": [question_out(fact) for fact in each.facts]}
            for each in found
        ],
    }


@router.get("/communes", summary="Communes, in the shape of the national commune API")
@open_to_all
def list_communes(
    request: HttpRequest,
    nom: str | None = None,
    codePostal: str | None = None,  # noqa: N803  (the national API's name)
    lon: float | None = None,
    lat: float | None = None,
    fields: str | None = None,
    limit: Limit = 100,
) -> list[dict[str, Any]]:
    found: tuple[CommuneView, ...]
    if lon is not None and lat is not None:
        found = (places.place_at(lon=lon, lat=lat).commune,)
    elif lon is not None or lat is not None:
        raise BadInput(_("Donnez lon et lat ensemble."), field="lat" if lat is None else "lon")
    elif nom:
        found = tuple(each for each, _score in communes.communes_named(nom, limit=limit))
    else:
        found = communes.communes()
    if codePostal:
        found = tuple(each for each in found if codePostal in each.postal_codes)
    wanted = _fields(fields)
    return [_commune_out(each, wanted) for each in found[:limit]]


@router.get("/communes/{code}", summary="A commune by its INSEE code")
@open_to_all
def one_commune(request: HttpRequest, code: str, fields: str | None = None) -> dict[str, Any]:
    wanted = _fields(fields) if fields else COMMUNE_FIELDS
    return _commune_out(communes.commune(code), wanted)


def _fields(fields: str | None) -> tuple[str, ...]:
    asked = tuple(each.strip() for each in fields.split(",")) if fields else DEFAULT_FIELDS
    for each in asked:
        if each not in COMMUNE_FIELDS:
            raise BadInput(
                _("« %(given)s » n’est pas un champ ; champs connus : %(known)s.")
                % {"given": each[:40], "known": ", ".join(COMMUNE_FIELDS)},
                field="fields",
            )
    return asked


def _commune_out(commune: CommuneView, fields: Iterable[str]) -> dict[str, Any]:
    epci = chart.chart().territory
    makers = {
        "nom": lambda: commune.name,
        "code": lambda: commune.code,
        "codesPostaux": lambda: list(commune.postal_codes),
        "siren": lambda: commune.siren,
        "codeEpci": lambda: epci.siren if epci else None,
        "codeDepartement": lambda: commune.departement,
        "population": lambda: commune.population,
        "centre": lambda: {"type": "Point", "coordinates": [commune.lon, commune.lat]},
        "contour": lambda: _contour(commune.code),
    }
    return {name: makers[name]() for name in fields}


def _contour(code: str) -> dict[str, Any] | None:
    """The official contour; null while none is loaded (a schematic shape is not a contour)."""
    drawn = communes.shapes()
    return None if drawn.schematic or code not in drawn.by_code else mapping(drawn.by_code[code])


@router.get("/addresses", summary="Addresses, in the shape of the national address API")
@open_to_all
def search_addresses(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=200)],
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
    autocomplete: bool = True,
    citycode: str | None = None,
    postcode: str | None = None,
    type: str | None = None,
    lon: float | None = None,
    lat: float | None = None,
) -> dict[str, Any]:
    return dict(
        addresses.search_addresses(
            q=q,
            limit=limit,
            autocomplete=autocomplete,
            citycode=citycode,
            postcode=postcode,
            type=type,
            lon=lon,
            lat=lat,
        )
    )


@router.get("/reverse", summary="The addresses around a point")
@router.get("/addresses/reverse", include_in_schema=False)
@open_to_all
def reverse(
    request: HttpRequest, lon: float, lat: float, limit: Annotated[int, Query(ge=1, le=20)] = 1
) -> dict[str, Any]:
    return dict(addresses.reverse_address(lon=lon, lat=lat, limit=limit))
