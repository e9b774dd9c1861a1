"""Sharing rows that are not open: a contract is given, rows are read under it, it is revoked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import in_house, organisation, record, require
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now, today
from lacydon.kernel.errors import BadInput, Conflict, NotFound

from ..errors import UnknownColumn, WrongQuestion
from ..models import Access, Contract, Reading
from ..queries import contracts, lake
from ..queries.datasets import DatasetView, dataset, is_of
from ..queries.lineage import whole_table
from ..queries.logical import Table
from ..queries.roles import READING

LEAST_PURPOSE = 10
"""Signs of a purpose."""
PURPOSE = "sharing"


@dataclass(frozen=True, slots=True)
class _Of:
    """Whose a contract is, for the policy."""

    organisation_id: str


def whole(found: DatasetView) -> Table:
    """All the rows of a dataset's current version, for its own organisation."""
    version = found.version
    if version is None:
        raise BadInput(_("Ce jeu de données n’a pas encore de lignes : publiez-en une version d’abord."))
    return whole_table(version)


def tried(*, actor: Actor, id: str, rows: str) -> int:
    """How many rows a condition would share. Raises BadInput (field `rows`), and what `require` raises."""
    found = dataset(id, actor=actor)
    require(actor=actor, action="contract.give", object=_Of(found.organisation))
    table = whole(found)
    try:
        return lake.count(table, contracts.condition_of(rows, table.columns))
    except (WrongQuestion, UnknownColumn) as error:
        raise BadInput(error.sentence, field="rows") from error


@transaction.atomic
def give_contract(
    *,
    actor: Actor,
    id: str,
    to: str,
    purpose: str,
    fields: Iterable[str],
    rows: str = "",
    until: date,
    starts_on: date | None = None,
) -> Contract:
    """Let another organisation read columns and rows of a dataset of the actor's. Raises BadInput, NotAllowed."""
    found = dataset(id, actor=actor)
    require(actor=actor, action="contract.give", object=_Of(found.organisation))
    begin = starts_on or today()
    if found.access == Access.PUBLIC:
        raise BadInput(_("Ce jeu de données est ouvert à tous : un contrat n’y changerait rien."))
    other = organisation(to)
    if other is None or other.pk == found.organisation:
        raise BadInput(_("Choisissez l’organisme qui pourra lire."), field="to")
    if len(purpose.strip()) < LEAST_PURPOSE:
        raise BadInput(_("Dites en une phrase à quoi servira cette lecture."), field="purpose")
    table = whole(found)
    wanted, known = set(fields), [each.name for each in table.columns]
    if not wanted or not wanted <= set(known):
        raise BadInput(_("Choisissez au moins une colonne à partager."), field="fields")
    tried(actor=actor, id=id, rows=rows)
    if not begin <= until <= max(begin, today()) + timedelta(days=contracts.LONGEST):
        raise BadInput(_("Choisissez une date de fin, dans un an au plus."), field="until")
    if begin < today():
        raise BadInput(_("Un contrat ne commence pas dans le passé."), field="starts_on")
    made = Contract.objects.create(
        id=uuid4(),
        dataset_id=found.id,
        provider_id=found.organisation,
        organisation=other,
        purpose=purpose.strip()[:500],
        fields=[name for name in known if name in wanted],
        rows=rows.strip(),
        starts_on=begin,
        until=until,
        given_by_id=actor.person or None,
        given_at=now(),
    )
    record(
        actor=actor, subject="", action="contract.give", purpose=PURPOSE, object=f"data-contract:{made.pk}",
        organisation=found.organisation,
    )  # fmt: skip
    return made


@transaction.atomic
def revoke_contract(*, actor: Actor, contract: Contract) -> None:
    """Either side ends it, with effect on the next read. Raises NotAllowed, Conflict."""
    require(actor=actor, action="contract.give", object=_Of(actor.organisation))
    if actor.organisation not in (contract.provider_id, contract.organisation_id):
        raise NotFound(_("Ce contrat n’existe pas pour votre organisme."))
    with_one = Contract.objects.filter(pk=contract.pk, revoked_at=None)
    if not with_one.update(revoked_at=now()):
        raise Conflict(_("Ce contrat est déjà terminé."))
    record(actor=actor, subject="", action="contract.revoke", purpose=PURPOSE, object=f"data-contract:{contract.pk}")


def shared(table: Table, *, dataset: DatasetView, actor: Actor) -> Table | None:
    """What a contract lets an agent with a role read of a table, noted in the journal; None without a contract.

    Each opening is one line: a page, a call of an API, an export.
    """
    if not actor.organisation or not actor.roles & READING or is_of(actor, dataset):
        return None
    found = contracts.holding(dataset=dataset.id, organisation=actor.organisation)
    if found is None:
        return None
    part = contracts.cut(table, found)
    if not part.columns:
        return None  # every column of the contract went away with a new version
    _noted(found, table=table, actor=actor)
    return part


@in_house
@transaction.atomic
def _noted(contract: Contract, *, table: Table, actor: Actor) -> None:
    entry = record(
        actor=actor,
        subject="",
        action="dataset.read",
        purpose=contract.purpose[:200],
        basis=f"data-contract:{contract.pk}",
        object=f"dataset:{table.dataset}@{table.number}"[:120],
        organisation=contract.organisation_id,
    )
    Reading.objects.create(
        contract=contract, person_id=actor.person or None, version=table.number, entry=entry.pk, at=entry.at
    )
