"""The button « Demander une donnée »: a procedure like any other, found by its service.

What can be done online about a service is known to a floor above (requests); the data harbour only knows its name.
"""

from dataclasses import dataclass

from lacydon.kernel import plugs
from lacydon.kernel.cards import Card

SERVICE = "demander-une-donnee"


@dataclass(frozen=True, slots=True)
class _Service:
    id: str
    keywords: tuple[str, ...] = ()


def data_request(citycode: str = "") -> Card | None:
    """What asks for data that is missing; None where no such procedure is published."""
    for _name, offer in plugs.service_cards.items():
        card = offer(_Service(SERVICE), citycode)
        if isinstance(card, Card) and card.form:
            return card
    return None
