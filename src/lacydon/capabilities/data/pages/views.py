"""Ways of looking that were kept: keeping one, its page, how to show it elsewhere, taking it away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel import site
from lacydon.kernel.access import needs, open_to_all
from lacydon.kernel.errors import BadInput, NotFound
from lacydon.kernel.texts import said
from lacydon.kernel.ui import shown
from lacydon.kernel.ui.shell import page

from ..actions.views import keep_view, may_remove, remove_view
from ..models import SavedView
from ..queries import datasets
from ..queries.drawing.views import KINDS, given_of, view, views_by
from . import chart, looking, map, table
from .looking import Looked

SHEETS = ("ui/charts.css", "data/looking.css")
WHY = _l(
    "Garder une vue demande de se connecter : elle est ainsi à vous, vous la retrouvez et vous seul pouvez la retirer."
)
BODIES = {
    "table": "data/looking/kept_table.html",
    "chart": "data/looking/kept_chart.html",
    "map": "data/looking/drawing.html",
}


@needs("view.keep", why=WHY)
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, id: str, kind: str) -> HttpResponse:
    """`/donnees/<id>/garder/<kind>?…` with the parameters of the page to keep."""
    if kind not in KINDS:
        raise NotFound(_("On ne garde que des tableaux, des graphiques et des cartes."))
    held = looking.looked(request, id, kind=kind)
    typed = request.POST.get("title", "") if request.method == "POST" else said(held.dataset.title)
    trouble = ""
    if request.method == "POST":
        try:
            made = keep_view(
                actor=request.actor,  # type: ignore[attr-defined]
                dataset=held.dataset.id,
                kind=kind,
                title=typed,
                asked=[each for each in held.asked.pairs if each[0] not in ("version", "page")],
                version=held.version.number if request.POST.get("pinned") == "oui" else None,
            )
        except BadInput as error:
            trouble = str(error)
        else:
            return shown.done(request, _("Cette vue est gardée."), "data-view", view_id=made.pk)
    context = {
        "held": held,
        "title": said(held.dataset.title),
        "typed": typed,
        "trouble": trouble,
        "kind": looking.TITLES[kind],
        "version": held.version,
        "back": looking.address(held, kind=kind, asked=held.asked),
        "pinned": request.POST.get("pinned") == "oui" or held.asked.version is not None,
    }
    return shown.show(
        request,
        "data/looking/keep.html",
        context,
        title=_("Garder cette vue"),
        section="data",
        status=400 if trouble else 200,
    )


def held_of(found: SavedView, *, actor: Any) -> Looked:
    """What was kept, opened for this visitor. Raises UnknownDataset, UnknownVersion, NoAccess."""
    return looking.opened(found.dataset_id, given_of(found), actor=actor, kind=found.kind, version=found.version)


def body_of(found: SavedView, held: Looked) -> dict[str, Any]:
    """The table, the chart or the map alone."""
    if found.kind == "table":
        return table.of_page(
            held, here=looking.address(held, kind="table", asked=held.asked.but(page=1)).partition("?")[0]
        )
    return chart.of_page(held) if found.kind == "chart" else map.of_page(held)


@open_to_all
@require_safe
def kept(request: HttpRequest, view_id: str) -> HttpResponse:
    """`/donnees/vues/<id>`."""
    actor = request.actor  # type: ignore[attr-defined]
    found = view(view_id)
    held = held_of(found, actor=actor)
    context = {
        **looking.framing(held),
        **body_of(found, held),
        "view": found,
        "body": BODIES[found.kind],
        "open_in": looking.address(held, kind=found.kind, asked=held.asked),
        "removable": may_remove(actor, found),
    }
    head = format_html('<link rel="stylesheet" href="{}"><link rel="stylesheet" href="{}">', *sheets())
    if actor.known:
        return shown.show(request, "data/looking/kept.html", context, title=found.title, section="data", head=head)
    html = page(
        "data/looking/kept.html", context, address=request.get_full_path(), section="data", title=found.title, head=head
    )
    return HttpResponse(html)


def sheets() -> tuple[str, ...]:
    return tuple(static(each) for each in SHEETS)


@open_to_all
@require_safe
def embedding(request: HttpRequest, view_id: str) -> HttpResponse:
    """`/donnees/vues/<id>/integrer`: the lines to paste into another site."""
    found = view(view_id)
    dataset = datasets.dataset(found.dataset_id, actor=request.actor)  # type: ignore[attr-defined]
    address = f"{site.address()}{reverse('data-embedded', kwargs={'view_id': found.pk})}"
    height = 620 if found.kind != "map" else 760
    code = format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" style="border:0"></iframe>',
        address,
        found.title,
        height,
    )
    context = {"view": found, "dataset": dataset, "code": str(code), "address": address, "open": dataset.open}
    head = format_html('<link rel="stylesheet" href="{}">', static("data/looking.css"))
    html = page(
        "data/looking/embedding.html",
        context,
        address=request.get_full_path(),
        section="data",
        title=_("Intégrer « %s » à un site") % found.title,
        head=head,
    )
    return HttpResponse(html)


@needs("view.keep")
@require_POST
def remove(request: HttpRequest, view_id: str) -> HttpResponse:
    """Take it away; then the list of what one keeps."""
    remove_view(actor=request.actor, id=view_id)  # type: ignore[attr-defined]
    return shown.done(request, _("La vue est retirée."), "data-views")


@needs("view.keep")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """`/donnees/vues`: what this person keeps."""
    found = [(each, looking.TITLES[each.kind]) for each in views_by(request.actor.person)]  # type: ignore[attr-defined]
    return shown.show(
        request, "data/looking/mine.html", {"views": found}, title=_("Mes vues de données"), section="data"
    )


urlpatterns = [
    path("donnees/vues", mine, name="data-views"),
    path("donnees/vues/<slug:view_id>", kept, name="data-view"),
    path("donnees/vues/<slug:view_id>/integrer", embedding, name="data-view-embedding"),
    path("donnees/vues/<slug:view_id>/retirer", remove, name="data-view-remove"),
    path("donnees/<slug:id>/garder/<slug:kind>", keep, name="data-view-keep"),
]
