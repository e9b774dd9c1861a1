"""Signing in and out: the choice of a way, the trip to a provider and back."""

import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel import site
from lacydon.kernel.access import needs, open_to_all, reason
from lacydon.kernel.errors import NotFound, Refused, Unavailable
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import people
from ..actions.sessions import hashed
from ..errors import NotAllowed
from ..ports import IdentityProvider, Proven, identity_providers
from ..queries.people import person_of_identity
from .recent import must_prove, must_sign_in_again
from .session import close_session, open_session, session_of

ONWARD, LINKING, SPOKEN, AGAIN = "onward", "linking", "spoken", "again"


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
        "why": _why(onward),
        "demo": getattr(settings, "DEMO", False),
    }
    return show(request, "trust/sign_in.html", context, title=_("Se connecter"))


def _why(onward: str) -> Any:
    """What the page that led here says of the sign-in it asks for."""
    try:
        return reason(resolve(urlsplit(onward).path).func) if onward else ""
    except Resolver404:
        return ""


@csrf_exempt  # nobody is signed in yet, so no token: kernel.middleware.origins refuses other sites
@open_to_all
@require_POST
def begin(request: HttpRequest, provider: str) -> HttpResponse:
    """Off to the provider, with what must come back kept in the session."""
    chosen, actor = _provider(provider), session_of(request)
    linking = request.POST.get("lier") == "1" and actor.known
    again = request.POST.get("encore") == "1" and actor.known and not linking
    if linking and (first := _to_prove_first(request)):
        return first
    try:
        beginning = chosen.begin(redirect_uri=return_address(chosen.id), fresh=again)
    except Unavailable as error:
        return _failed(request, chosen, error)
    if not linking and not again:
        request.session.flush()
    request.session[f"pending-{chosen.id}"] = beginning.pending
    request.session[ONWARD] = inside(request.POST.get("suite", ""))
    request.session[LINKING] = str(actor.person) if linking else ""
    request.session[AGAIN] = str(actor.person) if again else ""
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
    again = request.session.pop(AGAIN, "")
    try:
        proven = chosen.finish(pending=pending, parameters=request.GET.dict(), redirect_uri=return_address(chosen.id))
        if link_to:
            return _linked(request, chosen, proven, to=link_to)
        if again:
            _must_be_the_same(request, proven, person=again)
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
        return _failed(request, chosen, error, linking=bool(link_to), again=bool(again))
    open_session(
        request,
        person,
        kind=chosen.kind,
        provider=chosen.id,
        assurance=proven.assurance,
        strong=proven.strong,
        id_token=proven.id_token,
        organisation=request.session.get("organisation", "") if again else "",
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
    if first := _to_prove_first(request):
        return first
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


def _to_prove_first(request: HttpRequest) -> HttpResponse | None:
    """Before a link: to the second factor, or to another sign-in when there is none, then back; None when all is
    proven already."""
    name = "strengthen" if must_prove(request) else "sign-in-again" if must_sign_in_again(request) else ""
    return HttpResponseRedirect(with_onward(reverse(name), reverse("space-identities"))) if name else None


def _must_be_the_same(request: HttpRequest, proven: Proven, *, person: str) -> None:
    """Who signs in again is who was signed in, and nobody else is made. Raises NotFound, NotAllowed."""
    actor = session_of(request)
    if actor.person != person or actor.delegated:
        raise NotFound(_("Cette connexion a été commencée dans une autre session : recommencez."))
    found = person_of_identity(issuer=proven.issuer, subject=proven.subject)
    if found is None or str(found.pk) != person:
        raise NotAllowed(_("Ce compte n’ouvre pas votre espace. Reconnectez-vous avec le vôtre."))


def _failed(
    request: HttpRequest, chosen: IdentityProvider, error: Refused, *, linking: bool = False, again: bool = False
) -> HttpResponse:
    """What went wrong, in words, and the other ways in."""
    if again:
        return troubled(request, error.sentence, "sign-in-again")
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
        back, state = site.address() + reverse_plain("signed-out"), f"{get_language()}.{secrets.token_urlsafe(24)}"
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


def return_address(provider: str) -> str:
    """The redirect_uri registered at the provider: always the same, whatever the language."""
    return site.address() + reverse_plain("sign-in-return", provider=provider)


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
