"""Pages that look at the session, or do not: addresses for test_headers."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition

from lacydon.kernel.access import open_to_all


@open_to_all
def write(request: HttpRequest) -> HttpResponse:
    request.session["who"] = "somebody"
    return HttpResponse("written")


@open_to_all
@cache_control(max_age=60)
def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for all")


@open_to_all
@cache_control(max_age=60)
@condition(etag_func=lambda request: '"v1"')
def read(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.session.get("who")) * 100)


@open_to_all
def read_late(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.session.get('who')}" * 100, headers={"Cache-Control": "public, max-age=3600"})


@open_to_all
def refused(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.session.get("who")), status=403)


urlpatterns = [
    path("write", write),
    path("public", public),
    path("read", read),
    path("read-late", read_late),
    path("refused", refused),
    path("api/v1/read", read),
    path("api/v1/public", public),
]
