"""« Itinéraire »: from a point to another, a few good journeys, each time with how sure it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.french import NBSP
from lacydon.kernel.ui.shell import page

from ..ports.journeys import Answer, Ask, Journey, Leg
from ..queries.departures import badge
from ..queries.planning import journeys
from ..queries.planning.points import Choice, Found, point, shared
from ..queries.planning.words import sure_words
from ..queries.timetable import Timetable, timetable
from .journey_drawn import sketch
from .stop import head_of

CHANGES = (0, 1, 2, 3, 5)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked, as it was written."""

    origin: Found
    goal: Found
    arrive_by: bool
    when: datetime
    """In the hour of the residents."""
    now: bool
    wheelchair: str
    changes: int
    bike: bool
    car: bool
    trouble: str = ""

    def query(self, **other: str | None) -> str:
        """The parameters of this question, some of them changed; None takes one away."""
        asked: dict[str, str | None] = {
            "de": self.origin.typed, "de_lieu": self.origin.token,
            "de_connu": self.origin.typed if self.origin.token else "",
            "a": self.goal.typed, "a_lieu": self.goal.token, "a_connu": self.goal.typed if self.goal.token else "",
            "sens": "arrivee" if self.arrive_by else "", "jour": "" if self.now else self.when.date().isoformat(),
            "heure": "" if self.now else f"{self.when:%H:%M}", "fauteuil": self.wheelchair,
            "changements": "" if self.changes == CHANGES[-1] else str(self.changes), "velo": "1" if self.bike else "",
            "voiture": "1" if self.car else "",
        }  # fmt: skip
        return urlencode({name: value for name, value in {**asked, **other}.items() if value})


@dataclass(frozen=True, slots=True)
class Step:
    """A leg in words."""

    leg: Leg
    icon: SafeString
    at: str
    until: str
    title: str
    text: str
    sure: str
    how: str
    detail: Sequence[str]
    warning: str


@dataclass(frozen=True, slots=True)
class Card:
    """A journey as the page shows it."""

    journey: Journey
    leave: str
    arrive: str
    leave_day: str
    minutes: str
    parts: Sequence[tuple[SafeString, str]]
    about: Sequence[str]
    sure: str
    how: str
    tight: bool
    steps: Sequence[Step]
    drawing: SafeString
    marks: Sequence[str]


@open_to_all
def journey(request: HttpRequest) -> HttpResponse:
    """Parameters: `de`, `a` (typed), `de_lieu`, `a_lieu` (chosen), `sens`, `jour`, `heure`, `fauteuil`, `changements`,
    `velo`, `voiture`. Nothing of it is kept.
    """
    table = timetable()
    wish = wish_of(table, request.GET)
    base = reverse("journey")
    context: dict[str, Any] = {"wish": wish, "base": base, "changes": _changes(wish), "today": clock.today()}
    answer: Answer | None = None
    if wish.origin.spot and wish.goal.spot and not wish.trouble:
        answer = journeys(ask_of(wish))
        context |= _told(table, wish, answer, base)
    elif wish.origin.choices or wish.goal.choices:
        side = "de" if wish.origin.choices else "a"
        found = wish.origin if side == "de" else wish.goal
        context |= {
            "found": found,
            "choosing": side,
            "choices": [
                (
                    each,
                    f"{base}?{wish.query(**chosen(side, each))}",
                )
                for each in found.choices
            ],
        }
    troubled = bool(wish.trouble or wish.origin.trouble or wish.goal.trouble)
    both = wish.origin.spot and wish.goal.spot
    title = (
        _("De %(one)s à %(other)s") % {"one": wish.origin.typed, "other": wish.goal.typed} if both else _("Itinéraire")
    )
    body = page(
        "mobility/journey/page.html", context, address=request.get_full_path(), section="mobility", title=title,
        description=_("Aller d’un point à un autre en transport en commun, avec ce qui est sûr ou non."),
        head=head_of("mobility/journey.css"),
    )  # fmt: skip
    response = HttpResponse(body, status=422 if troubled else 200)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def chosen(side: str, choice: Choice) -> dict[str, str]:
    """The parameters that name a point that was chosen."""
    return {side: choice.label, f"{side}_lieu": choice.token, f"{side}_connu": choice.label}


