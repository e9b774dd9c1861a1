"""What the principal is told, at addresses the helper does not control: a letter kept in the transaction of the act."""

from datetime import timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from lacydon.kernel import site
from lacydon.kernel.access import Actor
from lacydon.kernel.mail import GOOD_FOR, Link, Message, post
from lacydon.kernel.texts import said

from ...models import Mandate, Person
from ...queries.mandate_text import moment_in_words
from ...queries.names import holder_name
from ...queries.themes import THEMES
from ...queries.wall import in_house
from ..notices import addresses_of
from .codes import sent_code, stop_code

CREATED, CONFIRMED, SUBMITTED, STOPPED, CODE = "created", "confirmed", "submitted", "stopped", "code"
CODE_GOOD_FOR = timedelta(minutes=20)


@in_house
def tell(mandate: Mandate, *, what: str, about: str = "") -> int:
    """Tell the principal, once the transaction of the caller is kept, at each address they proved; how many.

    By e-mail: no connector sends text messages or letters yet. Nobody is told of an address nobody proved.
    """
    if not mandate.principal_id or Person.objects.filter(pk=mandate.principal_id, erased_at__isnull=False).exists():
        return 0
    addresses = addresses_of(mandate.principal_id)
    with translation.override(mandate.language):
        for address in addresses:
            message = written(mandate, to=address, what=what, about=about)
            post(message, good_for=CODE_GOOD_FOR if what == CODE else GOOD_FOR)
    return len(addresses)


def tell_act(actor: Actor, *, about: str) -> None:
    """After an act: when it was done under a mandate, tell the principal what (in words)."""
    if actor.mandate:
        tell(Mandate.objects.get(pk=actor.mandate), what=SUBMITTED, about=about)


def written(mandate: Mandate, *, to: str, what: str, about: str = "") -> Message:
    """A notice, in the active language: who, which body, about what, until when; how to stop it."""
    who, body = holder_name(mandate), said(mandate.organisation.name) if mandate.organisation else ""
    first = {
        CREATED: _("Une aide a été préparée pour vous. Elle ne peut rien faire tant que vous n’avez pas dit oui."),
        CONFIRMED: _("L’aide a commencé."),
        SUBMITTED: _("Une action a été faite pour vous : %s.") % about,
        STOPPED: _("L’aide est arrêtée. Plus personne ne peut agir avec ce mandat."),
        CODE: _("Quelqu’un demande à agir pour vous. Lisez tout avant de donner le code."),
    }[what]
    facts = (
        _("Qui : %s") % who,
        _("Lieu : %s") % body,
        _("Sujets : %s") % _(" ; ").join(str(THEMES[id].title) for id in mandate.scope if id in THEMES),
        _("Jusqu’au : %s") % moment_in_words(mandate.ends_at),
        _("Mandat : %s") % mandate.reference,
    )
    subject = _("Votre mandat %s") % mandate.reference
    if what == STOPPED:
        return Message(to=to, subject=subject, paragraphs=(first, *facts))
    if what == CODE:
        agreed = _("Vous êtes d’accord ? Donnez ce code à la personne qui vous aide.")
        not_agreed = _("Vous n’êtes pas d’accord ? Ne donnez le code à personne.")
        return Message(
            to=to, subject=subject, paragraphs=(first, *facts, agreed), code=sent_code(mandate), after=(not_agreed,)
        )
    code = stop_code(mandate)
    stop = Link(_("Tout arrêter, sans dire pourquoi"), f"{site.address()}/mandats/stop/{code}")
    told = _("Ou dites ce code à un guichet : %s") % code
    return Message(to=to, subject=subject, paragraphs=(first, *facts), action=stop, after=(told,))
