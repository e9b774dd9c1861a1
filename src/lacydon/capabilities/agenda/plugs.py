"""What the agenda offers to the whole house."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lacydon.capabilities.data.public import DatasetChanged, VersionPublished
from lacydon.kernel import plugs
from lacydon.kernel.access import Permission, Role
from lacydon.kernel.cards import Desk
from lacydon.kernel.events import listen
from lacydon.kernel.personal import PersonalData

from .events import AgendaChanged, AgendaFrozen
from .jobs import following, opening  # noqa: F401
from .jobs import indicators as measuring
from .loader import AgendaReader
from .loader.annexes import AnnexesReader
from .loader.kits import KitsReader
from .models import Annex, Applied, Frozen, KitVersion, Reading, Reminder, SharedScreen, Standing, State
from .queries.chart import chart
from .queries.indicators import datasets_read
from .queries.learning.report import years_reported
from .queries.nouns import Action, Axis, Lever
from .queries.plan.listing import KIND, documents
from .queries.plan.twin import twin
from .queries.roles import (
    DECIDER,
    REPLICATING,
    REPLICATOR,
    SEEING,
    STEWARD,
    STEWARDING,
    TELLING,
    WRITER,
    WRITING,
)
from .queries.words import ACTIONS, PURPOSES

plugs.folder_readers.plug("agenda")(AgendaReader)
# -- kits
plugs.folder_readers.plug("agenda.kits")(KitsReader)


@plugs.roles.plug("agenda")
def roles() -> Iterable[Role]:
    yield Role(WRITER, _("Porteur de projet"), _("Écrit les actions de l’agenda que son organisme conduit."))
    yield Role(STEWARD, _("Responsable de l’agenda"), _("Écrit tout l’agenda, le fige à chaque vote et le pilote."))
    yield Role(DECIDER, _("Pilotage de l’agenda"), _("Voit le tableau de bord de l’agenda en entier, et le partage."))
    # -- kits
    yield Role(REPLICATOR, _("Réplication"), _("Exporte et adopte des kits pour sa commune."))


@plugs.permissions.plug("agenda")
def permissions() -> Iterable[Permission]:
    yield Permission("agenda.write", roles=WRITING, strong=True)
    yield Permission("agenda.steer", roles=STEWARDING, strong=True)
    yield Permission("experience.write", roles=TELLING, strong=True)
    yield Permission("agenda.see", roles=SEEING, strong=True)
    # -- kits
    yield Permission("kit.adopt", roles=REPLICATING, strong=True)
    yield Permission("kit.export", roles=REPLICATING, strong=True)


# -- plan

plugs.search_documents.plug(KIND)(documents)


@plugs.pages_worth_finding.plug("agenda")
def pages_worth_finding() -> Iterable[str]:
    public = twin(chart()).chart
    for name, kind in (("agenda-axis", Axis), ("agenda-lever", Lever), ("agenda-action", Action)):
        for each in public.all(kind):
            yield reverse(name, args=[each.id])
    for year in years_reported(public):
        yield reverse("agenda-report", args=[year])


# -- personal data

NOT_PERSONAL = {
    f"agenda.{model.__name__}.{field.name}": "a public strategy, or an agent's act of their office upon it"
    for model in (Annex, Applied, Frozen, KitVersion, Reading, Reminder, SharedScreen, Standing, State)
    for field in model._meta.concrete_fields
}


@plugs.personal_data.plug("agenda")
def personal_data() -> PersonalData:
    return PersonalData(not_personal=NOT_PERSONAL, purposes=PURPOSES, actions=ACTIONS)


# -- writing


@plugs.desks.plug("agenda.writing")
def writing_desks() -> Iterable[Desk]:
    yield Desk("agenda-writing", _("Écrire l’agenda"), reverse("agenda-writing"), WRITING)
    yield Desk("agenda-writing-plan", _("Plan de l’agenda"), reverse("agenda-writing-plan"), STEWARDING)
    yield Desk("agenda-following", _("Suites des évaluations"), reverse("agenda-following"), WRITING)
    yield Desk("agenda-telling", _("Retours d’expérience"), reverse("agenda-telling"), TELLING - STEWARDING)


@listen(AgendaFrozen)
def open_what_was_voted(_event: AgendaFrozen) -> None:
    opening.publish.enqueue()


# -- indicators


@plugs.desks.plug("agenda.indicators")
def indicators_desk() -> Iterable[Desk]:
    yield Desk("agenda-indicators", _("Indicateurs"), reverse("indicators-desk"), STEWARDING)


@listen(VersionPublished)
def measure_what_reads_it(event: VersionPublished) -> None:
    """Once it is committed; whatever is missed here, the job of the night finds."""
    if event.dataset in datasets_read():
        measuring.measure_dataset.enqueue(dataset=event.dataset)


@listen(DatasetChanged)
def doubt_what_read_it(event: DatasetChanged) -> None:
    """It may have been closed, or withdrawn."""
    if event.dataset in datasets_read():
        measuring.measure_dataset.enqueue(dataset=event.dataset)


@listen(AgendaChanged)
def measure_as_defined(event: AgendaChanged) -> None:
    changed = sorted(id for kind, id in event.objects if kind == "indicator")
    if changed:
        measuring.measure_some.enqueue(indicators=changed)


# -- kits


@plugs.desks.plug("agenda.kits")
def kits_desk() -> Iterable[Desk]:
    yield Desk("kits", _("Kits"), reverse("agenda-kits-desk"), REPLICATING)


# -- money

plugs.folder_readers.plug("agenda.annexes")(AnnexesReader)


@plugs.desks.plug("agenda.money")
def money_desk() -> Iterable[Desk]:
    yield Desk("agenda-money", _("Argent de l’agenda"), reverse("agenda-money-desk"), STEWARDING)


# -- dashboards


@plugs.desks.plug("agenda.dashboards")
def dashboards_desk() -> Iterable[Desk]:
    yield Desk("agenda-screen", _("Tableau de bord"), reverse("agenda-screen"), SEEING)
    yield Desk("agenda-leading", _("Mes projets"), reverse("agenda-leading"), WRITING)
