"""How an action, a promise and a sum are said in a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.kernel.texts import said
from lacydon.kernel.ui.charts import printed, short
from lacydon.kernel.ui.proportions import Part, proportion

from ...queries.nouns import Action
from ...queries.plan.comparing import end_of
from ...queries.plan.differences import owner_name
from ...queries.plan.listing import RUNNING
from ...queries.plan.overview import Sum
from ...queries.plan.promises import Promise, Tally
from ...queries.plan.words import HEALTH_ICONS, HEALTHS, STATUSES, VERDICT_ICONS, VERDICTS
from .frame import Asked

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in a word, an icon and a look: colour is never alone."""

    words: Any
    icon: str
    look: str


def state_of(action: Action, *, healthy: bool = True) -> Badge:
    """How an action goes: its health while it runs, else its status. `healthy`: whether health was known then."""
    if action.status == "realisee":
        return Badge(STATUSES["realisee"], "check", "good")
    if action.status == "en-cours" and healthy:
        look = {"vert": "", "orange": "yours", "rouge": "bad"}[action.health]
        return Badge(HEALTHS[action.health], HEALTH_ICONS[action.health], look)
    icon = {"en-cours": "arrow", "en-pause": "clock", "abandonnee": "none"}.get(action.status, "doc")
    return Badge(STATUSES[action.status], icon, "yours" if action.status == "en-pause" else "")


@dataclass(frozen=True, slots=True)
class Card:
    """`why`: what keeps it from going well, when it says so."""

    action: Action
    href: str
    state: Badge
    owner: str
    end: Any
    why: Any


def card_of(action: Action, given: Asked) -> Card:
    """An action in a list."""
    known = not given.moment.rebuilt
    reason = action.status_reason if action.status in ("en-pause", "abandonnee") else None
    if known and action.status in RUNNING and action.health != "vert":
        reason = reason or action.health_reason
    return Card(
        action=action,
        href=given.to("agenda-action", id=action.id),
        state=state_of(action, healthy=known),
        owner=owner_name(action.owner),
        end=end_of(action),
        why=reason,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A promise in a list. `slip`: in words, empty when it was kept on time."""

    promise: Promise
    href: str
    state: Badge
    slip: str


_LOOKS = {"kept": "good", "late": "yours", "missed": "bad", "slipping": "yours", "coming": "", "dropped": ""}


def told(promise: Promise, given: Asked) -> Told:
    """A promise in a list."""
    verdict = promise.verdict
    return Told(
        promise=promise,
        href=given.to("agenda-action", id=promise.action.id),
        state=Badge(VERDICTS[verdict], VERDICT_ICONS[verdict], _LOOKS[verdict]),
        slip=slip_words(promise.slip) if verdict in ("late", "missed", "slipping") else "",
    )


def slip_words(days: int) -> str:
    """« 12 jours », « 5 mois », « 1 an et 2 mois »: as people count."""
    if days < 60:
        return ngettext("%d jour", "%d jours", days) % days
    months = round(days / 30.44)
    years, rest = divmod(months, 12)
    if not years:
        return ngettext("%d mois", "%d mois", months) % months
    told_years = ngettext("%d an", "%d ans", years) % years
    if not rest:
        return told_years
    return _("%(years)s et %(months)s") % {"years": told_years, "months": ngettext("%d mois", "%d mois", rest) % rest}


def euros(amount: Decimal | None) -> str:
    """« 1 234 567 € »."""
    return printed(float(amount), unit="€") if amount is not None else "–"


def about(amount: Decimal) -> str:
    """« 12,4 M€ »: for a figure at the head of a page."""
    millions = amount >= 1_000_000
    number = short(float(round(amount, -5 if millions else 0)))
    return f"{number}€" if millions else f"{number}{NBSP}€"


def bar_of(sum: Sum, *, name: str, healthy: bool = True) -> SafeString:
    """How the actions of a sum share out, in one bar."""
    parts = [Part(sum.done, "pine")]
    if healthy:
        parts += [Part(sum.green, "sea"), Part(sum.orange, "ochre", 1), Part(sum.red, "coral", 4)]
    else:
        parts += [Part(sum.running, "sea")]
    parts += [Part(sum.waiting, "faint", 2), Part(sum.dropped, "faint", 3)]
    return proportion(parts, words=", ".join(words_of(sum, healthy=healthy)), name=name)


def words_of(sum: Sum, *, healthy: bool = True) -> list[str]:
    """The same in words, what there is none of left out."""
    counts = [(ngettext("%d réalisée", "%d réalisées", sum.done), sum.done)]
    if healthy:
        counts += [
            (_("%d en bonne voie"), sum.green),
            (_("%d à surveiller"), sum.orange),
            (_("%d en difficulté"), sum.red),
        ]
    else:
        counts += [(_("%d en cours"), sum.running)]
    counts += [
        (_("%d à venir"), sum.waiting),
        (ngettext("%d abandonnée", "%d abandonnées", sum.dropped), sum.dropped),
    ]
    return [words % many for words, many in counts if many]


def kept_words(tally: Tally) -> str:
    """« 12 promesses tenues sur 20, dont 7 à l’heure. »"""
    if not tally.due:
        return _("Aucune promesse n’est encore arrivée à sa date.")
    if not tally.done:
        return ngettext(
            "Une promesse est arrivée à sa date : elle n’est pas encore tenue.",
            "%(due)d promesses sont arrivées à leur date : aucune n’est encore tenue.",
            tally.due,
        ) % {"due": tally.due}
    facts = {"due": tally.due, "done": tally.done, "kept": tally.kept}
    first = ngettext(
        "%(done)d promesse tenue sur %(due)d arrivées à leur date",
        "%(done)d promesses tenues sur %(due)d arrivées à leur date",
        tally.done,
    )
    return (first + _(", dont %(kept)d à l’heure.")) % facts


def names_of(titles: Iterable[Any], most: int = 3) -> str:
    """The first names of a list, and how many more."""
    found = [said(each) for each in titles]
    more = len(found) - most
    first = ", ".join(found[:most])
    return _("%(first)s et %(more)d autres") % {"first": first, "more": more} if more > 0 else first
