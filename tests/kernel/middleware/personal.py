"""Pages that look at the session, or do not: addresses for test_headers."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition


def write(request: HttpRequest) -> HttpResponse:
    request.session["who"] = "somebody"
    return HttpResponse("written")


@cache_control(max_age=60)
def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for all")


@cache_control(max_age=60)
@condition(etag_func=lambda request: '"v1"')
def read(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.session.get("who")) * 100)


def read_late(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.session.get('who')}" * 100, headers={"Cache-Control": "public, max-age=3600"})


def refused(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.session.get("who")), status=403)


urlpatterns = [
    path("write", write),
    path("public", public),
    path("read", read),
    path("read-late", read_late),
    path("refused", refused),
    path("api/v1/read", read),
]
