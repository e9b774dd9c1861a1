"""Catalogues to harvest: writing one down, trying it first, visiting it now, saying yes to what waits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, NotFound, Refused
from lacydon.kernel.http import Timeout
from lacydon.kernel.snapshots import moved
from lacydon.kernel.texts import said

from ..errors import HarvestUnderWay
from ..models import Dataset, Harvest, Harvested, Source, Status
from ..ports import Visit, VisitLimits, catalogues, checked
from ..queries.datasets import SNAPSHOT
from ..queries.harvested import described
from ..queries.harvests import is_under_way
from .records import withdraw_all

PURPOSE: Final = "publication"
TRIED: Final = VisitLimits(
    records=20, bytes=20_000_000, questions=3, seconds=20.0, patience=Timeout(connect=3.0, read=8.0, total=10.0)
)
"""What a trial may take: somebody waits for it."""
MOST_HOURS: Final = 24 * 31


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found at an address: titles of the first datasets, and what would not be taken."""

    titles: tuple[str, ...]
    more: bool
    faults: tuple[str, ...]


def try_source(*, actor: Actor, kind: str, url: str, options: Mapping[str, Any]) -> Trial:
    """Ask a catalogue for its first datasets, and keep nothing. Raises BadInput, Unavailable, NoCatalogue."""
    trust.require(actor=actor, action="harvest.run")
    catalogue = catalogues.get(kind)
    if catalogue is None:
        raise BadInput(_("Choisissez le genre du catalogue."), field="kind")
    visit = Visit(url=_address(url), options=options, limits=TRIED, name="harvest-trial")
    titles: list[str] = []
    faults: list[str] = []
    for record in islice(catalogue.records(visit), TRIED.records + 1):
        try:
            told = described(record)
        except Refused as refusal:
            faults.append(str(refusal.sentence))
        else:
            titles.append(said(told.fields["title"]))
            faults += told.remarks
    faults += [sentence for _id, _title, sentence in visit.faults]
    return Trial(
        titles=tuple(titles[: TRIED.records]),
        more=len(titles) > TRIED.records or not visit.whole,
        faults=tuple(dict.fromkeys(faults))[:10],
    )


def save_source(
    *,
    actor: Actor,
    id: str,
    title: str,
    kind: str,
    url: str,
    options: Mapping[str, Any],
    every_hours: int,
    with_rows: bool = False,
    active: bool = True,
) -> Source:
    """Write down a catalogue, or change it; it is then visited at once. Raises BadInput, NotFound."""
    name = " ".join(title.split())
    if not name or len(name) > 300:
        raise BadInput(_("Donnez un nom à cette source (300 signes au plus)."), field="title")
    if catalogues.get(kind) is None:
        raise BadInput(_("Choisissez le genre du catalogue."), field="kind")
    if not 1 <= every_hours <= MOST_HOURS:
        raise BadInput(_("De 1 heure à 31 jours."), field="every_hours")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id) or len(id) > 80:
        raise BadInput(_("En minuscules, des tirets entre les mots."), field="id")
    address = _address(url)
    row = Source.objects.filter(pk=id).first() or Source(pk=id, organisation_id=actor.organisation)
    with trust.acting(actor=actor, action="harvest.run", object=row, named=f"source:{id}", purpose=PURPOSE, subject=""):
        elsewhere = (row.kind, row.url, row.options) != (kind, address, dict(options))
        row.title, row.kind, row.url, row.options = name, kind, address, dict(options)
        row.every_hours, row.with_rows, row.active = every_hours, with_rows, active
        row.next_at = now() if active else None
        if elsewhere:  # what was kept of the other catalogue says nothing of this one
            row.state, row.whole_at, row.failures = {}, None, 0
        row.save()
    return row


def harvest_soon(*, actor: Actor, source: str) -> Source:
    """Visit a source now, whatever its hours: all of it. Raises NotFound, HarvestUnderWay."""
    row = own_source(actor=actor, id=source)
    with trust.acting(
        actor=actor, action="harvest.run", object=row, named=f"source:{source}", purpose=PURPOSE, subject=""
    ):
        if any(is_under_way(each) for each in Harvest.objects.filter(source=row, ended_at=None)):
            raise HarvestUnderWay(_("Une visite de cette source est en cours."))
        row.next_at, row.whole_at = now(), None
        row.save(update_fields=["next_at", "whole_at"])
    return row


