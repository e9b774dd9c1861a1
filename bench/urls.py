"""The product's addresses, and /fixed."""

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


urlpatterns = [path("fixed", fixed), *urls.urlpatterns]
