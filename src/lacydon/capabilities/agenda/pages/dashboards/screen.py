"""The one screen of those who decide, and its public twin: the same data, less what is kept inside, which is listed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.shell import framed
from lacydon.kernel.ui.shown import show

from ...queries.chart import chart
from ...queries.dashboards.screen import screen
from ...queries.dashboards.since import last_committee
from ...queries.plan.moments import Moment
from ...queries.plan.twin import twin
from ...queries.sharing import shared_screen
from ..house import needs_in_the_house
from ..plan.frame import FEED, STYLES, Asked, asked, shown
from ..plan.front import withheld
from .blocks import blocks, typed_day

SHEET = "agenda/screen.css"
HERE = "agenda-screen"


def head() -> str:
    """The sheets of a dashboard."""
    return format_html_join("", '<link rel="stylesheet" href="{}">', ((static(each),) for each in (*STYLES, SHEET)))


def inside(request: HttpRequest) -> Asked:
    """The whole agenda, now: for who may see what is kept inside."""
    public = twin(chart())
    return Asked(request, Moment(chart(), clock.today(), False, False, public.objects, public.fields), "")


def _context(given: Asked, *, public: bool) -> dict[str, Any]:
    day = given.moment.day
    typed = given.request.GET.get("depuis", "")[:10]
    since, trouble = typed_day(typed, last_committee(day), day)
    found = screen(given.moment.chart, day)
    return blocks(given, found, since=since, public=public) | {
        "since_trouble": trouble, "since_typed": typed if trouble else since.isoformat(),
        "screen": given.request.path, "public": public, "moment": given.moment, "keep": given.keep,
        "and_keep": f"&le={given.moment.le}" if given.moment.past else "", "feed": FEED, "withheld": withheld(given),
        "agenda": given.moment.chart.agenda(),
    }  # fmt: skip


@needs_in_the_house("agenda.see")
@require_safe
def deciding(request: HttpRequest) -> HttpResponse:
    """Parameters: `depuis`, the day of the last committee."""
    context = _context(inside(request), public=False)
    title = _("Tableau de bord de l’agenda")
    return show(
        request, "agenda/dashboards/deciding.html", context, title=title, section="agent", here=HERE, head=head()
    )  # fmt: skip


@open_to_all
@require_safe
def public_twin(request: HttpRequest) -> HttpResponse:
    """Parameters: `depuis`; `le`, a past date."""
    given = asked(request)
    return shown(
        given, "agenda/dashboards/public.html", _context(given, public=True),
        title=_("Le tableau de bord, ouvert à tous"), tab="agenda-dashboard", style=SHEET,
        description=_("Le même tableau de bord que celui des décideurs : promesses, argent, résultats, territoire."),
    )  # fmt: skip


@open_to_all
@require_safe
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What those who decide see, for who holds a link that still opens; kept by no cache, told to no other site."""
    found = shared_screen(token)
    context = _context(inside(request), public=False) | {"shared": found}
    body = get_template("agenda/dashboards/shared.html").render(context)
    robots = SafeString('<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">')
    html = framed(
        body, address="/agenda/tableau-de-bord", title=_("Tableau de bord de l’agenda"), section="agenda",
        head=robots + head(),
    )  # fmt: skip
    response = HttpResponse(html)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


urlpatterns = [
    path("agents/agenda/tableau-de-bord", deciding, name="agenda-screen"),
    path("agenda/tableau-de-bord", public_twin, name="agenda-dashboard"),
    path("agenda/partage/<str:token>", by_link, name="agenda-screen-shared"),
]
