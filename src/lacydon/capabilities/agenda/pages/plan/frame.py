"""What every page of the plan has: its date, the sections of the agenda, the sections of the plan, the style."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.clock import LOCAL
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.templatetags.ui import day

from ...errors import UnknownObject
from ...queries.chart import Chart
from ...queries.nouns import Action, Object
from ...queries.plan.moments import Moment, day_said, moment
from ..tabs import tabs

Noun = TypeVar("Noun", bound=Object)
MENU = (
    ("agenda", _l("L’essentiel")),
    ("agenda-actions", _l("Les actions")),
    ("agenda-calendar", _l("Le calendrier")),
    ("agenda-map", _l("La carte")),
    ("agenda-plans", _l("Les autres plans")),
    ("agenda-changes", _l("Ce qui change")),
)
STYLES = ("ui/charts.css", "agenda/plan.css")
FEED = "/agenda/changements.atom"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a page of the plan. `trouble`: what is wrong with the date it asks for."""

    request: HttpRequest
    moment: Moment
    trouble: str

    @property
    def keep(self) -> str:
        """What a link inside the agenda carries along."""
        return f"?le={self.moment.le}" if self.moment.past else ""

    @property
    def until(self) -> datetime | None:
        """The end of the day it speaks of: readings computed later were not known; None: now."""
        if not self.moment.past:
            return None
        return datetime.combine(self.moment.day + timedelta(days=1), time.min, tzinfo=LOCAL) - timedelta(microseconds=1)

    def to(self, name: str, /, query: Mapping[str, Any] | None = None, **kwargs: str) -> str:
        """The address of a page of the agenda, at the same date."""
        said = {key: value for key, value in (query or {}).items() if value}
        if self.moment.past:
            said["le"] = self.moment.le
        return reverse(name, kwargs=kwargs or None) + (f"?{urlencode(said)}" if said else "")

    def one(self, kind: type[Noun], id: str) -> Noun:
        """Raises UnknownObject, with a sentence that says the date."""
        found = self.moment.chart.get(kind, id)
        if found is None:
            words = {"id": id, "day": day(self.moment.day)}
            if self.moment.past:
                raise UnknownObject(_("L’agenda ne disait rien de « %(id)s » le %(day)s.") % words)
            raise UnknownObject(_("L’agenda ne dit rien de « %(id)s ».") % words)
        return found


def asked(request: HttpRequest) -> Asked:
    """`le`: a past date, as 2025-06-01; today without it."""
    when, trouble = day_said(request.GET.get("le", ""))
    return Asked(request, moment(when), trouble)


def shown(
    given: Asked,
    template: str,
    context: Mapping[str, Any],
    *,
    title: Any,
    description: Any = "",
    tab: str = "agenda",
    part: str = "",
    style: str = "",
) -> HttpResponse:
    """A page of the plan. `tab`: the section of the agenda; `part`: that of the plan; `style`: a sheet of its own."""
    request, when = given.request, given.moment
    kept = [(name, value) for name, value in request.GET.items() if name not in ("le", "page") and value]
    filled = {
        "title": title,
        "tabs": tabs(tab, query=given.keep),
        "menu": [(label, given.to(name), name == part) for name, label in MENU],
        "moment": when,
        "keep": given.keep,
        "and_keep": f"&le={when.le}" if when.past else "",
        "here": request.path,
        "kept": kept,
        "back_to_now": request.path + (f"?{urlencode(kept)}" if kept else ""),
        "trouble": given.trouble,
        "typed": request.GET.get("le", "")[:10],
        "feed": FEED,
        "examples": _invented(when.chart),
    }
    head = format_html_join(
        "", '<link rel="stylesheet" href="{}">', ((static(name),) for name in (*STYLES, style) if name)
    )
    head += format_html('<link rel="alternate" type="application/atom+xml" href="{}">', FEED)
    if when.past:
        head += SafeString('<meta name="robots" content="noindex">')
        title = _("%(title)s, le %(day)s") % {"title": title, "day": day(when.day)}
    html = page(
        template, filled | dict(context), address=request.get_full_path(), section="agenda", title=title,
        description=description, head=head,
    )  # fmt: skip
    return HttpResponse(html, status=422 if given.trouble else 200)


@lru_cache(maxsize=12)
def _invented(chart: Chart) -> bool:
    """Whether actions are examples: what is invented is said to be, wherever it is shown."""
    return any(each.example for each in chart.all(Action))


def page_number(request: HttpRequest) -> int:
    """The page of a list that is asked for, from 1."""
    said = request.GET.get("page", "1")
    return max(int(said), 1) if said.isascii() and said.isdigit() and len(said) < 5 else 1
