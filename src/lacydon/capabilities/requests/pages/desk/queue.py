"""The queue: what is late, what waits, all; filtered, a page at a time; and the same as a file."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lacydon.kernel.access import Actor, needs
from lacydon.kernel.clock import today
from lacydon.kernel.downloads import POLICY
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import show, troubled

from ...actions import exporting
from ...queries import desk, filters, shown
from ...queries import queue as queries
from ...queries.filters import Filters
from ...queries.roles import HANDLING, MANAGER

MEDIA = {
    exporting.CSV: "text/csv; charset=utf-8",
    exporting.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@needs("desk.see")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """A page of the queue of the organisation the agent acts for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = filters.asked(request.GET)
    page = queries.page_of(actor, asked, at=filters.cursor(request.GET))
    names = desk.colleagues(actor)
    offered = desk.offered(colleagues=names)
    counts = desk.counts(actor)
    context = {
        "asked": asked,
        "query": str(asked),
        "back": f"?{urlencode({'de': str(asked)})}" if str(asked) else "",
        "page": page,
        "rows": shown.in_words(page.rows, actor=actor, names=names),
        "parts": _parts(asked, counts),
        "whose": _whose(asked, counts),
        "views": [(each, f"?{each.filters}", each.filters == str(asked)) for each in desk.views(actor)],
        "offered": offered,
        "orders": filters.ORDERS if asked.open else {key: filters.ORDERS[key] for key in ("recentes", "anciennes")},
        "states": {key: label for key, label in shown.STATES_HERE.items() if key != "closed"},
        "next": _address(asked, apres=page.next),
        "previous": _address(asked, avant=page.previous),
        "further": _address(asked, apres=page.further),
        "reach": queries.REACH,
        "most": queries.MOST,
        "handles": not HANDLING.isdisjoint(actor.roles),
        "manages": MANAGER in actor.roles,
    }
    return desk_page(request, "queue", context, title=_("Demandes"))


@needs("request.export")
@require_POST
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """What is filtered, or what is chosen, as a file."""
    asked = filters.read(request.POST.get("de", ""))
    form = request.POST.get("form", "")
    try:
        pieces = exporting.export(
            actor=request.actor,  # type: ignore[attr-defined]
            asked=asked,
            form=form,
            numbers=[] if request.POST.get("tout") else request.POST.getlist("numero")[: queries.PAGE],
        )
    except Refused as error:
        return troubled(request, error.sentence, "desk-queue")
    response = StreamingHttpResponse(pieces, content_type=MEDIA[form])
    response["Content-Disposition"] = f'attachment; filename="demandes-{today().isoformat()}.{form}"'
    response["Content-Security-Policy"] = POLICY
    return response


def desk_page(
    request: HttpRequest,
    name: str,
    context: Mapping[str, Any],
    *,
    title: Any,
    here: str = "queue",
    refusal: Refused | None = None,
) -> HttpResponse:
    """A page of the desk, with its look and its keyboard; `refusal` gives its status."""
    head = format_html(
        '<link rel="stylesheet" href="{}"><script type="module" src="{}"></script>',
        static("requests/desk.css"),
        static("requests/desk.js"),
    )
    return show(
        request, f"requests/desk/{name}.html", {"refusal": refusal, **context}, title=title, section="agent",
        here=here, head=head, status=refusal.status if refusal else 200,
    )  # fmt: skip


def _parts(asked: Filters, counts: Any) -> list[dict[str, Any]]:
    """The parts of the queue; going from one to another keeps the filters."""
    return [
        {
            "label": label,
            "address": f"?{asked.but(shown=part, state='', order='')}",
            "here": asked.shown == part,
            "count": counts.get(part),
            "loud": part == filters.LATE,
        }
        for part, label in filters.SHOWN.items()
    ]


def _whose(asked: Filters, counts: Any) -> list[dict[str, Any]]:
    labels = {"": _("De tout le monde"), filters.ME: _("Les miennes"), filters.NOBODY: _("À personne")}
    return [
        {
            "label": label,
            "address": f"?{asked.but(assignee=who)}",
            "here": asked.assignee == who,
            "count": counts.get(who),
        }
        for who, label in labels.items()
    ]


def _address(asked: Filters, **cursor: Any) -> str:
    ((name, at),) = cursor.items()
    return f"?{urlencode([*asked.pairs(), (name, str(at))])}" if at else ""
