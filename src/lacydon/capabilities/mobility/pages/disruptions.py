"""Disruptions for riders: what goes on, what is coming, what was; each on its own page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.clock import now
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page

from ..errors import NoTimetable
from ..queries import disruptions as asked
from ..queries.disruptions import DisruptionView
from ..queries.disruptions.held import modes_of
from ..queries.disruptions.modes import MODES, mode_of
from ..queries.disruptions.names import source_names
from ..queries.disruptions.sentences import period_words, when_words
from ..queries.disruptions.words import CAUSES, EFFECTS, ICONS, SEVERITIES
from ..queries.timetable import timetable

PER_PAGE = 10
MOST_NAMED = 8
"""Names of a list that are written; the others are counted."""


def style() -> str:
    """The link to the style of these pages (safe HTML)."""
    return format_html('<link rel="stylesheet" href="{}">', static("mobility/disruptions.css"))


@dataclass(frozen=True, slots=True)
class Card:
    """A disruption as a list shows it."""

    view: DisruptionView
    when: str
    running: bool
    effect: Any
    severity: Any
    icon: str
    tone: str
    lines: Sequence[Any]
    places: Sequence[Any]
    more: int


def card_of(view: DisruptionView, when: datetime) -> Card:
    """What a list says of one."""
    places = view.places
    return Card(
        view=view,
        when=when_words(view, when),
        running=view.running(when) and view.state == "published" and not view.over(when),
        effect=EFFECTS[view.effect],
        severity=SEVERITIES[view.severity],
        icon=ICONS[view.severity],
        tone={"severe": "late", "warning": "maybe"}.get(view.severity, ""),
        lines=view.routes[:MOST_NAMED],
        places=places[: MOST_NAMED // 2],
        more=max(0, len(view.routes) - MOST_NAMED) + max(0, len(places) - MOST_NAMED // 2),
    )


@open_to_all
def disruptions(request: HttpRequest) -> HttpResponse:
    """Parameters: `quand` (maintenant, bientot, passees), `ligne`, `arret`, `commune`, `mode`, `q`, `jour`, `page`."""
    when, wish = now(), _Wish(request)
    everything = asked.current(when)
    kept = [each for each in everything if wish.keeps(each)]
    running, coming = asked.now_and_soon(kept, when)
    later = [each for each in kept if each not in running and each not in coming]
    trouble = ""
    if wish.when == "passees":
        found = asked.past(
            q=wish.q, route=wish.line, place=wish.place, citycode=wish.commune, day=wish.day,
            limit=PER_PAGE, offset=(wish.page - 1) * PER_PAGE, when=when,
        )  # fmt: skip
        shown, count = found.disruptions, found.count
        if wish.day_wrong:
            trouble = _("Écrivez un jour comme 2026-03-02.")
    else:
        listed = running if wish.when == "maintenant" else coming + later
        shown, count = tuple(listed[(wish.page - 1) * PER_PAGE : wish.page * PER_PAGE]), len(listed)
    context: dict[str, Any] = {
        "wish": wish,
        "trouble": trouble,
        "cards": [card_of(each, when) for each in shown],
        "count": count,
        "whens": [
            (_("Maintenant"), wish.to(quand="", page=""), wish.when == "maintenant", len(running)),
            (_("À venir"), wish.to(quand="bientot", page=""), wish.when == "bientot", len(coming) + len(later)),
            (_("Passées"), wish.to(quand="passees", page=""), wish.when == "passees", None),
        ],
        "lines": _lines(everything),
        "communes": _communes(everything, wish),
        "modes": [(name, MODES[name]) for name in sorted({each for view in everything for each in modes_of(view)})],
        "narrowed": wish.narrowed(),
        "before": wish.to(page=str(wish.page - 1)) if wish.page > 1 else "",
        "after": wish.to(page=str(wish.page + 1)) if count > wish.page * PER_PAGE else "",
        "feed": _feed(wish),
    }
    head = f'{style()}<link rel="alternate" type="application/atom+xml" href="{context["feed"]}">'
    head += '<meta name="robots" content="noindex">' if wish.asked else ""
    return HttpResponse(
        page(
            "mobility/disruptions/list.html", context, address=request.get_full_path(), section="mobility",
            title=_("Perturbations"),
            description=_("Ce qui gêne les transports de %s, maintenant et bientôt.") % territory.territory_name(),
            head=SafeString(head),
        ),
        status=422 if trouble else 200,
    )  # fmt: skip


@open_to_all
def disruption(request: HttpRequest, id: int) -> HttpResponse:
    """One of them, over or not."""
    when = now()
    view = asked.disruption(id, when=when)
    periods = [(period_words(each, when), each.holds(when)) for each in view.periods]
    context = {
        "view": view,
        "card": card_of(view, when),
        "cause": CAUSES[view.cause] if view.cause != "unknown" else "",
        "periods": periods,
        "over": view.over(when),
        "withdrawn": view.state == "withdrawn",
        "networks": view.agencies,
        "modes": [MODES[mode_of(each)] for each in view.modes],
        "quays": view.stops,
        "sources": source_names(view),
        "cap": reverse("disruption-cap", kwargs={"id": id}),
        "json": reverse("api-v1:disruption", kwargs={"id": id}),
    }
    title = said(view.title)
    head = style() + ('<meta name="robots" content="noindex">' if context["over"] or context["withdrawn"] else "")
    return HttpResponse(
        page(
            "mobility/disruptions/one.html", context, address=request.get_full_path(), title=title,
            description=said(view.text)[:200] or title, section="mobility", head=SafeString(head),
        )
    )  # fmt: skip


class _Wish:
    """What the address asks for, and the addresses of its neighbours."""

    def __init__(self, request: HttpRequest) -> None:
        asks = request.GET
        self.base = request.path
        self.when = asks.get("quand", "") if asks.get("quand") in ("bientot", "passees") else "maintenant"
        self.q = " ".join(asks.get("q", "").split())[:200]
        self.line, self.place = asks.get("ligne", "")[:200], asks.get("arret", "")[:200]
        self.commune, self.mode = asks.get("commune", "")[:5], asks.get("mode", "")[:20]
        self.day: date | None = None
        self.day_wrong = False
        self.typed_day = asks.get("jour", "")[:10]
        if self.typed_day:
            try:
                self.day = date.fromisoformat(self.typed_day)
            except ValueError:
                self.day_wrong = True
        given = asks.get("page", "1")
        self.page = min(max(int(given), 1), 500) if given.isascii() and given.isdigit() and len(given) < 4 else 1

    @property
    def asked(self) -> bool:
        return bool(self.q or self.line or self.place or self.commune or self.mode or self.day or self.page > 1)

    def keeps(self, view: DisruptionView) -> bool:
        if self.line and view not in asked.on_line(self.line):
            return False
        if self.place and self.place not in {each.ref for each in view.places}:
            return False
        if self.commune and self.commune not in {each.ref for each in view.communes}:
            return False
        return not self.mode or self.mode in modes_of(view)

    def to(self, **changes: str) -> str:
        held: Mapping[str, str] = {
            "quand": "" if self.when == "maintenant" else self.when, "q": self.q, "ligne": self.line,
            "arret": self.place, "commune": self.commune, "mode": self.mode, "jour": self.typed_day,
        }  # fmt: skip
        query = urlencode({name: value for name, value in {**held, **changes}.items() if value})
        return f"{self.base}?{query}" if query else self.base

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a form of words carries along."""
        held = (("ligne", self.line), ("arret", self.place), ("commune", self.commune), ("mode", self.mode))
        return [each for each in held if each[1]]

    def narrowed(self) -> list[tuple[str, str]]:
        """What the list is narrowed to, and the address without it."""
        found = []
        if self.line:
            found.append((_("Ligne %s") % _line_name(self.line), self.to(ligne="", page="")))
        if self.place:
            found.append((_("Arrêt %s") % _place_name(self.place), self.to(arret="", page="")))
        if self.commune:
            found.append((_commune_name(self.commune), self.to(commune="", page="")))
        if self.mode:
            found.append((str(MODES.get(self.mode, self.mode)), self.to(mode="", page="")))
        return found


