"""What cuts, keys and sums of money are called."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.texts import said
from lacydon.kernel.ui.proportions import Part, proportion

from ...queries.chart import Chart
from ...queries.money.totals import By, names
from ...queries.plan.overview import Money
from ...queries.plan.words import SECTIONS

CUTS: Mapping[By, tuple[Any, Any]] = {
    "politique": (_l("Par politique"), _l("Politique publique")),
    "axe": (_l("Par axe"), _l("Axe de l’agenda")),
    "section": (_l("Par section"), _l("Section")),
    "nature": (_l("Par nature"), _l("Nature (M57)")),
    "fonction": (_l("Par fonction"), _l("Fonction (M57)")),
}
"""cut → what its link says, what its column is called."""
NATURES: Mapping[str, Any] = {
    "20": _l("Immobilisations incorporelles"), "2051": _l("Logiciels et droits"),
    "21": _l("Immobilisations corporelles"), "2183": _l("Matériel informatique"),
    "23": _l("Travaux en cours"), "60": _l("Achats"),
    "61": _l("Services extérieurs"), "611": _l("Prestations de services"), "62": _l("Autres services extérieurs"),
    "64": _l("Personnel"), "65": _l("Subventions et autres charges"), "204": _l("Subventions d’équipement versées"),
}  # fmt: skip
"""Accounts of the M57 plan, as people say them; the closest known one names an account."""
FUNCTIONS: Mapping[str, Any] = {
    "0": _l("Services généraux"), "1": _l("Sécurité"), "2": _l("Enseignement et formation"),
    "3": _l("Culture, vie sociale, jeunesse, sports"), "4": _l("Santé et action sociale"),
    "5": _l("Aménagement des territoires et habitat"), "6": _l("Action économique"), "7": _l("Environnement"),
    "8": _l("Transports"),
}  # fmt: skip
"""Functions of the M57 plan, by their first figure."""


def key_words(chart: Chart, by: By, key: str) -> str:
    """A key in words, with its number where it is one."""
    if by in ("politique", "axe"):
        found = names(chart, by).get(key)
        return said(found.title) if found else key or _("Sans axe")
    if by == "section":
        return str(SECTIONS.get(key, key))
    if by == "nature":
        known = next((NATURES[key[:length]] for length in range(len(key), 1, -1) if key[:length] in NATURES), "")
    else:
        known = FUNCTIONS.get(key[:1], "")
    return f"{key} · {known}" if known else key


def euros(amount: Decimal | None) -> str:
    """« 1 234 567 € », « 1 234,50 € »: to the cent, as it was written; a dash when it is not known."""
    if amount is None:
        return "–"
    cents = 0 if amount == int(amount) else 2
    number = number_format(amount, decimal_pos=cents, use_l10n=True, force_grouping=True)
    return f"€{number}" if (get_language() or "fr").startswith("en") else f"{number}\u00a0€"


def meter(sum: Money, *, name: str) -> SafeString:
    """Paid, engaged and not paid, still free, in one bar as wide as what was voted."""
    engaged, paid = max(sum.engaged, sum.paid), sum.paid
    free = max(sum.voted - engaged, Decimal(0))
    parts = [Part(int(paid), "pine"), Part(int(engaged - paid), "sea", 1), Part(int(free), "faint", 2)]
    return proportion(parts, words=money_words(sum), name=name)


def money_words(sum: Money) -> str:
    """The same in words."""
    return _("%(voted)s votés, %(engaged)s engagés, %(paid)s payés") % {
        "voted": euros(sum.voted), "engaged": euros(sum.engaged), "paid": euros(sum.paid),
    }  # fmt: skip


def percent(part: Decimal, whole: Decimal) -> int | None:
    return round(100 * part / whole) if whole else None
