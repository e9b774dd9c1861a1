"""When a disruption disturbs, as people say it: « jusqu’à vendredi 18 h 00 », not two dates and times."""

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lacydon.kernel import clock
from lacydon.kernel.clock import LOCAL, now

from .views import DisruptionView, Period


def when_words(view: DisruptionView, when: datetime | None = None) -> str:
    """One sentence for a list: what goes on, or what comes next, and how many times more."""
    when = when or now()
    if view.state == "withdrawn":
        return _("Retirée")
    period = view.next(when)
    if period is None:
        end = view.ends_at
        return _("Terminée %s") % at_words(end, when) if end else _("En ce moment, sans fin annoncée")
    left = sum(1 for each in view.periods if each.end is None or each.end > when) - 1
    said = period_words(period, when)
    if left > 0:
        said += ngettext(" (et %d autre période)", " (et %d autres périodes)", left) % left
    return said


def period_words(period: Period, when: datetime | None = None) -> str:
    """« De 8 h 00 à 18 h 00 aujourd’hui », « Du lundi 2 mars à 8 h 00 au … », « Depuis …, sans fin annoncée »."""
    when = when or now()
    begin, end = period.begin, period.end
    begun = begin is None or begin <= when
    if end is None:
        if begin is None:
            return _("En ce moment, sans fin annoncée")
        if begun:
            return _("Depuis %s, sans fin annoncée") % _date_and_hour(begin, when)
        return _("À partir de %s, sans fin annoncée") % _date_and_hour(begin, when)
    if begin is None or (begun and _day(begin) != _day(end)):
        return _("Jusqu’à %s") % _date_and_hour(end, when)
    if _day(begin) == _day(end):
        facts = {"day": _date(begin, when), "begin": clock.hour(begin), "end": clock.hour(end)}
        return _("%(day)s, de %(begin)s à %(end)s") % facts
    return _("De %(begin)s à %(end)s") % {"begin": _date_and_hour(begin, when), "end": _date_and_hour(end, when)}


def at_words(moment: datetime, when: datetime | None = None) -> str:
    """« aujourd’hui à 14 h 05 », « demain à 8 h 00 », « mardi 3 mars à 18 h 00 »."""
    return _date_and_hour(moment, when or now())


def _date_and_hour(moment: datetime, when: datetime) -> str:
    day = _date(moment, when)
    return _("%(day)s à %(hour)s") % {
        "day": day[:1].lower() + day[1:] if _french() else day,
        "hour": clock.hour(moment),
    }


def _date(moment: datetime, when: datetime) -> str:
    days = (_day(moment) - _day(when)) // timedelta(days=1)
    near = {-1: _("Hier"), 0: _("Aujourd’hui"), 1: _("Demain")}.get(days)
    if near:
        return near
    local = moment.astimezone(LOCAL)
    said = date_format(local, "l j F" if local.year == when.astimezone(LOCAL).year else "l j F Y")
    if _french() and local.day == 1:
        said = said.replace(" 1 ", " 1er ", 1)
    return said[:1].upper() + said[1:]


def _day(moment: datetime) -> datetime:
    local = moment.astimezone(LOCAL)
    return datetime(local.year, local.month, local.day)  # noqa: DTZ001  (a civil day, to be subtracted)


def _french() -> bool:
    return (get_language() or "fr").startswith("fr")
