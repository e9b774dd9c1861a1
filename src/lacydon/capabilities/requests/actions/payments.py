"""Payments, exactly once: asked when a request with a fee is opened, settled by what the provider says when asked.

A notification, the return of the payer's browser and the job that asks again all come to `settle`, in any order and any
number of times: it asks the provider, locks the payment, and writes the first end it learns. Nothing that a browser
sends says an amount or a state.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import LOCAL, now
from lacydon.kernel.errors import BadInput, Conflict, Refused, Unavailable
from lacydon.kernel.texts import said

from ..models import AttemptState, Payment, PaymentAttempt, PaymentState, Request
from ..ports import Order, PaymentResult, payment_providers
from ..queries import fees
from ..queries.published import held
from .moving import Change, changing

log = structlog.get_logger("lacydon.payments")
GIVEN_UP = timedelta(hours=1)
"""An operation that has not ended so long after nobody may enter it any more is taken for abandoned."""
ASKED_EVERY = timedelta(minutes=5)
LONGEST_REASON = 500


def ask_fee(change: Change, answers: Mapping[str, Any]) -> Payment | None:
    """What the rules of the form make due, asked with the opening of the request: both are kept, or none."""
    row = change.request
    form = held(row.form).form
    if not fees.may_cost(form.source):
        return None
    amount = fees.due(form, answers)
    if amount is None:
        return None
    made = Payment.objects.create(
        request=row, organisation_id=row.organisation_id, reference=_reference(row), amount=amount, asked_at=now()
    )
    change.note("payment-asked", facts={"amount": str(amount), "reference": made.reference}, told=True)
    return made


def start(payment: Payment, *, return_url: str, notify_url: str, payer: str) -> str:
    """Where the payer goes. The same operation for a double click or a second tab, so that nobody pays twice.

    Raises Conflict when nothing is due any more, Unavailable, PaymentRefused.
    """
    open_one = payment.attempts.filter(state=AttemptState.STARTED).first()
    if open_one is not None:
        settle(open_one)
        payment.refresh_from_db()
        open_one.refresh_from_db()
    _require_payable(payment)
    if open_one is not None and open_one.state == AttemptState.STARTED:
        if open_one.open_until > now():
            return open_one.address
        _abandon(open_one)
    provider = payment_providers.of(payment.organisation_id)
    if provider is None:
        raise Unavailable(
            _("Le paiement en ligne n’est pas ouvert pour cette administration : elle vous dira comment payer.")
        )
    row = payment.request
    begun = provider.start(
        Order(
            reference=payment.reference,
            amount=payment.amount,
            label=said(held(row.form).form.title)[:90],
            organisation=payment.organisation_id,
            return_url=return_url,
            notify_url=notify_url,
            payer=payer,
        )
    )
    try:
        with transaction.atomic(), trust.house():
            locked = Payment.objects.select_for_update().get(pk=payment.pk)
            _require_payable(locked)
            PaymentAttempt.objects.create(
                payment=locked, provider=provider.id, external_id=begun.external_id, address=begun.address,
                started_at=now(), open_until=begun.open_until,
            )  # fmt: skip
            locked.state = PaymentState.STARTED
            locked.save(update_fields=["state"])
    except IntegrityError:  # two tabs at once: the other one's operation is the one; ours was entered by nobody
        return payment.attempts.get(state=AttemptState.STARTED).address
    return begun.address


@trust.in_house
def settle_notified(*, provider: str, external_id: str) -> bool:
    """A machine says that an operation has ended: only its name is believed, and only if it is one of ours."""
    row = PaymentAttempt.objects.filter(provider=provider, external_id=external_id[:80]).first()
    if row is None:
        return False
    settle(row)
    return True


def settle(attempt: PaymentAttempt) -> str:
    """Ask the provider what became of an operation, and write it once; the state of the attempt.

    Raises Unavailable when the provider does not answer: nothing is written, it is asked again.
    """
    if attempt.state in (AttemptState.PAID, AttemptState.MISMATCH):
        return attempt.state
    provider = payment_providers.get(attempt.provider)
    if provider is None:
        raise Unavailable(_("Le service de paiement n’est plus branché : réessayez plus tard."))
    result = provider.result(attempt.external_id)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(asked_at=now())
    if result.state == "pending":
        return attempt.state
    request = Request.objects.only("number").get(payment=attempt.payment_id)
    with changing(actor=MACHINE, action="payment.settle", number=request.number) as change:
        payment = Payment.objects.select_for_update().get(pk=attempt.payment_id)
        fresh = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
        _written(change, payment, fresh, result)
    attempt.refresh_from_db()
    return attempt.state


def _written(change: Change, payment: Payment, attempt: PaymentAttempt, result: PaymentResult) -> None:
    if attempt.state in (AttemptState.PAID, AttemptState.MISMATCH) or attempt.state == result.state:
        return
    facts: dict[str, Any] = {"amount": str(payment.amount), "reference": payment.reference}
    right = result.reference == payment.reference and result.amount == payment.amount
    attempt.ended_at = now()
    if not right and result.state == "paid":
        log.error("payment.mismatch", reference=payment.reference, provider=attempt.provider)
        attempt.state = AttemptState.MISMATCH
        change.note("payment-mismatch", facts=facts | {"told": str(result.amount)}, public=False)
        _back_to_asked(payment)
    elif result.state == "paid":
        attempt.state = AttemptState.PAID
        if payment.payable:
            payment.state, payment.paid_at = PaymentState.PAID, result.at or now()
            payment.receipt = dict(result.facts) | {"provider": attempt.provider, "operation": attempt.external_id}
            change.note("payment-paid", facts=facts)
        else:  # paid by another operation, or waived meanwhile: money came that is not owed
            log.error("payment.not-owed", reference=payment.reference, provider=attempt.provider)
            change.note("payment-not-owed", facts=facts | {"operation": attempt.external_id}, public=False)
    else:
        attempt.state = result.state
        if payment.payable and not payment.attempts.exclude(pk=attempt.pk).filter(state=AttemptState.STARTED).exists():
            payment.state = result.state
            change.note(f"payment-{result.state}", facts=facts, told=True)
    attempt.save()
    payment.save()


def waive(*, actor: Actor, number: str, reason: str) -> Payment:
    """An agent says that nothing is due; why is on the timeline. Raises NotNow, BadInput, what the policy refuses."""
    return _ended(actor=actor, number=number, reason=reason, state=PaymentState.WAIVED, kind="payment-waived")


def mark_refunded(*, actor: Actor, number: str, reason: str) -> Payment:
    """An agent notes that what was paid was given back (the money goes by the public accountant, not by here)."""
    return _ended(actor=actor, number=number, reason=reason, state=PaymentState.REFUNDED, kind="payment-refunded")


def _ended(*, actor: Actor, number: str, reason: str, state: PaymentState, kind: str) -> Payment:
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise BadInput(_("Dites pourquoi, en quelques mots (500 signes au plus) : l’habitant le lira."), field="reason")
    with changing(actor=actor, action="payment.handle", number=number) as change:
        payment = Payment.objects.select_for_update().filter(request=change.request).first()
        if payment is None:
            raise fees.unknown()
        if not (payment.payable if state == PaymentState.WAIVED else payment.state == PaymentState.PAID):
            raise Conflict(_("Ce n’est plus possible : ce paiement a changé entre-temps. Relisez-le."), code="not-now")
        payment.state, payment.ended_at = state, now()
        payment.save(update_fields=["state", "ended_at"])
        facts = {"amount": str(payment.amount), "reference": payment.reference}
        change.note(kind, facts=facts, words={"reason": words})
    return payment


def take_due(*, most: int) -> list[int]:
    """The operations to ask about now, each every five minutes at most; taken. To be called in a transaction."""
    moment = now()
    due = Q(asked_at=None, started_at__lte=moment - ASKED_EVERY) | Q(asked_at__lte=moment - ASKED_EVERY)
    rows = PaymentAttempt.objects.filter(due, state=AttemptState.STARTED).order_by("started_at")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    taken = list(rows.values_list("pk", flat=True)[:most])
    PaymentAttempt.objects.filter(pk__in=taken).update(asked_at=moment)
    return taken


def ask_again(*, attempts: list[int]) -> None:
    """Ask about operations whose end nobody told; one that fails is asked at its next turn."""
    for row in PaymentAttempt.objects.filter(pk__in=attempts, state=AttemptState.STARTED):
        try:
            if settle(row) == AttemptState.STARTED and row.open_until < now() - GIVEN_UP:
                _abandon(row)
        except Refused as refusal:
            log.warning("payment.not-asked", provider=row.provider, why=refusal.code)


def _abandon(attempt: PaymentAttempt) -> None:
    """Nobody may enter it any more. Should the provider say later that it was paid, it will count."""
    request = Request.objects.only("number").get(payment=attempt.payment_id)
    with changing(actor=MACHINE, action="payment.settle", number=request.number) as change:
        payment = Payment.objects.select_for_update().get(pk=attempt.payment_id)
        fresh = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
        if fresh.state == AttemptState.STARTED:
            _written(change, payment, fresh, PaymentResult(state="abandoned", reference=payment.reference))


def _back_to_asked(payment: Payment) -> None:
    if payment.state == PaymentState.STARTED:
        payment.state = PaymentState.ASKED


def _require_payable(payment: Payment) -> None:
    if not payment.payable:
        raise Conflict(_("Il n’y a rien à payer pour cette demande."), code="not-now")


def _reference(row: Request) -> str:
    """Letters and figures only, as the public accountant's systems want: the request's number, without its dashes."""
    drawn = secrets.token_hex(3).upper()
    return f"{row.number.replace('-', '')}P{now().astimezone(LOCAL):%y%m}{drawn}"
