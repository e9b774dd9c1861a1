"""« Mes accords »: what I share, with whom, why, until when; one question to give, one click to take back."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import consents as acts
from ..models import Consent
from ..queries import consents
from ..queries.agents import agent_names
from ..queries.receipts import name_of, receipt
from ..queries.words import category_words, purposes
from . import recipients
from .session import session_of

DAYS = ((31, gettext_lazy("Un mois")), (182, gettext_lazy("Six mois")), (365, gettext_lazy("Un an")))


@needs("consent.see")
@require_safe
def list_consents(request: HttpRequest) -> HttpResponse:
    """Questions that wait, consents that hold, those that are over: all on one page."""
    actor = session_of(request)
    live, over = consents.consents_of(actor)
    context = {
        "requests": [
            {"request": row, "name": name_of(row.recipient)} | _words(row) for row in consents.requests_of(actor)
        ],
        "live": [_shown(row) for row in live],
        "over": [_shown(row) for row in over],
    }
    return show(request, "trust/consents/list.html", context, title=_("Mes accords de partage"), here="consents")


@needs("consent.give")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, id: UUID) -> HttpResponse:
    """One clear question; yes and no are two buttons of the same size, and nothing is ticked beforehand."""
    actor = session_of(request)
    if request.method == "POST":
        said = request.POST.get("reponse")
        try:
            if said not in ("oui", "non"):
                raise Refused(_("Répondez par oui ou par non."))
            made = acts.answer_request(actor=actor, request=str(id), agreed=said == "oui")
        except Refused as error:
            return troubled(request, error.sentence, "consents")
        sentence = _("Votre accord est donné. Vous pouvez le retirer ici, à tout moment, en un clic.")
        return done(request, sentence if made else _("Vous avez refusé. Rien n’est partagé."), "consents")
    asked = consents.request_of(actor, str(id))
    context = {"asked": asked, "name": name_of(asked.recipient), "purpose": purposes()[asked.purpose]} | _words(asked)
    title = _("%s vous demande un accord") % name_of(asked.recipient)
    return show(request, "trust/consents/question.html", context, title=title, here="consents")


@needs("consent.give")
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Share by one's own will, without being asked: first with whom, then what."""
    chosen = recipients.chosen(request)
    if chosen is None:
        return recipients.choose(request, here="consents")
    refusal: Refused | None = None
    form = request.POST
    if request.method == "POST":
        try:
            days = form.get("days", "")
            acts.give_consent(
                actor=session_of(request),
                recipient=chosen.pk,
                purpose=form.get("purpose", ""),
                categories=form.getlist("categories"),
                days=int(days) if days.isdecimal() and len(days) < 5 else 0,
            )
        except Refused as error:
            refusal = error
        else:
            return done(request, _("Votre accord est donné. Vous pouvez le retirer ici, en un clic."), "consents")
    context = {
        "recipient": name_of(chosen),
        "purposes": consents.purposes_of_consent(),
        "categories": [(each, category_words(each)) for each in acts.CATEGORIES],
        "lasting": DAYS,
        "refusal": refusal,
        "typed": {
            "purpose": form.get("purpose", ""),
            "categories": form.getlist("categories"),
            "days": form.get("days", ""),
        },
    }
    status = refusal.status if refusal else 200
    title = _("Partager mes données")
    return show(request, "trust/consents/give.html", context, title=title, status=status, here="consents")


@needs("consent.withdraw")
@require_POST
def withdraw(request: HttpRequest, id: UUID) -> HttpResponse:
    """Taken back: one click, no reason asked."""
    found = acts.withdraw_consent(actor=session_of(request), consent=str(id))
    sentence = _("Accord retiré. Dès maintenant, %s ne peut plus lire ces données ici.")
    return done(request, sentence % name_of(found.recipient), "consents")


@needs("consent.see")
@require_safe
def take_receipt(request: HttpRequest, id: UUID) -> HttpResponse:
    """The receipt, for machines and for later."""
    found = consents.consent_of(session_of(request), str(id))
    content = json.dumps(receipt(found), ensure_ascii=False, indent=1).encode()
    return as_attachment(content, name=f"recu-{found.pk}.json", media_type="application/json")


def _words(row: object) -> dict[str, object]:
    purpose = purposes().get(row.purpose)  # type: ignore[attr-defined]
    return {
        "what": [category_words(each) for each in row.categories],  # type: ignore[attr-defined]
        "why": purpose.words if purpose else row.purpose,  # type: ignore[attr-defined]
    }


def _shown(row: Consent) -> dict[str, object]:
    """A consent in words; who gave it, when it was a helper."""
    helper = agent_names([row.given_by_id])[row.given_by_id] if row.given_by_id != row.person_id else ""
    place = name_of(row.mandate.organisation) if row.mandate and row.mandate.organisation_id else ""
    return {"consent": row, "name": name_of(row.recipient), "helper": helper, "place": place} | _words(row)
