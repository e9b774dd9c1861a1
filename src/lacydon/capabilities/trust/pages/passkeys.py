"""Passkeys: entering with one alone, adding one, taking one away. The browser signs by trust/passkeys.js."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lacydon.kernel import attempts
from lacydon.kernel.access import needs, open_to_all
from lacydon.kernel.errors import NotFound, Refused
from lacydon.kernel.ui.shown import done, show

from ..actions import accounts, factors
from ..queries import passkeys as keys
from ..queries.accounts import account_of, ways_in
from ..queries.wall import house
from .challenges import given, site_of, taken
from .entering import let_in, network, outside_only, proven, proven_anew, remembered_onward, this_session
from .session import session_of

ENTER, ADD = "enter", "add"


@csrf_exempt  # nobody is signed in yet, so no token: kernel.middleware.origins refuses other sites
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
@outside_only
def enter(request: HttpRequest) -> HttpResponse:
    """A passkey alone opens a local account: it is two factors in one (what one has, and a PIN, a finger or a face)."""
    site = site_of(request)
    context: dict[str, object] = {"onward": remembered_onward(request), "site": site}
    status = 200
    if request.method == "POST":
        try:
            attempts.spend(what="passkey", who=network(request), most=60, per=timedelta(minutes=15))
            challenge = taken(request, purpose=ENTER)
            shown = factors.show_passkey(answer=request.POST.get("answer", ""), challenge=challenge, site=site)
            with house():
                account = account_of(shown.person_id)
            if account is None:
                raise NotFound(_("Cette clé complète une autre connexion : entrez d’abord par celle-ci."))
            person = accounts.complete(account=str(account.id))
            return let_in(request, person, strong=True, onward=remembered_onward(request))
        except Refused as error:
            context["error"], status = error.sentence, error.status
    context |= given(keys.ask_for_known(site=site), purpose=ENTER)
    title = _("Entrer avec une clé d’accès")
    return show(request, "trust/entering/passkey.html", context, title=title, status=status)


@needs("security.change")
@require_http_methods(["GET", "HEAD", "POST"])
@proven_anew
def add(request: HttpRequest) -> HttpResponse:
    """Make a key in this browser, on a phone or on a stick."""
    actor, site = session_of(request), site_of(request)
    context: dict[str, object] = {"site": site, "name": request.POST.get("name", "")[:60]}
    status = 200
    if request.method == "POST":
        try:
            factors.add_passkey(
                actor=actor,
                answer=request.POST.get("answer", ""),
                challenge=taken(request, purpose=ADD, person=actor.person),
                site=site,
                name=request.POST.get("name", ""),
                session=this_session(request),
            )
            return done(request, _("Votre clé d’accès est enregistrée."), "security")
        except Refused as error:
            context["error"], status = error.sentence, error.status
    label = ways_in(actor.person).email or _("Mon espace")
    context |= given(keys.ask_for_new(person=actor.person, site=site, label=label), purpose=ADD, person=actor.person)
    title = _("Ajouter une clé d’accès")
    return show(request, "trust/security/passkey.html", context, title=title, here="security", status=status)


@needs("security.change")
@require_http_methods(["GET", "HEAD", "POST"])
@proven
def remove(request: HttpRequest, passkey: int) -> HttpResponse:
    actor = session_of(request)
    ways = ways_in(actor.person)
    found = next((each for each in ways.passkeys if each.pk == passkey), None)
    if found is None:
        raise NotFound(_("Cette clé n’est pas à vous, ou elle est déjà retirée."))
    if request.method == "POST":
        factors.remove_passkey(actor=actor, passkey=passkey, session=this_session(request))
        return done(request, _("La clé d’accès est retirée."), "security")
    last = len(ways.passkeys) == 1 and not ways.authenticator
    context = {
        "lead": _("« %s » n’ouvrira plus votre espace.") % found.name,
        "warning": last_factor_warning() if last else "",
        "action": _("Retirer cette clé"),
        "back": "security",
    }
    title = _("Retirer cette clé d’accès ?")
    return show(request, "trust/security/sure.html", context, title=title, here="security")


def last_factor_warning() -> str:
    return _("C’est votre dernier second moyen : votre phrase secrète et vos codes de secours seront retirés aussi.")
