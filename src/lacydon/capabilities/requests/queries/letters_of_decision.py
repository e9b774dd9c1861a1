"""The decision as a letter to keep: PDF/A, tagged, so that a screen reader says it and it is read in ten years.

In French, whatever the language of the page: it is an act of the administration. A tacit acceptance is told by an
attestation (CRPA, art. L. 232-3). Its code proves it: whoever is shown the letter asks /verifier what it decided.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from lacydon.kernel import paper
from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import NotFound
from lacydon.kernel.texts import Localised, said

from ..models import Decision, Outcome, Request
from .life import decision_of
from .numbers import bare_code, grouped, signs_of
from .published import held
from .timeline import timeline, title_of
from .words import OUTCOMES

CODE = re.compile(r"D(\d{4})([A-Z0-9]{6})([A-Z0-9]{12})")


@dataclass(frozen=True, slots=True)
class AuthenticDecision:
    """What anybody may know of a decision whose letter they hold. `holds`: no later one stands in its place."""

    number: str
    title: Localised
    authority: Localised
    decided_at: datetime
    outcome: str
    tacit: bool
    holds: bool


def pdf(request: Request, *, site: str = "") -> bytes:
    """The letter of the decision that holds; `site`: where it is verified. Raises NotFound when there is none."""
    with translation.override("fr"):
        lines = timeline(request, viewer=MACHINE, agent=True)
        decided = decision_of(request, lines)
        if decided is None:
            raise NotFound(_("Aucune décision n’a été prise sur cette demande."))
        row = Decision.objects.filter(request=request).order_by("-step__position")[0]
        code = code_of(request, row)
        address = (site or settings.PUBLIC_URL) + reverse("verify", kwargs={"code": code})
        context = {
            "row": request,
            "decision": decided,
            "what": title_of(request),
            "authority": said(request.organisation.name),
            "code": code,
            "address": address,
            "qr": paper.qr(address),
            "attestation": row.outcome == Outcome.TACIT_ACCEPTED,
        }
        return paper.printed(get_template("requests/mine/letter.html").render(context))


def code_of(request: Request, decision: Decision) -> str:
    """« D-2026-7KQ4M2-ABCD-EFGH-JKMN »: the number of the request, and a mark of this decision on it."""
    return f"D{request.number[1:]}-{grouped(_mark(request, decision))}"


def verified(code: str) -> AuthenticDecision | None:
    """What the code of a letter proves; None when it is not one of ours. However it is typed."""
    told = CODE.fullmatch(bare_code(code))
    number = f"R-{told[1]}-{told[2]}" if told else ""
    row = Request.objects.select_related("form", "organisation").filter(number=number).first() if told else None
    if told is None or row is None:
        return None
    decisions = list(Decision.objects.filter(request=row).order_by("-step__position"))
    for each in decisions:
        if hmac.compare_digest(_mark(row, each), told[3]):
            return AuthenticDecision(
                number=row.number,
                title=held(row.form).form.title,
                authority=row.organisation.name,
                decided_at=each.takes_effect_at,
                outcome=str(OUTCOMES[each.outcome]),
                tacit=each.tacit,
                holds=each == decisions[0] and not row.open and row.outcome == each.outcome,
            )
    return None


def _mark(request: Request, decision: Decision) -> str:
    told = [request.number, str(decision.pk), decision.outcome, decision.takes_effect_at.isoformat()]
    return signs_of("|".join(told), purpose="decision-code")