def accept_removals(*, actor: Actor, source: str, seen: int) -> int:
    """Say yes to the withdrawals that wait, if they are as many as the agent saw; how many. Raises Conflict."""
    row = own_source(actor=actor, id=source)
    with trust.acting(
        actor=actor, action="harvest.run", object=row, named=f"source:{source}", purpose=PURPOSE, subject=""
    ) as by:
        waiting = Harvested.objects.select_for_update().filter(source=row, waits=True)
        datasets = list(
            waiting.filter(dataset__status=Status.PUBLISHED, dataset__source=row).values_list("dataset_id", flat=True)
        )
        if len(datasets) != seen:
            raise HarvestUnderWay(_("La liste a changé depuis que vous l’avez vue : relisez-la."))
        waiting.update(waits=False)
        withdraw_all(source=row, datasets=datasets, actor=by)
    return len(datasets)


def remove_source(*, actor: Actor, source: str, withdraw: bool, seen: int) -> int:
    """Forget a source and its visits; how many datasets it had.

    They are withdrawn with it (their versions stay), or become the organisation's own and are not read again. Raises
    NotFound, and Conflict when they are not as many as the agent saw, or a visit is under way.
    """
    row = own_source(actor=actor, id=source)
    with trust.acting(
        actor=actor, action="harvest.run", object=row, named=f"source:{source}", purpose=PURPOSE, subject=""
    ) as by:
        row = Source.objects.select_for_update().get(pk=row.pk)
        if any(is_under_way(each) for each in Harvest.objects.filter(source=row, ended_at=None)):
            raise HarvestUnderWay(_("Une visite de cette source est en cours : attendez qu’elle finisse."))
        published = list(Dataset.objects.filter(source=row, status=Status.PUBLISHED).values_list("pk", flat=True))
        if len(published) != seen:
            raise HarvestUnderWay(_("La liste a changé depuis que vous l’avez vue : relisez-la."))
        if withdraw:
            withdraw_all(source=row, datasets=published, actor=by)
        row.delete()
        moved(SNAPSHOT)
    return len(published)


def free_source_id(wanted: str) -> str:
    """An id that no source has: the one that is wanted, or it with a number."""
    slug = wanted[:70].strip("-") or "source"
    if slug == "ajouter":  # an address of the pages
        slug = "source-ajouter"
    taken = set(Source.objects.filter(pk__startswith=slug).values_list("pk", flat=True))
    return next(id for id in (slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3))) if id not in taken)


def own_source(*, actor: Actor, id: str) -> Source:
    """A source of the agent's organisation. Raises NotFound."""
    row = Source.objects.filter(pk=id, organisation_id=actor.organisation or None).first()
    if row is None:
        raise NotFound(_("Cette source n’existe pas, ou n’est pas celle de votre organisme."))
    return row


@transaction.atomic
def load_sources(rows: Sequence[Source]) -> dict[str, int]:
    """Make the sources of the territory folder what it says. Those that agents wrote down stay; how many changed."""
    changed = 0
    for row in rows:
        held = Source.objects.filter(pk=row.pk).first()
        fields = ("organisation_id", "title", "kind", "url", "options", "every_hours", "active", "with_rows")
        if held is None:
            row.save(force_insert=True)
            changed += 1
        elif any(getattr(held, name) != getattr(row, name) for name in fields):
            if (held.kind, held.url, held.options) != (row.kind, row.url, row.options):
                held.state, held.whole_at, held.next_at, held.failures = {}, None, None, 0
            for name in fields:
                setattr(held, name, getattr(row, name))
            held.save()
            changed += 1
    return {"sources": changed}


def _address(url: str) -> str:
    """Raises BadInput, at its field, for an address that may not be asked."""
    try:
        return checked(url.strip())
    except Refused as refusal:
        raise BadInput(refusal.sentence, field="url") from refusal
