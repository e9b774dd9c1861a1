"""What an action and a purpose of trust are, in words a resident reads; those of other capabilities come with them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel import plugs
from lacydon.kernel.personal import CONSENT, CONTRACT, OBLIGATION, PUBLIC_TASK, Activity, Purpose

from .themes import THEMES

# An action, as the end of a sentence whose subject is who acted (« La Ville » … « a lu votre adresse »).
ACTIONS: Mapping[str, Any] = {
    "session.open": _l("a ouvert une session"),
    "session.close": _l("a fermé une session"),
    "identity.link": _l("a lié un moyen de se connecter"),
    "identity.unlink": _l("a retiré un moyen de se connecter"),
    "contact.see": _l("a consulté vos coordonnées"),
    "contact.change": _l("a changé vos coordonnées"),
    "security.change": _l("a changé la sécurité du compte"),
    "session.end": _l("a mis fin à des sessions"),
    "session.strengthen": _l("a confirmé sa connexion par un second facteur"),
    "mandate.prepare": _l("a préparé un mandat"),
    "mandate.give": _l("a donné un mandat"),
    "mandate.declare": _l("a déclaré agir pour vous"),
    "mandate.confirm": _l("a confirmé un mandat"),
    "mandate.witness": _l("a vérifié un mandat signé sur papier"),
    "mandate.verify": _l("a vérifié un mandat"),
    "mandate.check": _l("a vérifié un mandat"),
    "mandate.take": _l("a commencé à agir sous votre mandat"),
    "mandate.hand-back": _l("a fini d’agir sous votre mandat"),
    "mandate.revoke": _l("a retiré un mandat"),
    "mandate.renounce": _l("a renoncé à un mandat"),
    "mandate.stop-at-counter": _l("a arrêté un mandat au guichet, à votre demande"),
    "mandate.contest": _l("a contesté une représentation"),
    "role.grant": _l("a donné un rôle"),
    "role.take": _l("a retiré un rôle"),
    "membership.end": _l("a mis fin à l’appartenance à un organisme"),
    "civil-identity.keep": _l("a noté votre état civil"),
    "civil-identity.read": _l("a lu votre état civil"),
    "contact.read": _l("a lu vos coordonnées"),
    "proof.give": _l("a déposé un justificatif"),
    "proof.download": _l("a téléchargé un justificatif"),
    "proof.use": _l("a lu un de vos justificatifs"),
    "proof.remove": _l("a supprimé un justificatif"),
    "consent.ask": _l("vous a demandé un accord"),
    "consent.give": _l("a donné un accord"),
    "consent.refuse": _l("a refusé un accord"),
    "consent.withdraw": _l("a retiré un accord"),
    "contract.propose": _l("a proposé un contrat de partage"),
    "contract.accept": _l("a accepté un contrat de partage"),
    "contract.end": _l("a mis fin à un contrat de partage"),
    "access.prove": _l("a téléchargé la preuve d’un accès"),
    "access.contest": _l("a contesté un accès"),
    "contest.read": _l("a lu votre contestation"),
    "contest.answer": _l("a répondu à votre contestation"),
    "rights.export": _l("a demandé la copie de ses données"),
    "rights.erase": _l("a effacé ses données"),
    "rights.expire": _l("a effacé un compte inactif"),
    "journal-key.renew": _l("a changé la clé qui signe le journal"),
    "journal-key.retire": _l("a retiré une ancienne clé du journal"),
}

PURPOSES: tuple[Purpose, ...] = (
    Purpose("sign-in", _l("se connecter"), PUBLIC_TASK, _l("article 6.1.e du RGPD")),
    Purpose("mandate", _l("gérer les mandats"), PUBLIC_TASK, _l("article 6.1.e du RGPD")),
    Purpose("rectification", _l("corriger vos coordonnées"), OBLIGATION, _l("article 16 du RGPD")),
    Purpose("help", _l("vous aider sous mandat"), OBLIGATION, _l("le mandat que vous avez donné")),
    Purpose("recovery-code", _l("se connecter avec un code de secours"), OBLIGATION, _l("article 32 du RGPD")),
    Purpose("team", _l("gérer les accès des agents"), OBLIGATION, _l("article 32 du RGPD")),
    Purpose("security", _l("protéger la plateforme et ce qu’elle garde"), OBLIGATION, _l("article 32 du RGPD")),
    Purpose("account", _l("gérer son compte"), PUBLIC_TASK, _l("article 6.1.e du RGPD")),
    Purpose("rights", _l("exercer vos droits sur vos données"), OBLIGATION, _l("articles 7 et 12 à 22 du RGPD")),
    Purpose("retention", _l("ne pas garder plus longtemps que prévu"), OBLIGATION, _l("article 5.1.e du RGPD")),
    Purpose(
        "request-follow-up",
        _l("traiter une demande que vous avez faite"),
        PUBLIC_TASK,
        _l("article 6.1.e du RGPD ; code des relations entre le public et l’administration, article L. 100-3"),
    ),
    Purpose(
        "entitlement-check",
        _l("vérifier un droit sans vous redemander la pièce"),
        CONTRACT,
        _l("code des relations entre le public et l’administration, articles L. 114-8 et L. 114-9"),
    ),
    Purpose(
        "school-registration",
        _l("inscrire un enfant à l’école, à la cantine ou à une activité"),
        CONSENT,
        _l("votre accord (article 6.1.a du RGPD)"),
        frozenset({"famille"}),
    ),
    Purpose(
        "income-based-rate",
        _l("calculer un tarif selon vos ressources"),
        CONSENT,
        _l("votre accord (article 6.1.a du RGPD)"),
        frozenset({"argent"}),
    ),
    Purpose(
        "housing-request",
        _l("suivre une demande de logement ou d’aide au logement"),
        CONSENT,
        _l("votre accord (article 6.1.a du RGPD)"),
        frozenset({"logement"}),
    ),
    Purpose(
        "travel-card",
        _l("établir une carte de transport ou un stationnement résident"),
        CONSENT,
        _l("votre accord (article 6.1.a du RGPD)"),
        frozenset({"transports"}),
    ),
    Purpose(
        "business-follow-up",
        _l("suivre les démarches de votre entreprise"),
        CONSENT,
        _l("votre accord (article 6.1.a du RGPD)"),
        frozenset({"travail"}),
    ),
)


def purposes() -> dict[str, Purpose]:
    """Every purpose by id, those of every capability."""
    return {each.id: each for _name, offer in plugs.personal_data.items() for each in offer().purposes}


def actions() -> dict[str, Any]:
    """The words of every action."""
    found: dict[str, Any] = {}
    for _name, offer in plugs.personal_data.items():
        found.update(offer().actions)
    return found


def activities() -> list[tuple[str, Activity]]:
    """Every processing activity, with the capability that declares it."""
    return [(name, each) for name, offer in plugs.personal_data.items() for each in offer().activities]


def action_words(action: str, known: Mapping[str, Any] | None = None) -> str:
    """What was done; an action without words still says its name (and a test fails)."""
    words = (actions() if known is None else known).get(action)
    return str(words) if words else _("a fait « %s »") % action


def purpose_words(purpose: str, known: Mapping[str, Purpose] | None = None) -> str:
    """What for."""
    found = (purposes() if known is None else known).get(purpose)
    if found is None and purpose in THEMES:  # what a mandate is about
        return str(THEMES[purpose].title).lower()
    return str(found.words) if found else purpose


_KINDS_OF_CONTACT = {
    "email": _l("Adresse électronique"),
    "phone": _l("Téléphone"),
    "postal": _l("Adresse postale"),
}


def category_words(category: str) -> str:
    """A kind of data: `proof:income-tax`, `contact:email`, `civil-identity`."""
    from .proofs import KINDS

    if category == "civil-identity":
        return _("État civil (nom, prénoms, naissance)")
    group, _colon, kind = category.partition(":")
    if group == "proof" and kind in KINDS:
        return str(KINDS[kind].title)
    if group == "contact" and kind in _KINDS_OF_CONTACT:
        return str(_KINDS_OF_CONTACT[kind])
    return category