def _lines(found: Sequence[DisruptionView]) -> list[tuple[Any, int]]:
    """The lines disturbed now or later, in their order, with how many times."""
    names = {each.ref: each for view in found for each in view.routes}
    counted = Counter(each.ref for view in found for each in view.routes)
    try:
        table = timetable()
        order = {each.id: (each.order, n) for n, each in enumerate(table.routes)}
    except NoTimetable:
        order = {}
    ranked = sorted(names, key=lambda ref: (order.get(ref, (1 << 30, 0)), names[ref].name))
    return [(names[ref], counted[ref]) for ref in ranked[:24]]


def _communes(found: Sequence[DisruptionView], wish: _Wish) -> list[tuple[str, str]]:
    if wish.when == "passees":
        return [(each.code, each.name) for each in territory.communes()]
    names = {each.ref: each.name for view in found for each in view.communes}
    return sorted(names.items(), key=lambda each: each[1])


def _line_name(ref: str) -> str:
    try:
        table = timetable()
        return table.routes[table.route_of_id[ref]].name
    except (NoTimetable, KeyError):
        return ref


def _place_name(ref: str) -> str:
    try:
        table = timetable()
        return table.places[table.place_of_id[ref]].name
    except (NoTimetable, KeyError):
        return ref


def _commune_name(code: str) -> str:
    return next((each.name for each in territory.communes() if each.code == code), code)


def _feed(wish: _Wish) -> str:
    asks = {"ligne": wish.line, "arret": wish.place, "commune": wish.commune}
    query = urlencode({name: value for name, value in asks.items() if value})
    return reverse("disruptions-feed") + (f"?{query}" if query else "")


urlpatterns = [
    path("transports/perturbations", disruptions, name="disruptions"),
    path("transports/perturbations/<int:id>", disruption, name="disruption"),
]
