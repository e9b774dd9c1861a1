"""`/catalogue`: the catalogue as CPSV-AP linked data, in the form the client prefers (RFC 9110 §12.5.1)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all

SUFFIXES = {"ttl": "text/turtle", "jsonld": "application/ld+json", "rdf": "application/rdf+xml"}
FORMATS = tuple(SUFFIXES.values())


@open_to_all
@require_safe
def catalogue(request: HttpRequest, id: str | None = None, suffix: str | None = None) -> HttpResponse:
    """All services, or one; by `Accept`, or by suffix. A browser is sent to the pages that say the same to people."""
    base = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    media_type = SUFFIXES[suffix] if suffix else request.get_preferred_type([*FORMATS, "text/html"])
    if media_type == "text/html":
        response = HttpResponse(status=303, headers={"Location": f"/services/{id}" if id else "/services"})
    elif media_type is None:
        known = ", ".join(FORMATS)
        response = HttpResponse(f"Formats: {known}\n", status=406, content_type="text/plain; charset=utf-8")
    else:
        from ..queries.cpsv import serialised  # heavy: only who asks for linked data pays for it

        body = serialised(base=base, media_type=media_type, id=id)
        response = HttpResponse(body, content_type=f"{media_type}; charset=utf-8")
    response["Vary"] = "Accept"
    return response


urlpatterns = [
    path("catalogue", catalogue, name="catalogue"),
    *(path(f"catalogue.{suffix}", catalogue, {"suffix": suffix}) for suffix in SUFFIXES),
    path("catalogue/services/<slug:id>", catalogue, name="catalogue-service"),
]
