"""What somebody asked to be told of, in words: « lignes 2 et 7, du lundi au vendredi de 7 h 00 à 9 h 00 »."""

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from ...errors import NoTimetable
from ...models import AlertSubscription
from ..timetable import timetable


def names_of(row: AlertSubscription) -> str:
    """Its lines and stops by their names."""
    try:
        table = timetable()
    except NoTimetable:
        return ", ".join([*row.lines, *row.places])
    lines = [
        _("ligne %s") % (table.routes[table.route_of_id[each]].name if each in table.route_of_id else each)
        for each in row.lines
    ]
    places = [
        _("arrêt %s") % (table.places[table.place_of_id[each]].name if each in table.place_of_id else each)
        for each in row.places
    ]
    return ", ".join(lines + places)


def hours_words(row: AlertSubscription) -> str:
    """Its days and hours."""
    days = days_words(row.days)
    if row.from_minute == 0 and row.until_minute >= 1440:
        return _("%s à toute heure") % days
    return _("%(days)s de %(begin)s à %(end)s") % {
        "days": days,
        "begin": clock_words(row.from_minute),
        "end": clock_words(row.until_minute),
    }


def days_words(days: int) -> str:
    """The days of a mask: Monday is the first bit."""
    if days == 127:
        return _("tous les jours")
    if days == 31:
        return _("du lundi au vendredi")
    if days == 96:
        return _("le samedi et le dimanche")
    return _("le %s") % ", ".join(str(WEEKDAYS[n]).lower() for n in range(7) if days & (1 << n))


def clock_words(minute: int) -> str:
    return _("%(hour)d h %(minute)02d") % {"hour": minute // 60, "minute": minute % 60}
