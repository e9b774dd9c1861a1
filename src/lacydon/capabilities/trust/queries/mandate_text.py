"""The text of a mandate: what is shown, read aloud, printed and signed; its hash is kept with the mandate.

Written by hand in two versions: the usual one and an easy one, with short sentences. The easy one is not labelled FALC:
no reader with an intellectual disability has tested it.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lacydon.kernel.clock import hour
from lacydon.kernel.texts import said

from ..models import Mandate, MandateKind
from .keys import unseal_of
from .names import holder_name
from .themes import THEMES

VERSION = "2026-11"
"""Changed with any word of the texts below."""
READ, WRITE, HISTORY = "read", "write", "history"
LIMITS = (READ, WRITE, HISTORY)
"""What a mandate may take away (kernel.access.Permission.delegable)."""


def moment_in_words(when: datetime) -> str:
    """« mercredi 25 novembre 2026 à 14 h 05 », where residents live."""
    return _("%(day)s à %(hour)s") % {"day": date_format(localtime(when), "l j F Y"), "hour": hour(when)}


def text_of(mandate: Mandate) -> list[str]:
    """The paragraphs of a mandate, in its language and version, made from its terms as they are now."""
    with translation.override(mandate.language):
        return _easy(mandate) if mandate.easy else _usual(mandate)


def text_hash(paragraphs: Sequence[str]) -> str:
    """SHA-256 (hexadecimal) of the paragraphs, UTF-8, an empty line between two."""
    return hashlib.sha256("\n\n".join(paragraphs).encode()).hexdigest()


def text_place(mandate: Mandate) -> str:
    return f"trust_mandate:{mandate.pk}:text_sealed"


def text_kept(mandate: Mandate) -> list[str]:
    """What the principal was shown when they confirmed. Raises ErasedPerson, Unsealable."""
    assert mandate.principal_id and mandate.text_sealed is not None
    kept = unseal_of(mandate.principal_id, mandate.text_sealed, place=text_place(mandate)).decode()
    return kept.split("\n\n")


def _terms(mandate: Mandate) -> dict[str, str]:
    return {
        "who": holder_name(mandate),
        "body": said(mandate.organisation.name) if mandate.organisation else "",
        "themes": _(" ; ").join(str(THEMES[id].title) for id in mandate.scope if id in THEMES),
        "start": moment_in_words(mandate.starts_at),
        "end": moment_in_words(mandate.ends_at),
        "reference": mandate.reference,
    }


def _usual(mandate: Mandate) -> list[str]:
    terms, taken = _terms(mandate), set(mandate.limits)
    opening = {
        MandateKind.HELP: _(
            "Je donne mandat à : %(who)s (%(body)s), pour agir à ma place dans mes démarches en ligne."
        ),
        MandateKind.PARENT: _("%(who)s exerce l’autorité parentale sur l’enfant et agit à sa place en ligne."),
        MandateKind.GUARDIAN: _("%(who)s agit en ligne à la place de la personne protégée, selon le jugement."),
        MandateKind.COMPANY: _("%(who)s représente l’entreprise et agit en son nom en ligne."),
    }[MandateKind(mandate.kind)]
    can = [
        _("voir ce qui me concerne") if READ not in taken else "",
        _("remplir et envoyer des démarches") if WRITE not in taken else "",
        _("voir qui a consulté mes données") if HISTORY not in taken else "",
    ]
    cannot = [
        _("voir ce qui me concerne") if READ in taken else "",
        _("envoyer une démarche") if WRITE in taken else "",
        _("voir qui a consulté mes données") if HISTORY in taken else "",
        _("changer mon adresse, mon téléphone ou mes moyens de connexion"),
        _("donner un mandat à quelqu’un d’autre"),
    ]
    told = [
        _("Mandat %(reference)s") % terms,
        opening % terms,
        _("Sujets : %(themes)s.") % terms,
        _("Permis : %s.") % (_(" ; ").join(each for each in can if each) or _("rien")),
        _("Interdit : %s.") % _(" ; ").join(each for each in cannot if each),
        _("Du %(start)s au %(end)s.") % terms,
        _("Chaque action est inscrite : qui l’a faite, pour qui. Tout se voit en ligne."),
    ]
    if mandate.kind == MandateKind.HELP:
        told.append(_("Je peux arrêter ce mandat à tout moment, sans dire pourquoi : en ligne, ou à un guichet."))
    elif mandate.kind == MandateKind.GUARDIAN:
        told.append(_("La personne protégée ne peut pas arrêter seule ce mandat. Elle peut le contester en ligne."))
    else:
        told.append(_("Ce mandat s’arrête à cette date, ou avant si la personne qui agit y renonce."))
    return told


def _easy(mandate: Mandate) -> list[str]:
    terms, taken = _terms(mandate), set(mandate.limits)
    told = [_("Mandat %(reference)s") % terms]
    if mandate.kind == MandateKind.HELP:
        told += [
            _("Quelqu’un va m’aider. C’est : %(who)s. Le lieu est : %(body)s.") % terms,
            _("Cette personne fait des papiers pour moi sur internet."),
        ]
    else:
        told.append(_("%(who)s fait les papiers sur internet. C’est la loi qui le permet.") % terms)
    told.append(_("Les papiers parlent de : %(themes)s. Et de rien d’autre.") % terms)
    if WRITE in taken:
        told.append(_("Cette personne ne peut rien envoyer."))
    if READ in taken:
        told.append(_("Cette personne ne peut pas lire ce qui est à moi."))
    told += [
        _("Cette personne ne peut pas changer mon adresse. Elle ne peut pas changer mon téléphone."),
        _("Cela commence : %(start)s. Cela finit : %(end)s.") % terms,
        _("Je vois tout ce que cette personne fait."),
    ]
    if mandate.kind == MandateKind.HELP:
        told.append(_("Je peux dire stop quand je veux. Je ne dis pas pourquoi."))
    elif mandate.kind == MandateKind.GUARDIAN:
        told.append(_("Si je ne suis pas d’accord, je peux l’écrire. Quelqu’un me répond."))
    return told
