"""Supporting documents given once (« Dites-le-nous une fois »): their kinds, and those a person gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import NotFound

from ..models import Proof
from .keys import unseal_of

YEAR = timedelta(days=365)
MONTH = timedelta(days=31)
LARGEST = 10 * 1024 * 1024
"""Bytes of one document: it is sealed whole in the database."""
LARGEST_SUM = 50 * 1024 * 1024
"""Bytes of all the documents of a person."""
TYPES: Mapping[str, str] = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
"""What a document may be, and how its name ends."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document. `themes`: what a mandate must cover; `kept`: how long it is worth something."""

    id: str
    title: Any
    help: Any
    themes: frozenset[str]
    kept: timedelta


@dataclass(frozen=True, slots=True)
class Of:
    """What the policy asks of an object: whose it is, within which themes."""

    person_id: str
    themes: frozenset[str] = frozenset()


def _kind(id: str, title: Any, help: Any, themes: str, kept: timedelta) -> Kind:
    return Kind(id, title, help, frozenset(themes.split()), kept)


KINDS: Mapping[str, Kind] = {
    each.id: each
    for each in (
        _kind(
            "residence",
            _l("Justificatif de domicile"),
            _l("Facture d’eau, d’énergie ou d’internet, ou quittance de loyer, de moins de trois mois."),
            "logement papiers",
            3 * MONTH,
        ),
        _kind("income-tax", _l("Avis d’imposition"), _l("Le dernier reçu, toutes les pages."), "argent", YEAR),
        _kind("family-record", _l("Livret de famille"), _l("Toutes les pages remplies."), "famille papiers", 2 * YEAR),
        _kind(
            "caf",
            _l("Attestation de la CAF"),
            _l("L’attestation de quotient familial, à prendre sur caf.fr."),
            "famille argent",
            3 * MONTH,
        ),
        _kind(
            "school",
            _l("Certificat de scolarité"),
            _l("Celui de l’année en cours, donné par l’établissement."),
            "famille",
            YEAR,
        ),
        _kind(
            "identity",
            _l("Pièce d’identité"),
            _l("Carte d’identité, passeport ou titre de séjour en cours de validité, recto et verso."),
            "papiers",
            YEAR,
        ),
        _kind("driving-licence", _l("Permis de conduire"), _l("Recto et verso."), "transports papiers", 2 * YEAR),
        _kind(
            "disability",
            _l("Carte mobilité inclusion ou attestation MDPH"),
            _l("La décision ou la carte, en cours de validité."),
            "social",
            YEAR,
        ),
        _kind(
            "job-seeker",
            _l("Attestation de France Travail"),
            _l("L’attestation d’inscription du mois."),
            "travail",
            3 * MONTH,
        ),
        _kind("company", _l("Extrait Kbis"), _l("De moins de trois mois."), "travail", 3 * MONTH),
        _kind(
            "bank",
            _l("Relevé d’identité bancaire (RIB)"),
            _l("Celui du compte à créditer ou à débiter."),
            "argent",
            YEAR,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Held:
    """A document of a person, as its owner sees it."""

    id: str
    kind: Kind
    name: str
    media_type: str
    size: int
    given_at: Any
    kept_until: Any
    given_by_id: UUID | None
    """Who gave it, when it was somebody else."""
    mandate: Any


def kind_of(id: str) -> Kind:
    """Raises NotFound."""
    if id not in KINDS:
        raise NotFound(_("Ce genre de justificatif n’existe pas ici."), field="kind")
    return KINDS[id]


def scope_of(kind: str, *, person: str) -> Of:
    return Of(person_id=person, themes=KINDS[kind].themes if kind in KINDS else frozenset())


def proofs_of(actor: Actor) -> list[Held]:
    """The documents of the person the actor acts for, newest first; under a mandate, those of its themes only."""
    rows = Proof.objects.filter(person_id=actor.principal, kept_until__gt=now()).select_related("mandate__organisation")
    return [_held(row) for row in rows.defer("sealed").order_by("-given_at") if _seen(actor, row.kind)]


def live_proof(person: UUID | str, *, kind: str) -> Proof | None:
    """The last document of this kind that is still worth something."""
    rows = Proof.objects.filter(person_id=person, kind=kind, kept_until__gt=now())
    return rows.order_by("-given_at", "-pk").first()


def proof_of(actor: Actor, id: str) -> Proof:
    """One document of the person the actor acts for. Raises NotFound, also for somebody else's."""
    found = Proof.objects.filter(pk=id, person_id=actor.principal, kept_until__gt=now()).first()
    if found is None or not _seen(actor, found.kind):
        raise NotFound(_("Ce justificatif n’existe pas, ou n’est plus là."))
    return found


def content_of(proof: Proof) -> bytes:
    """The document itself. Whoever calls this records it."""
    return unseal_of(proof.person_id, proof.sealed, place=place(proof.id, "sealed"))


def name_of(proof: Proof) -> str:
    return unseal_of(proof.person_id, proof.name_sealed, place=place(proof.id, "name_sealed")).decode()


def place(id: UUID | str, field: str) -> str:
    return f"trust_proof:{id}:{field}"


def _seen(actor: Actor, kind: str) -> bool:
    return not actor.mandate or not actor.scope.isdisjoint(KINDS[kind].themes if kind in KINDS else ())


def _held(row: Proof) -> Held:
    return Held(
        id=str(row.pk),
        kind=KINDS[row.kind],
        name=name_of(row),
        media_type=row.media_type,
        size=row.size,
        given_at=row.given_at,
        kept_until=row.kept_until,
        given_by_id=row.given_by_id if row.given_by_id != row.person_id else None,
        mandate=row.mandate,
    )
