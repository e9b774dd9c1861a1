"""What templates say with: icons, texts in the reader's language, French grammar, amounts, days."""

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lacydon.kernel import clock, french, texts

from ..levels import LEVELS

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """One drawing of icons.svg, next to a word that says the same."""
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>', static("ui/icons.svg"), name)


@register.filter
def t(text: texts.Localised | texts.Text | None) -> str:
    """The text in the reader's language, in French when it was not translated (see `tongue`)."""
    return texts.said(text) if text else ""


@register.filter
def tongue(text: texts.Localised | texts.Text | None) -> SafeString:
    """` lang="fr"` for the element that shows a text which was not translated."""
    return written_in(texts.language_of(text)) if text else mark_safe("")


@register.filter
def written_in(lang: str) -> SafeString:
    """` lang="fr"` for the element that shows what was written in this language, when the page is in another."""
    if not lang or lang[:2] == (get_language() or "fr")[:2]:
        return mark_safe("")
    return format_html(' lang="{}"', lang[:2])


@register.filter
def level(kind: str) -> str:
    """The level of an authority, in a word."""
    return str(LEVELS.get(kind, kind))


@register.filter
def of(name: str) -> str:
    """« d’Angers »; in English « of Angers »."""
    return french.of(name) if _french() else f"of {name}"


@register.filter
def at(name: str) -> str:
    """« à Angers »; in English « in Angers »."""
    return french.at(name) if _french() else f"in {name}"


@register.filter
def euros(amount: float) -> str:
    """`0` → « Gratuit », `86` → « 86 € », `25.5` → « 25,50 € »."""
    if not amount:
        return _("Gratuit")
    number = number_format(
        amount, decimal_pos=0 if float(amount).is_integer() else 2, use_l10n=True, force_grouping=True
    )
    return f"{number}\u00a0€" if _french() else f"€{number}"


@register.filter
def count(number: int) -> str:
    """`47529` → « 47 529 »."""
    return number_format(number, use_l10n=True, force_grouping=True)


@register.filter(expects_localtime=True)
def day(when: date) -> str:
    """« 1er janvier 2023 »."""
    shown = date_format(when, "j F Y")
    return f"1er{shown[1:]}" if _french() and when.day == 1 else shown


@register.filter(expects_localtime=True)
def moment(when: datetime) -> str:
    """« aujourd’hui à 14 h 05 », « hier à 9 h 30 », « mardi 3 mars à 18 h 00 », another year with it."""
    at = clock.hour(when)
    days = (clock.today() - when.date()).days
    if days == 0:
        return _("aujourd’hui à %s") % at
    if days == 1:
        return _("hier à %s") % at
    same_year = when.year == clock.today().year
    shown = date_format(when, "l j F" if same_year else "l j F Y")
    if _french() and when.day == 1:
        shown = shown.replace(" 1 ", " 1er ", 1)
    return _("%(day)s à %(hour)s") % {"day": shown, "hour": at}


@register.filter
def hour(when: datetime | time) -> str:
    """« 14 h 05 »."""
    return clock.hour(when)


@register.filter
def weekday(when: date) -> str:
    """« mardi 3 mars 2026 »."""
    return f"{date_format(when, 'l')} {day(when)}"


@register.filter
def plain(value: Any) -> Any:
    """A value made for machines, as people read it: a moment or a day in words, yes or no, a list in one line, a long
    code by its first signs."""
    if isinstance(value, list | tuple):
        return ", ".join(str(plain(each)) for each in value)
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if value is None or value == "":
        return "–"
    if not isinstance(value, str):
        return value
    if _CODE.search(value):
        return _CODE.sub(lambda found: f"{found[0][:8]}…", value)
    try:
        if _DAY.fullmatch(value):
            return day(date.fromisoformat(value))
        if _MOMENT.fullmatch(value):
            local = datetime.fromisoformat(value).astimezone(clock.LOCAL)
            return _("%(day)s à %(hour)s") % {"day": day(local), "hour": clock.hour(local)}
    except ValueError:  # 1962-00-00: a birthday that nobody knows exactly
        pass
    return value


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_CODE = re.compile(r"\b[0-9a-f]{32,}\b")
"""A hash or a salt: 32 hexadecimal signs or more."""


@register.filter
def duration(length: str) -> str:
    """An ISO 8601 duration in words: `P10D` → « 10 jours »."""
    found = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", length or "")
    if not found:
        return ""
    years, months, weeks, days, hours, minutes = (int(each or 0) for each in found.groups())
    words = (
        (years, ngettext("%d an", "%d ans", years)),
        (months, ngettext("%d mois", "%d mois", months)),
        (weeks, ngettext("%d semaine", "%d semaines", weeks)),
        (days, ngettext("%d jour", "%d jours", days)),
        (hours, ngettext("%d heure", "%d heures", hours)),
        (minutes, ngettext("%d minute", "%d minutes", minutes)),
    )
    return " ".join(word % number for number, word in words if number)


@register.filter
def dial(phone: str) -> str:
    """`04 91 00 00 00` → `0491000000`, for a tel: link."""
    return "".join(sign for sign in str(phone) if sign.isdigit() or sign == "+")


@register.filter
def host(url: Any) -> str:
    """`https://www.ampmetropole.fr/…` → `ampmetropole.fr`: where a link leads, in the words of the address bar."""
    return str(url).split("//", 1)[-1].split("/", 1)[0].removeprefix("www.")


def _french() -> bool:
    return (get_language() or "fr").startswith("fr")
