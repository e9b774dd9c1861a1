"""All that trust knows of a person, in words and for machines; nothing of anybody else."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from ..models import (
    Authenticator,
    CivilIdentity,
    Consent,
    Contest,
    Entry,
    Identity,
    LocalAccount,
    Mandate,
    Membership,
    Passkey,
    Person,
    Proof,
    Session,
)  # fmt: skip
from . import contests, leaves, proofs
from .accesses import Access, in_words
from .accounts import email_of
from .contacts import contacts
from .keys import key_of
from .people import civil_identity
from .receipts import name_of, receipt
from .words import category_words, purpose_words


def export(person: str) -> Mapping[str, Any]:
    """Label → list of records, each label → value."""
    sections = {
        _("Compte"): _account(person),
        _("Moyens de se connecter"): _ways_in(person),
        _("Sessions ouvertes"): _sessions(person),
        _("État civil"): _civil(person),
        _("Coordonnées"): _contacts(person),
        _("Justificatifs"): _proofs(person),
        _("Accords"): _consents(person),
        _("Mandats donnés"): _mandates(person, given=True),
        _("Mandats reçus"): _mandates(person, given=False),
        _("Organismes et rôles"): _memberships(person),
        _("Accès contestés"): _contests(person),
        _("Accès à mes données"): _accesses(person),
        _("Ce que j’ai fait pour d’autres"): _acts(person),
    }
    return {label: records for label, records in sections.items() if records}


def files(person: str) -> Iterable[tuple[str, bytes]]:
    """The documents themselves, and the receipts."""
    for number, row in enumerate(Proof.objects.filter(person_id=person).order_by("given_at", "pk"), 1):
        yield f"justificatifs/{number:02d}-{proofs.name_of(row)}", proofs.content_of(row)
    for agreed in Consent.objects.filter(person_id=person).select_related("recipient"):
        yield f"accords/{agreed.pk}.json", json.dumps(receipt(agreed), ensure_ascii=False, indent=1).encode()


def _account(person: str) -> list[dict[str, Any]]:
    row = Person.objects.get(pk=person)
    return [{_("Pseudonyme"): str(row.pk), _("Genre"): row.kind, _("Ouvert le"): row.created_at.isoformat()}]


def _ways_in(person: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            _("Fournisseur"): row.provider,
            _("Émetteur"): row.issuer,
            _("Empreinte de l’identifiant"): row.subject_hash,
            _("Niveau"): row.assurance,
            _("Lié le"): row.linked_at.isoformat(),
            _("Vu le"): row.last_seen_at.isoformat(),
        }
        for row in Identity.objects.filter(person_id=person).order_by("linked_at")
    ]
    for account in LocalAccount.objects.filter(person_id=person):
        found.append(
            {
                _("Fournisseur"): _("Compte de cette plateforme"),
                _("Phrase de passe"): bool(account.passphrase),
                _("Adresse"): email_of(account),
                _("Code à usage unique"): Authenticator.objects.filter(
                    person_id=person, confirmed_at__isnull=False
                ).exists(),
                _("Ouvert le"): account.created_at.isoformat(),
            }
        )
    for key in Passkey.objects.filter(person_id=person):
        found.append({_("Clé d’accès"): key.name, _("Ajoutée le"): key.created_at.isoformat()})
    return found


def _sessions(person: str) -> list[dict[str, Any]]:
    rows = Session.objects.filter(person_id=person).order_by("created_at")
    return [
        {
            _("Ouverte le"): row.created_at.isoformat(),
            _("Vue le"): row.seen_at.isoformat(),
            _("Navigateur"): row.browser,
        }
        for row in rows
    ]


def _civil(person: str) -> list[dict[str, Any]]:
    rows = CivilIdentity.objects.filter(person_id=person)
    return [
        {_("Pour"): purpose_words(row.purpose), _("Gardé jusqu’au"): row.kept_until.isoformat()}
        | (civil_identity(person, purpose=row.purpose) or {})
        for row in rows
    ]


def _contacts(person: str) -> list[dict[str, Any]]:
    return [
        {
            category_words(f"contact:{each.kind}"): each.value,
            _("Vérifié"): each.verified,
            _("Bientôt remplacé par"): each.coming or None,
        }
        for each in contacts(person)
        if each.value or each.coming
    ]


def _proofs(person: str) -> list[dict[str, Any]]:
    return [
        {
            _("Justificatif"): category_words(f"proof:{row.kind}"),
            _("Fichier"): proofs.name_of(row),
            _("Octets"): row.size,
            _("Donné le"): row.given_at.isoformat(),
            _("Donné par un aidant"): row.given_by_id != row.person_id,
            _("Gardé jusqu’au"): row.kept_until.isoformat(),
        }
        for row in Proof.objects.filter(person_id=person).order_by("given_at")
    ]


def _consents(person: str) -> list[dict[str, Any]]:
    return [
        {
            _("Reçu"): str(row.pk),
            _("Organisme"): name_of(row.recipient),
            _("Pour"): purpose_words(row.purpose),
            _("Données"): [category_words(each) for each in row.categories],
            _("Donné le"): row.given_at.isoformat(),
            _("Jusqu’au"): row.until.isoformat(),
            _("Retiré le"): row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        }
        for row in Consent.objects.filter(person_id=person).select_related("recipient").order_by("given_at")
    ]


def _mandates(person: str, *, given: bool) -> list[dict[str, Any]]:
    rows = Mandate.objects.filter(Q(principal=person) if given else Q(holder=person))
    return [
        {
            _("Référence"): row.reference,
            _("Genre"): row.kind,
            _("Organisme"): name_of(row.organisation) if row.organisation_id else None,
            _("Thèmes"): row.scope,
            _("Du"): row.starts_at.isoformat(),
            _("Au"): row.ends_at.isoformat(),
            _("Confirmé le"): row.confirmed_at.isoformat() if row.confirmed_at else None,
            _("Retiré le"): row.revoked_at.isoformat() if row.revoked_at else None,
        }
        for row in rows.select_related("organisation").order_by("created_at")
    ]


def _memberships(person: str) -> list[dict[str, Any]]:
    return [
        {
            _("Organisme"): name_of(row.organisation),
            _("Rôles"): [grant.role for grant in row.roles.all()],
            _("Depuis"): row.since.isoformat(),
            _("Jusqu’au"): row.until.isoformat() if row.until else None,
        }
        for row in Membership.objects.filter(person_id=person).select_related("organisation").prefetch_related("roles")
    ]


def _contests(person: str) -> list[dict[str, Any]]:
    return [
        {
            _("Ouverte le"): row.opened_at.isoformat(),
            _("Organisme"): name_of(row.organisation),
            _("Ce que j’ai écrit"): contests.text_of(row),
            _("Réponse"): contests.answer_of(row) or None,
        }
        for row in Contest.objects.filter(person_id=person).select_related("organisation").order_by("opened_at")
    ]


def _accesses(person: str) -> list[dict[str, Any]]:
    rows = Entry.objects.filter(subject=UUID(person)).order_by("at", "pk")
    key = leaves.journal_key_of(key_of(person))
    return [
        {
            _("Entrée du journal"): each.id,
            _("Le"): each.at.isoformat(),
            _("Qui"): each.who,
            _("Rôle"): each.role,
            _("Action"): each.action,
            _("Pour"): each.purpose,
            _("Donnée"): each.object,
            _("Fondement"): each.consent or each.contract or each.law,
            _("Mandat"): each.mandate,
            _("Sels"): _salts(key, each),
        }
        for each in in_words(rows)
    ]


def _acts(person: str) -> list[dict[str, Any]]:
    """What an agent or a helper did for others: that it was done, not for whom nor on what."""
    rows = Entry.objects.filter(actor=UUID(person)).exclude(subject=UUID(person)).order_by("at", "pk")
    return [
        {
            _("Le"): each.at.isoformat(),
            _("Action"): each.action,
            _("Pour"): each.purpose,
            _("Organisme"): each.organisation,
        }
        for each in rows
    ]


def _salts(key: bytes, access: Access) -> list[str]:
    """What opens the commitments of an entry; that of who acted stays closed, when it was somebody else."""
    made = zip(leaves.HIDDEN, leaves.salts(key, access.id), strict=True)
    return [f"{name}:{salt.hex()}" for name, salt in made if name != "actor" or access.mine]
