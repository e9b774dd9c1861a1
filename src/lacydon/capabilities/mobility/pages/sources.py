"""How well the sources of real time answer: for everybody, since riders depend on it; the machines, for agents."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel import clock
from lacydon.kernel.access import needs, open_to_all
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.shown import show

from ..ports import live_connectors
from ..queries.live import SourceStatus
from ..queries.live.availability import HOURS, Availability, availabilities
from ..queries.live.health import without_machines
from .stop import head_of

TALL = 40
"""Units of the drawing of an hour that was good throughout."""


@open_to_all
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Each source: how it is now and why, its last two days, what was odd in its last answer."""
    title = _("Les sources du temps réel")
    description = _("Qui dit l’heure des bus, des vélos et des parkings, et avec quelle fiabilité.")
    context = _context(title, description, told=without_machines)
    html = page(
        "mobility/live/sources.html", context, address=request.get_full_path(), title=title, description=description,
        section="mobility", head=head_of(),
    )  # fmt: skip
    return HttpResponse(html, headers={"Cache-Control": "public, max-age=20"})


@needs("timetable.manage")
@require_safe
def sources_desk(request: HttpRequest) -> HttpResponse:
    """The same for agents of transport, who are told which machine failed and how."""
    title = _("Sources du temps réel")
    lead = _("Ce que chaque source a répondu, et ce qui s’est passé quand elle ne l’a pas fait.")
    context = {**_context(title, lead, told=str), "agent": True}
    return show(
        request, "mobility/live/sources.html", context, title=title, section="agent", here="mobility-sources-desk",
        head=head_of(),
    )  # fmt: skip


def _context(title: str, lead: str, *, told: Callable[[str], str]) -> dict[str, Any]:
    """What both pages show; `told` makes what may be read there of an error."""
    found = availabilities(told=lambda error: format_html('<span lang="fr">{}</span>', told(error)) if error else "")
    return {
        "title": title,
        "lead": lead,
        "sources": [(each, _drawn(each), _kind(each)) for each in found if each.source.enabled],
        "off": [(each, _kind(each)) for each in found if not each.source.enabled],
        "at": clock.hour(clock.now()),
        "up": SourceStatus.UP,
        "late": SourceStatus.LATE,
        "never": SourceStatus.NEVER,
    }


def _kind(each: Availability) -> Any:
    connector = live_connectors.get(each.source.kind)
    return connector.title if connector else each.source.kind


def _drawn(each: Availability) -> SafeString:
    """Two days of hours, a bar each: as high as the share of questions that were well answered."""
    told = [hour for hour in each.hours if hour.percent is not None]
    if not told:
        return SafeString("")
    name = conditional_escape(_("Disponibilité de « %s », heure par heure") % each.source.name)
    summary = conditional_escape(_("%(hours)d dernières heures, la plus récente à droite.") % {"hours": HOURS})
    bars = []
    for n, hour in enumerate(each.hours):
        if hour.percent is None:
            continue
        height = max(2, round(TALL * hour.percent / 100))
        # What failed is drawn too, hatched by its outline: a missing bar would look like an hour without questions.
        bars.append(f'<rect class="wait" x="{n * 10}" y="0" width="8" height="{TALL}"/>')
        bars.append(f'<rect class="{hour.level}" x="{n * 10}" y="{TALL - height}" width="8" height="{height}"/>')
    uid = conditional_escape(each.source.pk)
    return SafeString(
        f'<svg class="hours" viewBox="0 0 {HOURS * 10} {TALL}" preserveAspectRatio="none" role="img"'
        f' aria-labelledby="h-{uid}-t h-{uid}-d"><title id="h-{uid}-t">{name}</title>'
        f'<desc id="h-{uid}-d">{summary}</desc>{"".join(bars)}</svg>'
    )


urlpatterns = [
    path("transports/sources", sources, name="mobility-sources"),
    path("agents/transports/sources", sources_desk, name="mobility-sources-desk"),
]
