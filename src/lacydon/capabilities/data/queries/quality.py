"""How good a dataset is for who wants to use it: a score out of 100, made of criteria that anybody can check.

The criteria are those of data.gouv.fr (description, licence, frequency kept, contact, formats, documentation) with what
the rows themselves tell. Each says what to do to gain its points.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from lacydon.kernel.clock import now
from lacydon.kernel.texts import said

from .datasets import DatasetView
from .vocabularies import FREQUENCIES, LICENCES, format_named

GOOD, FAIR = 80, 60
"""From these scores on."""
LONG_ENOUGH: Final = 150
"""Characters of a description."""
KEYWORDS: Final = 3
LEVELS: Final = {"good": _("Complet et à jour"), "fair": _("Utilisable, à préciser"), "poor": _("À compléter")}
GRACE: Final = 1.25
"""A version is late after its frequency, and a quarter of it."""
STALE: Final = timedelta(days=730)
"""Where no frequency is promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing looked at: the points it has, of how many; `advice`: what gains the others."""

    id: str
    title: Any
    points: int
    of: int
    advice: Any

    @property
    def lost(self) -> int:
        return self.of - self.points

    @property
    def met(self) -> bool:
        return self.points == self.of


@dataclass(frozen=True, slots=True)
class Quality:
    """The whole: criteria that lose most come first."""

    criteria: tuple[Criterion, ...]

    @property
    def score(self) -> int:
        return sum(each.points for each in self.criteria)

    @property
    def level(self) -> str:
        """good, fair or poor."""
        return "good" if self.score >= GOOD else "fair" if self.score >= FAIR else "poor"

    @property
    def missing(self) -> tuple[Criterion, ...]:
        return tuple(each for each in self.criteria if not each.met)


@lru_cache(maxsize=4096)
def _of(dataset: "_Same", _day: int) -> Quality:
    found = list(_criteria(dataset.view))
    return Quality(tuple(sorted(found, key=lambda each: -each.lost)))


def quality(dataset: DatasetView) -> Quality:
    """The quality of a dataset, as of today."""
    return _of(_Same(dataset), now().toordinal())


class _Same:
    """A view as a key: the same object, while it is held. Its mappings cannot be hashed."""

    def __init__(self, view: DatasetView) -> None:
        self.view = view

    def __hash__(self) -> int:
        return id(self.view)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.view is other.view


def late(dataset: DatasetView) -> bool:
    """Whether the last change is older than its frequency promises."""
    changed = dataset.modified
    if changed is None:
        return True
    days = FREQUENCIES[dataset.frequency].days if dataset.frequency in FREQUENCIES else None
    limit = STALE if days is None else timedelta(days=max(days * GRACE, days + 1))
    over = dataset.frequency in ("NEVER", "NOT_PLANNED") or (dataset.ends_on and dataset.ends_on < changed.date())
    return not over and now() - changed > limit


def _criteria(dataset: DatasetView) -> Iterator[Criterion]:
    def criterion(id: str, of: int, share: float | bool, title: Any, advice: Any) -> Criterion:
        return Criterion(id=id, title=title, points=round(of * share), of=of, advice=advice)

    described = len(said(dataset.description, lang="fr"))
    yield criterion(
        "description",
        10,
        min(described / LONG_ENOUGH, 1),
        _("Une description qui suffit pour comprendre"),
        _("Dites en 150 signes au moins ce que c’est, d’où cela vient et ce qui n’y est pas."),
    )
    yield criterion("theme", 5, bool(dataset.themes), _("Un thème"), _("Choisissez un thème européen au moins."))
    yield criterion(
        "keywords",
        5,
        min(len(dataset.keywords) / KEYWORDS, 1),
        _("Des mots pour la trouver"),
        _("Ajoutez trois mots-clés, ceux que des habitants écriraient."),
    )
    licence = LICENCES.get(dataset.licence)
    yield criterion(
        "licence",
        10,
        licence is not None and licence.open,
        _("Une licence ouverte"),
        _("Choisissez une licence que l’État reconnaît, comme la Licence Ouverte 2.0."),
    )
    yield criterion(
        "frequency",
        10,
        dataset.frequency not in ("", "UNKNOWN"),
        _("Un rythme de mise à jour annoncé"),
        _("Dites tous les combien les données changent."),
    )
    yield criterion(
        "fresh",
        10,
        not late(dataset),
        _("À jour selon ce rythme"),
        _("Publiez une nouvelle version, ou corrigez le rythme annoncé."),
    )
    yield criterion(
        "period",
        5,
        dataset.starts_on is not None or _dated(dataset),
        _("La période couverte est dite"),
        _("Dites de quand à quand, ou publiez une colonne de dates."),
    )
    placed = any(each.placed or each.kind in ("citycode", "departement") for each in dataset.columns)
    yield criterion(
        "place",
        5,
        placed or bool(dataset.coverage),
        _("Les lieux couverts sont dits"),
        _("Dites les communes couvertes, ou publiez une colonne de codes INSEE."),
    )
    yield criterion(
        "contact",
        10,
        bool(dataset.contact_email or dataset.contact_name),
        _("Quelqu’un à qui écrire"),
        _("Donnez un contact : un service et son adresse électronique."),
    )
    yield criterion(
        "format",
        10,
        _open_format(dataset),
        _("Un format ouvert, que les logiciels lisent"),
        _("Publiez le tableau lui-même (CSV, GeoJSON…), pas une page ni un PDF."),
    )
    columns = [each for each in dataset.columns if not each.name.startswith("_")]
    yield criterion(
        "columns",
        10,
        sum(bool(each.description) for each in columns) / len(columns) if columns else 0,
        _("Des colonnes expliquées"),
        _("Écrivez pour chaque colonne ce qu’elle dit, et son unité."),
    )
    yield criterion(
        "schema",
        5,
        bool(dataset.schema),
        _("Un schéma annoncé"),
        _("S’il existe un schéma national pour ces données, dites lequel."),
    )
    checks = dataset.version.checks if dataset.version else {}
    yield criterion(
        "valid",
        5,
        bool(checks.get("valid")),
        _("Conforme à ce schéma"),
        _("Vérifiez le fichier avec le schéma et corrigez ce que le rapport montre."),
    )


def _dated(dataset: DatasetView) -> bool:
    return any(each.type in ("date", "datetime") for each in dataset.columns)


def _open_format(dataset: DatasetView) -> bool:
    if dataset.version is not None:
        return True
    formats: Sequence[Any] = [format_named(each.format or each.media_type) for each in dataset.distributions]
    return any(each is not None and each.open for each in formats)
