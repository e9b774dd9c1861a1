"""A payment in words: what is due and why, its receipt, and those an organisation awaits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import get_template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.paper import printed
from lacydon.kernel.texts import Localised

from ..models import Payment, PaymentState
from . import fees
from .answers import amount_in_words
from .published import held

STATES: Mapping[str, Any] = {
    PaymentState.ASKED: _l("À payer"),
    PaymentState.STARTED: _l("Paiement commencé"),
    PaymentState.PAID: _l("Payé"),
    PaymentState.REFUSED: _l("Refusé par la banque"),
    PaymentState.ABANDONED: _l("Abandonné"),
    PaymentState.WAIVED: _l("Rien à payer"),
    PaymentState.REFUNDED: _l("Remboursé"),
}
SIZE = 30


@dataclass(frozen=True, slots=True)
class Bill:
    """What a page or a receipt says of a payment."""

    reference: str
    number: str
    title: Localised
    organisation: Localised
    amount: str
    state: str
    in_words: Any
    payable: bool
    lines: tuple[fees.Line, ...]
    paid_at: datetime | None
    receipt: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of bills; `more`: the number of the next one, or 0."""

    bills: tuple[Bill, ...]
    page: int
    more: int


def bill(row: Payment, *, lines: bool = True) -> Bill:
    """`lines`: with the reason of the amount, for whoever holds the secret address."""
    return Bill(
        reference=row.reference,
        number=row.request.number,
        title=held(row.request.form).form.title,
        organisation=row.organisation.name,
        amount=amount_in_words(row.amount, money=True),
        state=row.state,
        in_words=STATES[row.state],
        payable=row.payable,
        lines=tuple(fees.why(row.request)) if lines else (),
        paid_at=row.paid_at,
        receipt=row.receipt,
    )


def of_organisation(organisation: str, *, state: str = "", page: int = 1) -> Listed:
    """Those of an organisation, the latest first."""
    rows = Payment.objects.filter(organisation_id=organisation).select_related("request__form", "organisation")
    if state:
        rows = rows.filter(state=state)
    first = (page - 1) * SIZE
    found = list(rows.order_by("-asked_at", "-pk")[first : first + SIZE + 1])
    shown = tuple(bill(each, lines=False) for each in found[:SIZE])
    return Listed(shown, page, page + 1 if len(found) > SIZE else 0)


def as_pdf(row: Payment) -> bytes:
    """The receipt as a file to keep (PDF/A). It says neither a card nor an income."""
    context = {"b": bill(row, lines=False), "lang": (get_language() or "fr")[:2]}
    return printed(get_template("requests/payments/paper.html").render(context))
