"""`/api/v1/services`: search, and one service, with who is in charge at the place."""

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import BadInput
from lacydon.kernel.texts import said

from ..queries import catalogue, search

router = Router(tags=["services"])


def _place(citycode: str | None, lon: float | None, lat: float | None) -> territory.Place | None:
    if lon is not None and lat is not None:
        return territory.place_at(lon=lon, lat=lat)
    if lon is not None or lat is not None:
        raise BadInput(_("Donnez lon et lat ensemble."), field="lat" if lat is None else "lon")
    return territory.place_of(citycode) if citycode else None


def _url(request: HttpRequest, id: str) -> str:
    return f"{settings.PUBLIC_URL or request.build_absolute_uri('/').rstrip('/')}/services/{id}"


def _out(request: HttpRequest, hit: search.Hit) -> dict[str, Any]:
    service, resolution = hit.service, hit.resolution
    return {
        "id": service.id,
        "title": said(service.title),
        "summary": said(service.summary),
        "theme": service.theme,
        "url": _url(request, service.id),
        "authority": territory.authority_out(resolution.authority if resolution else None),
        "reason": said(hit.reason) if hit.reason else None,
        "question": territory.question_out(resolution.question if resolution else None),
    }


@router.get("", summary="Services for a need in everyday words, with who is in charge here and why")
@open_to_all
def list_services(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=500)] = "",
    citycode: str | None = None,
    lon: float | None = None,
    lat: float | None = None,
    audience: str | None = None,
    lang: Literal["fr", "en"] = "fr",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> dict[str, Any]:
    found = search.search_services(
        q=q, place=_place(citycode, lon, lat), audience=audience, lang=lang, limit=limit, offset=offset
    )
    return {
        "count": found.count,
        "corrected": found.corrected,
        "results": [_out(request, hit) for hit in found.hits],
    }


@router.get("/{id}", summary="A service, as a commune offers it")
@open_to_all
def one_service(request: HttpRequest, id: str, citycode: str | None = None) -> dict[str, Any]:
    service = catalogue.service(id, citycode=citycode)
    resolution = search.in_charge(service, citycode=citycode) if citycode else None
    answer = _out(request, search.Hit(service=service, resolution=resolution))
    return answer | {
        "sector": service.sector,
        "audience": list(service.audience),
        "events": list(service.events),
        "featured": service.featured,
        "description": _said(service.description),
        "concerned": _said(service.concerned),
        "evidence": _localised(service.evidence),
        "cost": _localised(service.cost),
        "delay": _localised(service.delay),
        "channels": _localised(service.channels),
        "legal": list(service.legal),
        "output": _said(service.output),
        "easy_to_read": service.falc["fr"] if service.falc else None,
        "handled_by": territory.authority_out(resolution.handled_by if resolution else None),
        "nobody": bool(resolution and resolution.nobody),
        "because": territory.because_out(resolution.because if resolution else ()),
    }


def _said(text: Any) -> str | None:
    return said(text) if text else None


def _localised(value: Any) -> Any:
    """The same structure with each {fr, en} text replaced by the text in the language asked for."""
    if isinstance(value, dict):
        return said(value) if "fr" in value else {key: _localised(each) for key, each in value.items()}
    return [_localised(each) for each in value] if isinstance(value, list | tuple) else value