def wish_of(table: Timetable, asked: Mapping[str, str]) -> Wish:
    """What was asked, read with indulgence: a wrong hour is told, the rest has defaults."""
    found = []
    for side in ("de", "a"):
        typed = " ".join(asked.get(side, "").split())
        token = asked.get(f"{side}_lieu", "")
        if token and typed and typed != asked.get(f"{side}_connu", typed):
            token = ""  # another point was typed over the one that had been chosen
        found.append(point(table, typed=typed, token=token))
    here = clock.now().astimezone(clock.LOCAL).replace(second=0, microsecond=0)
    when, trouble, now = here, "", not (asked.get("jour") or asked.get("heure"))
    try:
        day = date.fromisoformat(asked["jour"]) if asked.get("jour") else here.date()
        hour = time.fromisoformat(asked["heure"]) if asked.get("heure") else here.time()
        when = datetime.combine(day, hour, clock.LOCAL)
    except ValueError:
        trouble = _("Écrivez un jour comme 2026-03-02 et une heure comme 08:30.")
    changes = asked.get("changements", "")
    return Wish(
        origin=found[0], goal=found[1], arrive_by=asked.get("sens") == "arrivee", when=when, now=now,
        wheelchair=asked.get("fauteuil", "") if asked.get("fauteuil") in ("connu", "inconnu") else "",
        changes=int(changes) if changes in map(str, CHANGES) else CHANGES[-1],
        bike=asked.get("velo") == "1", car=asked.get("voiture") == "1", trouble=trouble,
    )  # fmt: skip


def ask_of(wish: Wish) -> Ask:
    """The question to a planner."""
    assert wish.origin.spot and wish.goal.spot
    return Ask(
        origin=wish.origin.spot, goal=wish.goal.spot, when=wish.when.astimezone(UTC), arrive_by=wish.arrive_by,
        wheelchair=bool(wish.wheelchair), unknown_too=wish.wheelchair == "inconnu", changes=wish.changes,
        bike=wish.bike, car=wish.car,
    )  # fmt: skip


def _changes(wish: Wish) -> list[tuple[int, str, bool]]:
    words = {0: _("aucun"), 1: _("un au plus"), 5: _("peu importe")}
    return [(n, words.get(n, _("%d au plus") % n), n == wish.changes) for n in CHANGES]


def _told(table: Timetable, wish: Wish, answer: Answer, base: str) -> dict[str, Any]:
    cards = [card(table, each, number=n + 1) for n, each in enumerate(answer.journeys)]
    first, last = table.days()
    public = {side: shared(found.token) for side, found in (("de_lieu", wish.origin), ("a_lieu", wish.goal))}
    named = {
        side: found.typed if found.token.startswith(("arret:", "commune:")) else ""
        for side, found in (("de", wish.origin), ("a", wish.goal))
    }
    at = {
        "de_connu": named["de"], "a_connu": named["a"], "jour": wish.when.date().isoformat(),
        "heure": f"{wish.when:%H:%M}",
    }  # fmt: skip
    return {
        "answer": answer,
        "cards": _marked(cards),
        "asked_day": wish.when.date(),
        "asked_hour": clock.hour(wish.when),
        "known": first <= wish.when.date() <= last,
        "first": first,
        "last": last,
        "earlier": _moved(wish, answer.earlier, base),
        "later": _moved(wish, answer.later, base),
        "swap": f"{base}?{_swapped(wish)}",
        "share": f"{base}?{wish.query(**public, **named, **at)}",
        "unknown_too": f"{base}?{wish.query(fauteuil='inconnu')}",
        "example": any(feed.example for feed in table.feeds),
    }


def _moved(wish: Wish, when: datetime | None, base: str) -> str:
    if when is None:
        return ""
    here = when.astimezone(clock.LOCAL)
    return f"{base}?{wish.query(jour=here.date().isoformat(), heure=f'{here:%H:%M}')}"


def _swapped(wish: Wish) -> str:
    one, other = wish.origin, wish.goal
    return wish.query(
        de=other.typed, de_lieu=other.token, de_connu=other.typed, a=one.typed, a_lieu=one.token, a_connu=one.typed
    )


def card(table: Timetable, its: Journey, *, number: int) -> Card:
    """A journey in words."""
    now = int(clock.now().timestamp())
    first = its.rides[0] if its.rides else None
    leave, arrive = _moment(its.departure), _moment(its.arrival)
    about = []
    if its.rides:
        about.append(
            _("direct") if not its.changes else ngettext("%d changement", "%d changements", its.changes) % its.changes
        )
    if its.walking >= 30:
        about.append(_("%s à pied") % _minutes(its.walking))
    return Card(
        journey=its,
        leave=clock.hour(leave),
        arrive=clock.hour(arrive),
        leave_day="" if leave.date() == clock.today() else leave.date().isoformat(),
        minutes=_minutes(its.seconds),
        parts=tuple(_parts(table, its)),
        about=about,
        sure=sure_words(first, now=now) if first else "",
        how=first.sureness if first else "",
        tight=bool(its.tight),
        steps=tuple(_step(table, its, n, now=now) for n in range(len(its.legs))),
        drawing=sketch(its, number=number),
        marks=(),
    )


