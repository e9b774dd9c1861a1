"""Loading what a territory folder says."""

from collections.abc import Iterable

from django.db import transaction

from lacydon.kernel.snapshots import moved
from lacydon.kernel.tables import make_equal

from .. import models
from ..queries.chart import SNAPSHOT


@transaction.atomic
def load_territory(
    *,
    territory: models.Territory,
    communes: Iterable[models.Commune],
    arrondissements: Iterable[models.Arrondissement],
    authorities: Iterable[models.Authority],
    facts: Iterable[models.Fact],
    themes: Iterable[models.Theme],
    rules: Iterable[models.Rule],
) -> dict[str, int]:
    """Make the tables equal to these rows; returns the number of changed rows by table. Changes nothing twice."""
    changed = {
        "territoire": make_equal(models.Territory, [territory]),
        "communes": make_equal(models.Commune, communes),
        "arrondissements": make_equal(models.Arrondissement, arrondissements),
        "autorités": make_equal(models.Authority, authorities),
        "faits": make_equal(models.Fact, facts),
        "thèmes": make_equal(models.Theme, themes),
        "règles": make_equal(models.Rule, rules),
    }
    if any(changed.values()):
        moved(SNAPSHOT)
    return changed
