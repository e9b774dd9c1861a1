"""What the ways in have in common: who is half-way in, where they go then, from which network they come."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lacydon.kernel import site
from lacydon.kernel.clock import now
from lacydon.kernel.middleware.clients import accountable, client_address
from lacydon.kernel.ui.shown import SAID

from ..actions import accounts
from ..actions.accounts import Entered
from ..actions.sessions import hashed
from ..models import Person
from .recent import PROVEN_AT, must_prove, must_sign_in_again
from .session import open_session, session_of
from .sign_in import ONWARD, inside, with_onward

PENDING = "entering"
PENDING_FOR = timedelta(minutes=10)
"""How long a first proof waits for the second factor."""

View = Callable[..., HttpResponse]


def network(request: HttpRequest) -> str:
    """What one subscriber holds, for counting attempts."""
    return accountable(client_address(request))


def this_session(request: HttpRequest) -> str:
    """The hashed key of the session in hand: the one that does not end with the others."""
    return hashed(request.session.session_key)


def page_of_token(name: str) -> Callable[[str], str]:
    """The full address of a page by its token, as it goes in an e-mail, in the language of who asks."""
    return lambda token: site.address() + reverse(name, kwargs={"token": token})


def remembered_onward(request: HttpRequest) -> str:
    """Where to go once in: what the page before said."""
    return inside(request.POST.get("suite", "") or request.GET.get("suite", ""))


def go_on(request: HttpRequest, entered: Entered, *, onward: str, provider: str = accounts.PROVIDER) -> HttpResponse:
    """After a first proof: in, or to the second factor."""
    if entered.complete:
        answer = let_in(request, entered.person, strong=False, onward=onward, provider=provider)
        if entered.is_new:
            told = _("Votre espace est neuf. Vous en aviez un autre, avec FranceConnect ? Reconnectez-vous par là.")
            request.session[SAID] = {"sentence": told}
        return answer
    request.session.flush()
    until = (now() + PENDING_FOR).isoformat()
    pending = {"person": str(entered.person.id), "account": entered.account, "until": until, "provider": provider}
    request.session.update({PENDING: pending, ONWARD: onward})
    return HttpResponseRedirect(reverse("second-factor"))


def pending(request: HttpRequest) -> dict[str, str] | None:
    """Who has shown a first proof in this browser, less than `PENDING_FOR` ago."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    found: dict[str, str] | None = request.session.get(PENDING)
    return found if found and datetime.fromisoformat(found["until"]) > now() else None


def let_in(
    request: HttpRequest, person: Person, *, strong: bool, onward: str, provider: str = accounts.PROVIDER
) -> HttpResponse:
    """Open the session, under a new key, and go on."""
    open_session(request, person, kind=person.kind, provider=provider, assurance=accounts.ASSURANCE, strong=strong)
    if strong:
        request.session[PROVEN_AT] = now().isoformat()
    return HttpResponseRedirect(onward or reverse("space"))


def proven(view: View) -> View:
    """Asks who has a second factor to show it, unless they just did, before a page that changes their security."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if must_prove(request):
            onward = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("security")
            return HttpResponseRedirect(with_onward(reverse("strengthen"), onward))
        return view(request, *args, **kwargs)

    return asked


def proven_anew(view: View) -> View:
    """The same before a page that adds or undoes a way in; who has no second factor must have signed in just now."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if must_sign_in_again(request):
            onward = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("security")
            return HttpResponseRedirect(with_onward(reverse("sign-in-again"), onward))
        return view(request, *args, **kwargs)

    return proven(asked)


def outside_only(view: View) -> View:
    """For the pages of entering: who is in already goes on."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if session_of(request).known:
            return HttpResponseRedirect(remembered_onward(request) or reverse("space"))
        return view(request, *args, **kwargs)

    return shown


def guarded(response: HttpResponse) -> HttpResponse:
    """A page whose address or words are a secret: kept by nobody, told to no other site.

    Not `no-referrer`: browsers then send `Origin: null` with the page's own form, which would be refused.
    """
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response
