"""Physical works of the agenda in OC4IDS, the standard of infrastructure projects (Open Contracting, CoST).

Source: OC4IDS 0.9, `project-schema.json` and `project-package-schema.json`, transcribed field by field. The standard is
for physical assets: only actions that deploy something, or whose credits are tangible assets (M57 accounts 21 and 23),
are projects here; the rest of the agenda is in its own API. Being paused or late has no word in the standard.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.clock import LOCAL
from lacydon.kernel.texts import Text, said

from ...models import State
from ..chart import Chart
from ..nouns import Action, Axis, Budget, LegalAct, Policy
from ..plan.words import FUNDERS, GOALS

VERSION = "0.9"
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
STATUSES = {
    "idee": "identification", "etude": "preparation", "decidee": "preparation", "en-cours": "implementation",
    "en-pause": "implementation", "realisee": "completed", "abandonnee": "cancelled",
}  # fmt: skip
ROLES = {
    "pilote": "publicAuthority", "financeur": "funder", "partenaire": "partner", "prestataire": "supplier",
    "beneficiaire": "beneficiary",
}  # fmt: skip
TANGIBLE = ("21", "23")
"""Accounts of tangible assets, acquired and in the making."""


def works(public: Chart) -> list[Action]:
    """The actions that build something."""
    return [each for each in public.all(Action) if each.kind == "deploiement" or _tangible(public, each)]


def package(public: Chart, *, address: str) -> dict[str, Any]:
    """All of them; `projects` is empty when nothing is built."""
    agenda = public.agenda()
    siren = agenda.siren if agenda else ""
    house = next((each for each in territory.authorities() if each.siren and each.siren == siren), None)
    found = works(public)
    ids = [each.id for each in found]
    rows = State.objects.filter(kind="action", object__in=ids, number__gt=0)
    if public.at:
        rows = rows.filter(at__lte=public.at)
    updated: dict[str, datetime] = {}
    for id, at in rows.values_list("object", "at"):
        updated[id] = max(at, updated.get(id, at))
    publisher = {"name": said(house.name) if house else territory.territory_name()}
    if siren:
        publisher |= {"scheme": "FR-INSEE", "uid": siren}
    last = max(updated.values(), default=None)
    return {
        "uri": address, "publishedDate": last.isoformat() if last else _moment(date(2000, 1, 1)), "version": VERSION,
        "publisher": publisher, "license": LICENCE,
        "projects": [project(public, each, siren=siren, updated=updated.get(each.id)) for each in found],
    }  # fmt: skip


def project(public: Chart, action: Action, *, siren: str = "", updated: datetime | None = None) -> dict[str, Any]:
    """One action as a project."""
    budgets = public.budgets_of_action.get(action.id, ())
    parties = _parties(action, budgets)
    made = {
        "id": f"{siren}-{action.id}" if siren else action.id,
        "updated": updated.isoformat() if updated else None,
        "title": _said(action.title),
        "description": _said(action.description),
        "status": STATUSES[action.status],
        "purpose": _said(action.problem),
        "period": _period(action),
        "type": "construction" if _tangible(public, action) else None,
        "additionalClassifications": _classifications(public, action),
        "locations": _locations(action),
        "budget": _budget(public, budgets, parties),
        "parties": list(parties.values()),
        "documents": _documents(public, action, budgets),
        "contractingProcesses": [_contract(each) for each in action.contracts],
        "completion": _completion(action, budgets),
    }
    return {name: value for name, value in made.items() if value not in (None, [], {})}


def _tangible(public: Chart, action: Action) -> bool:
    return any(each.nature.startswith(TANGIBLE) for each in public.budgets_of_action.get(action.id, ()))


def _said(text: Text) -> str:
    return said(text.stored())


def _moment(day: date) -> str:
    """The standard wants a date with an hour: midnight here."""
    return datetime.combine(day, time(), tzinfo=LOCAL).isoformat()


def _value(amount: Decimal) -> dict[str, Any]:
    return {"amount": float(amount), "currency": "EUR"}


def _period(action: Action) -> dict[str, Any]:
    """As it is thought today: real, else revised, else voted."""
    revised = action.revised[-1] if action.revised else None
    start = action.actual.start or (revised.start if revised else None) or action.planned.start
    end = action.actual.end or (revised.end if revised else None) or action.planned.end
    made = {"startDate": start, "endDate": end}
    return {name: _moment(day) for name, day in made.items() if day}


def _classifications(public: Chart, action: Action) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], str] = {}
    for share in action.policies:
        policy = public.get(Policy, share.policy)
        if policy and policy.cofog:
            found["COFOG", policy.cofog] = _said(policy.title)
        if policy and policy.m57_function:
            found["M57", policy.m57_function] = _said(policy.title)
    for part in action.axes:
        axis = public.get(Axis, part.axis)
        for code in axis.sdg if axis else ():
            found["SDG", code] = str(GOALS.get(code.split(".")[0], code))
    return [{"scheme": scheme, "id": id, "description": words} for (scheme, id), words in found.items()]


def _locations(action: Action) -> list[dict[str, Any]]:
    names = {each.code: each.name for each in territory.communes()}
    return [
        {
            "id": each.citycode, "description": names.get(each.citycode, each.citycode),
            "gazetteer": {"scheme": "FR-COG", "identifiers": [each.citycode]},
        }
        for each in action.communes
    ]  # fmt: skip


def _parties(action: Action, budgets: tuple[Budget, ...]) -> dict[str, dict[str, Any]]:
    """By id; one with several roles is there once."""
    authorities = {each.id: each for each in territory.authorities()}
    found: dict[str, dict[str, Any]] = {}

    def add(id: str, role: str, name: str = "") -> None:
        known = authorities.get(id)
        party = found.setdefault(id, {"id": id, "name": said(known.name) if known else name or id, "roles": []})
        if known and known.siren:
            legal = {"scheme": "FR-INSEE", "id": known.siren, "legalName": said(known.name)}
            party["identifier"] = legal
        if role not in party["roles"]:
            party["roles"].append(role)

    add(action.owner, "publicAuthority")
    for each in action.parties:
        add(each.organisation, ROLES[each.role])
    for budget in budgets:
        for fund in budget.funding:
            if fund.granted:
                add(f"financeur-{fund.funder.lower()}", "funder", str(FUNDERS[fund.funder]))
    return found


def _budget(public: Chart, budgets: tuple[Budget, ...], parties: Mapping[str, Any]) -> dict[str, Any]:
    if not budgets:
        return {}
    amount, breakdown, days = Decimal(0), [], []
    for each in budgets:
        given = each.authorisation
        amount += given.revisions[-1].amount if given.revisions else given.voted
        act = public.get(LegalAct, given.act)
        if act:
            days.append(act.date)
        for year in each.years:
            breakdown.append(
                {
                    "id": f"{each.id}-{year.year}", "description": _("Crédits de paiement de %d") % year.year,
                    "amount": _value(year.voted if year.revised is None else year.revised),
                    "period": {
                        "startDate": _moment(date(year.year, 1, 1)), "endDate": _moment(date(year.year, 12, 31)),
                    },
                }
            )  # fmt: skip
        for n, fund in enumerate(each.funding):
            source = parties.get(f"financeur-{fund.funder.lower()}")
            if source and fund.granted:
                breakdown.append(
                    {
                        "id": f"{each.id}-financement-{n + 1}", "description": _("Financement accordé"),
                        "amount": _value(fund.granted), "sourceParty": {"id": source["id"], "name": source["name"]},
                    }
                )  # fmt: skip
    approved = {"approvalDate": _moment(min(days))} if days else {}
    return {"amount": _value(amount), "budgetBreakdown": breakdown} | approved


def _documents(public: Chart, action: Action, budgets: tuple[Budget, ...]) -> list[dict[str, Any]]:
    kinds = {each.authorisation.act: "budgetApproval" for each in budgets}
    acts = dict.fromkeys(filter(None, (action.decided_by, *kinds)))
    found: list[dict[str, Any]] = []
    for id in acts:
        act = public.get(LegalAct, id)
        if act is None:
            continue
        made = {
            "id": act.id, "documentType": kinds.get(id, "projectPlan"), "title": f"{act.number}, {_said(act.title)}",
            "datePublished": _moment(act.date), "author": act.body, "language": "fr",
        }  # fmt: skip
        found.append(made | ({"url": act.url} if act.url else {}))
    for n, address in enumerate(action.documents, 1):
        found.append({"id": f"document-{n}", "url": address})
    for each in action.milestones:
        if each.evidence:
            made = {"id": f"jalon-{each.id}", "title": _said(each.title), "url": each.evidence}
            found.append(made)
    return found


def _contract(id: str) -> dict[str, Any]:
    return {"id": id, "summary": {"ocid": id} if id.startswith("ocds-") else {"externalReference": id}}


def _completion(action: Action, budgets: tuple[Budget, ...]) -> dict[str, Any]:
    if action.status != "realisee":
        return {}
    paid = sum((year.paid for each in budgets for year in each.years), Decimal(0))
    made: dict[str, Any] = {"finalScope": _said(action.description)}
    if action.actual.end:
        made["endDate"] = _moment(action.actual.end)
    if action.revised:
        made["endDateDetails"] = action.revised[-1].reason
    if budgets:
        made["finalValue"] = _value(paid)
    return made
