"""Signing in and out: the choice of a way, the trip to a provider and back."""

import secrets
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel.access import needs, open_to_all
from lacydon.kernel.errors import NotFound, Refused, Unavailable

from ..actions import people
from ..actions.sessions import hashed
from ..ports import IdentityProvider, Proven, identity_providers
from .recent import must_prove
from .session import close_session, open_session, session_of
from .shown import done, show, troubled

ONWARD, LINKING, SPOKEN = "onward", "linking", "spoken"


@open_to_all
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """The ways in. Who is signed in already goes on."""
    onward = inside(request.GET.get("suite", ""))
    if request.actor.known:  # type: ignore[attr-defined]
        return HttpResponseRedirect(onward or reverse("space"))
    context = {
        "residents": identity_providers.on(kind="resident"),
        "agents": identity_providers.on(kind="agent"),
        "onward": onward,
        "demo": getattr(settings, "DEMO", False),
    }
    return show(request, "trust/sign_in.html", context, title=_("Se connecter"))


@csrf_exempt  # nobody is signed in yet, so no token: kernel.middleware.origins refuses other sites
@open_to_all
@require_POST
def begin(request: HttpRequest, provider: str) -> HttpResponse:
    """Off to the provider, with what must come back kept in the session."""
    chosen = _provider(provider)
    try:
        beginning = chosen.begin(redirect_uri=return_address(request, chosen.id))
    except Unavailable as error:
        return _failed(request, chosen, error)
    linking = request.POST.get("lier") == "1" and request.actor.known  # type: ignore[attr-defined]
    if linking and must_prove(request):
        return to_prove(reverse("space-identities"))
    if not linking:
        request.session.flush()
    request.session[f"pending-{chosen.id}"] = beginning.pending
    request.session[ONWARD] = inside(request.POST.get("suite", ""))
    request.session[LINKING] = str(request.actor.person) if linking else ""  # type: ignore[attr-defined]
    request.session[SPOKEN] = get_language()
    return leaving(request, beginning.url, to=chosen.title)


@open_to_all
@require_safe
def come_back(request: HttpRequest, provider: str) -> HttpResponse:
    """Back from the provider: proven, or refused with nothing half-made. What was pending serves once."""
    chosen = _provider(provider)
    spoken = request.session.pop(SPOKEN, "")
    if spoken and spoken != get_language():
        return _said_in(request, spoken, "sign-in-return", provider=chosen.id)
    pending = request.session.pop(f"pending-{chosen.id}", None)
    onward, link_to = request.session.pop(ONWARD, ""), request.session.pop(LINKING, "")
    try:
        proven = chosen.finish(
            pending=pending, parameters=request.GET.dict(), redirect_uri=return_address(request, chosen.id)
        )
        if link_to:
            return _linked(request, chosen, proven, to=link_to)
        person, new = people.sign_in(
            provider=chosen.id,
            kind=chosen.kind,
            issuer=proven.issuer,
            subject=proven.subject,
            assurance=proven.assurance,
            strong=proven.strong,
            claims=proven.claims,
        )
    except Refused as error:
        return _failed(request, chosen, error, linking=bool(link_to))
    open_session(
        request,
        person,
        kind=chosen.kind,
        provider=chosen.id,
        assurance=proven.assurance,
        strong=proven.strong,
        id_token=proven.id_token,
        claims=proven.claims,
    )
    if onward:
        return HttpResponseRedirect(onward)
    if chosen.kind == "agent":
        return HttpResponseRedirect(reverse("agent" if request.session["organisation"] else "agent-organisation"))
    if new:
        return done(request, _("Vous êtes connecté. Votre espace est prêt."), "space")
    return HttpResponseRedirect(reverse("space"))


