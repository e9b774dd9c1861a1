"""What a resident is told: that something happened and where to read it; never what anybody wrote."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lacydon.kernel.mail import Link, Message
from lacydon.kernel.texts import said

from ..models import Request, RequestKind, Step
from . import numbers
from .notifications import ORDER, stop_token, tells
from .satisfaction import ratable, rating_token
from .steps import DECISION
from .timeline import title_of, where
from .words import OUTCOMES


def letter(request: Request, news: Sequence[Step], *, to: str) -> Message:
    """One message for all the news of a request, in the active language; what matters most is its subject."""
    first = min(news, key=lambda step: ORDER.index(tells(step)) if tells(step) in ORDER else len(ORDER))
    lines = list(dict.fromkeys(sentence(request, step) for step in news))
    after = []
    if ratable(request) and any(tells(step) == DECISION for step in news):  # asked once, when the end is told
        rate = _full("request-rate", number=request.number, token=rating_token(request))
        after.append(_("Comment cela s’est-il passé ? Répondez en un clic : %s") % rate)
    stop = _full("request-stop", number=request.number, token=stop_token(request))
    after.append(_("Ne plus recevoir ces messages : %s") % stop)
    return Message(
        to=to,
        subject=_("%(what)s (demande %(number)s)") % {"what": headline(request, first), "number": request.number},
        paragraphs=(_("Votre demande : %s.") % title_of(request), *lines),
        action=Link(_("Voir ma demande"), settings.PUBLIC_URL + address_of(request)),
        after=tuple(after),
    )


def notification(request: Request, step: Step) -> dict[str, str]:
    """The same in a line, for a text or a browser; read by whoever holds the telephone."""
    url = reverse("my-request", kwargs={"number": request.number}) if request.person_id else reverse("follow")
    body = _("%(what)s. Demande %(number)s.") % {"what": headline(request, step), "number": request.number}
    return {"title": "Lacydon", "body": body, "url": url, "tag": request.number}


def headline(request: Request, step: Step) -> str:
    """What happened, in a few words that say nothing of anybody's life."""
    event = tells(step)
    if event == "waiting":
        return _("On attend votre réponse")
    if event == "decision":
        if request.kind == RequestKind.REPORT and step.facts.get("outcome"):
            return _("Votre signalement : %s") % str(OUTCOMES[step.facts["outcome"]]).lower()
        return _("Votre demande a sa réponse")
    if event == "message":
        return _("On vous a écrit")
    return _("Votre demande avance")


def sentence(request: Request, step: Step) -> str:
    """The same, in a sentence."""
    until = step.facts.get("until", "")
    if step.kind in ("document-asked", "document-reminder"):
        told = _("Un document vous est demandé.") if step.kind == "document-asked" else _("Un document est attendu.")
        if until:
            told += " " + _("Dernier jour pour le donner : %s.") % date_format(date.fromisoformat(until), "j F Y")
        return told + " " + _("Le délai de réponse est suspendu tant que vous ne l’avez pas donné.")
    if step.kind == "message":
        return _("%s vous a écrit.") % where_from(request)
    if step.kind in ("decided", "tacit"):
        return _("Une décision a été prise. Vous la lisez, avec ses raisons, dans le suivi de votre demande.")
    return where(request).next or _("Votre demande a changé d’état.")


def where_from(request: Request) -> str:
    """Who writes."""
    return said(request.organisation.name) or _("L’autorité")


def address_of(request: Request) -> str:
    """Where the request is read: in the space of its maker, or by number and secret, filled in."""
    if request.person_id:
        return reverse("my-request", kwargs={"number": request.number})
    secret = numbers.secret_of(request.submission_key)
    return f"{reverse('follow')}?numero={request.number}&code={secret}"


def _full(name: str, **parts: str) -> str:
    return settings.PUBLIC_URL + reverse(name, kwargs=parts)
