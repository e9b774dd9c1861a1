"""The front of the agenda: what was promised, axis by axis, and how it goes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.shell import page

from ..queries.chart import chart
from .tabs import tabs


@open_to_all
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    now = chart()
    context: dict[str, Any] = {"agenda": now.agenda(), "axes": now.axes, "tabs": tabs("agenda")}
    html = page(
        "agenda/front.html", context, address=request.get_full_path(), section="agenda", title=_("Agenda numérique"),
        description=_("Ce qui a été voté pour le numérique de %s, et où cela en est.") % territory.territory_name(),
    )  # fmt: skip
    return HttpResponse(html)


urlpatterns = [path("agenda", agenda, name="agenda")]
