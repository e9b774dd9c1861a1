"""Derived datasets: SQL over others, made again when one of them changes, that can be made again later and compared."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import record, require
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused
from lacydon.kernel.snapshots import moved

from ..errors import NoAccess, NotPublishable
from ..models import Access, Dataset, Recipe, Version
from ..queries import datasets, lineage, sandbox
from ..queries.datasets import SNAPSHOT, DatasetView, VersionView
from ..queries.differences import difference
from ..queries.logical import Table
from ..queries.sandbox import Reading
from .publication import content_of, publish_version

OPENNESS = (Access.PRIVATE, Access.RESTRICTED, Access.PUBLIC)


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A derived version made once more of the versions it was made of: the same rows, or how many are not.

    `intact`: its own file still has the content the journal says.
    """

    intact: bool
    same: bool
    missing: int
    surplus: int


@transaction.atomic
def write_recipe(*, dataset: str, sql: str, actor: Actor) -> Version:
    """Say what a derived dataset is made of, and make it. Raises WrongQuestion, TooMuch, NotPublishable, NoAccess.

    It may not be more open than what it is made of, nor be made of itself.
    """
    row = Dataset.objects.select_for_update().get(pk=dataset)
    if actor.person:
        require(actor=actor, action="dataset.publish", object=row)
    reading = sandbox.read(sql)
    if not reading.named:
        raise NotPublishable(_('Une recette lit au moins un jeu de données : SELECT … FROM "son-adresse".'))
    inputs = sorted({each.dataset for each in reading.named})
    for each in inputs:
        if actor.person:
            _read_whole(each, actor=actor)
        if each == dataset or dataset in lineage.all_inputs(each):
            raise NotPublishable(_("Un jeu de données ne peut pas être fait de lui-même (par « %s »).") % each)
        source = Dataset.objects.get(pk=each)
        if OPENNESS.index(Access(source.access)) < OPENNESS.index(Access(row.access)):
            raise NotPublishable(
                _("Ce jeu serait plus ouvert que « %s », dont il est fait : restreignez-le d’abord.") % each
            )
    Recipe.objects.update_or_create(
        dataset=row, defaults={"sql": sql, "inputs": inputs, "made_at": None, "failure": ""}
    )
    record(
        actor=actor,
        action="dataset.derive",
        purpose="publication",
        object=f"dataset:{dataset}"[:120],
        organisation=row.organisation_id,
    )
    moved(SNAPSHOT)
    return _made(reading, dataset=dataset, actor=actor)


def _read_whole(id: str, *, actor: Actor) -> None:
    """Raises NoAccess unless the actor may read all the rows: a recipe reads them all, a contract lends a part."""
    found = datasets.dataset(id, actor=actor)
    if not (found.open or datasets.is_of(actor, found)):
        raise NoAccess(_("« %s » est prêté par contrat : il ne peut pas servir à faire un autre jeu.") % id)


def make_again(*, dataset: str) -> Version | None:
    """Make a derived dataset of the present versions. What fails is noted on it, and its last version stays."""
    recipe = Recipe.objects.get(dataset=dataset)
    try:
        made = _made(sandbox.read(recipe.sql), dataset=dataset, actor=MACHINE)
    except Refused as refusal:
        Recipe.objects.filter(pk=recipe.pk).update(failure=refusal.sentence)
        return None
    return made


def _made(reading: Reading, *, dataset: str, actor: Actor) -> Version:
    tables, made_of = {}, []
    for each in reading.named:
        version = datasets.version(_view(each.dataset), each.version)
        tables[each.written] = lineage.whole_table(version)
        made_of.append({"dataset": version.dataset, "number": version.number, "content": version.content})
    file, columns = lineage.computed(reading, tables)
    try:
        made = publish_version(
            dataset=dataset,
            file=file,
            columns=columns,
            actor=actor,
            reason=_("Refait de %s") % ", ".join(f"{each['dataset']}@{each['number']}" for each in made_of),
            made_of=made_of,
            recipe=reading.sql,
        )
    finally:
        file.unlink(missing_ok=True)
    Recipe.objects.filter(dataset=dataset).update(made_at=now(), failure="")
    return made


def _view(id: str) -> DatasetView:
    """Any dataset, as the house sees it."""
    return datasets.view_of(Dataset.objects.select_related("organisation", "current", "series", "source").get(pk=id))


def is_intact(version: VersionView) -> bool:
    """Whether the file of a version still has the content that was noted in the journal when it was published."""
    return content_of(version.path)[0] == version.content


def recompute(version: VersionView) -> Recomputed:
    """Make a derived version once more, of the same versions with the same SQL, and compare it row by row.

    Raises NotPublishable when it is not a derived one, UnknownVersion when one it was made of is not kept any more.
    """
    if not version.recipe:
        raise NotPublishable(_("Cette version n’a pas de recette : elle vient d’un fichier."))
    reading = sandbox.read(version.recipe)
    numbers = {each["dataset"]: each["number"] for each in version.made_of}
    tables: dict[str, Table] = {}
    for each in reading.named:
        kept = datasets.version(_view(each.dataset), each.version or numbers[each.dataset])
        tables[each.written] = lineage.whole_table(kept)
    file, columns = lineage.computed(reading, tables)
    try:
        found = difference(
            old=version.path, old_columns=version.columns, new=file, new_columns=columns, rows=2 * version.rows
        )
    finally:
        file.unlink(missing_ok=True)
    rows = found["rows"] or {"added": 0, "removed": 0}
    changed = any(found["columns"].values())
    return Recomputed(
        intact=is_intact(version),
        same=not changed and not rows["added"] and not rows["removed"],
        missing=rows["removed"],
        surplus=rows["added"],
    )
