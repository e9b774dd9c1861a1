"""Sharing contracts of an organisation: proposed, accepted, ended by its data protection."""

from datetime import datetime, time
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.clock import LOCAL, now
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.personal import CONTRACT
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import contracts as acts
from ..actions.consents import CATEGORIES
from ..queries import contracts
from ..queries.receipts import name_of
from ..queries.words import category_words, purpose_words, purposes
from . import recipients
from .session import session_of


@needs("contract.see")
@require_safe
def list_contracts(request: HttpRequest) -> HttpResponse:
    actor = session_of(request)
    moment = now()
    rows = contracts.contracts_of(actor.organisation)
    context = {
        "contracts": [
            {
                "contract": row,
                "provider": name_of(row.provider),
                "recipient": name_of(row.recipient),
                "purpose": purpose_words(row.purpose),
                "what": [category_words(each) for each in row.categories],
                "over": row.ended_at is not None or row.until <= moment,
                "to_accept": row.accepted_at is None and row.recipient_id == actor.organisation,
            }
            for row in rows
        ]
    }
    title = _("Contrats de partage")
    return show(request, "trust/agent/contracts.html", context, title=title, section="agent", here="contracts")


@needs("contract.make")
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """To whom first, then what."""
    actor, form = session_of(request), request.POST
    recipient = recipients.chosen(request)
    if recipient is None:
        return recipients.choose(request, here="contracts", section="agent", but=actor.organisation)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            acts.propose_contract(
                actor=actor,
                recipient=recipient.pk,
                purpose=form.get("purpose", ""),
                words=form.get("words", ""),
                legal_basis=form.get("legal_basis", ""),
                categories=form.getlist("categories"),
                until=_end(form.get("until", "")),
            )
        except Refused as error:
            refusal = error
        else:
            sentence = _("Contrat proposé : il vaudra quand le destinataire l’aura accepté.")
            return done(request, sentence, "agent-contracts")
    context = {
        "recipient": name_of(recipient),
        "purposes": [each for each in purposes().values() if each.ground == CONTRACT],
        "categories": [(each, category_words(each)) for each in CATEGORIES],
        "typed": {name: form.get(name, "") for name in ("purpose", "words", "legal_basis", "until")}
        | {"categories": form.getlist("categories")},
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    title = _("Proposer un contrat de partage")
    return show(
        request, "trust/agent/contract.html", context, title=title, status=status, section="agent", here="contracts"
    )


@needs("contract.make")
@require_POST
def decide(request: HttpRequest, id: UUID) -> HttpResponse:
    """Accept it, or end it."""
    actor = session_of(request)
    try:
        if request.POST.get("faire") == "accepter":
            acts.accept_contract(actor=actor, contract=str(id))
            return done(request, _("Contrat accepté : il vaut dès maintenant."), "agent-contracts")
        if request.POST.get("faire") != "finir":
            raise BadInput(_("Choisissez : accepter, ou mettre fin."))
        acts.end_contract(actor=actor, contract=str(id))
    except Refused as error:
        return troubled(request, error.sentence, "agent-contracts")
    return done(request, _("C’est fini : plus rien ne se lit sous ce contrat."), "agent-contracts")


def _end(typed: str) -> datetime:
    """The end of that day, in Europe/Paris."""
    try:
        day = parse_date(typed[:10])
    except ValueError:
        day = None
    if day is None or not 1900 < day.year < 9999:
        raise BadInput(_("Choisissez une date de fin."), field="until")
    return datetime.combine(day, time(23, 59, 59), tzinfo=LOCAL)
