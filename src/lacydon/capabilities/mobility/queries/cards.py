"""What the sheet of a public service shows of transport here: its prices, its timetables.

A territory writes the services; those about fares and timetables are known by words that people look for them with.
"""

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from lacydon.kernel.cards import Card

from .fares import networks
from .timetable import known, timetable

FARES: Final = frozenset({"titre de transport", "tarif social"})
TIMETABLES: Final = frozenset({"horaires de bus", "prochain bus"})


def card(service: Any, citycode: str = "") -> Card | None:  # noqa: ARG001 (networks go over communes)
    """The page of prices, or of departures; None for other services, and where nothing is known yet."""
    words = frozenset(service.keywords)
    if words & TIMETABLES and known():
        note = _("Prochains départs, itinéraires, perturbations.")
        return Card(label=_("Voir les horaires ici"), address=reverse("mobility"), note=note)
    if words & FARES and known() and networks(timetable()):
        note = _("Ce que chaque réseau dit de ses prix.")
        return Card(label=_("Voir les prix des réseaux"), address=reverse("fares"), note=note)
    return None
