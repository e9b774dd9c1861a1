"""Being told of disruptions: asked for by anybody, confirmed by a letter, stopped in one click."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from lacydon.kernel.access import open_to_all


@open_to_all
def alerts(request: HttpRequest) -> HttpResponse:
    return HttpResponse("soon")


urlpatterns = [path("transports/alertes", alerts, name="alerts")]
