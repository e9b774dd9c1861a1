"""How sure the hour of a leg is, in words."""

from django.utils.translation import gettext as _

from ...ports.journeys import Leg
from ..departures.nouns import Sureness


def sure_words(leg: Leg, *, now: int) -> str:
    """One phrase: what is known of the hour at which one gets on, and since when."""
    late = 0
    if leg.planned_departure is not None:
        late = round((leg.departure - leg.planned_departure) / 60)
    if leg.sureness in (Sureness.PREDICTED, Sureness.MEASURED):
        said = _("vu sur place") if leg.sureness == Sureness.MEASURED else _("temps réel")
        if late > 0:
            said = _("%(said)s, %(late)d min de retard") % {"said": said, "late": late}
        elif late < 0:
            said = _("%(said)s, %(early)d min d’avance") % {"said": said, "early": -late}
        return _("%(said)s, dit %(age)s") % {"said": said, "age": ago(now - leg.said_at)} if leg.said_at else said
    if leg.sureness == Sureness.SOURCE_DOWN:
        return _("horaire prévu : le temps réel ne répond pas")
    if leg.headway:
        return _("horaire approché")
    return _("horaire prévu")


def ago(seconds: int) -> str:
    """« il y a 20 s »."""
    if seconds < 90:
        return _("il y a %d s") % max(seconds, 0)
    return _("il y a %d min") % round(seconds / 60)
