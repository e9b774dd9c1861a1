"""What each kind of step is, in words, and whether somebody is told of it. Each topic adds its lines under its mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _l

WAITING, DECISION, MESSAGE, PROGRESS, NEVER = "waiting", "decision", "message", "progress", ""
"""What a step tells: it waits for you, it is decided or over, somebody wrote, it goes on; or nothing to tell."""
EVENTS: Mapping[str, Any] = {
    WAITING: _l("On attend quelque chose de moi"),
    DECISION: _l("Ma demande est décidée ou close"),
    MESSAGE: _l("On m’écrit"),
    PROGRESS: _l("Ma demande avance"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of step. `title`: a few words, as the head of a line; `event`: one of EVENTS, or NEVER."""

    title: Any
    icon: str = "info"
    event: str = PROGRESS


KINDS: Mapping[str, Kind] = {
    "opened": Kind(_l("Demande reçue"), "check", NEVER),  # the receipt tells it
    # -- life
    "message": Kind(_l("Message"), "email", MESSAGE),
    "document-asked": Kind(_l("Document demandé"), "ask", WAITING),
    "document-given": Kind(_l("Document donné"), "doc", PROGRESS),
    "document-accepted": Kind(_l("Document accepté"), "check", PROGRESS),
    "document-refused": Kind(_l("Document à refaire"), "alert", WAITING),
    "document-cancelled": Kind(_l("Document qui n’est plus demandé"), "info", PROGRESS),
    "document-reminder": Kind(_l("Rappel : un document est attendu"), "clock", WAITING),
    "document-late": Kind(_l("Document non reçu à temps"), "clock", NEVER),
    "taken": Kind(_l("Prise en charge"), "hand", PROGRESS),
    "decided": Kind(_l("Décision"), "scale", DECISION),
    "tacit": Kind(_l("Décision par le silence de l’administration"), "scale", DECISION),
    "withdrawn": Kind(_l("Demande retirée"), "back", DECISION),
    "reopened": Kind(_l("Demande rouverte"), "alert", PROGRESS),
    "rated": Kind(_l("Avis donné"), "heart", NEVER),
    "due-soon": Kind(_l("Le délai de réponse approche"), "clock", NEVER),
    "overdue": Kind(_l("Le délai de réponse est dépassé"), "alert", NEVER),
    # -- desk
    "assigned": Kind(_l("Confiée à un agent"), "person", NEVER),
    "unassigned": Kind(_l("N’est plus confiée à personne"), "person", NEVER),
    "note": Kind(_l("Note interne"), "doc", NEVER),
    "merged": Kind(_l("Jointe à une autre demande qui dit la même chose"), "box", DECISION),
    "absorbed": Kind(_l("Une autre demande y est jointe"), "box", NEVER),
    "followed": Kind(_l("La demande à laquelle la vôtre est jointe est close"), "check", DECISION),
    "transferred": Kind(_l("Transmise à une autre autorité"), "out", PROGRESS),
    # -- reports
    # -- delivery
    "hidden": Kind(_l("Retirée de la carte publique"), "info", NEVER),
    "shown": Kind(_l("Remise sur la carte publique"), "info", NEVER),
    "photo-shown": Kind(_l("Photo montrée à tous"), "info", NEVER),
    "photo-hidden": Kind(_l("Photo retirée de la page publique"), "info", NEVER),
    "sent": Kind(_l("Transmise à l’autorité compétente"), "post", PROGRESS),
    "acknowledged": Kind(_l("Bien reçue par l’autorité compétente"), "check", PROGRESS),
    "finish-there": Kind(_l("À finir sur le site de l’autorité"), "out", WAITING),
    "status": Kind(_l("Nouvelles de l’autorité"), "info", PROGRESS),
    "replayed": Kind(_l("Transmission recommencée"), "post", NEVER),
    "not-relayed": Kind(_l("L’autre logiciel n’en sait rien : prévenez-le"), "alert", NEVER),
    "kept": Kind(_l("Gardée ici, pour être traitée à la main"), "box", NEVER),
    # -- appointments and payments
    "appointment-booked": Kind(_l("Rendez-vous pris"), "clock", NEVER),
    "payment-asked": Kind(_l("À payer"), "euro", WAITING),
    "payment-paid": Kind(_l("Payé"), "check", PROGRESS),
    "payment-refused": Kind(_l("Paiement refusé par la banque"), "alert", NEVER),
    "payment-abandoned": Kind(_l("Paiement abandonné"), "info", NEVER),
    "payment-waived": Kind(_l("Rien à payer"), "check", PROGRESS),
    "payment-refunded": Kind(_l("Remboursé"), "euro", PROGRESS),
    "payment-mismatch": Kind(_l("Un paiement ne correspond pas à ce qui est dû"), "alert", NEVER),
    "payment-not-owed": Kind(_l("De l’argent a été reçu qui n’était plus dû : à rembourser"), "alert", NEVER),
}
OTHER = Kind(_l("Étape de la demande"), "info", PROGRESS)
"""A kind that says nothing of itself here."""


def kind_of(kind: str) -> Kind:
    """What a kind of step is."""
    return KINDS.get(kind, OTHER)
