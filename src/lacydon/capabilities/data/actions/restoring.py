"""Going back: the rows of an older version, published again as a new one."""

import shutil
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import record, require
from lacydon.kernel.access import Actor
from lacydon.kernel.errors import BadInput

from ..errors import NotPublishable, UnknownVersion
from ..models import Dataset, Version
from ..queries import lake
from ..queries.columns import read_columns
from ..queries.datasets import path_of
from .publication import publish_version

MOST_KEPT = 1_000


def restore(*, dataset: str, number: int, actor: Actor, reason: str) -> Version:
    """Publish the rows of an older version again. Raises UnknownVersion, NotPublishable, what `require` raises."""
    row = Dataset.objects.get(pk=dataset)
    require(actor=actor, action="dataset.publish", object=row)
    old = Version.objects.filter(dataset=row, number=number, removed_at=None).first()
    if old is None:
        raise UnknownVersion(_("Les lignes de cette version ne sont plus gardées."))
    target = lake.workshop() / f"{uuid4()}.parquet"
    try:
        shutil.copyfile(path_of(dataset=dataset, number=number, content=old.content), target)
        return publish_version(
            dataset=dataset,
            file=target,
            columns=read_columns(old.columns),
            actor=actor,
            reason=reason,
            ordered_by=old.ordered_by,
            source_name=old.source_name,
            source_hash=old.source_hash,
            checks=old.checks,
        )
    except OSError as error:
        raise NotPublishable(_("Il n’y a plus assez de place sur le disque : rien n’a été publié.")) from error
    finally:
        target.unlink(missing_ok=True)


@transaction.atomic
def keep_versions(*, dataset: str, keep: int, actor: Actor) -> None:
    """How many versions are kept besides the current one; 0 keeps all."""
    row = Dataset.objects.select_for_update().get(pk=dataset)
    require(actor=actor, action="dataset.publish", object=row)
    if not 0 <= keep <= MOST_KEPT:
        raise BadInput(_("Gardez entre 0 et 1 000 versions."), field="keep")
    row.keep = keep
    row.save(update_fields=["keep"])
    record(
        actor=actor,
        action="dataset.describe",
        purpose="publication",
        object=f"dataset:{row.pk}"[:120],
        basis=f"keep:{keep}",
        organisation=row.organisation_id,
    )
