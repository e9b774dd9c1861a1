"""Contracts that share data which is not open, for the agents of both sides."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.capabilities.trust.public import agent_names, authorities, can
from lacydon.kernel.access import Actor, needs
from lacydon.kernel.clock import today
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import contracts as acts
from ..models import Contract
from ..queries import contracts
from ..queries.datasets import dataset

HERE = "data-contracts"


@needs("sharing.see")
@require_safe
def list_contracts(request: HttpRequest) -> HttpResponse:
    """Given and received."""
    actor = _actor(request)
    context = {
        "given": [_line(each, actor) for each in contracts.given(actor.organisation)],
        "received": [_line(each, actor) for each in contracts.received(actor.organisation)],
        "may_give": can(actor, None, "contract.give"),
    }
    return show(
        request, "data/sharing/list.html", context, title=_("Partages de données"), section="agent", here=HERE
    )  # fmt: skip


@needs("sharing.see")
@require_safe
def one(request: HttpRequest, id: UUID) -> HttpResponse:
    """A contract, and who read under it."""
    actor = _actor(request)
    found = contracts.contract_of(actor, id)
    rows = contracts.readings(found)
    ours = found.organisation_id == actor.organisation
    names = agent_names({each.person_id for each in rows if each.person_id}) if ours else {}
    context = {
        **_line(found, actor),
        "labels": _labels(found, actor),
        "readings": [
            {"at": each.at, "version": each.version, "who": _who(each.person_id, names)} for each in rows
        ],
        "total": found.readings.count(),
        "may_end": can(actor, None, "contract.give") and found.revoked_at is None,
    }  # fmt: skip
    title = _("Partage de « %s »") % said(found.dataset.title)
    return show(request, "data/sharing/contract.html", context, title=title, section="agent", here=HERE)


@needs("sharing.see")
@require_safe
def machine_readable(request: HttpRequest, id: UUID) -> HttpResponse:
    """The same as ODRL, in JSON-LD."""
    found = contracts.contract_of(_actor(request), id)
    return JsonResponse(contracts.odrl(found), content_type="application/ld+json")


@needs("contract.give")
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Which dataset first, then to whom and what."""
    actor, form = _actor(request), request.POST
    id = request.GET.get("jeu", "")
    mine = contracts.shareable(actor.organisation)
    if not any(each.pk == id for each in mine):
        context: dict[str, Any] = {"mine": mine}
        return show(
            request, "data/sharing/choose.html", context, title=_("Quel jeu de données partager ?"), section="agent",
            here=HERE,
        )  # fmt: skip
    found = dataset(id, actor=actor)
    refusal: Refused | None = None
    counted: int | None = None
    if request.method == "POST":
        try:
            if form.get("faire") == "essayer":
                counted = acts.tried(actor=actor, id=id, rows=form.get("rows", "")[:2_000])
            else:
                made = acts.give_contract(
                    actor=actor, id=id, to=form.get("to", ""), purpose=form.get("purpose", ""),
                    fields=form.getlist("fields"), rows=form.get("rows", "")[:2_000], until=_day(form.get("until", "")),
                )  # fmt: skip
                sentence = _("Contrat donné : il vaut dès maintenant, et chaque lecture est notée au journal.")
                return done(request, sentence, "data-contract", id=made.pk)
        except Refused as error:
            refusal = error
    context = {
        "dataset": found,
        "organisations": [each for each in authorities() if each.pk != actor.organisation],
        "typed": _typed(form),
        "refusal": refusal,
        "counted": counted,
        "latest": today().replace(year=today().year + 1) if (today().month, today().day) != (2, 29) else None,
    }
    title = _("Partager « %s »") % said(found.title)
    status = refusal.status if refusal else 200
    return show(
        request, "data/sharing/give.html", context, title=title, status=status, section="agent", here=HERE
    )  # fmt: skip


@needs("contract.give")
@require_POST
def end(request: HttpRequest, id: UUID) -> HttpResponse:
    """Either side, with effect on the next read."""
    actor = _actor(request)
    found = contracts.contract_of(actor, id)
    try:
        acts.revoke_contract(actor=actor, contract=found)
    except Refused as error:
        return troubled(request, error.sentence, "data-contract", id=id)
    return done(request, _("C’est fini : plus rien ne se lit sous ce contrat."), "data-contract", id=id)


def _line(contract: Contract, actor: Actor) -> dict[str, Any]:
    return {
        "contract": contract,
        "holds": contracts.holds(contract),
        "coming": contract.revoked_at is None and contract.starts_on > today(),
        "ours": contract.provider_id == actor.organisation,
        "dataset_title": contract.dataset.title,
        "provider": contract.provider.name,
        "reader": contract.organisation.name,
    }


def _labels(contract: Contract, actor: Actor) -> list[str]:
    """The columns as people call them."""
    try:
        known = {each.name: each.label for each in dataset(contract.dataset_id, actor=actor).columns}
    except Refused:
        known = {}
    return [known.get(name, name) for name in contract.fields]


def _who(person: UUID | None, names: Mapping[UUID, str]) -> str:
    """By name inside the organisation, by pseudonym for the other side."""
    if person is None:
        return _("Une machine")
    return names.get(person) or _("Agent %s") % str(person)[:8]


def _typed(form: Any) -> dict[str, Any]:
    """No column is shared unless it is ticked (GDPR art. 25.2)."""
    words = {name: form.get(name, "") for name in ("to", "purpose", "rows", "until")}
    return words | {"fields": form.getlist("fields")}


def _day(typed: str) -> date:
    try:
        day = parse_date(typed[:10])
    except ValueError:
        day = None
    if day is None or not 1900 < day.year < 9999:
        raise BadInput(_("Choisissez une date de fin."), field="until")
    return day


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


urlpatterns = [
    path("agent/donnees-partagees", list_contracts, name="data-contracts"),
    path("agent/donnees-partagees/donner", give, name="data-contract-give"),
    path("agent/donnees-partagees/<uuid:id>", one, name="data-contract"),
    path("agent/donnees-partagees/<uuid:id>/odrl", machine_readable, name="data-contract-odrl"),
    path("agent/donnees-partagees/<uuid:id>/fin", end, name="data-contract-end"),
]
