"""Paying for a request: what, how much, by which rule; the provider's own page, and back. Cards are never seen here.

The address of a payment is a secret of its own: who pays for somebody may have it, and learns nothing else.
"""

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import site
from lacydon.kernel.access import needs, open_to_all
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.errors import Refused, Unavailable
from lacydon.kernel.problems import refusal as problem_of
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import payments as actions
from ..models import AttemptState, Payment, PaymentState
from ..ports import payment_providers
from ..queries import bills, fees
from ..queries.requests import request_by_number
from .filling.visiting import guarded

EXTERNAL_ID = re.compile(r"[A-Za-z0-9-]{8,80}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LONGEST_EMAIL = 80
"""What PayFiP takes."""


@open_to_all
@require_safe
def bill(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """What is due and why, or the receipt. GET changes nothing."""
    return _bill(request, fees.payment_by_code(reference, code=code))


def _bill(
    request: HttpRequest, row: Payment, *, sentence: str = "", wrong: str = "", status: int = 200, typed: str = ""
) -> HttpResponse:
    """`sentence`: why it cannot be paid now; `wrong`: what is wrong with the address typed."""
    actor = request.actor  # type: ignore[attr-defined]
    provider = payment_providers.of(row.organisation_id)
    context = {
        "b": bills.bill(row),
        "provider": provider.title if provider else "",
        "pay": fees.address_of(row, "payment-start"),
        "receipt": fees.address_of(row, "payment-receipt"),
        "again": fees.address_of(row, "payment-return"),
        "waiting": row.attempts.filter(state=AttemptState.STARTED).exists(),
        "email": typed or (trust.own_contact(actor, kind="email") if actor.known else ""),
        "sentence": sentence or wrong,
        "wrong": wrong,
        "own": reverse("my-request", kwargs={"number": row.request.number})
        if row.request.person_id
        else reverse("follow"),
    }
    title = _("Payer %s") % row.request.number if row.payable else _("Paiement %s") % row.request.number
    return guarded(
        show(request, "requests/payments/bill.html", context, title=title, section="procedures", status=status)
    )


@csrf_exempt  # the secret stands in the address, and a sign-in changes nothing
@open_to_all
@require_POST
def start(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """To the provider's page. What the browser says of an amount is not read."""
    row = fees.payment_by_code(reference, code=code)
    email = " ".join(request.POST.get("courriel", "").split())[:254]
    if not EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL:
        sentence = _("Écrivez une adresse comme nom@exemple.fr : le justificatif de paiement y est envoyé.")
        return _bill(request, row, wrong=sentence, status=422, typed=email)
    here = site.address()
    provider = payment_providers.of(row.organisation_id)
    notify = reverse("payment-notified", kwargs={"provider": provider.id}) if provider else ""
    try:
        address = actions.start(
            row, return_url=here + fees.address_of(row, "payment-return"), notify_url=here + notify, payer=email
        )
    except Refused as refusal:
        row.refresh_from_db()
        return _bill(request, row, sentence=str(refusal.sentence), status=refusal.status, typed=email)
    title = _("Vous allez payer sur %s") % (provider.title if provider else "")
    # A redirection would not do: `form-action 'self'` forbids it after a form.
    head = format_html('<meta http-equiv="refresh" content="0; url={}">', address)
    return guarded(show(request, "requests/payments/leaving.html", {"url": address}, title=title, head=head))


@open_to_all
@require_safe
def back(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """The payer comes back: the provider is asked, whatever the browser says. A reload changes nothing."""
    row = fees.payment_by_code(reference, code=code)
    for attempt in row.attempts.filter(state=AttemptState.STARTED):
        try:
            actions.settle(attempt)
        except Unavailable:
            sentence = _(
                "Le service de paiement ne répond pas pour l’instant. Ne payez pas deux fois : nous lui redemandons."
            )
            return _bill(request, row, sentence=sentence)
    return guarded(HttpResponseRedirect(fees.address_of(row)))


@open_to_all
@require_safe
def receipt(_request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """The receipt as a file to keep."""
    row = fees.payment_by_code(reference, code=code)
    if row.paid_at is None:
        return guarded(HttpResponseRedirect(fees.address_of(row)))
    return as_attachment(bills.as_pdf(row), media_type="application/pdf", name=_("recu-%s.pdf") % row.reference)


@needs("payment.see")
@require_safe
def mine(request: HttpRequest, number: str) -> HttpResponse:
    """From one's space: to the payment of a request of theirs."""
    row = request_by_number(number, actor=request.actor, action="payment.see")  # type: ignore[attr-defined]
    found = Payment.objects.filter(request=row).first()
    if found is None:
        raise fees.unknown()
    return guarded(HttpResponseRedirect(fees.address_of(found)))


@csrf_exempt  # a machine: only the name of an operation of ours is believed, and we ask what became of it
@open_to_all
@require_POST
def notified(request: HttpRequest, provider: str) -> HttpResponse:
    """The provider says that an operation has ended; twice, or before the payer is back, is the same."""
    external_id = request.POST.get("idop") or request.POST.get("idOp") or request.GET.get("idop") or ""
    try:
        if EXTERNAL_ID.fullmatch(external_id):
            actions.settle_notified(provider=provider, external_id=external_id)
    except Refused as refusal:
        return problem_of(request, refusal)
    return HttpResponse(status=200)


# Of who is owed


@needs("payment.handle")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The payments of the agent's organisation; `etat` narrows, `page`."""
    actor, state = request.actor, request.GET.get("etat", "")  # type: ignore[attr-defined]
    number = max(int(asked) if (asked := request.GET.get("page", "1")[:6]).isdecimal() else 1, 1)
    found = bills.of_organisation(actor.organisation, state=state if state in PaymentState.values else "", page=number)
    query = urlencode({"etat": state}) if state else ""
    context: dict[str, Any] = {"found": found, "states": bills.STATES.items(), "state": state, "query": query}
    return show(request, "requests/payments/desk.html", context, title=_("Paiements"), section="agent", here="payments")


@needs("payment.handle")
@require_POST
def end(request: HttpRequest, number: str) -> HttpResponse:
    """`geste`: dispenser (nothing is due) or rembourser (it was given back), and why."""
    acts = {"dispenser": actions.waive, "rembourser": actions.mark_refunded}
    act = acts.get(request.POST.get("geste", ""))
    if act is None:
        return troubled(request, _("Choisissez : dispenser, ou noter un remboursement."), "agent-payments")
    try:
        act(actor=request.actor, number=number, reason=request.POST.get("reason", "")[:2000])  # type: ignore[attr-defined]
    except Refused as refusal:
        return troubled(request, refusal.sentence, "agent-payments")
    return done(request, _("C’est noté, et dit à l’habitant."), "agent-payments")


for_machines = [path("paiements/notification/<slug:provider>", notified, name="payment-notified")]
urlpatterns = [
    path("payer/<str:number>", mine, name="my-payment"),
    path("payer/<str:reference>/<str:code>", bill, name="payment"),
    path("payer/<str:reference>/<str:code>/commencer", start, name="payment-start"),
    path("payer/<str:reference>/<str:code>/retour", back, name="payment-return"),
    path("payer/<str:reference>/<str:code>/recu.pdf", receipt, name="payment-receipt"),
    path("agent/paiements", desk, name="agent-payments"),
    path("agent/paiements/<str:number>", end, name="agent-payment"),
]
