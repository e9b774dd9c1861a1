"""What people made of the data: applications, articles, maps, studies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.capabilities.trust.public import house
from lacydon.kernel.access import Actor
from lacydon.kernel.errors import NotFound
from lacydon.kernel.texts import Localised

from ..models import Reuse
from .datasets import shown_to_all

KINDS: Mapping[str, Any] = {
    "application": _l("Application ou service"),
    "visualisation": _l("Carte ou graphique"),
    "article": _l("Article ou enquête"),
    "study": _l("Étude ou recherche"),
    "data": _l("Autres données"),
    "other": _l("Autre"),
}
SHOWN = 60
"""Of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReuseView:
    """A reuse; `datasets`: (id, title) of those that are shown to all."""

    id: int
    title: str
    description: str
    url: str
    author: str
    kind: Any
    proposed_at: datetime
    shown_at: datetime | None
    datasets: tuple[tuple[str, Localised], ...]


def reuses_of(dataset: str) -> list[ReuseView]:
    """The reuses of a dataset that are shown, newest first."""
    return [_view(each) for each in _shown().filter(datasets=dataset)[:SHOWN]]


def reuses(*, kind: str = "", start: int = 0) -> list[ReuseView]:
    """All that are shown, newest first; one more than a page when there is a next one."""
    rows = _shown().filter(kind=kind) if kind in KINDS else _shown()
    return [_view(each) for each in rows[start : start + SHOWN + 1]]


def proposed(actor: Actor) -> list[ReuseView]:
    """Those that wait for a yes, about a dataset of the actor's organisation."""
    with house():
        rows = Reuse.objects.filter(shown_at=None, refused_at=None, datasets__organisation=actor.organisation)
        return [_view(each) for each in rows.distinct().order_by("proposed_at").prefetch_related("datasets")[:SHOWN]]


def proposed_one(actor: Actor, id: int) -> Reuse:
    """Raises NotFound, when it is about no dataset of theirs."""
    with house():
        found = Reuse.objects.filter(pk=id, datasets__organisation=actor.organisation).distinct().first()
    if found is None:
        raise NotFound(_("Cette réutilisation n’existe pas."))
    return found


def _shown() -> QuerySet[Reuse]:
    return Reuse.objects.filter(shown_at__isnull=False).order_by("-shown_at", "-pk").prefetch_related("datasets")


def _view(row: Reuse) -> ReuseView:
    known = shown_to_all()
    return ReuseView(
        id=row.pk,
        title=row.title,
        description=row.description,
        url=row.url,
        author=row.author,
        kind=KINDS.get(row.kind, KINDS["other"]),
        proposed_at=row.proposed_at,
        shown_at=row.shown_at,
        datasets=tuple((each.pk, known[each.pk].title) for each in row.datasets.all() if each.pk in known),
    )
