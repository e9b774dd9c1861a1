"""The receipt of a consent: what was agreed, in the terms of ISO/IEC TS 27560:2023, signed.

The technical specification has four sections for a record (header, processing, parties, events) and one more for a
receipt, the copy given to the person. Names of members are those of the specification; what it does not name stands
under `extension`.
"""

import hashlib
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.kernel import signing, site
from lacydon.kernel.clock import now
from lacydon.kernel.texts import said

from ..models import Consent, Organisation
from .words import category_words, purposes

NOTICE = "2026-11"
"""Version of the words of the question."""
SCHEMA = "ISO/IEC TS 27560:2023"


def notice(*, recipient: Organisation, purpose: str, categories: list[str], days: int) -> str:
    """What the person read before answering, in the active language: kept as a hash with the consent."""
    known = purposes()[purpose]
    return "\n".join(
        [
            _("Qui : %s") % name_of(recipient),
            _("Quoi : %s") % ", ".join(category_words(each) for each in categories),
            _("Pour : %s") % known.words,
            _("Fondement : %s") % known.law,
            _("Pendant : %d jours") % days,
            _("Vous pouvez retirer cet accord à tout moment, en un clic, sans donner de raison."),
        ]
    )


def notice_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def name_of(organisation: Organisation | None) -> str:
    """Its name in the reader's language."""
    return said(organisation.name) or organisation.id if organisation else _("la plateforme")


def legal_name_of(organisation: Organisation) -> str:
    """Its name in French, whoever reads."""
    return said(organisation.name, lang="fr") or organisation.id


def receipt(consent: Consent) -> dict[str, Any]:
    """The signed receipt of a consent, as it is now."""
    purpose = purposes().get(consent.purpose)
    recipient = consent.recipient
    events = [
        {
            "event_time": consent.given_at.isoformat(),
            "validity_duration": f"P{(consent.until - consent.given_at).days}D",
            "entity_id": str(consent.given_by_id),
            "event_type": "explicit",
            "event_state": "given",
        }
    ]
    if consent.withdrawn_at:
        events.append(
            {
                "event_time": consent.withdrawn_at.isoformat(),
                "entity_id": str(consent.person_id),
                "event_type": "explicit",
                "event_state": "withdrawn",
            }
        )
    elif consent.until <= now():
        events.append({"event_time": consent.until.isoformat(), "event_type": "implicit", "event_state": "expired"})
    record: dict[str, Any] = {
        "receipt_metadata": {
            "schema_version": SCHEMA,
            "receipt_id": f"urn:uuid:{consent.pk}",
            "issued_at": now().isoformat(),
        },
        "record_header": {
            "schema_version": SCHEMA,
            "record_id": f"urn:uuid:{consent.pk}",
            "pii_principal_id": f"urn:uuid:{consent.person_id}",
        },
        "pii_processing": {
            "privacy_notice": {
                "uri": f"{site.address()}/confiance",
                "version": consent.notice_version,
                "sha256": consent.notice_hash,
            },
            "language": consent.language,
            "purposes": [
                {
                    "purpose": consent.purpose,
                    "purpose_description": str(purpose.words) if purpose else consent.purpose,
                    "lawful_basis": "consent (GDPR art. 6.1.a)",
                    "pii_information": [
                        {"pii_type": each, "pii_description": category_words(each), "pii_optional": True}
                        for each in consent.categories
                    ],
                    "pii_controllers": [recipient.pk],
                    "collection_method": "given by the person in their space of the platform",
                    "processing_methods": ["read"],
                    "storage_locations": ["on this platform, sealed with a key of the person"],
                    "retention_period": consent.until.isoformat(),
                    "jurisdiction": "FR",
                    "recipient_third_parties": [],
                    "withdrawal_method": f"{site.address()}/mon-espace/accords",
                    "privacy_rights": f"{site.address()}/mon-espace/mes-donnees",
                }
            ],
        },
        "party_identification": [
            {
                "party_id": recipient.pk,
                "party_name": legal_name_of(recipient),
                "party_role": "pii_controller",
                "party_type": recipient.kind,
                "party_contact": recipient.data_protection or settings.CONTACT,
            }
        ],
        "events": events,
    }
    if consent.mandate_id:
        record["extension"] = {"given_under_mandate": str(consent.mandate_id), "given_by": str(consent.given_by_id)}
    return signing.signed(record)
