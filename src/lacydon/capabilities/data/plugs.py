"""What the data harbour offers to the whole house."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lacydon.kernel import plugs
from lacydon.kernel.access import Permission, Role
from lacydon.kernel.events import listen

from .events import VersionPublished
from .jobs import recipes, retention  # noqa: F401
from .loader import DataReader
from .queries.lineage import derived_from
from .queries.roles import PUBLISHER, PUBLISHING, READER, READING, STEWARD, STEWARDING

plugs.folder_readers.plug("data")(DataReader)


@plugs.roles.plug("data")
def roles() -> Iterable[Role]:
    yield Role(PUBLISHER, _("Publication des données"), _("Décrit et publie les jeux de données de son organisme."))
    yield Role(
        STEWARD, _("Responsable des données"), _("Publie, partage par contrat et règle les moissons de son organisme.")
    )
    yield Role(READER, _("Lecture des données"), _("Lit les données de son organisme qui ne sont pas ouvertes."))


@plugs.permissions.plug("data")
def permissions() -> Iterable[Permission]:
    yield Permission("dataset.publish", roles=PUBLISHING, strong=True)
    yield Permission("dataset.read", roles=READING, strong=True)
    yield Permission("contract.give", roles=STEWARDING, strong=True)
    yield Permission("contract.see", roles=READING, strong=True)
    yield Permission("harvest.see", roles=PUBLISHING, strong=True)
    yield Permission("harvest.run", roles=PUBLISHING, strong=True)
    yield Permission("reuse.review", roles=PUBLISHING, strong=True)
    yield Permission("view.keep", anyone=True)


@listen(VersionPublished)
def remake_what_is_made_of_it(event: VersionPublished) -> None:
    for each in derived_from(event.dataset):
        recipes.remake.enqueue(dataset=each)
