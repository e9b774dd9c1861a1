"""All that requests know of a person, in words and for machines; what an erasure leaves."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from lacydon.kernel.personal import Kept

from ..models import Appointment, Draft, Payment, Preferences, PushSubscription, Request
from .appointments import comer
from .drafts import SENT
from .sealed import key_of, unseal
from .words import OUTCOMES, STATES


def export(person: str) -> Mapping[str, Any]:
    """Label → list of records, each label → value."""
    sections = {
        _("Demandes"): [_request(row) for row in _requests(person)],
        _("Brouillons de demandes"): [
            {_("Formulaire"): row.form.form, _("Commencé le"): row.created_at.isoformat(), **_answers(row)}
            for row in _drafts(person)
        ],
        _("Être prévenu de mes demandes"): _notifications(person),
        _("Rendez-vous"): _appointments(person),
    }
    return {label: records for label, records in sections.items() if records}


def kept(person: str) -> Iterable[Kept]:
    """Requests still open stay until they are answered (GDPR art. 17.3.b)."""
    number = Request.objects.filter(person_id=person).exclude(state="closed").count()
    if number:
        yield Kept(
            what=_("Vos demandes en cours (%d)") % number,
            ground=_("L’autorité doit y répondre (article 17.3.b du RGPD)."),
            until=_("leur clôture, puis elles sont effacées"),
        )


def _drafts(person: str) -> Iterable[Draft]:
    """Those being filled in: one that was sent stays a day, empty, only to lead to its receipt."""
    rows = Draft.objects.filter(person_id=person).exclude(page=SENT)
    return rows.select_related("form").order_by("created_at")


def _requests(person: str) -> Iterable[Request]:
    rows = Request.objects.filter(person_id=person, wrapped__isnull=False).select_related("form", "organisation")
    return rows.prefetch_related("steps", "deliveries").order_by("opened_at")


def _request(row: Request) -> dict[str, Any]:
    key = key_of(row)
    steps = [
        {
            _("Le"): step.at.isoformat(),
            _("Étape"): step.kind,
            _("Mots"): unseal(step.sealed, key=key, holder=step, field="sealed"),
        }
        for step in row.steps.all()
        if step.public
    ]
    return {
        _("Numéro"): row.number,
        _("Formulaire"): row.form.form,
        _("Autorité"): row.organisation_id,
        _("État"): str(OUTCOMES[row.outcome] if row.outcome else STATES[row.state]),
        _("Déposée le"): row.opened_at.isoformat(),
        _("Réponses"): unseal(row.sealed, key=key, holder=row, field="sealed"),
        _("Suivi"): steps,
        _("Transmise à"): [
            {
                _("Autorité"): each.authority,
                _("Le"): each.handed_at.isoformat(),
                _("Numéro chez elle"): each.reference,
            }
            for each in row.deliveries.all()
            if each.handed_at
        ],
        **_payment(row),
    }


def _payment(row: Request) -> dict[str, Any]:
    found = Payment.objects.filter(request=row).first()
    return {_("Paiement"): f"{found.reference} : {found.amount} EUR, {found.state}"} if found else {}


def _appointments(person: str) -> list[dict[str, Any]]:
    rows = Appointment.objects.filter(person_id=person, wrapped__isnull=False).order_by("starts_at")
    return [
        {
            _("Numéro"): row.number,
            _("Motif"): row.motive_id,
            _("Lieu"): row.place_id,
            _("Le"): row.starts_at.isoformat(),
            _("État"): row.state,
            _("Nom"): (who := comer(row)).name,
            _("Courriel"): who.email,
            _("Téléphone"): who.phone,
        }
        for row in rows
    ]


def _answers(row: Draft) -> dict[str, Any]:
    return {_("Réponses"): unseal(row.sealed, key=key_of(row), holder=row, field="sealed")}


def _notifications(person: str) -> list[dict[str, Any]]:
    chosen = [
        {
            _("Choix"): sorted(row.wanted),
            _("Silence de"): row.quiet_from,
            _("Silence jusqu’à"): row.quiet_until,
            _("Point du matin"): row.digest,
            _("Depuis le"): row.changed_at.isoformat(),
        }
        for row in Preferences.objects.filter(person_id=person)
    ]
    browsers = PushSubscription.objects.filter(person_id=person).order_by("created_at")
    return chosen + [{_("Navigateur"): row.browser, _("Depuis le"): row.created_at.isoformat()} for row in browsers]
