"""Months and gaps as people say them."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def month_words(month: str) -> str:
    """« novembre 2026 »."""
    year, number = (int(each) for each in month.split("-"))
    return date_format(date(year, number, 1), "F Y").lower()


def gap_words(seconds: int) -> str:
    """« 2 min 05 s de retard », « 30 s d’avance », « à l’heure »."""
    minutes, rest = divmod(abs(seconds), 60)
    said = _("%(minutes)d min %(rest)02d s") % {"minutes": minutes, "rest": rest} if minutes else _("%d s") % rest
    if seconds == 0:
        return _("à l’heure")
    return (_("%s de retard") if seconds > 0 else _("%s d’avance")) % said
