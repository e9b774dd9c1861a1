"""The one way to rows: who may read which, and for what is not open, a line in the journal."""

from django.utils.translation import gettext as _

from lacydon.kernel.access import NOBODY, Actor

from ..errors import NoAccess, UnknownVersion
from ..queries import datasets
from ..queries.datasets import DatasetView, VersionView
from ..queries.lineage import whole_table
from ..queries.logical import Table
from .contracts import shared


def table_of(id: str, *, actor: Actor = NOBODY, version: int | None = None) -> Table:
    """The table of a dataset as this visitor may read it, in its current version or another.

    Raises UnknownDataset, UnknownVersion, NoAccess. Every face, page and export opens tables here and nowhere else.
    """
    found = datasets.dataset(id, actor=actor)
    return open_table(found, datasets.version(found, version), actor=actor)


def open_table(dataset: DatasetView, version: VersionView, *, actor: Actor = NOBODY) -> Table:
    """The same, of a version at hand."""
    if version.dataset != dataset.id:
        raise UnknownVersion(_("Cette version est celle d’un autre jeu de données."))
    whole = whole_table(version)
    if dataset.open or datasets.is_of(actor, dataset):
        return whole
    part = shared(whole, dataset=dataset, actor=actor)
    if part is not None:
        return part
    raise NoAccess(
        _("Les lignes de ce jeu de données ne sont pas ouvertes : demandez un accès à l’organisme qui le publie.")
    )
