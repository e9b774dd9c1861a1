"""Ways of looking that were kept."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from ...errors import UnknownView
from ...models import SavedView
from .asked import Given

KINDS = ("table", "chart", "map")


def view(id: str) -> SavedView:
    """Raises UnknownView."""
    found = SavedView.objects.select_related("dataset").filter(pk=id).first()
    if found is None:
        raise UnknownView(_("Cette vue n’existe pas, ou elle a été retirée."))
    return found


def given_of(found: SavedView) -> Given:
    """The parameters, as those of an address."""
    said: dict[str, list[str]] = {}
    for name, text in found.asked:
        said.setdefault(str(name), []).append(str(text))
    return said


def views_by(person: str) -> Iterable[SavedView]:
    """Those a person kept, newest first."""
    return SavedView.objects.filter(made_by=UUID(person)).order_by("-made_at")


def views_of(dataset: str) -> Iterable[SavedView]:
    """Those kept of a dataset, newest first."""
    return SavedView.objects.filter(dataset=dataset).order_by("-made_at")
