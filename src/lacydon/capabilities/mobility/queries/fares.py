"""Prices as operators give them, by network: shown, never sold."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.kernel.french import NBSP

from .timetable import Fare, Timetable

MOST_LINES = 24
"""Lines of a fare that are named; beyond, it says how many."""


@dataclass(frozen=True, slots=True)
class Price:
    """A fare in words. `routes`: positions of the lines it is for, none when it is for all of them."""

    name: str
    euros: Decimal
    about: str
    routes: Sequence[int]
    others: int
    """Lines that are not in `routes` for want of room."""


@dataclass(frozen=True, slots=True)
class Network:
    """The fares of a feed, the cheapest first, and where its operators tell more."""

    name: str
    prices: Sequence[Price]
    links: Sequence[tuple[str, str]]
    """Operator, address of its fares."""
    example: bool


def networks(table: Timetable) -> list[Network]:
    """Networks whose fares, or the address of whose fares, are known."""
    found = []
    for n, feed in enumerate(table.feeds):
        mine = [each for each in table.fares if each.feed == n]
        agencies = {table.routes[r].agency for r in range(len(table.routes)) if table.routes[r].feed == n}
        links = [
            (table.agencies[a].name, table.agencies[a].fare_url)
            for a in sorted(agencies)
            if a >= 0 and table.agencies[a].fare_url
        ]
        if mine or links:
            prices = sorted((_price(each) for each in mine), key=lambda each: (each.euros, each.name))
            found.append(Network(feed.name, prices, links, feed.example))
    return found


def for_line(table: Timetable, route: int) -> list[Price]:
    """Prices one may ride this line with, the cheapest first."""
    feed = table.routes[route].feed
    mine = [each for each in table.fares if each.feed == feed and (not each.routes or route in each.routes)]
    return sorted((_price(each) for each in mine), key=lambda each: (each.euros, each.name))


def _price(fare: Fare) -> Price:
    told = []
    if fare.minutes > 0:
        hours, minutes = divmod(fare.minutes, 60)
        lasts = (_("%(hours)d h %(minutes)02d") if minutes else _("%(hours)d h")) if hours else _("%(minutes)d min")
        told.append(_("valable %s") % (lasts % {"hours": hours, "minutes": minutes}).replace(" ", NBSP))
    if fare.transfers == 0:
        told.append(_("sans correspondance"))
    elif fare.transfers > 0:
        told.append(ngettext("%d correspondance", "%d correspondances", fare.transfers) % fare.transfers)
    return Price(
        fare.name, Decimal(fare.euros), ", ".join(told), fare.routes[:MOST_LINES], max(0, len(fare.routes) - MOST_LINES)
    )
