"""What the catalogue says of itself as indicators: the share of public services that can be done online."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel import plugs
from lacydon.kernel.cards import Indicator
from lacydon.kernel.clock import now

from .catalogue import ServiceView, services

TENTH = Decimal("0.1")


def of_services() -> Iterator[Indicator]:
    """Nothing while the catalogue is empty."""
    every = services()
    if not every:
        return
    online = sum(_is_online(each) for each in every)
    here = sum(_is_done_here(each) for each in every)
    for id, title, many in (
        ("services.online", _l("Services publics qui ont une démarche en ligne"), online),
        ("services.here", _l("Services publics dont la démarche se fait ici, de bout en bout"), here),
    ):
        yield Indicator(
            id=id,
            title=title,
            unit="%",
            value=(Decimal(100 * many) / len(every)).quantize(TENTH),
            computed_at=now(),
            note=_("%(many)d services sur %(all)d") % {"many": many, "all": len(every)},
        )


def _is_online(service: ServiceView) -> bool:
    return any(each.get("type") == "online" for each in service.channels) or _is_done_here(service)


def _is_done_here(service: ServiceView) -> bool:
    cards = (offer(service, service.commune or "") for _name, offer in plugs.service_cards.items())
    return any(card is not None and card.form for card in cards)
