"""The product's addresses, /fixed, and /fixed/<size>: as many bytes as a page has."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from lacydon.config import urls
from lacydon.kernel.access import open_to_all

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


@open_to_all
def fixed(_request: HttpRequest) -> HttpResponse:
    # Without any middleware, nobody else says how long the answer is.
    return HttpResponse("Lacydon", headers={"Content-Length": "7"})


@open_to_all
def sized(_request: HttpRequest, size: int) -> HttpResponse:
    return HttpResponse("x" * size, headers={"Content-Length": str(size)})


urlpatterns = [path("fixed", fixed), path("fixed/<int:size>", sized), *urls.urlpatterns]
