"""What the data harbour offers to the whole house."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lacydon.kernel import plugs
from lacydon.kernel.access import Permission, Role
from lacydon.kernel.cards import Desk
from lacydon.kernel.events import listen
from lacydon.kernel.personal import PersonalData
from lacydon.kernel.rotation import WrappedColumn

from .actions import following
from .events import ReadingAsked, VersionPublished
from .jobs import arrivals, checks, harvesting, recipes, retention  # noqa: F401
from .jobs import following as telling
from .loader import DataReader, SchemasReader, SourcesReader
from .models import Hook, Subscription
from .queries import personal
from .queries.activities import ACTIVITIES, NOT_PERSONAL
from .queries.following import wrapped_place
from .queries.indicators import of_data
from .queries.lineage import derived_from
from .queries.roles import PUBLISHER, PUBLISHING, READER, READING, STEWARD, STEWARDING
from .queries.search import KIND, documents
from .queries.words import ACTIONS, PURPOSES

plugs.folder_readers.plug("data.schemas")(SchemasReader)
plugs.folder_readers.plug("data")(DataReader)
plugs.search_documents.plug(KIND)(documents)
plugs.indicators.plug("data")(of_data)


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
    yield Permission("sharing.see", roles=READING, strong=True)
    yield Permission("harvest.see", roles=PUBLISHING, strong=True)
    yield Permission("harvest.run", roles=PUBLISHING, strong=True)
    yield Permission("hook.manage", roles=READING, strong=True)
    yield Permission("reuse.review", roles=PUBLISHING, strong=True)
    yield Permission("view.keep", anyone=True)


# -- sharing


@listen(VersionPublished)
def tell_who_follows(event: VersionPublished) -> None:
    """Once it is committed; whatever is missed here, the job of the morning finds."""
    telling.tell.enqueue(dataset=event.dataset, number=event.number)


@plugs.wrapped_keys.plug("data.subscriptions")
def subscription_keys() -> WrappedColumn:
    return WrappedColumn(model=Subscription, field="wrapped", place=wrapped_place)


@plugs.wrapped_keys.plug("data.hooks")
def hook_keys() -> WrappedColumn:
    return WrappedColumn(model=Hook, field="wrapped", place=wrapped_place)


@plugs.desks.plug("data")
def desks() -> Iterable[Desk]:
    yield Desk("data", _("Publier des données"), reverse("data-desk"), PUBLISHING)
    yield Desk("harvests", _("Moissons"), reverse("harvests"), PUBLISHING)
    yield Desk("data-contracts", _("Partages de données"), reverse("data-contracts"), READING)
    yield Desk("data-hooks", _("Appels à chaque version"), reverse("data-hooks"), READING)
    yield Desk("data-reuses", _("Réutilisations à relire"), reverse("reuses-review"), PUBLISHING)


_PERSONAL = PersonalData(
    activities=ACTIVITIES,
    not_personal=NOT_PERSONAL,
    purposes=PURPOSES,
    actions=ACTIONS,
    export=personal.export,
    erase=following.erase,
    purge=following.purge,
)


@plugs.personal_data.plug("data")
def personal_data() -> PersonalData:
    return _PERSONAL


plugs.folder_readers.plug("data.sources")(SourcesReader)


@listen(VersionPublished)
def remake_what_is_made_of_it(event: VersionPublished) -> None:
    for each in derived_from(event.dataset):
        recipes.remake.enqueue(dataset=each)


@listen(ReadingAsked)
def read_large_file(event: ReadingAsked) -> None:
    asked = arrivals.prepare_arrival if event.prepare else arrivals.read_arrival
    asked.enqueue(arrival=event.arrival)
