"""Punctuality as indicators: the last month that was observed, whole and by commune."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.cards import Indicator
from lacydon.kernel.clock import now

from .definition import SMALL
from .figures import Row, Wish, figures, months, whole
from .words import month_words


def of_punctuality() -> Iterable[Indicator]:
    """Per cent of observed departures that were on time; too few observations say nothing."""
    known = months()
    if not known:
        return
    found = whole(known[0])
    if found is None:
        return
    yield Indicator(
        id="mobility.punctuality",
        title=_l("Départs des transports à l’heure"),
        unit="%",
        value=_share(found),
        by_commune={each.key: _share(each) for each in figures(Wish(known[0]), by="commune").rows if each.key},
        computed_at=now(),
        note=_("%(month)s, sur %(many)d départs observés") % {"month": month_words(known[0]), "many": found.departures},
    )


def _share(row: Row) -> Decimal | None:
    return None if row.departures < SMALL else Decimal(str(round(row.share, 1)))
