"""An agent asks a resident for a consent: found by an address they proved, without telling whether it is known."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lacydon.kernel.access import needs
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, show

from ..actions import consents as acts
from ..queries import consents
from ..queries.words import category_words
from .consents import DAYS
from .session import session_of


@needs("consent.ask")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Whom, what for, what, for how long; the resident answers in their own space."""
    form = request.POST
    days = form.get("days", "")
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            acts.ask_consent_at(
                actor=session_of(request),
                contact=form.get("contact", "")[:254],
                purpose=form.get("purpose", ""),
                categories=form.getlist("categories"),
                days=int(days) if days.isdecimal() and len(days) < 5 else 0,
            )
        except Refused as error:
            refusal = error
        else:
            sentence = _("C’est noté. Si cette adresse est connue ici, la personne verra la question dans son espace.")
            return done(request, sentence, "agent-consent-ask")
    context = {
        "purposes": consents.purposes_of_consent(),
        "categories": [(each, category_words(each)) for each in acts.CATEGORIES],
        "lasting": DAYS,
        "refusal": refusal,
        "typed": {name: form.get(name, "") for name in ("contact", "purpose", "days")}
        | {"categories": form.getlist("categories")},
    }
    status = refusal.status if refusal else 200
    title = _("Demander un accord à un habitant")
    return show(request, "trust/agent/ask.html", context, title=title, status=status, section="agent", here="ask")
