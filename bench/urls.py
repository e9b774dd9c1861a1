"""The product's addresses, and /fixed."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from lacydon.config import urls

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


def fixed(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("Lacydon")


urlpatterns = [path("fixed", fixed), *urls.urlpatterns]
