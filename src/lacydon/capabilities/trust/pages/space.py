"""My space: what waits for me first, then what goes on, then who looked at my data. And the identities that open it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.errors import Refused

from ..actions import people
from ..actions.sessions import hashed
from ..ports import identity_providers
from ..queries import people as known
from .session import session_of
from .shown import done, show, troubled


@needs("space.see")
@require_safe
def space(request: HttpRequest) -> HttpResponse:
    actor = session_of(request)
    context = {"identities": known.identities(actor.person)}
    return show(request, "trust/space/overview.html", context, title=_("Mon espace"), here="space")


@needs("space.see")
@require_safe
def identities(request: HttpRequest) -> HttpResponse:
    """The accounts that open this space; linking another, undoing a link."""
    actor = session_of(request)
    held = known.identities(actor.person)
    titles = {each.id: each.title for each in identity_providers.on()} | {"local": _("Adresse électronique")}
    context = {
        "identities": [(each, titles.get(each.provider, each.provider)) for each in held],
        "only": len(held) == 1,
        "others": identity_providers.on(kind="agent" if actor.kind == "agent" else "resident"),
    }
    return show(request, "trust/space/identities.html", context, title=_("Mes façons de me connecter"), here="security")


@needs("identity.unlink")
@require_POST
def unlink(request: HttpRequest, id: int) -> HttpResponse:
    try:
        people.unlink_identity(actor=session_of(request), identity=id, session=hashed(request.session.session_key))
    except Refused as error:
        return troubled(request, error.sentence, "space-identities")
    return done(request, _("La liaison est défaite. Vos autres sessions sont fermées."), "space-identities")
