"""« Communes comme la mienne »: the nearest by population, density and staff, and why.

Each is compared by ratio, not by difference: 500 inhabitants more is much for a village and nothing for a city. The
distance of two communes is the root of the mean of the squares of the logarithms of these ratios, over what is known of
both; e to that power is how many times they differ, on the whole.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lacydon.capabilities.territory.public import CommuneView

from ..chart import Chart
from ..nouns import Profile
from ..nouns.learning import Staff

CLOSE = 1.25
"""Up to this ratio two figures are called close: a quarter more, or a fifth less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What a commune is compared by; None: nobody said."""

    commune: CommuneView
    population: float
    density: float | None
    """Inhabitants per square kilometre."""
    staff: float | None
    """Agents, full-time equivalents."""
    known: Staff | None = None
    """Where that number comes from; None when the asker typed it, or nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One figure of both, and how many times the other is of mine."""

    name: str
    mine: float | None
    other: float | None
    missing: str = ""
    """What to say when one of them is not known."""
    source: Staff | None = None
    """Of the other's."""

    @property
    def ratio(self) -> float | None:
        return self.other / self.mine if self.mine and self.other else None

    @property
    def close(self) -> bool:
        ratio = self.ratio
        return ratio is not None and max(ratio, 1 / ratio) <= CLOSE

    @property
    def words(self) -> str:
        """« à peu près autant », « 2,4 fois plus », « 3 fois moins », « inconnu »."""
        ratio = self.ratio
        if ratio is None:
            return self.missing or _("on ne sait pas")
        if self.close:
            return _("à peu près autant")
        much = max(ratio, 1 / ratio)
        times = number_format(much, 0 if f"{much:.1f}".endswith(".0") else 1, use_l10n=True)
        return (_("%s fois plus") if ratio > 1 else _("%s fois moins")) % times


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A commune, how far it is from mine, and why. `times`: how many times they differ, on the whole."""

    commune: CommuneView
    distance: float
    reasons: tuple[Reason, ...]

    @property
    def times(self) -> float:
        return math.exp(self.distance)

    @property
    def closeness(self) -> int:
        """Percent: 100 when they are the same, 50 when they differ twofold."""
        return round(100 / self.times)


def measures(chart: Chart, commune: CommuneView, *, staff: float | None = None) -> Measures:
    """`staff`: what the asker says of theirs, which counts before what is written."""
    return _measures(_profiles(chart), commune, staff)


def alike(
    chart: Chart, *, mine: CommuneView, among: tuple[CommuneView, ...], staff: float | None = None, most: int = 10
) -> tuple[Alike, ...]:
    """The communes that resemble mine most, nearest first."""
    profiles = _profiles(chart)
    here = _measures(profiles, mine, staff)
    found = [_compared(here, _measures(profiles, each, None)) for each in among if each.code != mine.code]
    return tuple(sorted(found, key=lambda each: (each.distance, each.commune.code))[:most])


def _profiles(chart: Chart) -> Mapping[str, Profile]:
    return {each.commune: each for each in chart.all(Profile) if each.visibility == "public"}


def _measures(profiles: Mapping[str, Profile], commune: CommuneView, staff: float | None) -> Measures:
    profile = profiles.get(commune.code)
    area = float(profile.area) if profile and profile.area else None
    known = profile.staff if profile and staff is None else None
    if known is not None:
        staff = float(known.agents)
    return Measures(
        commune=commune, population=commune.population, density=commune.population / area if area else None,
        staff=staff, known=known,
    )  # fmt: skip


def _missing(mine: Measures, other: Measures) -> str:
    """Whose agents nobody counted: they are compared without."""
    if mine.staff is None and other.staff is None:
        return _("on ne sait pas combien d’agents ont ces deux communes")
    if mine.staff is None:
        return _("on ne sait pas combien d’agents a votre commune")
    return _("on ne sait pas combien d’agents a %s") % other.commune.name if other.staff is None else ""


def _compared(mine: Measures, other: Measures) -> Alike:
    reasons = (
        Reason(name=_("Habitants"), mine=mine.population, other=other.population),
        Reason(name=_("Habitants au km²"), mine=mine.density, other=other.density),
        Reason(
            name=_("Agents (équivalents temps plein)"),
            mine=mine.staff,
            other=other.staff,
            source=other.known,
            missing=_missing(mine, other),
        ),
    )
    logs = [math.log(each.ratio) for each in reasons if each.ratio]
    distance = math.sqrt(math.fsum(each * each for each in logs) / len(logs)) if logs else math.inf
    return Alike(commune=other.commune, distance=distance, reasons=reasons)
