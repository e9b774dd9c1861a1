"""Showing what was made of the data: proposed by anybody, shown once an agent said yes."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import in_house, record, require
from lacydon.kernel import attempts
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, Conflict

from ..models import Dataset, Reuse
from ..queries.datasets import shown_to_all
from ..queries.reuses import KINDS, proposed_one

LONGEST = 2_000
MOST = 20
"""Datasets of a reuse."""


def propose_reuse(
    *, title: str, description: str, url: str, author: str, kind: str, datasets: Iterable[str], network: str
) -> Reuse:
    """Nobody sees it before an agent of one of the datasets agreed. Raises BadInput (its field), TooManyRequests."""
    title, description, url, author = (each.strip() for each in (title, description, url, author))
    if not 3 <= len(title) <= 300:
        raise BadInput(_("Donnez un titre, en moins de 300 signes."), field="title")
    if not 20 <= len(description) <= LONGEST:
        raise BadInput(_("Dites en quelques phrases ce que c’est (de 20 à 2000 signes)."), field="description")
    parts = urlsplit(url) if len(url) < LONGEST else urlsplit("")
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None:
        raise BadInput(_("Écrivez l’adresse complète, qui commence par https://."), field="url")
    if not 2 <= len(author) <= 200:
        raise BadInput(_("Dites qui l’a faite : ce nom sera public."), field="author")
    if kind not in KINDS:
        raise BadInput(_("Choisissez ce que c’est."), field="kind")
    known = shown_to_all()
    used = sorted({each for each in datasets if each in known})
    if not 1 <= len(used) <= MOST:
        raise BadInput(_("Choisissez les jeux de données utilisés."), field="datasets")
    attempts.spend(what="data-reuse", who=network, most=5, per=timedelta(hours=1))
    return _kept(title=title, description=description, url=url, author=author, kind=kind, used=used)


@in_house
@transaction.atomic
def _kept(*, title: str, description: str, url: str, author: str, kind: str, used: list[str]) -> Reuse:
    same = Reuse.objects.filter(url=url, title=title, shown_at=None, refused_at=None).first()
    if same is not None:
        return same
    made = Reuse.objects.create(
        title=title, description=description, url=url, author=author, kind=kind, proposed_at=now()
    )  # fmt: skip
    made.datasets.set(Dataset.objects.filter(pk__in=used))
    return made


@in_house
@transaction.atomic
def review_reuse(*, actor: Actor, id: int, show: bool) -> Reuse:
    """Show it or refuse it, once. Raises NotAllowed, NotFound, Conflict."""
    require(actor=actor, action="reuse.review")
    found = proposed_one(actor, id)
    field = "shown_at" if show else "refused_at"
    if not Reuse.objects.filter(pk=found.pk, shown_at=None, refused_at=None).update(**{field: now()}):
        raise Conflict(_("Quelqu’un d’autre a déjà répondu à cette proposition."))
    record(
        actor=actor, subject="", action="reuse.show" if show else "reuse.refuse", purpose="publication",
        object=f"reuse:{found.pk}",
    )  # fmt: skip
    found.refresh_from_db()
    return found


@in_house
@transaction.atomic
def take_down_reuse(*, actor: Actor, id: int) -> None:
    """Show it no more. Raises NotAllowed, NotFound."""
    require(actor=actor, action="reuse.review")
    found = proposed_one(actor, id)
    Reuse.objects.filter(pk=found.pk).update(shown_at=None, refused_at=now())
    record(actor=actor, subject="", action="reuse.refuse", purpose="publication", object=f"reuse:{found.pk}")