def _linked(request: HttpRequest, chosen: IdentityProvider, proven: Proven, *, to: str) -> HttpResponse:
    """Both proofs are there: the session of who asked, and what the provider says."""
    if str(request.actor.person) != to or request.actor.delegated:  # type: ignore[attr-defined]
        raise NotFound(_("La liaison a été commencée dans une autre session : recommencez."))
    if must_prove(request):
        return to_prove(reverse("space-identities"))
    people.link_identity(
        actor=session_of(request),
        provider=chosen.id,
        kind=chosen.kind,
        issuer=proven.issuer,
        subject=proven.subject,
        assurance=proven.assurance,
        strong=proven.strong,
        session=hashed(request.session.session_key),
    )
    return done(request, _("Cette identité est liée : elle ouvre maintenant votre espace."), "space-identities")


def to_prove(onward: str) -> HttpResponse:
    """First the second factor, then back to the page from which it was asked."""
    return HttpResponseRedirect(with_onward(reverse("strengthen"), onward))


def _failed(request: HttpRequest, chosen: IdentityProvider, error: Refused, *, linking: bool = False) -> HttpResponse:
    """What went wrong, in words, and the other ways in."""
    if linking:
        return troubled(request, error.sentence, "space-identities")
    context = {
        "sentence": error.sentence,
        "provider": chosen,
        "cancelled": error.code == "sign-in-cancelled",
    }
    return show(request, "trust/sign_in_failed.html", context, title=_("Vous n’êtes pas connecté"), status=error.status)


@needs("session.close")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out here at once, then out at the provider, which sends back to `signed_out`."""
    provider, id_token = close_session(request)
    chosen = identity_providers.get(provider)
    response: HttpResponse = HttpResponseRedirect(reverse("signed-out"))
    if chosen is not None and id_token:
        back, state = site(request) + reverse_plain("signed-out"), f"{get_language()}.{secrets.token_urlsafe(24)}"
        try:
            there = chosen.logout(id_token=id_token, redirect_uri=back, state=state)
        except Refused:
            there = ""  # it does not answer: signed out here at least, and told so
        if there:
            response = leaving(request, there, to=chosen.title)
    response["Clear-Site-Data"] = '"cookies"'
    return response


@open_to_all
@require_http_methods(["GET", "HEAD"])
def signed_out(request: HttpRequest) -> HttpResponse:
    if request.GET.get("state", "").startswith("en.") and get_language() != "en":
        return _said_in(request, "en", "signed-out")
    return show(request, "trust/signed_out.html", title=_("Vous êtes déconnecté"))


def _said_in(request: HttpRequest, lang: str, name: str, **parts: str) -> HttpResponse:
    """To the same page in the language of before the trip: a provider knows only one address."""
    with override(lang):
        return HttpResponseRedirect(f"{reverse(name, kwargs=parts or None)}?{request.GET.urlencode()}")


def leaving(request: HttpRequest, url: str, *, to: str) -> HttpResponse:
    """A page that leads outside at once. A redirection would not do: `form-action 'self'` forbids it after a form."""
    head = format_html('<meta http-equiv="refresh" content="0; url={}">', url)
    return show(request, "trust/leaving.html", {"url": url, "to": to}, title=_("Vous allez vers %s") % to, head=head)


def inside(address: str) -> str:
    """The address when it is a page of this site, else nothing: no redirection elsewhere."""
    fine = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if fine and len(address) <= 500 and "\\" not in address else ""


def site(request: HttpRequest) -> str:
    """The address of this site as providers know it."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def return_address(request: HttpRequest, provider: str) -> str:
    """The redirect_uri registered at the provider: always the same, whatever the language."""
    return site(request) + reverse_plain("sign-in-return", provider=provider)


def reverse_plain(name: str, **parts: str) -> str:
    """The address of a page without the language before it."""
    found = reverse(name, kwargs=parts or None)
    return found.removeprefix(f"/{get_language()}") if found.startswith(f"/{get_language()}/") else found


def with_onward(address: str, onward: str) -> str:
    return f"{address}?{urlencode({'suite': onward})}" if onward else address


def _provider(id: str) -> IdentityProvider:
    found = identity_providers.get(id)
    if found is None:
        raise NotFound(_("Ce moyen de se connecter n’est pas proposé ici."))
    return found
