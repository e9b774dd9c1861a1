"""My space: what waits for me first, then what goes on, then who looked at my data. And the identities that open it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lacydon.kernel import plugs
from lacydon.kernel.access import needs
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import people
from ..actions.sessions import hashed
from ..ports import identity_providers
from ..queries import accesses, consents, contests, mandates
from ..queries import people as known
from ..queries.mandate_text import moment_in_words
from ..queries.names import holder_name
from .entering import proven_anew
from .session import session_of

LATEST = 3
"""Lines of each part: the rest is one click away."""
TRACKED = 5


@needs("space.enter")
@require_safe
def space(request: HttpRequest) -> HttpResponse:
    """Who acts for somebody has no space of their own open meanwhile: they see what they may do for that person."""
    actor = session_of(request)
    if actor.delegated and not actor.scope:
        return HttpResponseRedirect(reverse("mandate-over"))
    found = [each for _name, offer in plugs.tracked_items.items() for each in offer(actor)]
    tracked = sorted(found, key=lambda each: (not each.waiting, -each.at.timestamp()))[:TRACKED]
    if actor.delegated:
        allowed = {"reads": "read" not in actor.limits, "writes": "write" not in actor.limits, "tracked": tracked}
        return show(request, "trust/space/acting.html", allowed, title=_("L’espace de la personne"), here="space")
    moment = now()
    rows = accesses.by_others(actor)[:LATEST]
    context = {
        "tracked": tracked,
        "questions": consents.requests_of(actor),
        "answers": [each for each in contests.mine(actor) if each.answered][:LATEST],
        "waiting": [each for each in contests.mine(actor) if not each.answered],
        "mandates": [
            (each, holder_name(each), moment_in_words(each.ends_at))
            for each in mandates.given_by(UUID(actor.person)).filter(revoked_at=None, ends_at__gt=moment)[:LATEST]
        ],
        "held": mandates.received_by(UUID(actor.person)).filter(revoked_at=None, ends_at__gt=moment)[:LATEST],
        "accesses": list(accesses.in_words(rows)),
        "agent": actor.kind == "agent",
        "way": _ways().get(request.session.get("provider", ""), ""),
    }
    return show(request, "trust/space/overview.html", context, title=_("Mon espace"), here="space")


def _ways() -> dict[str, str]:
    """How each way of signing in is called."""
    return {each.id: each.title for each in identity_providers.on()} | {"local": _("Adresse électronique")}


@needs("space.see")
@require_safe
def identities(request: HttpRequest) -> HttpResponse:
    """The accounts that open this space; linking another, undoing a link."""
    actor = session_of(request)
    held = known.identities(actor.person)
    titles = _ways()
    context = {
        "identities": [(each, titles.get(each.provider, each.provider)) for each in held],
        "only": len(held) == 1,
        "others": identity_providers.on(kind="agent" if actor.kind == "agent" else "resident"),
    }
    return show(request, "trust/space/identities.html", context, title=_("Mes façons de me connecter"), here="security")


@needs("identity.unlink")
@require_POST
@proven_anew
def unlink(request: HttpRequest, id: int) -> HttpResponse:
    try:
        people.unlink_identity(actor=session_of(request), identity=id, session=hashed(request.session.session_key))
    except Refused as error:
        return troubled(request, error.sentence, "space-identities")
    return done(request, _("La liaison est défaite. Vos autres sessions sont fermées."), "space-identities")
