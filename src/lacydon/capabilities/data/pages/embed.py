"""A kept view as another site shows it in a frame: no menu, no cookie read, where it comes from said under it."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import path, reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from lacydon.kernel import site
from lacydon.kernel.access import NOBODY, open_to_all
from lacydon.kernel.middleware.headers import framable
from lacydon.kernel.texts import said

from ..queries.drawing.views import view
from ..queries.vocabularies import LICENCES
from . import views

MINUTES_5 = 300


@open_to_all
@require_safe
def embedded(_request: HttpRequest, view_id: str) -> HttpResponse:
    """`/integre/<id>`: what anybody may see, whoever is signed in."""
    found = view(view_id)
    held = views.held_of(found, actor=NOBODY)
    context = {
        **views.body_of(found, held),
        "view": found,
        "body": views.BODIES[found.kind],
        "held": held,
        "dataset": held.dataset,
        "title": found.title,
        "lang": translation.get_language() or "fr",
        "version": held.version,
        "licence": LICENCES.get(held.dataset.licence),
        "organisation": said(held.dataset.organisation_name),
        "source": site.address() + reverse("data-view", kwargs={"view_id": found.pk}),
        "sheets": views.sheets(),
        "framed": True,
    }
    response = HttpResponse(get_template("data/looking/embedded.html").render(context))
    response["Cache-Control"] = f"public, max-age={MINUTES_5}"
    return framable(response)


urlpatterns = [path("integre/<slug:view_id>", embedded, name="data-embedded")]
