"""How heavy a first visit is: the home page and all it loads, as they travel."""

import gzip
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils import translation
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.cards import Indicator
from lacydon.kernel.clock import now

from .front import rendered

LOADED = ("ui/lacydon.css", "ui/lacydon.js", "ui/icons.svg", "ui/favicon.svg")
KILO = 1000


def of_pages() -> Iterator[Indicator]:
    """In kilobytes (thousands of bytes), compressed as servers do."""
    with translation.override("fr"):
        pieces = [rendered("/").encode()]
    found = [finders.find(name) for name in LOADED]
    pieces += [Path(str(each)).read_bytes() for each in found if each]
    size = sum(len(gzip.compress(each, 6)) for each in pieces)
    yield Indicator(
        id="home.weight",
        title=_l("Poids de la première page"),
        unit="ko",
        value=(Decimal(size) / KILO).quantize(Decimal("0.1")),
        computed_at=now(),
        note=_l("La page d’accueil, sa feuille de style, ses dessins et son script, compressés."),
    )
