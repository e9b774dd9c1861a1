"""What an action and a purpose of requests are, in words a resident reads on their page of accesses.

Each topic adds its lines under its mark.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.personal import PUBLIC_TASK, Purpose

from ..models import Outcome, RequestState

# As the end of a sentence whose subject is who acted (« La Ville » … « a ouvert votre demande »).
ACTIONS: Mapping[str, Any] = {
    "request.open": _l("a déposé une demande"),
    "request.read": _l("a ouvert le dossier de votre demande"),
    "request.write": _l("a écrit sur une demande"),
    # -- filling
    # -- life
    "request.handle": _l("a traité votre demande"),
    "request.decide": _l("a décidé de votre demande"),
    "request.rate": _l("a reçu votre avis sur une demande"),
    "request.lapse": _l("a appliqué les délais de votre demande"),
    "notifications.change": _l("a changé ce dont vous voulez être prévenu"),
    "request.tell": _l("vous a prévenu de l’avancement d’une demande"),
    # -- desk
    "request.assign": _l("a confié votre demande à un agent"),
    "request.attachment": _l("a ouvert une pièce de votre demande"),
    "request.merge": _l("a joint deux demandes qui disent la même chose"),
    "request.transfer": _l("a transmis votre demande à l’autorité compétente"),
    "request.tell-joined": _l("vous a dit ce que devient la demande à laquelle la vôtre est jointe"),
    "request.export": _l("a exporté une liste de demandes"),
    "desk.manage": _l("a réglé son bureau"),
    # -- reports
    # -- delivery
    "request.deliver": _l("a transmis votre demande à l’autorité compétente"),
    "request.follow": _l("a noté ce que devient votre demande"),
    "delivery.replay": _l("a relancé la transmission de votre demande"),
    # -- appointments and payments
    "appointment.book": _l("a pris un rendez-vous"),
    "appointment.move": _l("a déplacé un rendez-vous"),
    "appointment.cancel": _l("a annulé un rendez-vous"),
    "appointment.read": _l("a vu votre nom dans ses rendez-vous du jour"),
    "appointment.handle": _l("a noté ce que devient votre rendez-vous"),
    "payment.settle": _l("a noté ce que devient un paiement"),
    "payment.handle": _l("a dispensé ou remboursé un paiement"),
    # -- forms
    "form.save": _l("a enregistré le brouillon d’un formulaire"),
    "form.publish": _l("a publié un formulaire"),
    "form.withdraw": _l("a retiré un formulaire"),
}

PURPOSES: tuple[Purpose, ...] = (
    Purpose("requests", _l("traiter une demande"), PUBLIC_TASK, _l("article 6.1.e du RGPD")),
    Purpose("forms", _l("tenir les formulaires à jour"), PUBLIC_TASK, _l("article L. 112-9 du CRPA")),
    Purpose("delivery", _l("transmettre une demande"), PUBLIC_TASK, _l("article L. 114-2 du CRPA")),
    Purpose("appointments", _l("recevoir au guichet"), PUBLIC_TASK, _l("article 6.1.e du RGPD")),
)

STATES: Mapping[str, Any] = {
    RequestState.RECEIVED: _l("Reçue"),
    RequestState.SENT: _l("Transmise"),
    RequestState.IN_PROGRESS: _l("Prise en charge"),
    RequestState.WAITING: _l("En attente de vous"),
    RequestState.CLOSED: _l("Close"),
}
OUTCOMES: Mapping[str, Any] = {
    Outcome.SOLVED: _l("Résolue"),
    Outcome.UNSOLVED: _l("Non résolue"),
    Outcome.ACCEPTED: _l("Acceptée"),
    Outcome.PARTLY: _l("Acceptée en partie"),
    Outcome.REFUSED: _l("Refusée"),
    Outcome.WITHDRAWN: _l("Retirée"),
    Outcome.DUPLICATE: _l("Jointe à une autre"),
    Outcome.TACIT_ACCEPTED: _l("Acceptée : le silence vaut accord"),
    Outcome.TACIT_REFUSED: _l("Refusée : le silence vaut rejet"),
}
