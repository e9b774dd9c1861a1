"""`/api/tiles/<id>/{z}/{x}/{y}.mvt`: vector tiles of what is placed; `/api/tiles/<id>.json` says what is in them.

`/api/tiles/<id>/communes.geojson`: the communes under it, with the value of each when the address asks for one.

The parameters are those of the dataset's pages (queries/drawing/asked.py): a filtered map is an address.
"""

import hashlib
from dataclasses import replace

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from lacydon.kernel import site
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import NotFound
from lacydon.kernel.texts import said

from ..actions.opening import open_table
from ..errors import UnknownVersion
from ..queries import datasets
from ..queries.datasets import DatasetView
from ..queries.drawing import ground, mapping, profiles, tiles
from ..queries.drawing.asked import Asked, asked_of
from ..queries.logical import DIALECT

MVT = "application/vnd.mapbox-vector-tile"
MINUTE, DAY = 60, 86_400


def _asked(request: HttpRequest, id: str) -> tuple[DatasetView, Asked, bool]:
    """The dataset, what is asked of it, and whether it is of one version for good."""
    number = request.GET.get("version", "")
    if number and not (number.isascii() and number.isdigit() and len(number) < 9):
        raise UnknownVersion(f"version={number[:20]}")
    actor = request.actor  # type: ignore[attr-defined]
    dataset = datasets.dataset(id, actor=actor)
    table = open_table(dataset, datasets.version(dataset, int(number) if number else None), actor=actor)
    asked = replace(
        asked_of(dict(request.GET.lists()), table, understood=mapping.MAP), version=int(number or 0) or None
    )
    return dataset, asked, bool(number)


@open_to_all
@require_safe
def tile(request: HttpRequest, id: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile; 204 where there is nothing."""
    dataset, asked, pinned = _asked(request, id)
    at = tiles.Tile(z, x, y)
    condition = asked.condition
    what = f"{asked.table.content} {condition.sql(dialect=DIALECT) if condition is not None else ''} {z} {x} {y}"
    columns = " ".join(each.name for each in asked.shown)
    etag = f'"{hashlib.sha256(f"{what} {columns}".encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        made = tiles.tile(asked, at)
        response = HttpResponse(made, content_type=MVT, status=200 if made else 204)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={DAY if pinned else MINUTE}" if dataset.open else "private, no-store"
    return response


@open_to_all
@require_safe
def described(request: HttpRequest, id: str) -> HttpResponse:
    """TileJSON 3.0."""
    dataset, asked, _pinned = _asked(request, id)
    if asked.table.place is None:
        raise NotFound(f"{id}: nothing is placed")
    return JsonResponse(
        {
            "tilejson": "3.0.0",
            "name": said(dataset.title),
            "tiles": [f"{site.address()}/api/tiles/{dataset.id}/{{z}}/{{x}}/{{y}}.mvt{asked.query}"],
            "minzoom": 0,
            "maxzoom": tiles.DEEPEST,
            "bounds": profiles.extent(asked) or (-180, -85, 180, 85),
            "vector_layers": [{"id": tiles.LAYER, "fields": {name: each.label for name, each in tiles.told_of(asked)}}],
            # Beyond the standard, which lets readers pass over it: in what order to read them out, and as what.
            "columns": [
                {"name": name, "label": each.label, "type": each.type, "kind": each.kind}
                for name, each in tiles.told_of(asked)
            ],
        }
    )


@open_to_all
@require_safe
def communes(request: HttpRequest, id: str) -> HttpResponse:
    """GeoJSON (RFC 7946). With `fond=communes`, the value of each and its class."""
    dataset, asked, pinned = _asked(request, id)
    found = mapping.choropleth(asked) if mapping.ground_of(asked) == "communes" else None
    body = orjson.dumps(ground.collection(found))
    response = HttpResponse(body, content_type="application/geo+json")
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["Cache-Control"] = f"public, max-age={DAY if pinned else MINUTE}" if dataset.open else "private, no-store"
    return response


urlpatterns = [
    path("api/tiles/<slug:id>/communes.geojson", communes, name="data-communes"),
    path("api/tiles/<slug:id>.json", described, name="data-tilejson"),
    path("api/tiles/<slug:id>/<int:z>/<int:x>/<int:y>.mvt", tile, name="data-tile"),
]
