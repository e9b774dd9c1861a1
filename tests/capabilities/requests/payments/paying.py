"""A request that costs something, and a provider that says what the test wants."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from lacydon.capabilities.requests.models import Payment
from lacydon.capabilities.requests.ports import Order, PaymentResult, StartedPayment
from lacydon.kernel.access import NOBODY, Actor
from lacydon.kernel.clock import now
from tests.capabilities.requests import made
from tests.capabilities.requests.filling.made import field, page, published

COMPUTED = [
    {
        "id": "prix", "type": "money", "label": {"fr": "Prix d’un repas", "en": "Price of a meal"},
        "value": {"brackets": {"of": {"field": "quotient"}, "table": [
            {"up_to": 300, "then": 0.5}, {"up_to": 900, "then": 2.1}, {"then": 4.2}]}},
    },
    {
        "id": "total", "type": "money", "label": {"fr": "À payer", "en": "To pay"}, "fee": True,
        "value": {"product": [{"field": "prix"}, {"field": "repas"}]},
    },
]  # fmt: skip


def costly() -> Any:
    """The published form « cantine » of the tests."""
    asked = page(
        "une", field("quotient", "number", required=False, min=0), field("repas", "number", min=0, max=31),
    )  # fmt: skip
    return published(asked, id="cantine-essai", computed=COMPUTED)


def opened(*, quotient: str | None = "850", repas: str = "16", actor: Actor = NOBODY) -> Any:
    answers = {"quotient": quotient, "repas": repas}
    from lacydon.capabilities.requests.actions.opening import Where, open_request
    from tests.capabilities.trust import people

    people.organisation(made.BODY)
    return open_request(
        actor=actor, form=costly(), answers={name: each for name, each in answers.items() if each is not None},
        where=Where(citycode="97001"), organisation=made.BODY, submission=uuid4(),
    )  # fmt: skip


def due(**fields: Any) -> Payment:
    """33,60 € to be paid."""
    return Payment.objects.get(request=opened(**fields).request)


class Provider:
    """Opens operations one after the other; what became of each is in `results`, and pending otherwise."""

    id = "faux"
    title = "Un service"

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.results: dict[str, PaymentResult | Exception] = {}
        self.asked = 0

    def serves(self, organisation: str) -> bool:
        return organisation == made.BODY

    def start(self, order: Order) -> StartedPayment:
        self.orders.append(order)
        id = f"operation-{uuid4()}"
        return StartedPayment(
            external_id=id, address=f"https://banque.example/{id}", open_until=now() + timedelta(minutes=15)
        )

    def result(self, external_id: str) -> PaymentResult:
        self.asked += 1
        found = self.results.get(external_id, PaymentResult(state="pending"))
        if isinstance(found, Exception):
            raise found
        return found

    def says(self, payment: Payment, state: Any = "paid", **fields: Any) -> str:
        """What became of the last operation of a payment; its id."""
        attempt = payment.attempts.order_by("-pk").first()
        told = {"reference": payment.reference, "amount": Decimal(payment.amount)} | fields
        self.results[attempt.external_id] = PaymentResult(state=state, **told)
        return attempt.external_id
