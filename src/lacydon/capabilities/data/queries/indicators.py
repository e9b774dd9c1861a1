"""What the harbour says of itself as indicators: how many datasets are open, up to date, well described."""

from collections.abc import Iterator
from decimal import Decimal
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.cards import Indicator
from lacydon.kernel.clock import now

from .datasets import datasets
from .quality import late, quality

TENTH = Decimal("0.1")


def of_data() -> Iterator[Indicator]:
    """Nothing before the first dataset."""
    every = datasets()
    if not every:
        return
    at = now()
    opened = sum(each.open for each in every)
    yield Indicator("data.open", _l("Jeux de données ouverts à tous"), "", Decimal(opened), computed_at=at)
    fresh = sum(not late(each) for each in every)
    yield Indicator(
        "data.fresh",
        _l("Jeux de données à jour"),
        "%",
        (Decimal(100 * fresh) / len(every)).quantize(TENTH),
        computed_at=at,
        note=_("%(many)d jeux sur %(all)d") % {"many": fresh, "all": len(every)},
    )
    score = Decimal(str(median(quality(each).score for each in every))).quantize(TENTH)
    yield Indicator("data.quality", _l("Qualité médiane des jeux de données"), _("sur 100"), score, computed_at=at)
