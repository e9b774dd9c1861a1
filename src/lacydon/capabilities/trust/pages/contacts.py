"""One's own contact points: read, corrected. Under a mandate they can be read, never changed."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lacydon.kernel.access import needs, open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import contacts as acts
from ..models import ContactKind, LinkPurpose
from ..queries.contacts import contact
from ..queries.links import address_of, link_by_token
from .email_link import LETTER, with_demonstration
from .entering import guarded, network, page_of_token, proven
from .session import session_of


@needs("contact.see")
@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    actor = session_of(request)
    known = {each.kind: each for each in acts.see_contacts(actor=actor)}
    context = {"known": known, "mine": not actor.delegated, "letter": request.session.pop(LETTER, "")}
    return show(request, "trust/contacts/contacts.html", context, title=_("Mes coordonnées"), here="contacts")


@needs("contact.change")
@require_http_methods(["GET", "HEAD", "POST"])
@proven
def change_email(request: HttpRequest) -> HttpResponse:
    """A new address: proven by a link, in effect three days later, unless the old one says no."""
    actor = session_of(request)
    held = contact(actor.person, kind=ContactKind.EMAIL)
    context: dict[str, object] = {"held": held, "typed": request.POST.get("value", "")[:254]}
    status = 200
    if request.method == "POST":
        try:
            sent = acts.ask_email_change(
                actor=actor,
                typed=request.POST.get("value", ""),
                address=page_of_token("contact-email-confirm"),
                network=network(request),
            )
            told = _("Un lien est parti à la nouvelle adresse : ouvrez-le dans ce navigateur.")
            return with_demonstration(done(request, told, "contacts"), request, sent.letter)
        except Refused as error:
            context["error"], status = error.sentence, error.status
    title = _("Changer d’adresse électronique")
    return show(request, "trust/contacts/email.html", context, title=title, here="contacts", status=status)


@needs("contact.change")
@require_http_methods(["GET", "HEAD", "POST"])
@proven
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    title = _("Confirmez votre adresse")
    context: dict[str, object] = {"action": _("Confirmer cette adresse"), "back": "contacts"}
    try:
        if request.method == "POST":
            cancel = page_of_token("contact-cancel-link")
            at_once = acts.confirm_email_change(actor=session_of(request), token=token, cancel=cancel)
            later = _("Adresse confirmée. Elle remplacera l’ancienne dans trois jours ; l’ancienne est prévenue.")
            return done(request, _("Adresse confirmée.") if at_once else later, "contacts")
        email = address_of(link_by_token(token, purpose=LinkPurpose.CONTACT))
        context["lead"] = _("Vous avez demandé que nous vous écrivions à %s.") % email
    except Refused as error:
        context = {"sentence": error.sentence, "back": "contacts"}
        return guarded(
            show(request, "trust/security/refused.html", context, title=title, here="contacts", status=error.status)
        )
    return guarded(show(request, "trust/security/sure.html", context, title=title, here="contacts"))


@needs("contact.change")
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_email(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            acts.cancel_email_change(actor=session_of(request))
        except Refused as error:
            return troubled(request, error.sentence, "contacts")
        return done(request, _("Changement annulé : votre adresse reste la même."), "contacts")
    context = {
        "lead": _("Votre adresse d’aujourd’hui restera."),
        "action": _("Annuler le changement"),
        "back": "contacts",
    }
    title = _("Annuler le changement d’adresse ?")
    return show(request, "trust/security/sure.html", context, title=title, here="contacts")


@csrf_exempt  # opened by who reads the old address, perhaps not signed in: the secret is the token
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What the old address can do, without a sign-in. GET changes nothing."""
    context: dict[str, object] = {"state": "asking"}
    status = 200
    try:
        link_by_token(token, purpose=LinkPurpose.CANCEL)
        if request.method == "POST":
            acts.cancel_by_link(token=token)
            context["state"] = "done"
    except Refused as error:
        context, status = {"state": "refused", "sentence": error.sentence}, error.status
    title = _("Annuler un changement d’adresse")
    return guarded(show(request, "trust/contacts/cancel.html", context, title=title, status=status))


@needs("contact.change")
@require_http_methods(["GET", "HEAD", "POST"])
def change_phone(request: HttpRequest) -> HttpResponse:
    return _change(request, kind=ContactKind.PHONE, title=_("Changer de numéro de téléphone"))


@needs("contact.change")
@require_http_methods(["GET", "HEAD", "POST"])
def change_postal(request: HttpRequest) -> HttpResponse:
    return _change(request, kind=ContactKind.POSTAL, title=_("Changer d’adresse postale"))


def _change(request: HttpRequest, *, kind: str, title: str) -> HttpResponse:
    actor = session_of(request)
    held = contact(actor.person, kind=kind).value
    context: dict[str, object] = {"kind": kind, "held": bool(held), "typed": held}
    status = 200
    if request.method == "POST":
        typed = request.POST.get("value", "")[:1000]
        try:
            acts.change_contact(actor=actor, kind=kind, typed=typed)
            return done(request, _("Vos coordonnées sont à jour."), "contacts")
        except Refused as error:
            context |= {"typed": typed, "error": error.sentence}
            status = error.status
    return show(request, "trust/contacts/change.html", context, title=title, here="contacts", status=status)
