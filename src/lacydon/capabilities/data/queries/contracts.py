"""Contracts that share rows which are not open: which holds, what it leaves of a table, how it is said to machines."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _
from sqlglot import exp

from lacydon.capabilities.trust.public import in_house
from lacydon.kernel import site
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import today
from lacydon.kernel.errors import NotFound
from lacydon.kernel.texts import said

from ..models import Access, Contract, Dataset, Reading
from . import odsql
from .columns import Column
from .logical import Table, both

LONGEST = 366
"""Days a contract lasts at most, before it is looked at again."""
READ = 100
"""Readings shown."""
ODRL = "http://www.w3.org/ns/odrl.jsonld"


def holding(*, dataset: str, organisation: str, on: date | None = None) -> Contract | None:
    """The contract under which an organisation may read the rows of a dataset that day; the one that lasts longest."""
    if not organisation:
        return None
    day = on or today()
    rows = Contract.objects.filter(
        dataset=dataset, organisation=organisation, revoked_at=None, starts_on__lte=day, until__gte=day
    )
    return rows.order_by("-until", "-given_at").first()


def cut(table: Table, contract: Contract) -> Table:
    """The columns and the rows of a table that a contract shares; nothing else can be asked for, hidden or not."""
    named = set(contract.fields)
    return replace(
        table,
        columns=tuple(each for each in table.columns if each.name in named),
        ordered_by=tuple(each for each in table.ordered_by if each in named),
        only=both(table.only, condition_of(contract.rows, table.columns)),
    )


def condition_of(rows: str, columns: tuple[Column, ...]) -> exp.Expr | None:
    """The condition of a contract, in ODSQL; None is every row. Raises WrongQuestion, UnknownColumn."""
    return odsql.condition(rows, columns) if rows.strip() else None


@in_house
def given(organisation: str) -> list[Contract]:
    """Those an organisation gave, what holds first."""
    return _sorted(_rows().filter(provider=organisation))


@in_house
def received(organisation: str) -> list[Contract]:
    """Those it may read under."""
    return _sorted(_rows().filter(organisation=organisation))


def shareable(organisation: str) -> list[Dataset]:
    """The datasets of an organisation that are not open and have rows."""
    rows = Dataset.objects.filter(organisation=organisation, current__isnull=False)
    return list(rows.exclude(access=Access.PUBLIC).order_by("id"))


@in_house
def contract_of(actor: Actor, id: UUID) -> Contract:
    """A contract that the actor's organisation gave or received. Raises NotFound, for those of others too."""
    found = _rows().filter(pk=id).first()
    if found is None or not actor.organisation or actor.organisation not in (found.provider_id, found.organisation_id):
        raise NotFound(_("Ce contrat n’existe pas pour votre organisme."))
    return found


def holds(contract: Contract) -> bool:
    return contract.revoked_at is None and contract.starts_on <= today() <= contract.until


def readings(contract: Contract, *, most: int = READ) -> list[Reading]:
    """Who read, latest first."""
    return list(contract.readings.order_by("-at", "-pk")[:most])


@in_house
def readers(contract: Contract) -> list[Mapping[str, Any]]:
    """How often each person of the other organisation read, by pseudonym: the provider is not told names."""
    rows = contract.readings.values("person").annotate(times=Count("pk"), last=Max("at")).order_by("-last")
    return list(rows[:READ])


def odrl(contract: Contract) -> dict[str, Any]:
    """The contract for machines: an Agreement of the Open Digital Rights Language (W3C ODRL 2.2), as JSON-LD."""
    base = site.address()
    dataset = f"{base}/donnees/{contract.dataset_id}"
    refined: list[dict[str, Any]] = [_constraint("lacydon:column", "isAnyOf", list(contract.fields))]
    if contract.rows:
        refined.append(_constraint("lacydon:rows", "eq", contract.rows))
    body: dict[str, Any] = {
        "@context": [ODRL, {"dct": "http://purl.org/dc/terms/", "lacydon": f"{base}/vocabulaire#"}],
        "@type": "Agreement",
        "uid": f"urn:uuid:{contract.pk}",
        "dct:issued": contract.given_at.isoformat(),
        "dct:title": contract.purpose,
        "permission": [
            {
                "action": "read",
                "assigner": _party(base, contract.provider_id, contract.provider.name),
                "assignee": _party(base, contract.organisation_id, contract.organisation.name),
                "target": {"@type": "AssetCollection", "source": dataset, "refinement": refined},
                "constraint": [
                    _constraint("purpose", "eq", contract.purpose),
                    _constraint("dateTime", "gteq", _day(contract.starts_on)),
                    _constraint("dateTime", "lteq", _day(contract.until)),
                ],
            }
        ],
        "prohibition": [{"action": "distribute", "target": dataset}],
    }
    if contract.revoked_at:
        body["dct:valid"] = {"@value": contract.revoked_at.isoformat(), "@type": "xsd:dateTime"}
        body["lacydon:revoked"] = contract.revoked_at.isoformat()
    return body


def _constraint(left: str, operator: str, right: Any) -> dict[str, Any]:
    return {"leftOperand": left, "operator": operator, "rightOperand": right}


def _day(day: date) -> dict[str, str]:
    return {"@value": day.isoformat(), "@type": "xsd:date"}


def _party(base: str, id: str, name: Mapping[str, str]) -> dict[str, str]:
    return {"@type": "Party", "uid": f"{base}/organismes/{id}", "dct:title": said(name)}


def _rows() -> QuerySet[Contract]:
    return Contract.objects.select_related("dataset", "provider", "organisation")


def _sorted(rows: QuerySet[Contract]) -> list[Contract]:
    return sorted(rows.order_by("-given_at"), key=lambda each: not holds(each))