def _marked(cards: Sequence[Card]) -> list[tuple[Card, list[str]]]:
    """The best in something, told where there is a choice."""
    marks: list[list[str]] = [[] for _card in cards]
    if len(cards) > 1:
        for word, key in (
            (_("le plus tôt arrivé"), lambda each: (each.journey.arrival, each.journey.seconds)),
            (_("le plus court"), lambda each: (each.journey.seconds, each.journey.arrival)),
            (_("le moins de marche"), lambda each: (each.journey.walking // 60, each.journey.seconds)),
        ):
            values = [key(each) for each in cards]
            best = min(values)
            if max(values)[0] != best[0]:
                marks[values.index(best)].append(word)
    return list(zip(cards, marks, strict=True))


def _parts(table: Timetable, its: Journey) -> Iterator[tuple[SafeString, str]]:
    """What follows what, on one line: a drawing of a line, or words."""
    for leg in its.legs:
        if leg.kind == "ride" and not leg.seated:
            yield (
                (badge(table.routes[leg.route]) if leg.route >= 0 else SafeString("")),
                leg.line if leg.route < 0 else "",
            )
        elif leg.kind == "walk" and leg.seconds >= 60:
            yield SafeString(""), _("%s à pied") % _minutes(leg.seconds)
        elif leg.kind == "bike":
            yield SafeString(""), _("%s à vélo") % _minutes(leg.seconds)
        elif leg.kind == "car":
            yield SafeString(""), _("%s en voiture") % _minutes(leg.seconds)


def _step(table: Timetable, its: Journey, number: int, *, now: int) -> Step:
    leg = its.legs[number]
    names = {"one": leg.origin.name, "other": leg.goal.name, "line": leg.line, "to": leg.headsign}
    detail: list[str] = []
    text, warning = "", ""
    if leg.kind == "ride":
        stops = max(len(leg.calls) - 1, 1)
        if leg.seated:
            title = _("Restez à bord : le véhicule continue en ligne %(line)s, direction %(to)s") % names
        else:
            title = _("Ligne %(line)s, direction %(to)s : montez à « %(one)s »") % names
        text = ngettext(
            "Descendez à « %(other)s », à l’arrêt suivant.",
            "Descendez à « %(other)s », au bout de %(n)d arrêts.",
            stops,
        ) % {"other": leg.goal.name, "n": stops}
        if leg.headway:
            text += " " + _("Un passage toutes les %s environ.") % _minutes(leg.headway)
        detail = [f"{call.spot.name}, {clock.hour(_moment(call.arrival))}" for call in leg.calls[1:-1]]
        if number in its.tight:
            warning = _("Correspondance serrée : moins de deux minutes pour changer.")
    elif leg.kind == "walk":
        title = _("À pied jusqu’à « %(other)s »") % names
        text = _("%(minutes)s, environ %(metres)d m à vol d’oiseau.") % {
            "minutes": _minutes(leg.seconds), "metres": max(10, round(leg.metres / 1.3, -1)),
        }  # fmt: skip
    elif leg.kind == "bike":
        title = _("Vélo partagé : de « %(one)s » à « %(other)s »") % names
        text = f"{_minutes(leg.seconds)}. {leg.note}"
    else:
        title = _("En voiture jusqu’à « %(other)s »") % names
        text = _("%s, le temps de se garer compris, à vol d’oiseau.") % _minutes(leg.seconds) + f" {leg.note}"
    return Step(
        leg=leg,
        icon=badge(table.routes[leg.route]) if leg.route >= 0 else SafeString(""),
        at=clock.hour(_moment(leg.departure)),
        until=clock.hour(_moment(leg.arrival)),
        title=title,
        text=text.strip(),
        sure=sure_words(leg, now=now) if leg.kind == "ride" else "",
        how=leg.sureness if leg.kind == "ride" else "",
        detail=detail,
        warning=warning,
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, clock.LOCAL)


def _minutes(seconds: int) -> str:
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return (_("%d min") % minutes).replace(" ", NBSP)
    told = _("%(hours)d h %(minutes)02d") % {"hours": minutes // 60, "minutes": minutes % 60}
    return told.replace(" ", NBSP)


urlpatterns = [path("transports/itineraire", journey, name="journey")]
