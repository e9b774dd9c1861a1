"""Keeping a way of looking under an address of its own, and taking it away."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import require
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, Forbidden

from ..models import SavedView
from ..queries import datasets
from ..queries.drawing.views import KINDS, view
from ..queries.roles import PUBLISHING

LONGEST_TITLE = 200
MOST = 200
"""Views a person may keep."""
MOST_SAID = 8_000
"""Signs of the parameters of one."""


@transaction.atomic
def keep_view(
    *, actor: Actor, dataset: str, kind: str, title: str, asked: Sequence[tuple[str, str]], version: int | None
) -> SavedView:
    """Keep the parameters of a page. `version`: always that one; None is the current one.

    Raises BadInput for a title that is missing or too long, UnknownDataset, and what `require` raises.
    """
    require(actor=actor, action="view.keep")
    said = " ".join(title.split())
    if not said or len(said) > LONGEST_TITLE:
        raise BadInput(_("Donnez à cette vue un titre de %d signes au plus.") % LONGEST_TITLE, field="title")
    if kind not in KINDS or sum(len(name) + len(text) for name, text in asked) > MOST_SAID:
        raise BadInput(_("Cette vue est trop longue pour être gardée : retirez des filtres."))
    if SavedView.objects.filter(made_by=UUID(actor.person)).count() >= MOST:
        raise BadInput(_("Vous gardez déjà %d vues : retirez-en avant d’en garder d’autres.") % MOST)
    found = datasets.dataset(dataset, actor=actor)
    if version is not None:
        datasets.version(found, version)
    return SavedView.objects.create(
        id=secrets.token_hex(5),
        dataset_id=found.id,
        title=said,
        kind=kind,
        asked=[list(pair) for pair in asked],
        version=version,
        made_at=now(),
        made_by_id=actor.person,
    )


@transaction.atomic
def remove_view(*, actor: Actor, id: str) -> None:
    """Take a view away: who made it, or an agent who publishes its dataset. Raises UnknownView, Forbidden."""
    require(actor=actor, action="view.keep")
    found = view(id)
    if not may_remove(actor, found):
        raise Forbidden(
            _("Seule la personne qui a gardé cette vue, ou l’organisme qui publie les données, peut la retirer.")
        )
    found.delete()


def may_remove(actor: Actor, found: SavedView) -> bool:
    """Whether this visitor may take it away."""
    if not actor.known:
        return False
    publishes = actor.organisation == found.dataset.organisation_id and bool(actor.roles & PUBLISHING)
    return str(found.made_by_id) == actor.person or publishes
