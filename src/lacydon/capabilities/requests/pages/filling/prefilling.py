"""What is known already, proposed in the fields: shown with where it comes from, changed freely, sent only if kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel import plugs
from lacydon.kernel.errors import Refused
from lacydon.kernel.forms import Field, Page
from lacydon.kernel.forms.definition import MEDIA_TYPES

from ...actions import attachments
from ...queries.companies import number_in_groups, register
from ...queries.drafts import Opened, Where
from .posting import Posted
from .visiting import actor_of

CLAIMS = {
    "identity.given_name": "given_names",
    "identity.family_name": "family_name",
    "identity.birthdate": "birthdate",
}


@dataclass(slots=True)
class Proposals:
    """`raw`: by HTML name; `sources`: the sentence that says where each comes from."""

    raw: dict[str, list[str]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)


def proposals(
    request: HttpRequest, where: Where, page: Page, raw: Mapping[str, list[str]], found: Opened | None
) -> Proposals | None:
    """For the fields of a page that was never answered."""
    wanted = [each for each in page.fields if each.prefill and not any(raw.get(each.id, ()))]
    if not wanted or (found is not None and page.id in found.facts.get("seen", ())):
        return None
    told = Proposals()
    for each in wanted:
        value, source = _known(request, where, each.prefill)
        if not value:
            continue
        if each.type == "date":
            born = date.fromisoformat(value)
            told.raw |= {
                f"{each.id}-day": [str(born.day)], f"{each.id}-month": [str(born.month)],
                f"{each.id}-year": [str(born.year)],
            }  # fmt: skip
        else:
            told.raw[each.id] = [value]
            if each.prefill.startswith("company."):
                told.raw[f"{each.id}-from"] = [value]
        told.sources[each.id] = source
    return told


def _known(request: HttpRequest, where: Where, what: str) -> tuple[str, str]:
    """A value, and where it comes from; nothing when it is not known."""
    if what == "commune" and where.citycode:
        return territory.place_of(where.citycode).commune.code, _("D’après le lieu que vous avez indiqué.")
    actor = actor_of(request)
    if not actor.known:
        return "", ""
    if what in CLAIMS and not actor.mandate:
        claims = _claims(request)
        return _claim(claims, what), _("D’après votre connexion. Vous pouvez corriger.")
    if what.startswith("company."):
        return _company(request, what.removeprefix("company."))
    if what.startswith("contact."):
        return _contact(request, what.removeprefix("contact.")), _("D’après vos coordonnées. Vous pouvez corriger.")
    return "", ""


def _claims(request: HttpRequest) -> Mapping[str, Any]:
    for _name, offer in plugs.proven_claims.items():
        return offer(request) or {}
    return {}


def _claim(claims: Mapping[str, Any], what: str) -> str:
    if what == "identity.given_name":
        first = next(iter(claims.get(CLAIMS[what]) or ()), "")
        return first.title() if first.isupper() else first
    told = str(claims.get(CLAIMS[what], ""))
    if what == "identity.birthdate":
        try:
            return date.fromisoformat(told).isoformat()
        except ValueError:
            return ""
    return told


def _contact(request: HttpRequest, kind: str) -> str:
    return trust.own_contact(actor_of(request), kind=kind)


def _company(request: HttpRequest, what: str) -> tuple[str, str]:
    """What the mandate in hand says of the company; the register says the rest, when it is asked to."""
    mine = trust.own_company(actor_of(request))
    if mine is None:
        return "", ""
    source = _("D’après votre mandat. Vous pouvez corriger.")
    if what in ("name", "trade_name"):
        return mine.name, source
    if what == "siren":
        return mine.siren, source
    if what == "siret" and register() is not None:
        return number_in_groups(mine.siren), _(
            "Le SIREN d’après votre mandat. Pour le SIRET du siège, pressez « Retrouver l’entreprise »."
        )
    return "", ""


def proofs(request: HttpRequest, page: Page) -> dict[str, str]:
    """Documents given earlier, by the name of the question they may answer: to be ticked, never sent by themselves."""
    found = {}
    for each, proof in _proofs(request, page):
        given = {"what": proof.kind.title, "name": proof.name, "day": date_format(proof.given_at, "j F Y")}
        sentence = _("J’accepte de joindre mon justificatif déjà donné le %(day)s : %(what)s, « %(name)s ».")
        found[each.id] = sentence % given
    return found


def take_proofs(request: HttpRequest, told: Posted, page: Page, found: Opened) -> None:
    """Those whose reuse was just ticked are copied into the draft; the journal notes it, as for any reading of them."""
    for each, proof in _proofs(request, page):
        if told.raw.get(f"{each.id}-proof") == ["yes"] and not told.raw.get(each.id):
            try:
                name, _media, content = trust.download_proof(actor=actor_of(request), proof=proof.id)
                kept = attachments.attach(found=found, field=each, file=BytesIO(content), name=name)
                told.raw[each.id] = [str(kept.pk)]
            except Refused as refusal:
                told.errors[each.id] = str(refusal.sentence)


def _proofs(request: HttpRequest, page: Page) -> Iterator[tuple[Field, Any]]:
    actor = actor_of(request)
    asked = [each for each in page.fields if each.type == "file" and each.prefill.startswith("proof:")]
    if asked and actor.known:
        for each in asked:
            proof = trust.own_proof(actor, kind=each.prefill.removeprefix("proof:"))
            if proof is not None and proof.media_type in {MEDIA_TYPES[kind] for kind in each.accept}:
                yield each, proof
